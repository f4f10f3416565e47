"""The odd point in a browser: dragged, swiped, with Huber's loss; the bars are those of nmn."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn.experiments.guarantees.oddpoint import KINDS, moved
from nmn.widgets.oddpoint import OddPoint
from nmn.widgets.oddpoint.still import bend
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url

HANDLE = "the odd point, moved by the arrow keys"


def place(x: float, y: float) -> tuple[float, float]:
    """Where a point lies on the squeezed axis."""
    return float(bend(np.array(x))), y


def odd_follows(widget: Widget, x: float, y: float, *, huber: bool = False) -> list[float]:
    """The sliders say that the odd point is about there, and the bars are its."""
    widget.settle()
    texts = widget.root.locator(".nmn-slider output").all_inner_texts()
    x_seen, y_seen = (float(text.replace("−", "-")) for text in texts)
    assert place(x_seen, y_seen) == pytest.approx(place(x, y), abs=0.06)
    bars = [float(text) for text in widget.root.locator(".nmn-loudness output").all_inner_texts()]
    true = [moved(kind, (x_seen, y_seen), huber=huber) for kind in KINDS]
    assert bars == pytest.approx(true, abs=0.03)
    return bars


def test_the_mouse_the_keys_and_the_rule_move_the_fits(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, OddPoint())
        line, bent, bumps, yat = odd_follows(widget, 30, 0.3)
        assert min(line, bent) > 0.2 and max(bumps, yat) < 0.05
        widget.drag(place(30, 0.3), place(0.2, 2.9))
        assert min(odd_follows(widget, 0.2, 2.9)[1:]) > 0.5 and "every fit" in widget.root.inner_text()
        widget.choose("Huber")
        assert max(odd_follows(widget, 0.2, 2.9, huber=True)) < 0.1
        widget.press(HANDLE, "ArrowDown")
        assert page.evaluate("saved.at(-1).y") < 2.85
        widget.press("how far out", "End")
        assert page.evaluate("saved.at(-1).x") == 100
        assert widget.root.get_by_role("group", name="One odd point").count() == 1
        leaves_nothing(page, widget)


def test_a_finger_drags_the_point_and_scrolls_the_page_elsewhere_also_from_a_slider(
    browser: Browser, folder: Path
):
    with reading(browser, url(folder, "dark"), size="phone", touch=True) as page:
        widget = Widget(page, "oddpoint")
        whole, offset = widget.root.locator(".nmn-ui").bounding_box(), page.evaluate("scrollY")
        assert whole and whole["height"] <= 844
        widget.swipe(place(30, 0.3), place(0.5, 1.5))
        odd_follows(widget, 0.5, 1.5)
        assert page.evaluate("scrollY") == offset
        words = widget.root.inner_text()
        widget.swipe((-0.5, 1), (-0.5, 3))
        page.wait_for_function(f"scrollY !== {offset}")
        box = widget.root.get_by_label("how far out").bounding_box()
        offset, plot = page.evaluate("scrollY"), widget.canvas.bounding_box()
        assert box and plot
        # From the slider upward, by the height of the plot.
        _, _, _, height, *_, bottom, top = widget.plot()
        down = top - (box["y"] + 14 - plot["y"] - widget.plot()[1]) * (top - bottom) / height
        widget.swipe((2.0, down), (2.0, down + 2))
        page.wait_for_function(f"scrollY !== {offset}")
        assert widget.root.inner_text() == words
