"""Opposition of gradients against the gradients written out, pair by pair."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments.comparison import Runs
from nmn.experiments.guarantees.conflict import conflicts, opposition
from nmn.experiments.models import Network, units_of
from nmn.experiments.tasks import Sample
from nmn.experiments.training import Trained

pytestmark = pytest.mark.usefixtures("float32")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 5, 2)).astype(np.float32), 20 * RNG.normal(size=(2, 5)).astype(np.float32)
NETS = Network(
    *(jnp.asarray(RNG.normal(size=(2, *shape)), jnp.float32) for shape in ((3, 2), (3,), (3,), ()))
)


def net_of(run: int) -> Network:
    return jax.tree.map(lambda leaf: leaf[run], NETS)


def by_pairs(net: Network, x: np.ndarray, y: np.ndarray, knob: float) -> tuple[float, float]:
    """With r (φ, 1, a ∂φ) as the gradient of ½r² by a, c and what is inside φ."""
    inner = jax.vmap(
        jax.jacobian(lambda x, w, s: units_of("yat", w, s, x[None], knob)[0], (1, 2)), (0, None, None)
    )
    by_w, by_s = inner(x, net.w, net.s)
    by_a = units_of("yat", net.w, net.s, x, knob)
    rows = [
        np.r_[by_a[i], 1, np.ravel(net.a @ by_w[i].reshape(3, -1)), np.ravel(net.a @ by_s[i])]
        * np.sign(by_a[i] @ net.a + net.c - y[i])
        for i in range(5)
    ]
    unit = [row / np.linalg.norm(row) for row in rows]
    cosines = [unit[i] @ unit[j] for i in range(5) for j in range(5) if i != j]
    return float(np.mean([max(0.0, -c) for c in cosines])), float(np.mean([c < 0 for c in cosines]))


def test_opposition_is_that_of_all_pairs() -> None:
    for run in range(2):
        net = net_of(run)
        expected = by_pairs(net, X[run], Y[run], 0.3)
        assert 0 < expected[0] < expected[1] < 1
        np.testing.assert_allclose(opposition("yat", net, X[run], Y[run], 0.3), expected, atol=1e-5)


def test_conflicts_are_those_of_the_training_data_early_in_each_run() -> None:
    nothing = jax.tree.map(jnp.zeros_like, NETS)
    runs = Runs(Trained(nothing, NETS, jnp.zeros((2, 1))), Sample(X, Y, 0 * X, 0 * Y), 1.0, 0.3, np.zeros(2))
    expected = [by_pairs(net_of(run), X[run], Y[run], 0.3)[0] for run in range(2)]
    np.testing.assert_allclose(conflicts("yat", runs), expected, atol=1e-5)
