"""The flow with f from one fixed sample, and the quadratic part exact."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import positive as above_zero
from nmn.hypercube.flow import neurons
from nmn.hypercube.flow.steps import known, march, stepper
from nmn.hypercube.laws.base import signals
from nmn.hypercube.task import Task, tasked


def sampled_drift(
    w: Float[Array, " n"], x: Float[Array, "samples n"], pull: Float[Array, "n n"]
) -> Float[Array, " n"]:
    """½ f̂(w) − ``pull`` w with f̂(w) = ½ mean sgn(w·x) x: every signal counts with its negative, sgn 0 = 0."""
    return jnp.sign(x @ w) @ x / (4 * x.shape[0]) - pull @ w


def sampled(
    key: PRNGKeyArray,
    w: Float[ArrayLike, " n"],
    task: Task,
    *,
    steps: int,
    step: ArrayLike,
    every: int = 1,
    samples: int = 1 << 15,
    method: str = "euler",
) -> Float[Array, "kept n"]:
    """w at the times 0, every·step, 2·every·step, …: dw/dt = ½ f̂(w) − ¼(Σ₀ + Σ₁)w over one sample of X₁.

    A plain program of JAX: ``jit``, ``vmap`` over keys, weights and tasks. f̂ jumps, so steps are equal
    ones of Euler, or of Heun (second order between jumps). Short cuts: the negative class and the squares
    are never sampled, which leaves less noise than fresh batches; the same signals come again and again,
    so that w over-fits them. For NLGP signals of gain 20 and n = 40 it ends about √(n/samples) of its
    length away from where more signals would take it, now and then at another pixel
    (``tests/benchmarks/flow.py``). It can also rest at waves that fresh signals leave (signs of ξ₀ = 3
    and ξ₁ = 1, 2^13 signals).
    ValueError: an unknown method, step <= 0, samples < 1, steps and every as ``march``, bad w, no ``Task``.
    """
    w = neurons.one(w, tasked(task).n)
    method = known(method)
    samples = signals("samples", samples)
    step = above_zero("step", step, (), w.dtype)
    return _run(key, w, task, step, steps=steps, every=every, samples=samples, method=method)


@eqx.filter_jit
def _run(
    key: PRNGKeyArray,
    w: Float[Array, " n"],
    task: Task,
    step: Float[Array, ""],
    *,
    steps: int,
    every: int,
    samples: int,
    method: str,
) -> Float[Array, "kept n"]:
    x = task.positive.sample(key, samples).astype(w.dtype)
    pull = task.pull().astype(w.dtype)
    advance = stepper(lambda w: sampled_drift(w, x, pull), step, method)
    return march(advance, w, steps=steps, every=every)
