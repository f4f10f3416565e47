"""The quadratic part of the loss, ⅛ wᵀ(Σ₀ + Σ₁)w: exact for every pair of laws, never sampled."""

import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, real
from nmn.hypercube import laws, ring


def matrix(positive: laws.Law, negative: laws.Law) -> Float[Array, "n n"]:
    """¼(Σ₀ + Σ₁), what pulls w back: −∂/∂w of ⅛ wᵀ(Σ₀ + Σ₁)w is minus this times w.

    E[1(w·X >= 0) X Xᵀ] = ½ Σ for an even law, since x and −x give the same X Xᵀ and one of them passes.
    ValueError: as ``paired``.
    """
    paired(positive, negative)
    return ring.circulant(positive.correlation() + negative.correlation()) / 4


def spectra(
    positive: laws.Law, negative: laws.Law
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Eigenvalues of Σ₁ and of Σ₀ + Σ₁ in the order of ``numpy.fft.fft``, in float64, none below 0.

    ValueError: as ``paired``.
    """
    paired(positive, negative)
    rows = [np.asarray(law.correlation(), float) for law in (positive, negative)]
    one, zero = (np.maximum(np.fft.fft(row).real, 0) for row in rows)
    return one, one + zero


def paired(positive: laws.Law, negative: laws.Law) -> int:
    """The number of pixels of both. ValueError: not two laws, not the same number of pixels."""
    for name, law in (("positive", positive), ("negative", negative)):
        if not isinstance(law, laws.Law):
            raise ValueError(f"{name} must be a law of a signal such as laws.UniformCube(8), got {law!r}")
    if positive.n != negative.n:
        raise ValueError(
            f"positive and negative must have as many pixels, got n = {positive.n} and {negative.n}"
        )
    return positive.n


def weights(w: Float[ArrayLike, " n"], n: int) -> Float[Array, " n"]:
    """``w`` as one weight a pixel. ValueError: another shape, not finite, all 0."""
    array = real("w", w)
    if array.shape != (n,):
        raise ValueError(f"w must have shape ({n},), one weight a pixel, got shape {array.shape}")
    seen = concrete(array)
    if seen is not None and not (seen.any() and np.isfinite(seen).all()):
        raise ValueError("w must be finite and not all 0: at 0 the loss has a kink and no gradient")
    return array
