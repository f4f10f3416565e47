"""The landscape in a browser: dragged, tapped, its sliders and arrows; the colours are those of ⵟ."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn import product
from nmn.figures.style import SEQUENTIAL
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import url
from tests.site.widgets.paint import agree

HANDLE, GOAL = "w, the prototype", (-1.5, 1.0)


def corners(reach: float, n: int = 13) -> np.ndarray:
    """Points between the arrows of the landscape, where nothing but its colour is painted."""
    ticks = reach * (2 * np.arange(1, n) / n - 1)
    return np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)


def landscape_follows(widget: Widget, eps: float = 0.5) -> None:
    """The colours are those of ⵟ for the w that the handle reports, and brightest where ⵟ is largest."""
    w, points = np.array(widget.place(HANDLE)), corners(6)
    values = np.asarray(product.yat(w, points, eps=eps))
    shades = values / (values + w @ w)
    plain = np.min(np.abs(shades[:, None] - [0.25, 0.5, 0.75]), axis=1) > 0.04
    seen = widget.colours(points)
    expected = 255 * mpl.colormaps[SEQUENTIAL](shades)[:, :3]
    assert plain.sum() > 60 and np.all(agree(seen, expected)[plain])
    brightest = np.argmax(seen[plain] @ [1, 2, 0])
    assert values[plain][brightest] > 0.9 * values[plain].max()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_the_landscape(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "landscape")
        landscape_follows(widget)
        widget.drag((1.5, 1.0), GOAL)
        assert widget.place(HANDLE) == pytest.approx(GOAL, abs=0.05)
        landscape_follows(widget)
        x, y = widget.place(HANDLE)
        assert f"({x:.2f}, {y:.2f})" in widget.root.inner_text()


def test_a_tap_brings_the_handle_to_the_finger(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = Widget(page, "landscape")
        widget.tap((-2, -1.5))
        assert widget.place(HANDLE) == pytest.approx([-2, -1.5], abs=0.05)
        landscape_follows(widget)


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
