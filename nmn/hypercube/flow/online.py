"""Online gradient descent as in the papers: a fresh batch for every step, one ReLU neuron or several."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import positive as above_zero
from nmn.arguments import real
from nmn.hypercube import laws
from nmn.hypercube.flow.decay import paired
from nmn.hypercube.flow.march import march


class Neurons(NamedTuple):
    """ŷ(x) = Σ_k readout_k relu(weights_k · x)."""

    weights: Float[Array, "*kept K n"]
    readout: Float[Array, "*kept K"]

    @classmethod
    def mean(cls, weights: Float[ArrayLike, "K n"] | Float[ArrayLike, " n"]) -> "Neurons":
        """All readouts 1/K; a w of shape (n,) is one neuron ŷ = relu(w·x). ValueError: other shapes."""
        w = real("weights", weights)
        if w.ndim not in (1, 2) or not w.size:
            raise ValueError(f"weights must have shape (K, n) or (n,), got {w.shape}")
        w = w.reshape(-1, w.shape[-1])
        return cls(w, jnp.full(len(w), 1 / len(w), w.dtype))


def batch_loss(
    neurons: Neurons, ones: Float[Array, "half n"], zeros: Float[Array, "half n"]
) -> Float[Array, ""]:
    """½ · [½ mean (ŷ − 1)² over ``ones`` + ½ mean ŷ² over ``zeros``]. ValueError: different n."""
    n = neurons.weights.shape[-1]
    if ones.shape[-1] != n or zeros.shape[-1] != n:
        raise ValueError(
            f"ones and zeros must be signals of {n} pixels, got shapes {ones.shape} and {zeros.shape}"
        )

    def output(x: Array) -> Array:
        return jax.nn.relu(x @ neurons.weights.T) @ neurons.readout

    return (jnp.mean((output(ones) - 1) ** 2) + jnp.mean(output(zeros) ** 2)) / 4


def online(
    key: PRNGKeyArray,
    start: Neurons,
    positive: laws.Law,
    negative: laws.Law,
    *,
    steps: int,
    rate: ArrayLike,
    batch: int,
    every: int = 1,
    train_readout: bool = False,
) -> Neurons:
    """The neurons after 0, every, 2·every, … steps of w ← w − rate ∂L̂/∂w, with L̂ over a fresh batch.

    Half of each batch is of either class. For one neuron with readout 1 the mean step is ``rate`` times
    ``drift``, so step k is the flow's time k·rate. The readout stays, or is trained at the same rate.
    A plain program of JAX: ``jit``, ``vmap`` over keys, starts and laws.
    ValueError: rate <= 0, batch odd or < 2, steps and every as ``march``, a ``start`` of wrong shapes.
    Source: Ingrosso and Goldt 2022; Lufkin, Saxe and Grant 2024.
    """
    start = checked(start, paired(positive, negative))
    if batch < 2 or batch % 2:
        raise ValueError(f"batch must be even and at least 2, half for each class, got {batch!r}")
    rate = above_zero("rate", rate, (), start.weights.dtype)
    return _run(
        key, start, positive, negative, rate, steps=steps, every=every, half=batch // 2, free=train_readout
    )


def checked(start: Neurons, n: int) -> Neurons:
    """``start`` for n pixels, in one dtype. ValueError: no Neurons, weights not (K, n), readout not (K,)."""
    if not isinstance(start, Neurons):
        raise ValueError(f"start must be flow.Neurons, as flow.Neurons.mean(w) makes them, got {start!r}")
    w, readout = real("weights", start.weights), real("readout", start.readout)
    if w.ndim != 2 or w.shape[1] != n or readout.shape != w.shape[:1]:
        raise ValueError(
            f"start must have weights (K, {n}) and readout (K,), got shapes {w.shape} and {readout.shape}"
        )
    return Neurons(w, readout.astype(w.dtype))


@functools.partial(jax.jit, static_argnames=("steps", "every", "half", "free"))
def _run(
    key: PRNGKeyArray,
    start: Neurons,
    positive: laws.Law,
    negative: laws.Law,
    rate: Float[Array, ""],
    *,
    steps: int,
    every: int,
    half: int,
    free: bool,
) -> Neurons:
    dtype = start.weights.dtype

    def advance(neurons: Neurons, i: Array) -> Neurons:
        one, zero = jax.random.split(jax.random.fold_in(key, i))
        ones, zeros = positive.sample(one, half).astype(dtype), negative.sample(zero, half).astype(dtype)
        slope = jax.grad(batch_loss)(neurons, ones, zeros)
        readout = neurons.readout - rate * slope.readout if free else neurons.readout
        return Neurons(neurons.weights - rate * slope.weights, readout)

    return march(advance, start, steps=steps, every=every)
