"""The figures of the chapter on outliers: pushes in closed form, medians, goals never reached."""

import numpy as np
import pytest

from nmn import product
from nmn.figures.guarantees import outliers
from nmn.figures.style import ACCENT


def curves(ax):
    return {line.get_label(): np.asarray(line.get_ydata(), float) for line in ax.lines}


@pytest.mark.parametrize("angle", [0.0, 1.2])
def test_the_influence_is_the_gradient_of_the_loss(angle):
    """φ(w·x) at w = (1, 0): linear and ReLU, exp(−‖x − w‖²), and ⵟ with ε = 0.2."""
    upper, lower = map(curves, outliers.influence(angle).axes)
    k = np.geomspace(0.3, 1000, 200)
    w, x = np.array([1.0, 0.0]), k[:, None] * [np.cos(angle), np.sin(angle)]
    far = ((x - w) ** 2).sum(1)
    yat, slope = product.yat(w, x, eps=0.2), np.linalg.norm(product.grad_w(w, x, eps=0.2), axis=1)
    for name, answer, size in (
        ("linear", x[:, 0], k),
        ("ReLU", x[:, 0], k),
        ("RBF", np.exp(-far), 2 * np.sqrt(far) * np.exp(-far)),
        ("ⵟ", yat, slope),
    ):
        for drawn, true in ((upper, size), (lower, size * abs(answer + k))):
            np.testing.assert_allclose(drawn[name], np.maximum(true, 1e-5), rtol=1e-4)


def test_the_dashed_line_is_where_the_push_of_yat_ends():
    for angle in (0.0, 1.2):
        ax = outliers.influence(angle).axes[0]
        assert curves(ax)["ⵟ"][-1] == pytest.approx(ax.lines[-1].get_ydata()[0], rel=0.01)


# Four runs each: without outliers, and with outliers of sizes 10 and 100.
ERRORS = np.array([[4.0, 1, 2, 3], [30, 20, 40, np.nan], [5, np.inf, np.nan, np.nan]])


def test_the_harm_is_the_median_between_quartiles_and_what_diverged_counts_ten_thousand():
    made = outliers.harm({"yat": {"label": ERRORS}, "yat_huber": {"label": ERRORS / 2}}, [10, 100])
    plain, huber = made.axes[0].lines
    assert (plain.get_linestyle(), huber.get_linestyle()) == ("-", "--")
    np.testing.assert_array_equal(plain.get_xydata(), [[1, 2.5], [10, 35], [100, 1e4]])
    np.testing.assert_array_equal(huber.get_ydata(), [1.25, 17.5, 1e4])
    band = made.axes[0].collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == (1.75, 1e4)
    assert [text.get_text() for text in made.axes[0].get_legend().get_texts()] == ["ⵟ", "ⵟ, Huber"]


def test_each_kind_of_outlier_has_its_row_and_its_name():
    found = {"relu": {kind: (k + 1) * ERRORS[:2] for k, kind in enumerate(("both", "leverage"))}}
    rows = outliers.harm(found, [10]).axes
    assert [ax.get_title() for ax in rows] == ["far input, wild target", "far input, ordinary target"]
    assert [ax.lines[0].get_ydata()[0] for ax in rows] == [2.5, 5]


def test_the_spread_shows_runs_and_an_arrow_where_no_goal_is_reached():
    found = {("bumps_8d", "yat"): [5.0, 1, 3, 2, 4], ("b", "yat"): [7.0, 8, np.inf, np.inf, np.inf]}
    (ax,) = outliers.spread(found, unit="steps").axes
    assert [text.get_text() for text in ax.get_yticklabels()] == ["bumps, d=8", "b"]
    _, box, middle, far_box, arrow = ax.lines
    np.testing.assert_array_equal(box.get_xdata(), [2, 4])
    np.testing.assert_array_equal(far_box.get_xdata(), [8, 16])
    assert (middle.get_xdata(), middle.get_marker()) == (3, "o")
    # At the edge: twice the largest that is finite.
    assert (arrow.get_xdata(), arrow.get_marker()) == (16, ">")
    assert round(middle.get_ydata()[0]) == 0 and round(arrow.get_ydata()[0]) == 1
    assert {line.get_color() for line in ax.lines} == {ACCENT}


def test_the_harm_is_drawn_with_its_interval_at_its_distance() -> None:
    rows = {"yat": [(1.5, 3.0, 5.0), (0.9, 1.1, 2.0)], "relu": [(1.0, 1.2, 1.3), (6.0, 9.0, 11.0)]}
    (ax,) = outliers.distances(rows, [2, 30]).axes
    for line, band, drawn in zip(ax.lines, ax.collections, rows.values(), strict=False):
        np.testing.assert_array_equal(line.get_xydata(), [[2, drawn[0][1]], [30, drawn[1][1]]])
        corners = {tuple(corner) for corner in band.get_paths()[0].vertices}
        ends = {(k, row[end]) for k, row in zip([2, 30], drawn, strict=True) for end in (0, 2)}
        assert corners == ends
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), [1, 1])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "30"]
