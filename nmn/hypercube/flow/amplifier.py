"""The effective ("amplifier") dynamics: f pixel by pixel, as if the sum over the others were Gaussian."""

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, real
from nmn.hypercube import laws
from nmn.hypercube.flow import neurons
from nmn.hypercube.flow.adaptive import solve
from nmn.hypercube.task import Task, tasked


def response(a: Float[ArrayLike, "..."], law: laws.Law) -> Float[Array, "..."]:
    """φ(a) = E[X erf(X a/√(2(1 − a²)))] for one pixel X of ``law``, |a| <= 1; f_i ≈ ½ φ(a_i).

    √(2/π) a for a Gaussian pixel, erf(a/√(2(1 − a²))) for a sign. ValueError: a law without a rule for its
    pixel (Student and Shell: their f has a formula, and given X_i the sum is not near Gaussian), |a| > 1.
    """
    a = real("a", a)
    seen = concrete(a)
    if seen is not None and (np.abs(seen) > 1).any():
        raise ValueError(f"a must be a correlation, from -1 to 1, got {np.abs(seen).max()} in size")
    return _response(a, *_pixel(law))


def _pixel(law: laws.Law) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
    pixel = law.sizes()
    if pixel is None:
        raise ValueError(f"law must be on the cube, Gaussian or a Copula, got {type(law).__name__}")
    return pixel


def _response(
    a: Float[Array, "..."], sizes: Float[Array, " k"], chances: Float[Array, " k"]
) -> Float[Array, "..."]:
    a = a[..., None]
    return jnp.sum(chances * sizes * erf(sizes * a / jnp.sqrt(2 * (1 - a) * (1 + a))), -1)


def effective(
    w: Float[ArrayLike, " n"],
    task: Task,
    times: Float[ArrayLike, " times"],
) -> Float[Array, "times n"]:
    """w(times) of dw/dt = ¼ φ(a) − ¼(Σ₀ + Σ₁)w, a = Σ₁w/√(wᵀΣ₁w), from w at time 0.

    It takes w·X given X_i for Gaussian, of mean X_i (Σ₁w)_i and variance wᵀΣ₁w − (Σ₁w)_i². That is exact for
    Gaussian X and good while w spreads over many pixels of little dependence. Once few pixels decide it is
    not: where one pixel of ±1 outweighs all others, f is ½ Σ₁e_i and this is another vector.
    ValueError: as ``response``, times not rising from >= 0, bad w, no ``Task``.
    Source: Lufkin, Saxe and Grant 2024, arXiv:2501.17284.
    """
    start = neurons.one(w, tasked(task).n)
    covariance, pull = (matrix.astype(start.dtype) for matrix in (task.positive.covariance(), task.pull()))
    return solve(_amplified, (covariance, pull, *_pixel(task.positive)), start, times)


def _amplified(
    w: Float[Array, " n"],
    covariance: Float[Array, "n n"],
    pull: Float[Array, "n n"],
    sizes: Float[Array, " k"],
    chances: Float[Array, " k"],
) -> Float[Array, " n"]:
    return _response(alignment(w, covariance), sizes, chances) / 4 - pull @ w


def alignment(w: Float[Array, " n"], covariance: Float[Array, "n n"]) -> Float[Array, " n"]:
    """a = Σ₁w/√(wᵀΣ₁w): the correlation of each pixel with w·X."""
    Σw = covariance @ w
    return jnp.clip(Σw / jnp.sqrt(w @ Σw), -1, 1)
