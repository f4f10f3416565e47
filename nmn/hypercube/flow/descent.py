"""Online gradient descent as in the papers: a fresh batch for every step, one ReLU neuron or several."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import positive as above_zero
from nmn.arguments import whole
from nmn.hypercube.flow.neurons import Neurons, checked
from nmn.hypercube.flow.steps import march
from nmn.hypercube.task import Task, tasked


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
    task: Task,
    *,
    steps: int,
    step: ArrayLike,
    batch: int,
    every: int = 1,
    train_readout: bool = False,
) -> Neurons:
    """The neurons after 0, every, 2·every, … steps of w ← w − step ∂L̂/∂w, with L̂ over a fresh batch.

    Half of each batch is of either class. For one neuron with readout 1 the mean step is ``step`` times
    ``drift``, so after k steps the flow's time is k·step. The readout stays, or is trained at the same
    rate.
    A plain program of JAX: ``jit``, ``vmap`` over keys, starts and tasks.
    ValueError: step <= 0, batch odd or < 2, steps and every as ``march``, a ``start`` of wrong shapes, no
    ``Task``.
    Source: Ingrosso and Goldt 2022; Lufkin, Saxe and Grant 2024.
    """
    start = checked("start", start, tasked(task).n)
    if whole("batch", batch) % 2:
        raise ValueError(f"batch must be even, half for each class, got {batch}")
    step = above_zero("step", step, (), start.weights.dtype)
    return _run(key, start, task, step, steps=steps, every=every, half=batch // 2, free=train_readout)


@eqx.filter_jit
def _run(
    key: PRNGKeyArray,
    start: Neurons,
    task: Task,
    step: Float[Array, ""],
    *,
    steps: int,
    every: int,
    half: int,
    free: bool,
) -> Neurons:
    dtype = start.weights.dtype

    def advance(neurons: Neurons, i: Array) -> Neurons:
        one, zero = jax.random.split(jax.random.fold_in(key, i))
        ones, zeros = (
            law.sample(each, half).astype(dtype)
            for law, each in ((task.positive, one), (task.negative, zero))
        )
        slope = jax.grad(batch_loss)(neurons, ones, zeros)
        readout = neurons.readout - step * slope.readout if free else neurons.readout
        return Neurons(neurons.weights - step * slope.weights, readout)

    return march(advance, start, steps=steps, every=every)
