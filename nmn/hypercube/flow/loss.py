"""The loss of one ReLU neuron over the whole population, and the drift −∂L/∂w that it follows."""

from typing import Any

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.hypercube import laws
from nmn.hypercube.field import field
from nmn.hypercube.flow.decay import paired, spectra


def loss(w: Float[ArrayLike, " n"], positive: laws.Law, negative: laws.Law, **options: Any) -> float:
    """L(w) = ½ E(relu(w·X) − Y)² = ¼ + ⅛ wᵀ(Σ₀ + Σ₁)w − ½ w·f(w), with w·f(w) = ½ E₁|w·X| = E₁ relu(w·X).

    Of the four terms of ½[½ E₁(relu − 1)² + ½ E₀ relu²], the squares come to ¼ · ½ wᵀ(Σ₀ + Σ₁)w. L(0) = ¼.
    As exact as ``field(w, positive, **options)``. ValueError: as there, laws of different n.
    """
    n = paired(positive, negative)
    if np.shape(w) == (n,) and not np.any(w):
        return 0.25
    value = field(w, positive, **options).value
    w = np.asarray(w, float)
    return float(0.25 + w @ decayed(w, positive, negative) / 2 - w @ value / 2)


def drift(
    w: Float[ArrayLike, " n"], positive: laws.Law, negative: laws.Law, **options: Any
) -> Float[np.ndarray, " n"]:
    """−∂L/∂w = ½ f(w) − ¼(Σ₀ + Σ₁)w, as exact as ``field(w, positive, **options)``.

    ValueError: as ``field`` (w = 0 included: L has a kink there), laws of different n.
    Source: seed 003, equation (4), with its second constant corrected.
    """
    paired(positive, negative)
    value = field(w, positive, **options).value
    return value / 2 - decayed(np.asarray(w, float), positive, negative)


def decayed(w: Float[np.ndarray, " n"], positive: laws.Law, negative: laws.Law) -> Float[np.ndarray, " n"]:
    """¼(Σ₀ + Σ₁)w by Fourier modes, in float64."""
    _, both = spectra(positive, negative)
    return np.fft.ifft(both * np.fft.fft(w)).real / 4
