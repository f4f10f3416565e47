"""The territories in a browser: the colours are those of the neurons that answer most."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn.experiments.guarantees import owners as answers
from nmn.figures.style import PALETTE
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import url
from tests.site.widgets.paint import PAPER, agree

GOAL = (-1.0, -2.5)


def tints(paper: np.ndarray) -> np.ndarray:
    palette = np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in PALETTE])
    return 0.62 * palette + 0.38 * paper


def territories_follow(widget: Widget, rule: str, *, dark: bool = False) -> np.ndarray:
    """The colours are those of the neurons that answer most, for the places that the handles report."""
    w = np.array([widget.place(f"neuron {letter}") for letter in "ABCD"])
    reach, n = widget.plot()[4], 21
    ticks = reach * ((2 * np.arange(n) + 1) / n - 1)
    points = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    owners = answers.owners(w, points, rule=rule, eps=0.5)
    seen = widget.colours(points)
    # Letters and the lines between territories cover a few of the points.
    assert np.mean(agree(seen, tints(PAPER[dark])[owners])) > 0.93
    return owners


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mouse_moves_a_territory(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget, dark = Widget(page, "territories"), theme == "dark"
        before = territories_follow(widget, "yat", dark=dark)
        widget.drag((1.6, 2.1), GOAL)
        assert widget.place("neuron B") == pytest.approx(GOAL, abs=0.15)
        after = territories_follow(widget, "yat", dark=dark)
        assert np.mean(before != after) > 0.1
        for label, rule in (("linear", "linear"), ("RBF", "rbf")):
            widget.choose(label)
            territories_follow(widget, rule, dark=dark)


def test_zooming_out_shows_the_far_field(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "territories")
        assert widget.plot()[4] == 10 and widget.handle("neuron B").is_visible()
        zoom = widget.root.locator("input[type=range]")
        zoom.press("ArrowRight")
        widget.settle()
        assert 10 < widget.plot()[4] < 11 and not widget.handle("neuron B").is_visible()
        zoom.press("End")
        widget.settle()
        assert widget.plot()[4] == 200 and not widget.handle("neuron B").is_visible()
        owners = territories_follow(widget, "yat")
        # What cannot be seen is not dragged either.
        widget.drag((60, 50), (90, 80))
        assert widget.place("neuron B") == [1.6, 2.1]
        # A double cone looks the same through the middle, but for a thin rim between two cones.
        assert np.mean(owners == owners[::-1]) > 0.95


def test_a_change_of_theme_repaints_at_once(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "territories")
        territories_follow(widget, "yat")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        widget.settle()
        territories_follow(widget, "yat", dark=True)
