"""The figures of the ⵟ-product put their marks where the mathematics says."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from nmn import product
from nmn.experiments.product import cancellation
from nmn.figures.product import yat_product as draw
from nmn.figures.style import BookFigure


def _marks(made: BookFigure, marker: str) -> np.ndarray:
    lines = [line for line in made.axes[0].lines if line.get_marker() == marker]
    return np.concatenate([np.column_stack(line.get_data()) for line in lines])


def test_scores_are_of_the_same_plane_and_end_with_the_product() -> None:
    made = draw.scores([2.0, 1.0], eps=0.5)
    panels = [ax for ax in made.axes if ax.get_title()]
    assert [ax.get_title()[:3] for ax in panels] == ["dot", "cos", "nea", "ⵟ(w"]
    drawn = np.asarray(panels[-1].collections[0].get_array())
    assert drawn.max() == pytest.approx(float(product.supremum([2.0, 1.0], eps=0.5)), rel=0.01)
    assert made.png()[:4] == b"\x89PNG"


@pytest.mark.parametrize("bias", [0.0, 1.5, -2.0])
def test_level_sets_mark_peak_and_zero_line(bias: float) -> None:
    w = np.array([2.0, 1.0])
    made = draw.level_sets(w, eps=0.7, bias=bias)
    np.testing.assert_allclose(_marks(made, "*"), [product.argmax(w, eps=0.7, bias=bias)], rtol=1e-5)
    (zero,) = (line for line in made.axes[0].lines if line.get_linestyle() == "--")
    np.testing.assert_allclose(np.column_stack(zero.get_data()) @ w + bias, 0, atol=1e-12)


def test_level_sets_are_coloured_by_kind() -> None:
    made = draw.level_sets([2.0, 1.0], levels=(0.5, 1.0, 2.0))
    colours = [to_hex(c) for c in made.axes[0].collections[0].get_edgecolor()]
    assert colours == [draw.HYPERBOLA, draw.PARABOLA, draw.ELLIPSE]


@pytest.mark.parametrize("bias", [0.0, 0.5])
def test_lift_puts_the_star_on_the_peak(bias: float) -> None:
    made = draw.lift(1.3, eps=0.6, bias=bias)
    step = float(product.argmax([1.3], eps=0.6, bias=bias)[0]) - 1.3
    np.testing.assert_allclose(_marks(made, "*"), [[step, np.sqrt(0.6)]], rtol=1e-5)


def test_rays_settle_at_the_far_field() -> None:
    made = draw.rays(angles=(0, 60, 180))
    curves = [line.get_ydata() for line in made.axes[0].lines if not line.get_label().startswith("_")]
    np.testing.assert_allclose([curve[-1] for curve in curves], [1, 0.25, 1], rtol=0.02)


def test_cancellation_draws_the_estimate() -> None:
    errors = cancellation.Errors(np.array([0.1, 1.0]), np.full((2, 3), 1e-3), np.full((2, 3), 1e-7))
    made = draw.cancellation(errors, squares=1024)
    estimate = made.axes[0].lines[-1].get_ydata()
    np.testing.assert_allclose(estimate, [2.0**-14 * 100, 2.0**-14])
    assert "‖x − w‖" in made.axes[0].get_xlabel() and "<svg" in made.svg()


def test_the_yard_shows_no_symbol_and_its_star_is_the_peak() -> None:
    made = draw.yard((1.8, 1.2), eps=1.2)
    np.testing.assert_allclose(_marks(made, "*"), [product.argmax([1.8, 1.2], eps=1.2)], rtol=1e-5)
    words = [text.get_text() for text in made.axes[0].texts] + [made.axes[0].get_xlabel()]
    assert "friend" in words and all(word.replace(" ", "").isascii() for word in words)
    assert not made.axes[0].get_xticks().size
