"""Opposition of gradients against the gradients written out, pair by pair."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments.comparison import Runs
from nmn.experiments.guarantees.conflict import conflicts, opposition
from nmn.experiments.models import Network
from nmn.experiments.tasks import Sample
from nmn.experiments.training import Trained

pytestmark = pytest.mark.usefixtures("float32")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 5, 2)).astype(np.float32), 30 * RNG.normal(size=(2, 5)).astype(np.float32)
NETS = Network(
    *(jnp.asarray(RNG.normal(size=(2, *shape)), jnp.float32) for shape in ((3, 2), (3,), (3,), ()))
)


def net_of(run: int) -> Network:
    return jax.tree.map(lambda leaf: leaf[run], NETS)


def by_pairs(net: Network, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """r (a_j x, a_j, w_j·x + s_j, 1) is the gradient of ½r² for linear units."""
    w, s, a, c = (np.asarray(leaf, float) for leaf in net)
    units = x @ w.T + s
    rows = [
        (units[i] @ a + c - y[i]) * np.r_[np.outer(a, x[i]).ravel(), a, units[i], 1] for i in range(len(x))
    ]
    cosines = [
        one @ other / np.linalg.norm(one) / np.linalg.norm(other)
        for one, other in itertools.permutations(rows, 2)
    ]
    return float(np.mean([max(0.0, -c) for c in cosines])), float(np.mean([c < 0 for c in cosines]))


def test_opposition_is_that_of_all_pairs() -> None:
    for run in range(2):
        net = net_of(run)
        expected = by_pairs(net, X[run], Y[run])
        assert 0 < expected[0] < expected[1] < 1
        np.testing.assert_allclose(opposition("linear", net, X[run], Y[run], 0.3), expected, atol=1e-5)


def test_conflicts_are_those_of_the_training_data_early_in_each_run() -> None:
    nothing = jax.tree.map(jnp.zeros_like, NETS)
    runs = Runs(Trained(nothing, NETS, jnp.zeros((2, 1))), Sample(X, Y, 0 * X, 0 * Y), 1.0, 0.3, np.zeros(2))
    expected = [by_pairs(net_of(run), X[run], Y[run])[0] for run in range(2)]
    np.testing.assert_allclose(conflicts("linear", runs), expected, atol=1e-5)
