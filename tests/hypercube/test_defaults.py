"""A call that leaves something out is the call with what its documentation says."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws
from nmn.hypercube.field import field
from nmn.hypercube.laws import quadrature
from nmn.hypercube.sweep import Settings
from tests.defaults import defaults

KEY, COINS, W = jax.random.key(0), laws.UniformCube(4), np.array([0.5, -0.3, 0.2, 0.9])
TWO = flow.Neurons(jnp.stack([W, W[::-1]]), jnp.array([0.4, 0.8]))
STEPS = {"steps": 2, "step": 0.1}
NETWORK = {"every": 1, "method": "euler", "train_readout": False}


def ising() -> tuple[laws.IsingRing, laws.IsingRing]:
    return laws.IsingRing(4, 0.5), laws.IsingRing(4, 0.2)


CALLS: dict[Callable, tuple[dict[str, object], Callable]] = {
    field: ({"method": "auto"}, lambda more: field(W, COINS, **more).value),
    quadrature.half_line: ({"steepness": 1.0}, lambda more: quadrature.half_line(**more)),
    flow.hops: ({"time": np.inf, "most": 100_000}, lambda more: flow.hops(W, Task(*ising()), **more).weights),
    flow.settle: ({"most": 10_000}, lambda more: flow.settle(W, Task(*ising()), **more)),
    flow.pixel_state: ({"pixel": 0}, lambda more: flow.pixel_state(Task(*ising()), **more)),
    flow.sampled: (
        {"every": 1, "samples": 1 << 15, "method": "euler"},
        lambda more: flow.sampled(KEY, W, Task(COINS, COINS), **STEPS, **more),
    ),
    flow.online: (
        {"every": 1, "train_readout": False},
        lambda more: flow.online(KEY, TWO, Task(COINS, COINS), steps=2, step=0.1, batch=4, **more),
    ),
    flow.network_steps: (NETWORK, lambda more: flow.network_steps(TWO, Task(*ising()), **STEPS, **more)),
    flow.network_sampled: (
        NETWORK | {"samples": 1 << 14},
        lambda more: flow.network_sampled(KEY, TWO, Task(*ising()), **STEPS, **more),
    ),
    Settings: (
        {
            "n": 40,
            "samples": 32_768,
            "steps": 10_000,
            "step": 0.1,
            "tolerance": 1e-4,
            "start": 0.1,
        },
        lambda more: list(vars(Settings(**more)).values()),
    ),
}


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_what_is_left_out_is_as_documented(function: Callable) -> None:
    told, call = CALLS[function]
    assert defaults(function) == told
    jax.tree.map(np.testing.assert_array_equal, call({}), call(told))
