"""The step of one example, against the derivative of each kind of unit."""

import numpy as np
import pytest

from nmn import product
from nmn.experiments.guarantees import influence
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")

W, X, Y = np.array([0.6, -0.3]), np.array([[0.5, 0.4], [-1.0, 2.0], [3.0, 0.2]]), np.array([0.3, -2.0, 1.0])
SQUARES = np.sum((X - W) ** 2, 1)
# Values, and derivatives by w; ε of ⵟ is the knob times d.
UNITS = {
    "linear": (X @ W, X),
    "relu": (np.maximum(X @ W, 0), X * (X @ W > 0)[:, None]),
    "rbf": (np.exp(-SQUARES), 2 * (X - W) * np.exp(-SQUARES)[:, None]),
    "yat": ((X @ W) ** 2 / (SQUARES + 0.2), np.asarray(product.grad_w(W, X, eps=0.2))),
}


@pytest.mark.parametrize("kind", UNITS)
def test_one_example_moves_one_neuron_by_its_slope_times_what_is_left(kind: str) -> None:
    value, slope = UNITS[kind]
    reach = np.linalg.norm(slope, axis=1)
    np.testing.assert_allclose(influence.reach(kind, W, X), reach, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(influence.push(kind, W, X, Y), np.abs(value - Y) * reach, rtol=1e-4, atol=1e-6)
    assert defaults(influence.reach) == defaults(influence.push) == {"knob": 0.1}
