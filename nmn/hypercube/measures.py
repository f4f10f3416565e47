"""How local is a receptive field, where does it look, and which waves is it made of?

All functions take w with pixels on the last axis and work on whole batches.
"""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, vectors


def inverse_participation(w: Float[ArrayLike, "*batch n"]) -> Float[Array, "*batch"]:
    """IPR(w) = Σ w_i⁴ / (Σ w_i²)², between 1/n (constant size) and 1 (one pixel).

    To read it: a constant gives 1/n, a sinusoid 3/(2n), Gaussian noise 3/(n + 2) on average, a bump
    exp(−x²/(2s²)) 1/(s√(2π)) once it spans some pixels, one pixel 1. ValueError: w = 0, NaN.
    Source: Ingrosso and Goldt 2022.
    """
    square = _filled(w) ** 2
    # Divided first: the fourth power of a small field would underflow.
    share = square / jnp.sum(square, -1, keepdims=True)
    return jnp.sum(share**2, -1)


def participation_width(w: Float[ArrayLike, "*batch n"]) -> Float[Array, "*batch"]:
    """1/IPR(w): the number of pixels of equal size that would be as local. Errors as there."""
    return 1 / inverse_participation(w)


def power_spectrum(w: Float[ArrayLike, "*batch n"]) -> Float[Array, "*batch modes"]:
    """The share of Σ w_i² in each Fourier mode k = 0 … ⌊n/2⌋, cosine and sine together; it sums to 1.

    ValueError: w = 0, NaN.
    """
    w = _filled(w)
    n = w.shape[-1]
    squares = jnp.abs(jnp.fft.rfft(w)) ** 2
    # Modes other than 0 and n/2 stand for a pair, of which rfft keeps one.
    mode = jnp.arange(squares.shape[-1])
    squares = squares * jnp.where((mode == 0) | (2 * mode == n), 1, 2)
    return squares / jnp.sum(squares, -1, keepdims=True)


def position(w: Float[ArrayLike, "*batch n"]) -> tuple[Float[Array, "*batch"], Float[Array, "*batch"]]:
    """The pixel around which w² lies, in [0, n), and how sure that is, in [0, 1].

    With c = Σ w_j² exp(2πij/n) / Σ w_j²: the angle of c, in pixels, and |c|, which is 1 for one pixel and 0
    where w² is spread evenly and there is no such place. ValueError: w = 0, NaN.
    """
    square = _filled(w) ** 2
    n = square.shape[-1]
    c = jnp.sum(square * jnp.exp(2j * jnp.pi * jnp.arange(n) / n), -1) / jnp.sum(square, -1)
    return (jnp.angle(c) * n / (2 * jnp.pi)) % n, jnp.abs(c)


def excess_kurtosis(w: Float[ArrayLike, "*batch n"]) -> Float[Array, "*batch"]:
    """Σ (w_i − w̄)⁴ n / (Σ (w_i − w̄)²)² − 3 over the pixels: about 0 for noise, large for one pixel.

    ValueError: all pixels equal, NaN.
    """
    w = vectors("w", w)
    around = w - jnp.mean(w, -1, keepdims=True)
    return w.shape[-1] * inverse_participation(around) - 3


def _filled(w: ArrayLike) -> Float[Array, "..."]:
    """``w`` as receptive fields of which none is zero; each is scaled to a largest entry of 1."""
    w = vectors("w", w)
    size = jnp.max(jnp.abs(w), -1, keepdims=True)
    seen = concrete(size)
    if seen is not None and not ((seen > 0) & (seen < jnp.inf)).all():
        raise ValueError(
            "w must be finite and not zero (or constant, where its mean is taken out): it looks nowhere"
        )
    return w / size
