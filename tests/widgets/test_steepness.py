"""The slope against L without a browser: its numbers in node against nmn, and what its words say."""

import numpy as np
import pytest

from nmn import product
from nmn.widgets.steepness import still
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")
EPS = [0.01, 0.07, 0.3, 1.0, 5.0]


def places() -> list[list[float]]:
    """Inputs all over the picture, on the line of w, across it, and at w."""
    drawn = np.random.default_rng(0).uniform(-1, 1, (40, 2)) * still.REACH
    special = [[1.0, 0.0], [0.0, 0.0], [0.0, 1.2], [-2.5, 0.0], [1.02, 0.0], [0.9, 0.0], [1.0, 0.001]]
    return [*drawn.tolist(), *special]


def test_the_slope_its_bound_and_the_spot_are_those_of_nmn():
    cases = [(x, eps) for x in places() for eps in EPS]
    for (x, eps), js in zip(cases, node("steepness", "([x, eps]) => steep(x, eps)", cases), strict=True):
        most = float(product.lipschitz(still.W, eps=eps))
        true = float(np.linalg.norm(product.grad_x(still.W, np.array(x), eps=eps)))
        assert js["here"] == pytest.approx(true, rel=1e-6, abs=1e-6 * most)
        assert js["most"] == pytest.approx(most, rel=1e-9) and js["part"] == js["here"] / js["most"] <= 1
        assert js["spot"] == pytest.approx([still.steepest(eps), 0], abs=1e-9)


def test_other_prototypes_have_their_own_constant_and_spot():
    rng = np.random.default_rng(1)
    cases = [
        (rng.normal(size=d).tolist(), float(10 ** rng.uniform(-3, 1))) for d in (1, 2, 5) for _ in range(9)
    ]
    expression = "([w, eps]) => [lipschitz(w, eps), slope(w, steepest(w, eps), eps)]"
    for (w, eps), js in zip(cases, node("steepness", expression, cases), strict=True):
        assert js == pytest.approx(2 * [float(product.lipschitz(w, eps=eps))], rel=1e-9)


def test_the_slope_reaches_the_bound_at_the_spot_and_nowhere_else():
    for eps in EPS:
        spot = np.array([still.steepest(eps), 0.0])
        top, most = (
            np.linalg.norm(product.grad_x(still.W, spot, eps=eps)),
            product.lipschitz(still.W, eps=eps),
        )
        assert top == pytest.approx(float(most), rel=1e-9)
        turn = np.linspace(0, 2 * np.pi, 64)
        around = spot + 0.05 * np.sqrt(eps) * np.stack([np.cos(turn), np.sin(turn)], -1)
        assert np.linalg.norm(product.grad_x(still.W, around, eps=eps), axis=-1).max() < 0.9999 * most


def test_the_words_say_where_x_is_and_what_part_of_the_bound_is_reached():
    parts = [0.12, 0.984, 0.9859, 0.9999]
    assert node("steepness", "percent", parts) == ["12", "98", "98.5", "99.9"]
    for eps in EPS:
        most = float(product.lipschitz(still.W, eps=eps))
        top = still.steepest(eps)
        places = ((0, 1), (top, 0), (0.5, 0), (0.5, 0.4), (top, 0.05 * eps**0.5))
        cases = [(place, eps) for place in places]
        across, spot, on, off, beside = node("steepness", "([x, eps]) => story(x, eps)", cases)
        told = f"{most:.2f}" if most < 1000 else f"{most:.3g}"
        assert across == f"On the plane where ⵟ is zero the slope is 0. L = {told}."
        assert spot == f"The steepest spot: the slope reaches L = {told}."
        assert "reaches" not in beside and ": 99." in beside
        for words, start, x in ((on, "On", [0.5, 0.0]), (off, "Off", [0.5, 0.4])):
            here = float(np.linalg.norm(product.grad_x(still.W, np.array(x), eps=eps)))
            assert words == (
                f"{start} the line of w. The slope here is {here:.2f}: {100 * here / most:.0f}\u00a0% of "
                f"L = {told}."
            )
