"""Seed 004, the multiplicative architecture: the claims that its chapters settle."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.multiplicative import Bump, Gaussian, Product, Tanh
from nmn.regularity import box_norm


@pytest.mark.parametrize("p", [1.0, 3.0])
def test_a_locality_analysis(p: float) -> None:
    """Norms of local products are as stated; what does not span, or is not local, grows; so do all sums."""
    factor, layer = Gaussian(), Product(2, 8, key=jax.random.key(1))
    det = np.abs(np.linalg.det(np.asarray(layer.weight, float)))
    one = (np.pi / p) ** (1 / (2 * p))  # ‖e^{−z²}‖_p
    best = int(np.argmax(det))

    def unit(layer: Product, radius: float) -> float:
        return box_norm(lambda x: layer(jnp.asarray(x))[:, best], radius, d=2, p=p, panels=80)

    assert unit(layer, 8.0) == pytest.approx(one**2 * det[best] ** (-1 / p), rel=1e-3)
    flat = Product(2, 8, factors=1, factor=factor, key=jax.random.key(1))
    assert (unit(flat, 20.0) / unit(flat, 10.0)) ** p == pytest.approx(2, rel=0.05)
    wide = Product(2, 8, factor=Tanh(), key=jax.random.key(1))
    assert (unit(wide, 40.0) / unit(wide, 20.0)) ** p > 3.5


@pytest.mark.parametrize("short", [False, True])
def test_steps_along_the_walls_leave_nothing_of_a_sum(short: bool) -> None:
    """The identity of the proof: T_1 … T_n kills n ridges, and n − 1 of them do not; a bump survives all."""
    a, turn = np.random.default_rng(2).normal(size=(2, 6, 3))
    steps = np.cross(a, turn)[int(short) :]
    taken = np.array(list(np.ndindex(*[2] * len(steps))))
    signs, points = (-1.0) ** (len(steps) - taken.sum(1)), taken @ steps
    ridges = np.asarray(Bump()(jnp.asarray((points @ a.T) / 3)), float).sum(1)
    assert (abs(signs @ ridges) > 1e-3) == short
    assert abs(signs @ np.exp(-(points**2).sum(1))) > 0.5
