"""Ownership against its definition, unit by unit and ball by ball."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments.comparison import Runs
from nmn.experiments.guarantees.territory import ownerships
from nmn.experiments.models import Network
from nmn.experiments.tasks import Sample
from nmn.experiments.training import Trained

pytestmark = pytest.mark.usefixtures("float32")

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(-1, 1, size=(2, 41, 2)).astype(np.float32), RNG.normal(size=(2, 41)).astype(np.float32)
NETS = Network(
    *(jnp.asarray(RNG.normal(size=(2, *shape)), jnp.float32) for shape in ((3, 2), (3,), (3,), ()))
)


def by_definition(net: Network, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """The tenth of 41 inputs is five of them, with the centre where that is an input."""
    w, s, a, c = (np.asarray(leaf, float) for leaf in net)
    φ = x @ w.T + s

    def within(centre: np.ndarray) -> np.ndarray:
        return np.argsort(np.linalg.norm(x - centre, axis=1))[:5]

    shares = {}
    for name in ("activity", "ablation"):
        near, best = [], []
        for j in range(3):
            mean = φ.copy()
            mean[:, j] = φ[:, j].mean()
            before, after = (y - c - some @ a for some in (φ, mean))
            effect = (after - before) ** 2 if name == "activity" else np.abs(after**2 - before**2)
            balls = [effect[within(centre)].sum() / effect.sum() for centre in (w[j], *x)]
            near.append(balls[0])
            best.append(max(balls))
        shares |= {f"{name}_near_w": np.mean(near), f"{name}_best": np.mean(best)}
    return shares


def test_shares_are_those_of_the_definition() -> None:
    runs = Runs(
        Trained(NETS, jax.tree.map(jnp.zeros_like, NETS), jnp.zeros((2, 1))),
        Sample(0 * X, 0 * Y, X, Y),
        1.0,
        0.3,
        np.zeros(2),
    )
    found = ownerships("linear", runs)
    for run in range(2):
        net = jax.tree.map(lambda leaf, run=run: leaf[run], NETS)
        expected = pytest.approx(by_definition(net, X[run], Y[run]), rel=1e-3)
        assert {name: float(values[run]) for name, values in found.items()} == expected
