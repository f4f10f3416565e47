"""How many different fields are there? The cones into which the planes w·x = 0 cut the space of weights."""

from math import gcd

import numpy as np

from nmn.hypercube import ring

Normal = tuple[int, ...]


def cones(n: int) -> int:
    """The number of open cones of {w ∈ R^n : w·x ≠ 0 for all x ∈ {−1, 1}^n}; on each, f is constant.

    2, 4, 14, 104, 1882, 94572 for n = 1 … 6. Exact: removing a plane H from an arrangement A merges as
    many cones as the other planes cut out on H, so r(A) = r(A without H) + r(A on H). ValueError: n > 6
    (15028134 for n = 7 is out of easy reach). Source: Zaslavsky 1975; Winder 1966.
    """
    if ring.pixels(n) > 6:
        raise ValueError(f"n must be at most 6 to count the cones one by one, got {n}")
    signs = 2 * ((np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1) - 1
    return _regions(frozenset(_primitive(tuple(int(s) for s in row)) for row in signs))


def _regions(normals: frozenset[Normal]) -> int:
    count, rest = 1, set(normals)
    while rest:
        plane = rest.pop()
        count += _regions(_restricted(frozenset(rest), plane))
    return count


def _restricted(normals: frozenset[Normal], plane: Normal) -> frozenset[Normal]:
    """The normals of the other planes within ``plane``, in coordinates without its first one ≠ 0."""
    pivot = next(i for i, entry in enumerate(plane) if entry)
    return frozenset(
        _primitive(
            tuple(
                plane[pivot] * entry - normal[pivot] * plane[i]
                for i, entry in enumerate(normal)
                if i != pivot
            )
        )
        for normal in normals
    )


def _primitive(normal: Normal) -> Normal:
    """The same plane with coprime entries, the first one ≠ 0 positive: equal planes, equal tuples."""
    scale = gcd(*normal) * (1 if next(entry for entry in normal if entry) > 0 else -1)
    return tuple(entry // scale for entry in normal)
