"""Does a unit own a region? How much of what it does happens in a tenth of the input space."""

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from nmn.experiments.comparison import Runs
from nmn.experiments.memory import kept
from nmn.experiments.models import Network, units_of

SHARE = 0.1


@partial(jax.jit, static_argnames="kind")
def ownership(
    kind: str, net: Network, x: Float[Array, "n d"], y: Float[Array, " n"], knob: ArrayLike
) -> dict[str, Float[Array, ""]]:
    """Mean over the units of the share of an effect that lies in one tenth of the inputs.

    The effect of unit j at x is a_j (φ_j(x) − mean φ_j), squared (``activity``), or the change of the squared
    error when φ_j is replaced by its mean, in absolute value (``ablation``). The tenth is the one nearest
    to w_j (``near w``) or, fair to units with no centre, the best ball round w_j or any input (``best``).
    An effect spread evenly gives 0.1.
    """
    outputs = net.a * units_of(kind, net.w, net.s, x, knob)
    part = outputs - outputs.mean(0)
    left = y - net.c - outputs.sum(1)
    damage = jnp.abs((left[:, None] + part) ** 2 - left[:, None] ** 2)
    around_w, around_x = _nearest(net.w, x), _nearest(x, x)
    shares = {}
    for name, effect in (("activity", part**2), ("ablation", damage)):
        total = effect.sum(0) + 1e-12
        near = jnp.sum(around_w.T * effect, 0) / total
        shares[f"{name}_near_w"] = jnp.mean(near)
        shares[f"{name}_best"] = jnp.mean(jnp.maximum(near, jnp.max(around_x @ effect / total, 0)))
    return shares


@kept
def ownerships(kind: str, runs: Runs) -> dict[str, Float[Array, " runs"]]:
    """``ownership`` of each trained network, over its test inputs."""
    measure = jax.vmap(lambda net, x, y: ownership(kind, net, x, y, runs.knob))
    return measure(runs.trained.net, runs.sample.test_x, runs.sample.test_y)


def _nearest(centres: Float[Array, "m d"], x: Float[Array, "n d"]) -> Float[Array, "m n"]:
    """1 for the tenth of the inputs nearest to each centre, else 0."""
    squares = jnp.sum((centres[:, None] - x) ** 2, -1)
    return (squares <= jnp.quantile(squares, SHARE, axis=1, keepdims=True)).astype(x.dtype)
