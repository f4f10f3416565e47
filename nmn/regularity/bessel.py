"""Bessel potential norms on the torus, by the fast Fourier transform."""

import math
from collections.abc import Sequence

import numpy as np
import scipy.fft
from jaxtyping import ArrayLike, Float

from nmn.arguments import number
from nmn.regularity.differences import grid, spacings


def bessel_norm(
    values: Float[ArrayLike, "..."], gamma: float, *, p: float = 2.0, lengths: float | Sequence[float] = 1.0
) -> float:
    """‖(1 − Δ)^{γ/2} f‖_{L_p} on the torus of these ``lengths``: each wave ξ = 2πk/ℓ counts (1 + |ξ|²)^{γ/2}.

    The grid holds each period once, without its end. Exact for trigonometric polynomials below half the
    grid's frequency, but for the mean of |·|^p, which is a sum over the grid (exact for p = 2).
    ``gamma``: any sign. ValueError: p < 1, values that are not finite, a length that is not above 0.
    """
    array, power = grid("values", values), number("p", p)
    if not power >= 1:
        raise ValueError(f"p must be at least 1, inf included, got {p!r}")
    periods = spacings("lengths", lengths, array.ndim)
    waves = [
        2 * np.pi / period * scipy.fft.fftfreq(n, 1 / n)
        for n, period in zip(array.shape, periods, strict=True)
    ]
    # Of a real array one half of the last axis says all.
    waves[-1] = np.abs(waves[-1][: array.shape[-1] // 2 + 1])
    square = sum(np.ix_(*(wave**2 for wave in waves)))
    turned = scipy.fft.rfftn(array) * (1 + square) ** (number("gamma", gamma) / 2)
    size = np.abs(scipy.fft.irfftn(turned, s=array.shape))
    if math.isinf(power):
        return float(size.max())
    # The largest is taken out, so that no power overflows.
    top = float(size.max()) or 1.0
    return top * float(np.prod(periods) * np.mean((size / top) ** power)) ** (1 / power)
