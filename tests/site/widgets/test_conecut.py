"""The floor that cuts the cone, in a browser: what is said, and that the curve painted is the level set."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn import product
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import url

LEVEL = "c, the level"


def painted(widget: Widget, colour: str) -> np.ndarray:
    """The inputs at which the plane shows this colour, (n, 2)."""
    plane = Widget(widget.page, "conecut", canvas=1)
    picture = plane.picture()
    scale = picture.shape[1] / plane.canvas.evaluate("(c) => c.clientWidth")
    true = [int(colour[i : i + 2], 16) for i in (0, 2, 4)]
    rows, columns = np.nonzero(np.abs(picture[..., :3] - true).max(-1) < 8)
    left, top, width, height, x0, x1, y0, y1 = plane.plot()
    x = x0 + (x1 - x0) * ((columns + 0.5) / scale - left) / width
    return np.stack([x, y1 - (y1 - y0) * ((rows + 0.5) / scale - top) / height], -1)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_level_goes_from_a_point_to_a_hyperbola(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "conecut")
        slider = widget.root.get_by_label(LEVEL)
        seen = [widget.root.locator(".nmn-story").inner_text()]
        shown = [(6.5, painted(widget, "0072b2"))]
        for _ in range(12):
            slider.press("ArrowLeft")
            widget.settle()
            told = widget.root.locator(".nmn-story").inner_text()
            if ("parabola" in told) != ("parabola" in seen[-1]) or "hyperbola" in told:
                colour = "009e73" if "parabola" in told else "d55e00"
                level = float(told.split()[1].rstrip(","))
                shown.append((level, painted(widget, colour)))
            seen.append(told)
        kinds = [next(kind for kind in ("ellipse", "parabola", "hyperbola") if kind in told) for told in seen]
        assert kinds == sorted(kinds, key=["ellipse", "parabola", "hyperbola"].index) and len(set(kinds)) == 3
        for level, x in shown:
            values = product.yat(np.array([2.0, 0.0]), x, eps=4.0)
            assert len(x) > 60 and np.median(np.abs(np.asarray(values) / level - 1)) < 0.05
        box = widget.root.bounding_box()
        assert size == "desktop" or (box and box["height"] <= 844)


def test_above_the_highest_value_there_is_no_cone_and_it_says_so(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "conecut")
        full = widget.picture()
        widget.press(LEVEL, "End")
        assert "no curve: no value of ⵟ is larger than 8.00" in widget.root.inner_text()
        assert np.mean(np.any(widget.picture() != full, -1)) > 0.1
        assert widget.root.get_by_role("group", name="The floor that cuts a cone").is_visible()
