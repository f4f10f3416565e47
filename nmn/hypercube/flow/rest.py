"""Where learning stops: w = 2(Σ₀ + Σ₁)^{−1} f(w). One pixel on the cube, one wave for elliptical laws."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import whole
from nmn.hypercube.field import field
from nmn.hypercube.task import Task, tasked


class PixelState(NamedTuple):
    """The rest state of the cone in which one pixel decides, and whether it lies in that cone."""

    weights: Float[np.ndarray, " n"]
    margin: float
    """(|w_i| − Σ_{j≠i} |w_j|) / Σ_j |w_j|, from −1 to 1. Above 0 the state exists, and is stable."""


def pixel_state(task: Task, pixel: int = 0) -> PixelState:
    """w* = (Σ₀ + Σ₁)^{−1} Σ₁ e_i, the localized receptive field in closed form, for a positive law of signs.

    Where |w_i| > Σ_{j≠i} |w_j| the sign of w·x is that of w_i x_i for all x, so f = ½ Σ₁ e_i sgn w_i, and the
    flow rests at 2(Σ₀ + Σ₁)^{−1} f = w*. If w* is outside that cone (margin < 0) it is no rest state, as long
    as all corners occur: f(w) = f(e_i) makes E₁|w·X| = E₁[X_i w·X], so that no corner has another sign.
    ValueError: a positive law not of signs, no ``Task``, a wave that neither class has, a bad pixel.
    """
    n = tasked(task).n
    if not task.positive.is_sign():
        raise ValueError(f"positive must be a law of pixels −1 and 1, got {type(task.positive).__name__}")
    pixel = whole("pixel", pixel, least=0, most=n - 1)
    one, both = _spectra(task)
    w = np.roll(np.fft.ifft(one / both).real, pixel)
    size = np.abs(w)
    return PixelState(w, float((2 * size[pixel] - size.sum()) / size.sum()))


def settle(
    w: Float[ArrayLike, " n"], task: Task, *, most: int = 10_000, **options: Any
) -> Float[np.ndarray, " n"]:
    """A rest state, by w ← 2(Σ₀ + Σ₁)^{−1} f(w): the loss falls with every turn, by more than a flow's step.

    L is a parabola minus ½h, and h is convex: it lies above v·f(w), with which L becomes a parabola that
    touches L at w and has its lowest point at the next w. On the cube that ends after finitely many turns. It
    need not be the state to which the flow from w comes. ``options`` go to ``field``.
    ValueError: as ``field``, no ``Task``, a wave that neither class has, no end after ``most`` turns.
    """
    _, both = _spectra(task)
    for _ in range(most):
        value = field(w, task.positive, **options).value
        before, w = np.asarray(w), 2 * np.fft.ifft(np.fft.fft(value) / both).real
        if np.linalg.norm(w - before) <= 1e-12 * np.linalg.norm(w):
            return w
    raise ValueError(f"most must be larger: no state of rest after {most} turns")


def amplitude(task: Task) -> Float[np.ndarray, " n"]:
    """|w| at rest in mode k of the ring alone, for elliptical laws: 2c √λ₁ₖ / (λ₀ₖ + λ₁ₖ), c = ½ E₁|X_0|.

    There f = c Σ₁w/√(wᵀΣ₁w), so a state of rest is an eigenvector of (Σ₀ + Σ₁)^{−1} Σ₁, and only waves with
    the same λ₁ₖ/(λ₀ₖ + λ₁ₖ), as a rule one pair, can be in it. Modes in the order of ``numpy.fft.fft``.
    ValueError: a positive law that is not elliptical, no ``Task``, a wave that neither class has.
    """
    size, one, both = _elliptical(task)
    return size * np.sqrt(one) / both


def growth(task: Task, mode: int) -> Float[np.ndarray, " n"]:
    """At rest in wave k = ``mode``: the rate at which a trace of each other wave j grows (> 0) or dies (< 0).

    ¼ (λ₀ⱼ + λ₁ⱼ)(Rⱼ/Rₖ − 1) with R = λ₁/(λ₀ + λ₁): only the wave with the largest R is stable. Entry k (and
    n − k), where it is 0, is the turn from cosine to sine; along w itself the rate is −¼(λ₀ₖ + λ₁ₖ).
    ValueError: as ``amplitude``, a mode outside 0 … n − 1 or that the positive class does not have.
    """
    _, one, both = _elliptical(task)
    if not one[whole("mode", mode, least=0, most=len(one) - 1)] > 0:
        raise ValueError(f"mode must be one that X₁ has, got {mode}")
    share = one / both
    rates = both / 4 * (share / share[mode] - 1)
    rates[[mode, -mode]] = 0.0
    return rates


def _elliptical(task: Task) -> tuple[float, Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """E₁|X_0| and ``_spectra``."""
    size = tasked(task).positive.elliptical()
    if size is None:
        raise ValueError(f"positive must be Gaussian, Student or Shell, got {type(task.positive).__name__}")
    return float(size), *_spectra(task)


def _spectra(task: Task) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """The eigenvalues of Σ₁ and of Σ₀ + Σ₁."""
    one, both = tasked(task).positive.spectrum(), 4 * task.spectrum()
    if not both.min() > 1e-14 * both.max():
        raise ValueError(
            f"positive and negative must have every wave between them, mode {int(both.argmin())} is missing: "
            "nothing moves w along it, and its state of rest is not unique"
        )
    return one, both
