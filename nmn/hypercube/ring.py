"""The ring of n pixels: correlations by distance, circulant matrices, Fourier modes.

A translation-invariant covariance on the ring is a circulant matrix, and its first row says it all.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, positive, real, vectors, whole

# Images farther than this many lengths weigh less than exp(−64) and are left out.
_REACH = 8


def correlation(n: int, xi: ArrayLike) -> Float[Array, " n"]:
    """c_k = Σ_j exp(−(k + jn)²/ξ²) / Σ_j exp(−(jn)²/ξ²), j over all integers: the wrapped Gaussian.

    The sum over images keeps every eigenvalue positive. exp(−dist(0, k)²/ξ²) with the shortest way round
    does not, for n >= 4: it is no covariance once ξ is a fair part of n. ValueError: n < 1, ξ <= 0, ξ > n.
    Source: 003, equation (2), made periodic.
    """
    n = pixels(n)
    xi = positive("xi", xi, (), jnp.result_type(float))
    seen = concrete(xi)
    if seen is not None and seen > n:
        raise ValueError(f"xi must be at most n = {n} (beyond, all pixels agree), got {float(seen)}")
    return _wrapped(n, xi)


@partial(jax.jit, static_argnums=0)
def _wrapped(n: int, xi: Float[Array, ""]) -> Float[Array, " n"]:
    images = np.arange(-_REACH, _REACH + 1) * n
    weights = jnp.exp(-(((np.arange(n)[:, None] + images) / xi) ** 2)).sum(1)
    # A quotient of equals need not be 1 in the last bit, once compiled.
    return (weights / weights[0]).at[0].set(1)


def circulant(row: Float[ArrayLike, " n"]) -> Float[Array, "n n"]:
    """C_ij = row[(j − i) mod n]. ValueError: not one axis of real numbers."""
    row = vectors("row", row, 1)
    index = np.arange(len(row))
    return row[(index - index[:, None]) % len(row)]


def spectrum(row: Float[ArrayLike, " n"]) -> Float[Array, " n"]:
    """The eigenvalues λ_k = Σ_j row_j cos(2πjk/n) of the symmetric circulant matrix, k = 0 … n − 1.

    ValueError: as ``circulant``.
    """
    return jnp.fft.fft(vectors("row", row, 1)).real


def root(row: Float[ArrayLike, " n"]) -> Float[Array, "n n"]:
    """The symmetric square root of the circulant matrix; eigenvalues below zero by rounding count as zero.

    ValueError: as ``circulant``.
    """
    return _root(vectors("row", row, 1))


@jax.jit
def _root(row: Float[Array, " n"]) -> Float[Array, "n n"]:
    return circulant(jnp.fft.ifft(jnp.sqrt(jnp.maximum(spectrum(row), 0))).real)


def fourier(n: int) -> Float[np.ndarray, "n n"]:
    """The real orthonormal Fourier basis: columns 1/√n, then √(2/n) cos and sin of mode 1, 2, …

    For even n the last column is the alternating one. Every symmetric circulant matrix is diagonal in it.
    ValueError: n < 1.
    """
    n = pixels(n)
    place = np.arange(n)
    columns = [np.full(n, n**-0.5)]
    for k in range(1, (n - 1) // 2 + 1):
        angle = 2 * np.pi * (k * place % n) / n
        columns += [np.sqrt(2 / n) * np.cos(angle), np.sqrt(2 / n) * np.sin(angle)]
    if n % 2 == 0:
        columns.append(n**-0.5 * (-1.0) ** place)
    return np.stack(columns, 1)


def shifts(w: Float[ArrayLike, " n"]) -> Float[Array, "n n"]:
    """Row k is w shifted k pixels up: entry i of it is w[(i − k) mod n]. ValueError: as ``circulant``."""
    w = vectors("w", w, 1)
    index = np.arange(len(w))
    return w[(index - index[:, None]) % len(w)]


def valid_correlation(row: ArrayLike) -> Float[Array, " n"]:
    """``row`` as the first row of a correlation matrix on the ring.

    ValueError: not one axis, row[0] ≠ 1, row[k] ≠ row[n − k], or an eigenvalue below zero: no signal has it.
    """
    array = real("row", row)
    if array.ndim != 1 or not len(array):
        raise ValueError(f"row must have one axis, the n correlations by distance, got shape {array.shape}")
    seen = concrete(array)
    if seen is None:
        return array
    slack = 64 * len(seen) * float(np.finfo(seen.dtype).eps)
    if abs(seen[0] - 1) > slack:
        raise ValueError(f"row must start with the variance 1, got {seen[0]}")
    if np.abs(seen[1:] - seen[:0:-1]).max(initial=0) > slack:
        raise ValueError("row must be the same both ways round the ring, row[k] = row[n − k]")
    lowest = np.fft.fft(seen.astype(float)).real.min()
    if lowest < -slack:
        raise ValueError(f"row must have no eigenvalue below 0, or no signal has it, got {lowest:.3g}")
    return array


def pixels(n: int) -> int:
    """``n`` as a number of pixels. ValueError: not a whole number >= 1."""
    return whole("n", n, "of pixels")
