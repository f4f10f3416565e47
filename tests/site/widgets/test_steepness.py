"""The slope against L in a browser: dragged, swiped, put at the spot; the colours are the slope's."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn import product
from nmn.figures.style import SEQUENTIAL
from nmn.widgets.steepness import Steepness, still
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url
from tests.site.widgets.paint import agree

HANDLE = "x, the input, moved by the arrow keys"


def slope_follows(widget: Widget, eps: float) -> None:
    """The colours are those of the slope as a part of L, and the words those of the place of x."""
    points = np.stack(np.meshgrid(np.linspace(-2.3, 2.3, 9), [-1.3, -0.9, 0.8, 1.3]), -1).reshape(-1, 2)
    most = float(product.lipschitz(still.W, eps=eps))
    parts = np.linalg.norm(product.grad_x(still.W, points, eps=eps), axis=-1) / most
    plain = np.min(np.abs(parts[:, None] - [0.25, 0.5, 0.75]), axis=1) > 0.04
    expected = 255 * mpl.colormaps[SEQUENTIAL](parts)[:, :3]
    assert plain.sum() > 25 and np.mean(agree(widget.colours(points), expected)[plain]) > 0.9
    here = np.linalg.norm(product.grad_x(still.W, np.array(widget.place(HANDLE)), eps=eps))
    assert f"The slope here is {here:.1f}"[:-1] in widget.root.inner_text()


def test_the_mouse_the_button_and_the_slider_show_where_the_slope_reaches_the_bound(
    browser: Browser, folder: Path
):
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, Steepness())
        slope_follows(widget, 0.3)
        widget.drag((1.0, 0.6), (0.4, -0.5))
        slope_follows(widget, 0.3)
        widget.root.get_by_role("button").click()
        widget.settle()
        assert widget.place(HANDLE) == pytest.approx([still.steepest(0.3), 0], abs=0.006)
        assert "the slope reaches L = 7.49" in widget.root.inner_text()
        widget.press("ε, the softening", "Home")
        assert page.evaluate("saved.at(-1).eps") == 0.01
        assert f"L = {float(product.lipschitz(still.W, eps=0.01)):.2f}" in widget.root.inner_text()
        widget.press(HANDLE, "ArrowUp")
        assert widget.place(HANDLE)[1] > 0 and "Off the line" in widget.root.inner_text()
        assert widget.root.get_by_role("group", name="The slope").count() == 1
        leaves_nothing(page, widget)


def test_a_phone_shows_it_on_one_screen_and_a_finger_drags_x(browser: Browser, folder: Path):
    with reading(browser, url(folder, "dark"), size="phone", touch=True) as page:
        widget = Widget(page, "steepness")
        whole, offset = widget.root.locator(".nmn-ui").bounding_box(), page.evaluate("scrollY")
        assert whole and whole["height"] <= 844
        widget.swipe((1.0, 0.6), (-1.0, -0.5))
        assert (
            widget.place(HANDLE) == pytest.approx([-1, -0.5], abs=0.05) and page.evaluate("scrollY") == offset
        )
        widget.swipe((2.0, 0.5), (2.0, 1.4))
        page.wait_for_function(f"scrollY !== {offset}")
