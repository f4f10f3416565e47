"""A receptive field learning, in a browser: scrubbed by mouse, finger and keys, under every law."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn.figures.style import DIVERGING
from nmn.hypercube import measures
from nmn.widgets.learning.packed import unpack
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url
from tests.widgets.examples import KINDS

FILM = unpack(KINDS["learning"]().film)
FRAMES, N = FILM.weights["Gaussian"].shape[1:]
ACCENT = {"light": [0x00, 0x72, 0xB2], "dark": [0x6C, 0xB8, 0xEE]}


def canvas(widget: Widget, index: int) -> Widget:
    """Picture 0 or 1, the strips; 2, the field; 3, how local it is."""
    seen = Widget(widget.page, str(widget.root.get_attribute("data-nmn-widget")), canvas=index)
    # On a phone the widget is taller than the window.
    seen.canvas.scroll_into_view_if_needed()
    return seen


def frame(widget: Widget) -> int:
    return int(widget.root.get_by_label("time t").input_value())


def strip_shows(widget: Widget, index: int, law: str, seed: int, now: int) -> None:
    """The colours of the strip are those of the run's weights, but where the mark stands."""
    w = FILM.weights[law][seed]
    columns = np.array([k for k in range(FRAMES) if k != now])
    at = np.stack(np.meshgrid(columns, np.arange(N)), -1).reshape(-1, 2)
    seen = canvas(widget, index).colours(at.astype(float))
    true = 255 * mpl.colormaps[DIVERGING](0.5 + w.T[:, columns].ravel() / np.abs(w).max() / 2)[:, :3]
    assert np.max(np.abs(seen - true)) <= 6
    mark = canvas(widget, index).colours(np.array([[now, y] for y in (0.0, 4.0, 9.0)]))
    assert np.max(np.abs(mark - [0x23, 0x28, 0x2D])) <= 40


def field_shows(widget: Widget, law: str, seed: int, now: int, theme: str = "light") -> None:
    """A dot in the accent colour at every pixel and its weight."""
    at = np.stack([np.arange(N), FILM.weights[law][seed, now]], 1)
    assert np.max(np.abs(canvas(widget, 2).colours(at) - ACCENT[theme])) <= 2


def says(widget: Widget) -> dict[str, str]:
    rows = widget.root.locator(".nmn-readout:visible").all()
    return dict(row.locator("span, output").all_inner_texts() for row in rows)


def follows(widget: Widget, law: str, seed: int, now: int, theme: str = "light") -> None:
    """Everything in the widget is that of this run at this frame."""
    strip_shows(widget, 0, law, seed, now)
    field_shows(widget, law, seed, now, theme)
    local = np.log10(np.asarray(measures.inverse_participation(FILM.weights[law][seed, now])))
    assert np.max(np.abs(canvas(widget, 3).colours(np.array([[now, local]])) - ACCENT[theme])) <= 2
    assert says(widget)[f"IPR, {law}"] == f"{10**local:.3f}"
    assert says(widget)[f"loss, {law}"] == f"{FILM.losses[law][seed, now]:.4f}"
    assert frame(widget) == now
    assert widget.root.get_by_label("time t").get_attribute("aria-valuetext") == f"{FILM.times[now]:.3g}"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_it_opens_on_the_end_of_two_laws_and_each_choice_changes_it(
    browser: Browser, folder: Path, theme: str, size: str
):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "learning")
        follows(widget, "NLGP gain ∞", 0, FRAMES - 1, theme)
        strip_shows(widget, 1, "Gaussian", 0, FRAMES - 1)
        assert float(says(widget)["IPR, NLGP gain ∞"]) > 3 * float(says(widget)["IPR, Gaussian"])
        widget.choose("Laplace")
        follows(widget, "Laplace", 0, FRAMES - 1, theme)
        widget.choose("start 2")
        follows(widget, "Laplace", 1, FRAMES - 1, theme)
        widget.choose("Gaussian")
        follows(widget, "Gaussian", 1, FRAMES - 1, theme)
        # Beside itself it stands alone.
        assert len(says(widget)) == 2 and not canvas_visible(widget, 1)
        widget.choose("NLGP")
        follows(widget, "NLGP gain ∞", 1, FRAMES - 1, theme)
        strip_shows(widget, 1, "Gaussian", 1, FRAMES - 1)


def canvas_visible(widget: Widget, index: int) -> bool:
    return widget.root.locator("canvas").nth(index).is_visible()


def test_the_mouse_scrubs_every_picture_with_a_time(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "learning")
        drags = {0: ((8, 6), (2, 3)), 1: ((2, 3), (6, 11)), 3: ((6, -1), (4, -0.5))}
        for index, (start, end) in drags.items():
            canvas(widget, index).drag(start, end)
            follows(widget, "NLGP gain ∞", 0, round(end[0]))
        strip = canvas(widget, 0)
        strip.page.mouse.click(*strip.on_screen((5.3, 4)))
        strip.page.mouse.move(*strip.on_screen((1, 4)))
        widget.settle()
        follows(widget, "NLGP gain ∞", 0, 5)
        # Beyond the ends it stops at them.
        strip.drag((5, 5), (FRAMES + 0.4, 5))
        assert frame(widget) == FRAMES - 1
        field = canvas(widget, 2)
        field.drag((2, 0.1), (8, 0.1))
        assert frame(widget) == FRAMES - 1


def test_a_finger_scrubs_sideways_taps_and_scrolls_the_page(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = canvas(Widget(page, "learning"), 0)
        offset = page.evaluate("scrollY")
        # A tap right after a swipe would only stop the swipe.
        widget.tap((6, 5))
        assert frame(widget) == 6
        widget.swipe((8, 6), (3, 6))
        assert frame(widget) == 3 and page.evaluate("scrollY") == offset
        widget.swipe((6, 2), (6, 14))
        page.wait_for_function(f"scrollY !== {offset}")
        follows(widget, "NLGP gain ∞", 0, 3)


def test_keys_step_from_frame_to_frame(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "learning")
        for key, now in (
            ("ArrowLeft", 7),
            ("ArrowDown", 6),
            ("Home", 0),
            ("ArrowLeft", 0),
            ("ArrowRight", 1),
        ):
            widget.press("time t", key)
            follows(widget, "NLGP gain ∞", 0, now)
        radio = widget.root.get_by_role("radio", name="NLGP")
        radio.press("ArrowUp")
        widget.settle()
        follows(widget, "Laplace", 0, 1)


def test_a_change_of_theme_repaints_at_once(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "learning")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        widget.settle()
        follows(widget, "NLGP gain ∞", 0, FRAMES - 1, "dark")


def test_the_jupyter_module_syncs_both_ways_and_cleans_up(browser: Browser, folder: Path):
    made = KINDS["learning"]()
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, made)
        widget.press("time t", "ArrowLeft", 2)
        widget.choose("Laplace")
        widget.choose("start 2")
        canvas(widget, 0).drag((6, 6), (4, 6))
        for saved in page.evaluate("saved"):
            made.set_state({key: saved[key] for key in ("law", "seed", "frame")})
        assert made.state() | {"law": "Laplace", "seed": 1, "frame": 4} == made.state()
        # And back: the page shows what Python sets.
        page.evaluate("() => { model.set('law', 'Gaussian'); model.set('against', 'Laplace'); }")
        page.evaluate("() => { model.set('seed', 0); model.set('frame', 2); }")
        widget.settle()
        follows(widget, "Gaussian", 0, 2)
        strip_shows(widget, 1, "Laplace", 0, 2)
        leaves_nothing(page, widget)
