"""What a direction is worth: the least loss along a ray."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.hypercube.field import field
from nmn.hypercube.task import Task, tasked


class Ray(NamedTuple):
    """The best point t·d on the ray of d, and the two factors of what it gains."""

    scale: float
    """t = E₁|d·X| / dᵀ(Σ₀ + Σ₁)d."""
    loss: float
    """min over t >= 0 of L(t d) = ¼ − ⅛ ρ R."""
    flatness: float
    """ρ = (E₁|d·X|)² / E₁(d·X)²: 2/π for a Gaussian, 1 where |d·X| is constant."""
    contrast: float
    """R = dᵀΣ₁d / dᵀ(Σ₀ + Σ₁)d: the share of the positive class in the variance along d."""


def ray(d: Float[ArrayLike, " n"], task: Task, **options: Any) -> Ray:
    """min over t >= 0 of L(t d) = ¼ − ⅛ ρ(d) R(d): flat response times contrast.

    Proof. L(t d) = ¼ + ⅛ t² q − ¼ t m with q = dᵀ(Σ₀ + Σ₁)d and m = E₁|d·X|: a parabola in t >= 0, lowest at
    t = m/q >= 0, where it is ¼ − ⅛ m²/q; and m²/q = (m²/dᵀΣ₁d)(dᵀΣ₁d/q) = ρ R.
    ValueError: as ``field`` (d = 0 included), no ``Task``, a d along which X₁ does not vary.
    """
    value = field(d, tasked(task).positive, **options).value
    d = np.asarray(d, float)
    one = d @ Task(task.positive, task.positive).pulled(d) * 2
    both = d @ task.pulled(d) * 4
    if not one > 0:
        raise ValueError("d must be a direction along which the positive class varies, got one where it is 0")
    mean = 2 * d @ value
    return Ray(*map(float, (mean / both, 0.25 - mean**2 / both / 8, mean**2 / one, one / both)))
