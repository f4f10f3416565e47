"""f(w) of three pixels in a browser: hands, eyes, sizes, themes, and as Jupyter runs it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from nmn.hypercube import threepixels
from nmn.widgets.threepixels import ThreePixels
from nmn.widgets.threepixels.view import view as threepixels_view
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url

HANDLE = "w, the weights"
PLANES = np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]])


pytestmark = pytest.mark.usefixtures("float64")


class Sphere(Widget):
    """The widget, with what it says of itself."""

    def __init__(self, page: Page, name: str = "threepixels") -> None:
        super().__init__(page, name)

    def w(self) -> np.ndarray:
        """The direction that the handle reports."""
        return np.array(self.place(HANDLE))

    def spot(self) -> np.ndarray:
        """Where the handle stands, in units of the disc."""
        box, canvas = self.handle(HANDLE).bounding_box(), self.canvas.bounding_box()
        assert box and canvas
        left, top, width, height, rx, ry = self.plot()
        x, y = box["x"] + 22 - canvas["x"] - left, box["y"] + 22 - canvas["y"] - top
        return np.array([rx * (2 * x / width - 1), ry * (1 - 2 * y / height)])

    def slider(self, label: str):
        """The range input with this label."""
        return self.root.get_by_label(label)

    def numbers(self) -> np.ndarray:
        """The printed numbers, exact: a row a pixel, w and f(w)."""
        printed = self.root.locator(".nmn-pairs output").all_inner_texts()
        return np.array([float(Fraction(text.replace("−", "-"))) for text in printed]).reshape(3, 2)

    def bars(self) -> np.ndarray:
        """Where the bars end, as parts of a full one: a row a pixel, w and f(w)."""
        script = """(all) => all.map((b) => {
          const bar = b.getBoundingClientRect(), track = b.parentNode.getBoundingClientRect();
          const part = 2 * bar.width / track.width, middle = track.left + track.width / 2;
          return bar.left + bar.width / 2 < middle ? -part : part;
        })"""
        return np.array(self.root.locator(".nmn-fill").evaluate_all(script)).reshape(3, 2)

    def text(self) -> str:
        """All words that are shown."""
        return str(self.root.inner_text())


def follows(sphere: Sphere, *, c: float = 0.2, scale: float = 1.0) -> np.ndarray:
    """Numbers and bars are those of nmn for the w that the handle reports; returns f."""
    w = sphere.w()
    f = threepixels.vote(w, c=c)
    assert sphere.numbers() == pytest.approx(np.stack([scale * w, f], 1), abs=1e-9)
    assert sphere.bars() == pytest.approx(np.stack([scale * w, 2 * f], 1), abs=0.02)
    sides = np.round(1000 * w) @ PLANES.T
    ties = 2 * int(np.sum(np.abs(sides) < 0.5))
    tied = f", and {ties} with w·x = 0" if ties else ""
    assert f"{(8 - ties) // 2} of 8{tied}" in sphere.text()
    return f


def looks(sphere: Sphere, view: np.ndarray, *, dark: bool = False) -> None:
    """Blue where one pixel decides, yellow where a majority does, and full where f is what it is at w."""
    ticks = np.linspace(-0.95, 0.95, 39)
    p = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    p = p[np.hypot(*p.T) < 0.93]
    ways = np.c_[p, np.sqrt(1 - (p**2).sum(1))] @ view
    size, sides = np.abs(ways), ways @ PLANES.T
    # Names, stripes and circles cover a few of the points.
    plain = np.abs(sides).min(1) > 0.06
    red, _, blue = sphere.colours(p).T
    alone = 2 * size.max(1) > size.sum(1)
    assert np.mean(((blue > red) == alone)[plain]) > 0.95
    here = np.all(sides * np.sign(np.round(1000 * sphere.w()) @ PLANES.T) >= 0, 1)
    pale = np.median((red + blue)[plain & ~here] / 2)
    assert pale < 80 if dark else pale > 180
    full = np.where(alone, blue - red, red - blue)
    for kind in (alone, ~alone):
        inside, outside = full[plain & here & kind], full[plain & ~here & kind]
        assert not len(inside) or np.percentile(inside, 20) > 1.4 * np.percentile(outside, 80)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_w_and_f_follows(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        sphere, dark = Sphere(page), theme == "dark"
        before, view = follows(sphere), threepixels_view(sphere.w())
        looks(sphere, view, dark=dark)
        assert "One pixel decides: pixel 1." in sphere.text()
        # To the middle of the majority + + +.
        goal = view[:2] @ np.ones(3) / np.sqrt(3)
        start = sphere.spot()
        sphere.drag((start[0], start[1]), (goal[0], goal[1]))
        assert sphere.w() == pytest.approx(np.ones(3) / np.sqrt(3), abs=0.02)
        assert sphere.spot() == pytest.approx(goal, abs=0.02)
        assert "majority of the three decides" in sphere.text()
        after = follows(sphere)
        assert np.abs(after - before).max() > 0.1
        looks(sphere, view, dark=dark)


def test_a_finger_moves_w_and_scrolls_the_page_elsewhere(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        sphere = Sphere(page)
        start, offset = sphere.spot(), page.evaluate("scrollY")
        sphere.swipe((start[0], start[1]), (0.8, -0.2))
        assert page.evaluate("scrollY") == offset
        assert "One pixel decides: pixel 2." in sphere.text()
        follows(sphere)
        moved = sphere.w()
        sphere.swipe((-0.7, 0.2), (-0.7, 0.9))
        page.wait_for_function(f"scrollY !== {offset}")
        assert np.array_equal(sphere.w(), moved)


def test_a_tap_brings_w_to_the_finger(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        sphere = Sphere(page)
        sphere.tap((0.8, -0.2))
        # The browser makes a click of a tap in its own time.
        sphere.root.get_by_text("One pixel decides: pixel 2.").wait_for()
        follows(sphere)


def test_a_finger_past_the_rim_turns_the_sphere(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        sphere = Sphere(page)
        seen = []
        for _ in range(8):
            start = sphere.spot()
            sphere.swipe((start[0], start[1]), (1.04, start[1]))
            assert np.hypot(*sphere.spot()) < 0.94
            follows(sphere)
            seen.append(sphere.w() @ [0.75, 0.5, 0.45])
        # Round to the far side of where it was seen from at first.
        assert min(seen) < -0.4


def test_the_arrow_keys_walk_inside_a_region_and_across_a_border(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        first, offset = follows(sphere), page.evaluate("scrollY")
        places = [tuple(sphere.w())]
        for key in ["ArrowLeft"] * 5 + ["ArrowUp"] * 2 + ["ArrowRight"] * 3 + ["ArrowDown"] * 2:
            sphere.press(HANDLE, key)
            places.append(tuple(sphere.w()))
            assert np.array_equal(follows(sphere), first)
        # Twelve steps, and f has not moved.
        assert len(set(places)) > 8 and "One pixel decides: pixel 1." in sphere.text()
        sphere.press(HANDLE, "Shift+ArrowRight", 2)
        assert np.abs(follows(sphere) - first).max() > 0.1
        assert page.evaluate("scrollY") == offset
        assert sphere.handle(HANDLE).evaluate("(h) => h.matches(':focus-visible')")


@pytest.mark.parametrize(("key", "sign"), [("ArrowDown", -1), ("ArrowUp", 1)])
def test_the_arrow_keys_go_round_past_the_rim(browser: Browser, folder: Path, key: str, sign: int):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        told = set()
        for _ in range(12):
            sphere.press(HANDLE, key, 8)
            follows(sphere)
            spot = sphere.spot()
            assert np.hypot(*spot) < 0.94
            told.add(sphere.root.locator(".nmn-story").inner_text())
        assert len(told) >= 5 and sum("minus sign" in story for story in told) >= 2


def test_ties_are_exact_and_told(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        told = {
            "one pixel": "One pixel decides: pixel 1.",
            "two equal": "Where four regions meet",
            "three equal": "A majority of the three decides",
            "on a border": "On the border of two regions: f is the mean of both.",
            "all different": "One pixel decides: pixel 1.",
        }
        for label, words in told.items():
            sphere.choose(label)
            assert words in sphere.text()
            follows(sphere)
        looks(sphere, threepixels_view(sphere.w()))
        # On a border, both of its regions are full.
        sphere.choose("on a border")
        looks(sphere, threepixels_view(sphere.w()))
        assert sphere.root.locator("input[type=radio]:checked").count() == 1
        # Away from the presets none is chosen.
        sphere.press(HANDLE, "ArrowLeft")
        assert sphere.root.locator("input[type=radio]:checked").count() == 0


def test_f_does_not_see_the_length_of_w(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        picture, f = sphere.picture(), follows(sphere)
        sphere.slider("length of w").press("Home")
        sphere.settle()
        assert np.array_equal(follows(sphere, scale=0.1), f) and np.array_equal(sphere.picture(), picture)
        sphere.slider("length of w").press("ArrowRight")
        sphere.settle()
        follows(sphere, scale=0.12)


def test_a_tie_is_a_tie_however_short_w_is(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        jupyter(page, ThreePixels(w=[0.605, 0.303, 0.302], scale=0.1))
        sphere = Sphere(page, "live")
        follows(sphere, scale=0.1)
        assert "On the border of two regions" in sphere.text() and "0.0605" in sphere.text()


def test_the_correlation_and_its_two_ends(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        correlation, picture = sphere.slider("c, correlation"), sphere.picture()
        correlation.press("ArrowRight")
        sphere.settle()
        follows(sphere, c=0.23)
        # Nothing of the picture depends on c but at its ends.
        assert np.array_equal(sphere.picture(), picture)
        for key, c, values, words in (
            ("Home", -1 / 3, 8, "never occur"),
            ("End", 1.0, 2, "only the corners"),
        ):
            correlation.press(key)
            sphere.settle()
            follows(sphere, c=c)
            assert words in sphere.text() and np.any(sphere.picture() != picture)
            assert sphere.root.locator(".nmn-readout output").last.inner_text() == str(values)
        assert "1" in correlation.get_attribute("aria-valuetext")
        correlation.press("ArrowLeft")
        sphere.settle()
        follows(sphere, c=0.97)
        assert "occur" not in sphere.text()


def test_at_the_end_of_c_f_does_not_jump_across_a_dotted_border(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        sphere.slider("c, correlation").press("End")
        sphere.choose("one pixel")
        first = follows(sphere, c=1.0)
        sphere.choose("three equal")
        assert np.array_equal(follows(sphere, c=1.0), first) and "majority" in sphere.text()
        # The whole half of the sphere on this side of the one border left is full.
        view = threepixels_view([0.88, 0.42, -0.2])
        p = np.array([view[:2] @ v / np.linalg.norm(v) for v in ([0.9, 0.5, 0.3], [0.5, 0.9, 0.3])])
        red, _, blue = sphere.colours(p).T
        assert np.all(blue - red > 60)


def test_a_change_of_theme_repaints_at_once(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        sphere = Sphere(page)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        sphere.settle()
        looks(sphere, threepixels_view(sphere.w()), dark=True)


def test_the_jupyter_module_syncs_both_ways_and_cleans_up(browser: Browser, folder: Path):
    made = ThreePixels()
    with reading(browser, url(folder)) as page:
        jupyter(page, made)
        sphere = Sphere(page, "live")
        sphere.press(HANDLE, "ArrowLeft", 2)
        saved = page.evaluate("saved")
        assert len(saved) == 2 and saved[-1]["w"] != made.w
        # Python takes what the page sends, and the page shows what Python sets: also from the far side.
        made.set_state({"w": saved[-1]["w"]})
        assert made.w == saved[-1]["w"] == pytest.approx(sphere.w())
        page.evaluate("model.set('w', [-0.7, -0.6, -0.3])")
        sphere.settle()
        looks(sphere, threepixels_view([-0.7, -0.6, -0.3]))
        page.evaluate("model.set('c', 1)")
        sphere.settle()
        assert sphere.w() == pytest.approx([-0.7, -0.6, -0.3]) and np.hypot(*sphere.spot()) < 0.92
        follows(sphere, c=1.0)
        leaves_nothing(page, sphere)
