"""The gap δ(w) = min over corners x of |w·x|: if all other weights sum to less, they never decide the sign.

It is number partitioning, hence hard in general; exact here up to about 44 weights, with bounds beyond.
"""

import heapq

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import real

MOST = 44


def gap(w: Float[ArrayLike, " k"]) -> float:
    """δ(w) = min_{x ∈ {−1,1}^k} |Σ w_i x_i|, exact up to the rounding of the sums: meet in the middle.

    Time and memory 2^{k/2}. ValueError: no weight, more than 44, NaN. Source: 003, equation (13);
    Horowitz and Sahni 1974.
    """
    w = weights(w)
    if len(w) > MOST:
        raise ValueError(f"w must have at most {MOST} weights for the exact gap, got {len(w)}: bound it")
    # One sign is free: x and −x give the same size.
    half = (len(w) + 1) // 2
    left, right = _sums(w[1:half]) + w[0], np.sort(_sums(w[half:]))
    # |a + b| is least at one of the two neighbours of −a among the sorted b.
    place = np.searchsorted(right, -left)
    above = right[np.minimum(place, len(right) - 1)]
    below = right[np.maximum(place - 1, 0)]
    return float(np.minimum(np.abs(left + above), np.abs(left + below)).min())


def differencing(w: Float[ArrayLike, " k"]) -> float:
    """An upper bound of δ(w): replace the two largest sizes by their difference until one is left.

    Every step commits to opposite signs, so the last number is |w·x| for some corner x. Fast at any length.
    ValueError: no weight, NaN. Source: Karmarkar and Karp 1982.
    """
    heap = [-abs(float(entry)) for entry in weights(w)]
    heapq.heapify(heap)
    while len(heap) > 1:
        largest = -heapq.heappop(heap)
        heapq.heapreplace(heap, -(largest + heap[0]))
    return -heap[0]


def relaxed_gap(w: Float[ArrayLike, " k"]) -> float:
    """A lower bound of δ(w): max(0, 2 max|w_i| − Σ|w_i|), the value of the semidefinite relaxation.

    Signs become unit vectors: sticks of lengths |w_i| with free directions. They close to a polygon, of sum
    zero, unless one is longer than all others together. ValueError: no weight, NaN.
    """
    size = np.abs(weights(w))
    return float(max(0.0, 2 * size.max() - size.sum()))


def deciding(w: Float[ArrayLike, " n"]) -> int:
    """The least k such that the k largest weights alone give the sign of w·x at every corner.

    The condition: their gap exceeds the sum of all other sizes. It is met at k = n when δ(w) > 0; n + 1
    means never (w·x = 0 at some corner). ValueError: more than 44 weights that are not 0, NaN.
    Source: 003, the condition after equation (13).
    """
    sizes = np.sort(np.abs(weights(w)))[::-1]
    tails = np.append(np.cumsum(sizes[::-1])[::-1][1:], 0.0)
    for k, tail in enumerate(tails, start=1):
        # Differencing bounds the gap from above: where it fails, so does the gap, at no cost.
        if differencing(sizes[:k]) > tail and gap(sizes[:k]) > tail:
            return k
    return len(sizes) + 1


def _sums(w: np.ndarray) -> np.ndarray:
    """All 2^k signed sums."""
    sums = np.zeros(1)
    for entry in w:
        sums = np.concatenate([sums + entry, sums - entry])
    return sums


def weights(w: ArrayLike) -> Float[np.ndarray, " k"]:
    """``w`` in float64, whatever JAX's precision. ValueError: not one axis of finite numbers."""
    shape = real("w", w).shape
    array = np.asarray(w, float)
    if len(shape) != 1 or not len(array) or not np.isfinite(array).all():
        raise ValueError(f"w must be one axis of finite weights, got {array!r}")
    return array
