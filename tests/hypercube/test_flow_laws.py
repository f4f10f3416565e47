"""Every flow says which of its two laws is wrong."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.hypercube import flow, laws
from nmn.hypercube.flow import decay

KEY, W, STEPS = jax.random.key(0), np.array([0.5, -0.3, 0.2, 0.9]), {"steps": 1, "step": 0.1}
ONE = flow.Neurons(jnp.asarray(W)[None], jnp.ones(1))
CUBE: dict[str, Callable] = {
    "loss": lambda *two: flow.loss(W, *two),
    "drift": lambda *two: flow.drift(W, *two),
    "ray": lambda *two: flow.ray(W, *two),
    "hops": lambda *two: flow.hops(W, *two),
    "settle": lambda *two: flow.settle(W, *two),
    "pixel_state": lambda *two: flow.pixel_state(*two),
    "effective": lambda *two: flow.effective(W, *two, [1.0]),
    "sampled": lambda *two: flow.sampled(KEY, W, *two, samples=8, **STEPS),
    "online": lambda *two: flow.online(KEY, ONE, *two, steps=1, rate=0.1, batch=2),
    "network_loss": lambda *two: flow.network_loss(ONE, *two),
    "network_drift": lambda *two: flow.network_drift(ONE, *two),
    "network_steps": lambda *two: flow.network_steps(ONE, *two, **STEPS),
    "network_sampled": lambda *two: flow.network_sampled(KEY, ONE, *two, samples=8, **STEPS),
    "matrix": decay.matrix,
    "spectra": decay.spectra,
}
ELLIPTICAL: dict[str, Callable] = {
    "smooth": lambda *two: flow.smooth(W, *two, [1.0]),
    "amplitude": lambda *two: flow.amplitude(*two),
    "growth": lambda *two: flow.growth(*two, 0),
    "network_smooth": lambda *two: flow.network_smooth(ONE, *two, [1.0]),
}


@pytest.mark.parametrize("name", CUBE | ELLIPTICAL)
def test_what_is_wrong_with_two_laws_is_told_of_the_right_one(name: str) -> None:
    call = (CUBE | ELLIPTICAL)[name]
    four, five = (laws.UniformCube(n) if name in CUBE else laws.Gaussian(np.eye(n)[0]) for n in (4, 5))
    with pytest.raises(ValueError, match=r"negative must be a law of a signal such as .*, got 3"):
        call(four, 3)
    with pytest.raises(ValueError, match="as many pixels, got n = 4 and 5"):
        call(four, five)
    with pytest.raises(ValueError, match="positive must be"):
        call("coins", four)
