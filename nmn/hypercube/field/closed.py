"""f in closed form: elliptical laws, and signs of which only few can tip the sum."""

import itertools
import math

import jax
import numpy as np
from jaxtyping import Float

from nmn.hypercube import laws
from nmn.hypercube.field.result import Field


def elliptical(w: Float[np.ndarray, " n"], law: laws.Law) -> Field | None:
    """f = ½ E|X_0| Σw/√(wᵀΣw), or None for a law that is not elliptical.

    w·X has the law of √(wᵀΣw) X_0, so ½ E|w·X| = ½ E|X_0| √(wᵀΣw), and f is its gradient. For a Gaussian
    ½ E|X_0| = 1/√(2π). Where wᵀΣw = 0 every signal is a tie: f = 0.
    """
    mean = law.elliptical()
    if mean is None:
        return None
    # In Fourier space, where no eigenvalue of Σ is below zero but by rounding.
    spectrum, size = law.spectrum(), np.abs(w).max()
    modes = np.fft.fft(w / size)
    form = np.sum(spectrum * np.abs(modes) ** 2) / len(w)
    if form == 0:
        return Field(np.zeros_like(w), 0.0, "closed", True)
    value = float(mean) / 2 * np.fft.ifft(spectrum * modes).real / math.sqrt(form)
    error = 4 * _eps(law) * np.linalg.norm(w / size) * spectrum.max() / math.sqrt(form)
    return Field(value, float(error), "closed", True)


def few_signs(w: Float[np.ndarray, " n"], law: laws.Law) -> Field | None:
    """For signals of ±1: f where at most three pixels tip the sum; None where that is not the case.

    One pixel larger than all others together decides alone: f = ½ sgn(w_i) Cov e_i. The sign of a sum over
    three is a Σ_i c_i x_i + c x_a x_b x_c, so that f = ½ Cov c + ½ c E[X_a X_b X_c X]. The last mean is known
    where n = 3, where X_a X_b X_c X_a = X_b X_c; for larger n only c = 0 is served here (two equal pixels).
    """
    if not law.is_sign():
        return None
    order = np.argsort(-np.abs(w), kind="stable")
    alone = math.fsum([abs(w[order[0]]), *-np.abs(w[order[1:]])]) > 0
    few = order[:1] if alone else np.flatnonzero(w)
    if len(few) > 3:
        return None
    corners = np.array(list(itertools.product([-1.0, 1.0], repeat=len(few))))
    tipped = np.array([np.sign(math.fsum(w[few] * corner)) for corner in corners])
    single = tipped @ corners / len(corners)
    triple = tipped @ corners.prod(1) / len(corners) if len(few) == 3 else 0.0
    if triple and len(w) > 3:
        return None
    covariance = np.asarray(law.covariance())
    value = covariance[:, few].astype(float) @ single / 2
    if triple:
        value += triple / 2 * covariance[[1, 2, 0], [2, 0, 1]]
    return Field(value, 4 * _eps(law), "closed", True)


def _eps(law: laws.Law) -> float:
    """The rounding of the law's parameters and of its correlations."""
    numbers = (np.asarray(leaf).dtype for leaf in [*jax.tree.leaves(law), law.correlation()])
    return max(float(np.finfo(dtype).eps) for dtype in numbers if dtype.kind == "f")
