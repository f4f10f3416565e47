"""Discrete Hölder and Zygmund seminorms of any order s > 0."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import number, whole
from nmn.regularity.differences import axes_and_diagonals, difference, grid, modulus, spacings


def zygmund(values: Float[ArrayLike, "..."], s: float, *, order: int | None = None, **where: Any) -> float:
    """max ω_r(f, |h|)/|h|^s over the steps h: a lower bound of sup_{x,h} |Δ_h^r f(x)|/|h|^s.

    ``order``: r > s, by default ⌊s⌋ + 1: the seminorm of the Zygmund space C^s, for whole s too, where
    r = s + 1 lets f(x) = x log |x| pass for s = 1. ``where``: ``spacing``, ``directions``, ``scales`` and
    ``periodic`` of ``modulus``. A function without s derivatives somewhere has values that grow as the grid
    gets finer. ValueError: as ``modulus``; s <= 0, an order that is not above s.
    """
    s = _order(s)
    r = math.floor(s) + 1 if order is None else whole("order", order)
    if not r > s:
        raise ValueError(f"order must be above s = {s:g}, got {r}")
    found = modulus(values, order=r, **where)
    return float(np.max(found.values / found.lengths**s))


def holder(
    values: Float[ArrayLike, "..."], s: float, *, spacing: float | Sequence[float] = 1.0, **where: Any
) -> float:
    """max |Δ_h D(x)|/|h|^α for s = k + α, 0 < α <= 1, over the steps h, D a quotient for a k-th derivative.

    D = Δ_g^k f/|g|^k with g one step of the grid in one of the directions; h goes through all. Of order s = k
    (α = 1) it asks for a Lipschitz derivative, which is more than ``zygmund`` asks.
    ``where``: ``directions``, ``scales`` and ``periodic`` of ``modulus``. ValueError: as there; s <= 0.
    """
    s, array = _order(s), grid("values", values)
    widths, k = spacings("spacing", spacing, array.ndim), math.ceil(s) - 1

    def quotients(derivative: Float[np.ndarray, "..."]) -> float:
        found = modulus(derivative, order=1, spacing=spacing, **where)
        return float(np.max(found.values / found.lengths ** (s - k)))

    if k == 0:
        return quotients(array)
    chosen = where.get("directions") or axes_and_diagonals(array.ndim)
    periodic = where.get("periodic", False)
    return max(
        quotients(
            difference(array, g, order=k, periodic=periodic) / np.linalg.norm(widths * np.asarray(g)) ** k
        )
        for g in chosen
    )


def _order(s: float) -> float:
    if not 0 < number("s", s) < math.inf:
        raise ValueError(f"s must be > 0 and finite, got {s!r}")
    return float(s)
