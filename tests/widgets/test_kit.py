"""The small functions of the kit in node: numbers and places as they are written, colours, ticks."""

import numpy as np
import pytest

from tests.widgets.node import node


def test_a_number_is_written_in_full_below_a_thousand_and_with_an_exponent_from_there():
    numbers = [0, -0.126, 999.99, 1000, -1000, 4118.6, 1.5e9]
    written = ["0.00", "-0.13", "999.99", "1.00e3", "-1.00e3", "4.12e3", "1.50e9"]
    assert node("landscape", "(v) => show(v)", numbers) == written
    assert node("landscape", "place", [[1, -2.345], [0.001, 12]]) == ["(1.00, -2.35)", "(0.00, 12.00)"]


def test_a_number_is_kept_between_its_ends():
    cases = [[5, 1, 3], [0, 1, 3], [2, 1, 3], [1, 1, 3]]
    assert node("landscape", "(c) => clamp(...c)", cases) == [3, 1, 2, 1]


def test_colours_are_read_and_end_where_their_map_ends():
    assert node("landscape", "(c) => rgb(c)", ["#0172b3", "ff8000"]) == [[1, 0x72, 0xB3], [255, 128, 0]]
    assert node("landscape", "viridis", [-1, 0, 1, 2]) == [[68, 1, 84]] * 2 + [[253, 231, 37]] * 2
    ends = [[5, 48, 97]] * 2 + [[247, 247, 247]] + [[103, 0, 31]] * 2
    assert node("landscape", "diverging", [-3, -1, 0, 1, 3]) == ends
    # Between two colours, their mean.
    assert node("landscape", "diverging", [0.1]) == [[250, 233, 223]]


@pytest.mark.parametrize(
    ("reach", "step"),
    [(4, 1), (4.99, 1), (5, 2), (6, 2), (10, 5), (19.9, 5), (20, 10), (50, 20), (100, 50), (200, 100)],
)
def test_there_are_three_to_six_ticks_to_a_side_and_they_are_round(reach: float, step: float):
    assert node("territories", "tickStep", [reach]) == [step]
    assert 2 <= np.floor(reach / step) <= 5


def test_an_arrow_key_points_one_step_along_one_axis():
    (keys,) = node("landscape", "() => KEYS", [0])
    assert keys == {"ArrowLeft": [-1, 0], "ArrowRight": [1, 0], "ArrowDown": [0, -1], "ArrowUp": [0, 1]}
