"""One training loop for every experiment: full-batch Adam, scanned over steps, vmapped over seeds."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray, PyTree

from nmn.experiments.models import Network, predict, start

RATES = (0.005, 0.02, 0.08)
BATCH = 20
EARLY = 30


def error(
    kind: str, net: Network, x: Float[Array, "n d"], y: Float[Array, " n"], knob: ArrayLike
) -> Float[Array, ""]:
    """Mean squared error."""
    return jnp.mean((predict(kind, net, x, knob) - y) ** 2)


def cost(
    kind: str,
    net: Network,
    x: Float[Array, "n d"],
    y: Float[Array, " n"],
    knob: ArrayLike,
    huber: float | None = None,
) -> Float[Array, ""]:
    """What training makes small: the mean of ½r², or of Huber's loss with that corner."""
    found = predict(kind, net, x, knob)
    return jnp.mean(optax.l2_loss(found, y) if huber is None else optax.huber_loss(found, y, delta=huber))


class Trained(NamedTuple):
    """What training leaves: the network, what it was at step ``EARLY``, and the errors on the way."""

    net: Network
    early: Network
    errors: Float[Array, "runs steps"]


def train(
    keys: PRNGKeyArray,
    x: Float[Array, "runs n d"],
    y: Float[Array, "runs n"],
    rate: Float[Array | np.ndarray, " runs"],
    knob: Float[Array | np.ndarray, " runs"],
    *,
    kind: str,
    units: int = 16,
    steps: int = 600,
    huber: float | None = None,
) -> Trained:
    """Full-batch Adam; ``errors`` is the mean squared error on the training data before every step.

    ``rate`` and ``knob`` may differ from run to run, so that a whole grid is one call.
    """
    return in_batches(lambda *part: _train(*part, kind, units, steps, huber), keys, x, y, rate, knob)


def in_batches(function: Callable[..., PyTree], *columns: PyTree) -> PyTree:
    """A function of many runs on BATCH of them at a time: calls of any size share what was compiled for one.

    The last batch is filled up with the last run. What comes back are NumPy arrays, as slicing them compiles
    nothing.
    """
    columns = jax.tree.map(_plain, columns)
    runs = len(jax.tree.leaves(columns)[0])
    takes = [np.minimum(np.arange(at, at + BATCH), runs - 1) for at in range(0, runs, BATCH)]
    done = [function(*jax.tree.map(lambda part, take=take: part[take], columns)) for take in takes]
    return jax.tree.map(lambda *parts: np.concatenate(parts)[:runs], *done)


def _plain(part: Array) -> Array | np.ndarray:
    """A NumPy array, unless it holds keys, which NumPy does not know."""
    return part if jnp.issubdtype(part.dtype, jax.dtypes.prng_key) else np.asarray(part)


@partial(jax.jit, static_argnums=(5, 6, 7, 8))
def _train(
    keys: Array,
    x: Array,
    y: Array,
    rate: Array,
    knob: Array,
    kind: str,
    units: int,
    steps: int,
    huber: float | None,
) -> Trained:
    adam = optax.scale_by_adam()

    def one(key: Array, x: Array, y: Array, rate: Array, knob: Array) -> Trained:
        net = start(key, kind, x.shape[1], knob, units=units)

        def step(state: tuple, i: Array) -> tuple[tuple, Array]:
            net, early, memory = state
            slope = jax.grad(lambda net: cost(kind, net, x, y, knob, huber))(net)
            move, memory = adam.update(slope, memory)
            after = jax.tree.map(lambda p, m: p - rate * m, net, move)
            early = jax.tree.map(lambda old, new: jnp.where(i < EARLY, new, old), early, after)
            return (after, early, memory), error(kind, net, x, y, knob)

        (net, early, _), errors = jax.lax.scan(step, (net, net, adam.init(net)), jnp.arange(steps))
        return Trained(net, early, errors)

    return jax.vmap(one)(keys, x, y, rate, knob)
