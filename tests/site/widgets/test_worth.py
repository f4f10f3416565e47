"""What a direction for two pixels is worth, in a browser: hands, keys, and what is painted."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import url

HANDLE = "tip of the arrow"
ORANGE = np.array([213, 94, 0])


def worth(widget: Widget) -> float:
    """How steady it says that it is, from 0 to 1."""
    return float(widget.root.locator(".nmn-readout output").first.inner_text().split()[0]) / 100


def bars(widget: Widget) -> set[int]:
    """The heights of the bars, in pixels."""
    claps = Widget(widget.page, "worth", canvas=1)
    width = claps.plot()[2]
    middle = np.floor((np.arange(30) + 0.5) * width / 30).astype(int)
    # Blue or yellow, and not grey or the dashed line: far from grey.
    return set((np.ptp(claps.picture()[:, middle, :3], -1) > 60).sum(0).tolist())


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_turns_the_arrow_to_one_kid_and_all_claps_are_alike(
    browser: Browser, folder: Path, theme: str, size: str
):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "worth")
        assert worth(widget) == 0.75 and len(bars(widget)) > 1
        way = np.deg2rad(30)
        widget.drag((np.cos(way), np.sin(way)), (0.02, 1.1))
        assert widget.handle(HANDLE).get_attribute("aria-valuenow") in {"88", "89", "90"}
        widget.press(
            "turn the arrow", "ArrowRight", 90 - int(widget.handle(HANDLE).get_attribute("aria-valuenow"))
        )
        assert worth(widget) == 1 and "just as loud as the last one" in widget.root.inner_text()
        tall = bars(widget)
        assert len(tall) == 1 or max(tall) - min(tall) <= 2
        # The dot on the curve stands where the worth says.
        widget.press(HANDLE, "ArrowLeft", 9)
        assert worth(widget) == 0.5
        ((r, g, b),) = widget.colours(np.array([[0.5 / np.sqrt(2)] * 2]))
        assert np.abs(ORANGE - [r, g, b]).max() < 12
        box = widget.root.bounding_box()
        assert size == "desktop" or (box and box["height"] <= 844)


def test_keys_turn_it_round_and_a_tap_brings_it(browser: Browser, folder: Path):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = Widget(page, "worth")
        widget.press(HANDLE, "ArrowDown", 7)
        assert widget.handle(HANDLE).get_attribute("aria-valuenow") == "355"
        widget.press(HANDLE, "Shift+ArrowUp")
        assert widget.handle(HANDLE).get_attribute("aria-valuenow") == "10"
        widget.tap((-0.6, 0.6))
        widget.root.get_by_text("Both kids alike").wait_for()
        offset = page.evaluate("scrollY")
        widget.swipe((0.2, -0.4), (0.2, 0.6))
        page.wait_for_function(f"scrollY !== {offset}")
        assert worth(widget) == 0.5
        widget.press("how they shout", "Home")
        assert "No arrow is steadier than any other" in widget.root.inner_text() and worth(widget) == 0.637
        assert widget.root.get_by_role("group", name="Two kids and an arrow").is_visible()
