"""The loss of one ReLU neuron over the whole population, and the drift −∂L/∂w that it follows."""

from typing import Any

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.hypercube.field import field
from nmn.hypercube.task import Task, tasked


def loss(w: Float[ArrayLike, " n"], task: Task, **options: Any) -> float:
    """L(w) = ½ E(relu(w·X) − Y)² = ¼ + ⅛ wᵀ(Σ₀ + Σ₁)w − ½ w·f(w), with w·f(w) = ½ E₁|w·X| = E₁ relu(w·X).

    Of the four terms of ½[½ E₁(relu − 1)² + ½ E₀ relu²], the squares come to ¼ · ½ wᵀ(Σ₀ + Σ₁)w. L(0) = ¼.
    As exact as ``field(w, task.positive, **options)``. ValueError: as there, no ``Task``.
    """
    if np.shape(w) == (tasked(task).n,) and not np.any(w):
        return 0.25
    value = field(w, task.positive, **options).value
    w = np.asarray(w, float)
    return float(0.25 + w @ task.pulled(w) / 2 - w @ value / 2)


def drift(w: Float[ArrayLike, " n"], task: Task, **options: Any) -> Float[np.ndarray, " n"]:
    """−∂L/∂w = ½ f(w) − ¼(Σ₀ + Σ₁)w, as exact as ``field(w, task.positive, **options)``.

    ValueError: as ``field`` (w = 0 included: L has a kink there), no ``Task``.
    Source: 003, equation (4), with its second constant corrected.
    """
    value = field(w, tasked(task).positive, **options).value
    return value / 2 - task.pulled(np.asarray(w, float))
