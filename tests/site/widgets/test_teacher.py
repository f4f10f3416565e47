"""The teacher in a browser: the bars are those of nmn for the place that the handle reports."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from nmn.experiments.guarantees.lesson import lesson
from nmn.widgets.teacher import Teacher
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, url

HANDLE = "the teacher"


def bars(widget: Widget) -> list[float]:
    """The lengths of the four bars, as parts of the full bar."""
    lengths = widget.root.locator(".nmn-fill").evaluate_all(
        "(all) => all.map((b) => parseFloat(b.style.width))"
    )
    return [length / 100 for length in lengths]


def teacher_follows(widget: Widget) -> dict[str, float]:
    """The bars are those of nmn for the place that the handle reports."""
    true = lesson(np.array(widget.place(HANDLE)))
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
        widget.press(HANDLE, "ArrowLeft", 27)
        assert widget.place(HANDLE) == [0.0, 2.7] and "silent" in widget.root.inner_text()
        assert bars(widget)[:2] == [0, 0] and bars(widget)[2] > 0.5


def test_walking_away_keeps_the_line_and_the_radio(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "teacher")
        walk = widget.root.locator("input[type=range]")
        for distance in (2, 6, 12):
            walk.fill(str(distance))
            widget.settle()
            x = widget.place(HANDLE)
            assert np.hypot(*x) == pytest.approx(distance, abs=0.02) and x[1] / x[0] == pytest.approx(
                1 / 3, abs=0.02
            )
            teacher_follows(widget)
        walk.press("Home")
        widget.settle()
        assert np.hypot(*widget.place(HANDLE)) == pytest.approx(1, abs=0.02)
        # From the middle, where no line begins, she walks ahead of you.
        widget = jupyter(page, Teacher(teacher=[0, 0]))
        widget.press("walk away along this line", "ArrowRight")
        x, y = widget.place(HANDLE)
        assert x > 0 and y == 0
