"""Differences of any order on a grid, and the modulus of smoothness that they give."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import whole


class Modulus(NamedTuple):
    """ω(h), the greatest difference for steps of each length |h|: the lengths rise."""

    lengths: Float[np.ndarray, " steps"]
    values: Float[np.ndarray, " steps"]


def difference(
    values: Float[ArrayLike, "..."], step: Sequence[int], *, order: int, periodic: bool = False
) -> Float[np.ndarray, "..."]:
    """Δ_h^r f(x) = Σ_j (−1)^{r−j} C(r, j) f(x + j h) at all points x for which the grid has x, …, x + r h.

    ``step``: h in points of the grid, a whole number an axis, of either sign. ``periodic``: the grid closes
    to a torus, and no point is lost. ``order``: r >= 1.
    ValueError: values that are not finite, a step of another number of axes or of zeros only, a grid that
    does not hold r steps.
    """
    array, r = grid("values", values), whole("order", order)
    h = [whole("step", part, least=-(2**31)) for part in step]
    if len(h) != array.ndim or not any(h):
        raise ValueError(f"step must be {array.ndim} whole numbers, not all 0, got {tuple(step)!r}")
    if not periodic and any(r * abs(part) >= n for part, n in zip(h, array.shape, strict=True)):
        raise ValueError(f"step must fit {r} times into the grid of shape {array.shape}, got {tuple(step)!r}")
    for _ in range(r):
        array = _ahead(array, h, periodic) - (array if periodic else array[_left(h, array.shape)])
    return array


def modulus(
    values: Float[ArrayLike, "..."],
    *,
    order: int,
    spacing: float | Sequence[float] = 1.0,
    directions: Sequence[Sequence[int]] | None = None,
    scales: Sequence[int] | None = None,
    periodic: bool = False,
) -> Modulus:
    """ω_r(f, |h|) = max |Δ_h^r f(x)| over the points x and the h = scale · direction of that length.

    ``spacing``: between neighbours, one number or one an axis. ``directions``: by default all of −1, 0, 1,
    one of each opposite pair: axes and diagonals. ``scales``: by default 1, 2, 4, … as long as r of them fit,
    on a torus half the way round.
    ValueError: as ``difference``; a spacing that is not above 0.
    """
    array, r = grid("values", values), whole("order", order)
    widths = spacings("spacing", spacing, array.ndim)
    chosen = axes_and_diagonals(array.ndim) if directions is None else [tuple(one) for one in directions]
    found: dict[float, float] = {}
    for direction in chosen:
        for scale in _all_scales(array.shape, direction, r, periodic) if scales is None else scales:
            step = [whole("scales", scale) * part for part in direction]
            length = float(np.linalg.norm(widths * step))
            change = difference(array, step, order=r, periodic=periodic)
            height = float(max(change.max(), -change.min()))
            key = next((known for known in found if np.isclose(known, length, rtol=1e-12)), length)
            found[key] = max(height, found.get(key, 0.0))
    if not found:
        raise ValueError(f"scales must hold one that fits {r} times into the grid of shape {array.shape}")
    lengths = np.array(sorted(found))
    return Modulus(lengths, np.array([found[length] for length in lengths]))


def grid(name: str, values: Float[ArrayLike, "..."]) -> Float[np.ndarray, "..."]:
    """``values`` in float64. ValueError: no axis or no point, not real, not finite."""
    array = np.asarray(values)
    if array.ndim == 0 or array.size == 0 or not np.isrealobj(array) or array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be real numbers on a grid, got {array.dtype} of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {int((~np.isfinite(array)).sum())} that are not")
    return array.astype(float)


def spacings(name: str, spacing: float | Sequence[float], axes: int) -> Float[np.ndarray, " axes"]:
    """One spacing an axis. ValueError: another number of them, one that is not above 0 and finite."""
    given = np.asarray(spacing, float)
    if given.shape not in ((), (axes,)) or not ((given > 0) & np.isfinite(given)).all():
        raise ValueError(f"{name} must be > 0, one number or one an axis ({axes}), got {spacing!r}")
    return np.broadcast_to(given, axes)


def _left(h: Sequence[int], shape: Sequence[int]) -> tuple[slice, ...]:
    """The points x for which x + h is on the grid."""
    return tuple(slice(max(0, -part), n - max(0, part)) for part, n in zip(h, shape, strict=True))


def _ahead(array: Float[np.ndarray, "..."], h: Sequence[int], periodic: bool) -> Float[np.ndarray, "..."]:
    """f(x + h) at each of them."""
    if periodic:
        return np.roll(array, [-part for part in h], tuple(range(array.ndim)))
    return array[_left([-part for part in h], array.shape)]


def axes_and_diagonals(axes: int) -> list[tuple[int, ...]]:
    """Every vector of −1, 0 and 1 whose first entry other than 0 is 1."""
    return [one for one in product((0, 1, -1), repeat=axes) if next(filter(None, one), 0) == 1]


def _all_scales(shape: Sequence[int], direction: Sequence[int], r: int, periodic: bool) -> list[int]:
    """1, 2, 4, … as far as the grid holds them."""
    room = min(n // 2 if periodic else (n - 1) // r for n, part in zip(shape, direction, strict=True) if part)
    return [1 << k for k in range(room.bit_length())]
