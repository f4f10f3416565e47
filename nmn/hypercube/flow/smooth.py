"""The flow where f is smooth and has a formula: adaptive steps by Diffrax."""

from collections.abc import Callable
from typing import cast

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, real
from nmn.hypercube import laws
from nmn.hypercube.field.closed import half_size
from nmn.hypercube.flow.decay import matrix, paired, weights
from nmn.hypercube.flow.march import State


def smooth(
    w: Float[ArrayLike, " n"],
    positive: laws.Gaussian | laws.Student | laws.Shell,
    negative: laws.Law,
    times: Float[ArrayLike, " times"],
) -> Float[Array, "times n"]:
    """w(times), from w at time 0, for an elliptical positive law: f = c Σ₁w/√(wᵀΣ₁w), c = ½ E₁|X_0|.

    ValueError: a law that is not elliptical, times not rising from >= 0, bad w, laws of different n.
    Source: seed 003, equation (6), with its constants corrected.
    """
    if not isinstance(positive, laws.Gaussian | laws.Student | laws.Shell):
        raise ValueError(
            f"positive must be Gaussian, Student or Shell, got {type(positive).__name__}: its f has no "
            "formula here, take flow.sampled, or flow.hops on the cube"
        )
    paired(positive, negative)
    covariance, pull, c = positive.covariance(), matrix(positive, negative), half_size(positive)

    def drift(w: Float[Array, " n"]) -> Float[Array, " n"]:
        Σw = covariance @ w
        return c / 2 * Σw / jnp.sqrt(w @ Σw) - pull @ w

    return integrate(drift, w, positive.n, times)


def integrate(
    drift: Callable[[Float[Array, " n"]], Float[Array, " n"]],
    w: Float[ArrayLike, " n"],
    n: int,
    times: Float[ArrayLike, " times"],
) -> Float[Array, "times n"]:
    """``solve`` for one neuron. ValueError: as ``weights``, times not rising from >= 0."""
    return solve(drift, weights(w, n), times)


def solve(drift: Callable[[State], State], start: State, times: Float[ArrayLike, " times"]) -> State:
    """d state/dt = drift(state) at the given times, by Tsitouras' 5(4) pairs, along a new first axis.

    Relative error 1e-8 a step (1e-5 in float32). ValueError: times not rising from >= 0.
    """
    dtype = jax.tree.leaves(start)[0].dtype
    times = real("times", times).astype(dtype)
    seen = concrete(times)
    if times.ndim != 1 or (
        seen is not None and (seen.size == 0 or seen[0] < 0 or (np.diff(seen) <= 0).any())
    ):
        raise ValueError(f"times must be one axis of rising numbers >= 0, got {times}")
    fine = dtype == jnp.float64
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda t, state, args: drift(state)),
        diffrax.Tsit5(),
        t0=0.0,
        t1=times[-1],
        dt0=None,
        y0=start,
        saveat=diffrax.SaveAt(ts=times),
        stepsize_controller=diffrax.PIDController(rtol=1e-8 if fine else 1e-5, atol=1e-10 if fine else 1e-7),
        max_steps=100_000,
    )
    if solution.ys is None:
        raise AssertionError("saveat asks for ys")
    return cast(State, solution.ys)
