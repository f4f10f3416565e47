"""The choice of settings: a grid that grows until the best setting lies inside it, or a refusal."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product as combinations
from math import inf, isnan
from typing import NamedTuple

import numpy as np

Setting = tuple[float, ...]


class Tuned(NamedTuple):
    """What was chosen, by name, its score, and the score of every setting that was tried."""

    chosen: dict[str, float]
    score: float
    table: dict[Setting, float]

    def __str__(self) -> str:
        names = ", ".join(f"{name} {value:g}" for name, value in self.chosen.items())
        return f"{names} (score {self.score:.3g}, the best of {len(self.table)} settings)"


def tune(
    judge: Callable[[list[Setting]], Sequence[float] | np.ndarray],
    start: Mapping[str, Sequence[float]],
    *,
    limits: Mapping[str, tuple[float, float]] | None = None,
    rounds: int = 8,
) -> Tuned:
    """The setting with the least score; every axis is widened until it lies strictly inside.

    ``judge`` maps settings, tuples in the order of ``start``, to their scores, and is asked once for each;
    a score that is not a number counts as infinitely bad. An axis is a geometric grid: at least 3 values
    above 0, rising by one factor. Of settings that tie, one that lies inside on the most axes is taken, the
    first of these.
    ValueError: an axis that is no such grid, no finite score, a judge that does not score each setting,
    limits of an axis that is not there, the best on an edge whose next value is beyond its limits or after
    ``rounds`` widenings.
    """
    axes = {name: [float(value) for value in values] for name, values in start.items()}
    factors = {name: _factor(name, values) for name, values in axes.items()}
    bounds = dict(limits or {})
    if not axes or not set(bounds) <= set(axes):
        raise ValueError(f"start must name the axes, and limits only these; got {list(axes)}, {list(bounds)}")
    table: dict[Setting, float] = {}
    for widened in range(rounds + 1):
        new = [setting for setting in combinations(*axes.values()) if setting not in table]
        scores = [float(score) for score in judge(new)]
        if len(scores) != len(new):
            raise ValueError(f"judge must score each of {len(new)} settings, got {len(scores)} scores")
        table |= {at: inf if isnan(score) else score for at, score in zip(new, scores, strict=True)}
        best = min(combinations(*axes.values()), key=lambda at: (table[at], len(_edges(at, axes))))
        if table[best] == inf:
            raise ValueError(f"no setting of {len(table)} has a finite score")
        edges = _edges(best, axes)
        if not edges:
            return Tuned(dict(zip(axes, best, strict=True)), table[best], table)
        for name, up in edges.items():
            low, high = bounds.get(name, (0.0, inf))
            following = axes[name][-1] * factors[name] if up else axes[name][0] / factors[name]
            if widened == rounds or not low <= following <= high:
                raise ValueError(
                    f"the best {name}, {axes[name][-1 if up else 0]:g}, lies on the edge of what was tried, "
                    f"{axes[name][0]:g} to {axes[name][-1]:g}, and the limits allow no wider grid"
                )
            axes[name] = [*axes[name], following] if up else [following, *axes[name]]
    raise ValueError(f"rounds must be at least 0, got {rounds}")


def _factor(name: str, values: list[float]) -> float:
    """The factor of a geometric grid."""
    if len(values) < 3 or not np.isfinite(values).all() or values[0] <= 0 or values[1] <= values[0]:
        raise ValueError(f"{name} must have at least 3 rising values above 0, got {values}")
    factor = values[1] / values[0]
    if not np.allclose(np.divide(values[1:], values[:-1]), factor, rtol=1e-6):
        raise ValueError(f"{name} must rise by one factor, got {values}")
    return factor


def _edges(at: Setting, axes: Mapping[str, list[float]]) -> dict[str, bool]:
    """The axes on whose edge a setting lies: True for the upper one."""
    ends = {name: (value, axes[name]) for name, value in zip(axes, at, strict=True)}
    return {name: value == grid[-1] for name, (value, grid) in ends.items() if value in (grid[0], grid[-1])}
