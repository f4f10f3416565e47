"""The flow where f is smooth and has a formula: adaptive steps by Diffrax."""

from collections.abc import Callable
from typing import Any, cast

import diffrax
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, real
from nmn.hypercube.flow import neurons
from nmn.hypercube.flow.steps import State
from nmn.hypercube.task import Task, tasked


def smooth(
    w: Float[ArrayLike, " n"],
    task: Task,
    times: Float[ArrayLike, " times"],
) -> Float[Array, "times n"]:
    """w(times), from w at time 0, for an elliptical positive law: f = c Σ₁w/√(wᵀΣ₁w), c = ½ E₁|X_0|.

    ValueError: a positive law that is not elliptical, times not rising from >= 0, bad w, no ``Task``.
    Source: 003, equation (6), with its constants corrected.
    """
    start, size = neurons.one(w, tasked(task).n), task.positive.elliptical()
    if size is None:
        raise ValueError(
            f"positive must be Gaussian, Student or Shell, got {type(task.positive).__name__}: its f has no "
            "formula here, take flow.sampled, or flow.hops on the cube"
        )
    parts = (task.positive.covariance(), task.pull(), jnp.asarray(size))
    return solve(_waves, tuple(part.astype(start.dtype) for part in parts), start, times)


def _waves(
    w: Float[Array, " n"], covariance: Float[Array, "n n"], pull: Float[Array, "n n"], size: Float[Array, ""]
) -> Float[Array, " n"]:
    Σw = covariance @ w
    return size / 4 * Σw / jnp.sqrt(w @ Σw) - pull @ w


def solve(
    drift: Callable[..., State], parts: tuple[Any, ...], start: State, times: Float[ArrayLike, " times"]
) -> State:
    """d state/dt = drift(state, *parts) at the given times, by Tsitouras' 5(4) pairs, along a new first axis.

    Relative error 1e-8 a step (1e-5 in float32). Compiled once for one ``drift`` and shapes of ``parts``.
    ValueError: times not rising from >= 0.
    """
    times = real("times", times).astype(jax.tree.leaves(start)[0].dtype)
    seen = concrete(times)
    if times.ndim != 1 or (
        seen is not None and (seen.size == 0 or seen[0] < 0 or (np.diff(seen) <= 0).any())
    ):
        raise ValueError(f"times must be one axis of rising numbers >= 0, got {times}")
    return _solved(drift, parts, start, times)


@eqx.filter_jit
def _solved(
    drift: Callable[..., State], parts: tuple[Any, ...], start: State, times: Float[Array, " times"]
) -> State:
    def slope(_: Any, state: Any, parts: Any) -> Any:
        # In the dtype of the start, whatever the laws have.
        return jax.tree.map(lambda at, on: on.astype(at.dtype), state, drift(state, *parts))

    fine = times.dtype == jnp.float64
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(slope),
        diffrax.Tsit5(),
        t0=0.0,
        t1=times[-1],
        dt0=None,
        y0=start,
        args=parts,
        saveat=diffrax.SaveAt(ts=times),
        stepsize_controller=diffrax.PIDController(rtol=1e-8 if fine else 1e-5, atol=1e-10 if fine else 1e-7),
        max_steps=100_000,
    )
    if solution.ys is None:
        raise AssertionError("saveat asks for ys")
    return cast(State, solution.ys)
