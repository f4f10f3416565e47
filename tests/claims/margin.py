"""Measured claims against their thresholds: how far apart they are, and a refusal where that is too little.

A measurement is one number a seed, a threshold is a number or another measurement on the same seeds, times a
factor. Medians are compared. Their gap is known only so far: drawing the seeds again from those there are,
2000 times, gives it an interval, of which 95 % are kept. The rule: that whole interval lies on the right
side. The margin is the gap, in units of the interval's arm towards the threshold: 1 is too thin, 2 is plenty.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

DRAWS = 2000
LOW = 0.025


class Margin(NamedTuple):
    """One comparison of a test: the two medians, the factor in front of the second, and the margin."""

    measured: float
    sign: str
    threshold: float
    arms: float

    def __str__(self) -> str:
        times = self.measured / self.threshold if self.threshold else np.inf
        return f"{self.measured:9.3g} {self.sign} {self.threshold:9.3g}  {times:9.3g}  {self.arms:7.3g}"


HEAD = " measured   threshold   quotient   margin"

noted: list[Margin] = []
"""What the running test has compared; `tests/conftest.py` takes it from here."""


def check_above(measured: ArrayLike, threshold: ArrayLike, *, times: float = 1.0) -> None:
    """AssertionError unless the median measured exceeds ``times`` that of ``threshold``, by a margin."""
    _check(measured, ">", threshold, times)


def check_below(measured: ArrayLike, threshold: ArrayLike, *, times: float = 1.0) -> None:
    """AssertionError unless the median measured is below ``times`` that of ``threshold``, by a margin."""
    _check(measured, "<", threshold, times)


def _check(measured: ArrayLike, sign: str, threshold: ArrayLike, times: float) -> None:
    left, right = np.broadcast_arrays(np.asarray(measured, float), times * np.asarray(threshold, float))
    if left.ndim != 1 or len(left) < 3:
        raise ValueError(
            f"measured must be one number a seed, of three seeds or more, got shape {left.shape}"
        )
    found = Margin(float(np.median(left)), sign, float(np.median(right)), _arms(left, right, sign))
    noted.append(found)
    assert found.arms > 1, f"the margin is too thin:\n{HEAD}\n{found}"


def _arms(left: Float[np.ndarray, " seeds"], right: Float[np.ndarray, " seeds"], sign: str) -> float:
    """The gap over its arm: above 1 where the whole interval is on the right side."""
    drawn = np.random.default_rng(0).integers(len(left), size=(DRAWS, len(left)))
    gap = float(_gap(np.median(left), np.median(right), sign))
    gaps = _gap(np.median(left[drawn], axis=1), np.median(right[drawn], axis=1), sign)
    # One of the gaps and no mean of two: a run that never reaches a goal is infinite.
    low = float(np.quantile(gaps, LOW, method="lower"))
    if np.isinf(gap) or gap == low:
        return np.inf if low > 0 else -np.inf
    return gap / (gap - low)


def _gap(left: np.ndarray, right: np.ndarray, sign: str) -> np.ndarray:
    """How far apart, positive on the right side. Of two infinities nobody knows: the worst is taken."""
    with np.errstate(invalid="ignore"):
        gap = left - right if sign == ">" else right - left
    return np.where(np.isnan(gap), -np.inf, gap)
