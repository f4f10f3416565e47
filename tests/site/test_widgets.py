"""The widgets in a browser, on a page with no kernel: hands, eyes, sizes, themes, scripts off."""

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn import product
from nmn.figures import stills
from nmn.figures.style import PALETTE, SEQUENTIAL
from tests.site.gallery import MADE, jupyter, leaves_nothing, url
from tests.site.reader import Widget, reading

HANDLES = {"landscape": "w, the prototype", "territories": "neuron B", "teacher": "the teacher"}
TRAITS = {"landscape": "w", "territories": "points", "teacher": "teacher"}
# A place to go that is in reach of the handle, and one that is inside the picture but not on a handle.
GOALS = {"landscape": (-1.5, 1.0), "territories": (-1.0, -2.5), "teacher": (-6.0, -3.0)}
PAPER = {False: np.array([255, 255, 255]), True: np.array([0x14, 0x18, 0x1E])}


def corners(reach: float, n: int = 13) -> np.ndarray:
    """Points between the arrows of the landscape, where nothing but its colour is painted."""
    ticks = reach * (2 * np.arange(1, n) / n - 1)
    return np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)


def agree(seen: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.max(np.abs(seen - expected), axis=-1) <= 6


def landscape_follows(widget: Widget, eps: float = 0.5) -> None:
    """The colours are those of ⵟ for the w that the handle reports, and brightest where ⵟ is largest."""
    w, points = np.array(widget.place(HANDLES["landscape"])), corners(6)
    values = np.asarray(product.yat(w, points, eps=eps))
    shades = values / (values + w @ w)
    plain = np.min(np.abs(shades[:, None] - [0.25, 0.5, 0.75]), axis=1) > 0.04
    seen = widget.colours(points)
    expected = 255 * mpl.colormaps[SEQUENTIAL](shades)[:, :3]
    assert plain.sum() > 60 and np.all(agree(seen, expected)[plain])
    brightest = np.argmax(seen[plain] @ [1, 2, 0])
    assert values[plain][brightest] > 0.9 * values[plain].max()


def tints(paper: np.ndarray) -> np.ndarray:
    palette = np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in PALETTE])
    return 0.62 * palette + 0.38 * paper


def territories_follow(widget: Widget, rule: str, *, dark: bool = False) -> np.ndarray:
    """The colours are those of the neurons that answer most, for the places that the handles report."""
    w = np.array([widget.place(f"neuron {letter}") for letter in "ABCD"])
    reach, n = widget.plot()[4], 21
    ticks = reach * ((2 * np.arange(n) + 1) / n - 1)
    points = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    owners = stills.owners(w, points, rule=rule, eps=0.5)
    seen = widget.colours(points)
    # Letters and the lines between territories cover a few of the points.
    assert np.mean(agree(seen, tints(PAPER[dark])[owners])) > 0.93
    return owners


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_the_landscape(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "landscape")
        landscape_follows(widget)
        widget.drag((1.5, 1.0), GOALS["landscape"])
        assert widget.place(HANDLES["landscape"]) == pytest.approx(GOALS["landscape"], abs=0.05)
        landscape_follows(widget)
        x, y = widget.place(HANDLES["landscape"])
        assert f"({x:.2f}, {y:.2f})" in widget.root.inner_text()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_a_territory(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget, dark = Widget(page, "territories"), theme == "dark"
        before = territories_follow(widget, "yat", dark=dark)
        widget.drag((1.6, 2.1), GOALS["territories"])
        assert widget.place("neuron B") == pytest.approx(GOALS["territories"], abs=0.15)
        after = territories_follow(widget, "yat", dark=dark)
        assert np.mean(before != after) > 0.1
        for label, rule in (("linear", "linear"), ("RBF", "rbf")):
            widget.choose(label)
            territories_follow(widget, rule, dark=dark)


def bars(widget: Widget) -> list[float]:
    """The lengths of the four bars, as parts of the full bar."""
    lengths = widget.root.locator(".nmn-fill").evaluate_all(
        "(all) => all.map((b) => parseFloat(b.style.width))"
    )
    return [length / 100 for length in lengths]


def teacher_follows(widget: Widget) -> dict[str, float]:
    """The bars are those of nmn for the place that the handle reports."""
    true = stills.lesson(np.array(widget.place(HANDLES["teacher"])))
    radios = [min(true[key] / 5, 1) for key in ("radio", "linear", "bump")]
    assert bars(widget) == pytest.approx([true["part"], *radios], abs=0.01)
    return true


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_the_teacher(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "teacher")
        far = teacher_follows(widget)
        picture = widget.picture()
        widget.drag((8.1, 2.7), (1.5, 0.5))
        near = teacher_follows(widget)
        assert near["part"] > 5 * far["part"] and "a lot" in widget.root.inner_text()
        assert np.any(widget.picture() != picture)
        widget.drag((1.5, 0.5), (-6, -3))
        behind = teacher_follows(widget)
        # Far off and on the other side: the step is gone, the radio is not.
        assert behind["part"] < 0.2 and behind["radio"] > 0.7


def test_a_teacher_right_out_to_the_side_is_silent(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "teacher")
        widget.press(HANDLES["teacher"], "ArrowLeft", 27)
        assert widget.place(HANDLES["teacher"]) == [0.0, 2.7] and "silent" in widget.root.inner_text()
        assert bars(widget)[:2] == [0, 0] and bars(widget)[2] > 0.5


def test_walking_away_keeps_the_line_and_the_radio(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "teacher")
        walk = widget.root.locator("input[type=range]")
        for distance in (2, 6, 12):
            walk.fill(str(distance))
            widget.settle()
            x = widget.place(HANDLES["teacher"])
            assert np.hypot(*x) == pytest.approx(distance, abs=0.02) and x[1] / x[0] == pytest.approx(
                1 / 3, abs=0.02
            )
            teacher_follows(widget)
        walk.press("Home")
        widget.settle()
        assert np.hypot(*widget.place(HANDLES["teacher"])) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("kind", HANDLES)
def test_a_finger_moves_the_handle_and_scrolls_the_page_elsewhere(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = Widget(page, kind)
        label, goal = HANDLES[kind], GOALS[kind]
        start = tuple(widget.place(label))
        picture, offset = widget.picture(), page.evaluate("scrollY")
        widget.swipe((start[0], start[1]), goal)
        reach = widget.plot()[4]
        assert (
            widget.place(label) == pytest.approx(goal, abs=0.02 * reach)
            and page.evaluate("scrollY") == offset
        )
        assert np.any(widget.picture() != picture)
        # A finger beside the handles scrolls the page and moves nothing.
        moved = widget.place(label)
        _, _, _, _, rx, ry = widget.plot()
        widget.swipe((0.8 * rx, 0.2 * ry), (0.8 * rx, 0.9 * ry))
        page.wait_for_function(f"scrollY !== {offset}")
        assert widget.place(label) == moved


def test_a_tap_brings_the_handle_to_the_finger(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = Widget(page, "landscape")
        widget.tap((-2, -1.5))
        assert widget.place(HANDLES["landscape"]) == pytest.approx([-2, -1.5], abs=0.05)
        landscape_follows(widget)


@pytest.mark.parametrize("kind", HANDLES)
def test_the_keyboard_moves_every_handle_and_shows_where_it_is(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, kind)
        for handle in widget.root.locator(".nmn-handle").all():
            label = str(handle.get_attribute("aria-label"))
            before, picture, offset = widget.place(label), widget.picture(), page.evaluate("scrollY")
            for key in ("ArrowLeft", "ArrowDown"):
                widget.press(label, key)
            after = widget.place(label)
            assert after[0] < before[0] and after[1] < before[1] and np.any(widget.picture() != picture)
            box, there = handle.bounding_box(), widget.on_screen((after[0], after[1]))
            assert box and (box["x"] + 22, box["y"] + 22) == pytest.approx(there, abs=1)
            assert handle.evaluate("(h) => h.matches(':focus-visible')")
            assert handle.evaluate("(h) => getComputedStyle(h).boxShadow") != "none"
            assert page.evaluate("scrollY") == offset
            widget.press(label, "Shift+ArrowUp")
            assert widget.place(label)[1] > before[1]


@pytest.mark.parametrize("kind", MADE)
def test_tab_reaches_every_control_in_order(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, kind)
        controls = widget.root.locator(".nmn-handle, input[type=range], input[type=radio]:checked, button")
        controls.first.focus()
        for index in range(controls.count()):
            assert controls.nth(index).evaluate("(c) => c === document.activeElement"), index
            page.keyboard.press("Tab")


def test_the_slider_and_the_arrows_repaint_the_landscape(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "landscape")
        slider, before = widget.root.locator("input[type=range]"), widget.picture()
        slider.press("ArrowRight")
        widget.settle()
        eps = float(widget.root.locator(".nmn-slider output").inner_text())
        assert eps > 0.5 and np.any(widget.picture() != before)
        slider.press("End")
        widget.settle()
        landscape_follows(widget, 5.0)
        still = widget.picture()
        widget.choose("pulls on w")
        assert np.any(widget.picture() != still)
        landscape_follows(widget, 5.0)


def test_zooming_out_shows_the_far_field(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "territories")
        widget.root.locator("input[type=range]").press("End")
        widget.settle()
        assert widget.plot()[4] == 200 and not widget.handle("neuron B").is_visible()
        owners = territories_follow(widget, "yat")
        # A double cone looks the same through the middle, but for a thin rim between two cones.
        assert np.mean(owners == owners[::-1]) > 0.95


def test_a_change_of_theme_repaints_at_once(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "territories")
        territories_follow(widget, "yat")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        widget.settle()
        territories_follow(widget, "yat", dark=True)


@pytest.mark.parametrize("kind", MADE)
def test_a_phone_shows_it_whole(browser: Browser, folder: Path, theme: str, kind: str):
    with reading(browser, url(folder, theme), size="phone") as page:
        widget = Widget(page, kind)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        for part in widget.root.locator(".nmn-ui, canvas, label, output, button, .nmn-story").all():
            box = part.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        for handle in widget.root.locator(".nmn-handle").all():
            box = handle.bounding_box()
            assert box and [box["width"], box["height"]] == pytest.approx([44, 44], abs=0.01)


def test_nothing_moves_unless_the_reader_moves_it(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        seen = [Widget(page, kind) for kind in MADE]
        before = [widget.picture() for widget in seen]
        assert page.evaluate("document.getAnimations().length") == 0
        for _ in range(10):
            seen[0].settle()
        for widget, picture in zip(seen, before, strict=True):
            assert np.array_equal(widget.picture(), picture)


@pytest.mark.parametrize("kind", MADE)
def test_without_scripts_a_picture_with_its_words_stands_there(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder), scripts=False) as page:
        image = page.locator(f'[data-nmn-widget="{kind}"] img')
        assert image.is_visible() and len(str(image.get_attribute("alt"))) > 60
        box = image.bounding_box()
        assert box and box["width"] > 300
        pixels = image.screenshot()
        assert len(pixels) > 5000
        assert page.locator("canvas").count() == 0


def test_a_widget_that_fails_leaves_its_picture(browser: Browser, folder: Path):
    broken = re.sub(
        r"data-nmn-props=\"[^\"]*\"", 'data-nmn-props="{}"', (folder / "light.html").read_text("utf8")
    )
    (folder / "broken.html").write_text(broken, "utf8")
    with (
        pytest.raises(AssertionError, match="widget landscape"),
        reading(browser, (folder / "broken.html").as_uri()) as page,
    ):
        page.locator('[data-nmn-ready="failed"]').first.wait_for()
        assert page.locator("img.nmn-still").first.is_visible()


@pytest.mark.parametrize("kind", HANDLES)
def test_the_jupyter_module_syncs_both_ways_and_cleans_up(browser: Browser, folder: Path, kind: str):
    made, trait = MADE[kind](), TRAITS[kind]
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, made)
        widget.press(HANDLES[kind], "ArrowLeft", 2)
        saved = page.evaluate("saved")
        assert len(saved) == 2 and saved[-1][trait] != made.state()[trait]
        # Python takes what the page sends, and the page shows what Python sets.
        made.set_state({trait: saved[-1][trait]})
        assert getattr(made, trait) == saved[-1][trait]
        value = MADE[kind]().state()[trait]
        page.evaluate("([name, value]) => model.set(name, value)", [trait, value])
        widget.settle()
        start = value[1] if kind == "territories" else value
        assert widget.place(HANDLES[kind]) == pytest.approx(start)
        leaves_nothing(page, widget)
