"""Where an error lives: near the set on which the target is irregular, or far from it."""

from typing import NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import number
from nmn.regularity.differences import grid


class Split(NamedTuple):
    """Root mean square errors near the irregular set and far from it, and the shares of the near part.

    ``share``: of the sum of squares. ``room``: of the points; where the error has no place of its own, the
    share is the room.
    """

    near: float
    far: float
    share: float
    room: float


def split(error: Float[ArrayLike, "..."], distance: Float[ArrayLike, "..."], width: float) -> Split:
    """The error at points at a ``distance`` <= ``width`` from the irregular set, and at the others.

    Read ``near`` and ``far``, too: a share close to 1 says nothing of how small the error is.
    ValueError: shapes that differ, a distance or width below 0, no point on one side; an error that is 0.
    """
    squares, away = grid("error", error) ** 2, grid("distance", distance)
    if squares.shape != away.shape or (away < 0).any():
        raise ValueError(f"distance must be >= 0, of shape {squares.shape}, got shape {away.shape}")
    if not number("width", width) >= 0:
        raise ValueError(f"width must be >= 0, got {width!r}")
    close = away <= width
    if close.all() or not close.any():
        raise ValueError(f"width must leave points on both sides, got {width!r}: {int(close.sum())} are near")
    if not squares.any():
        raise ValueError("error must not be 0 everywhere: it then has no place")
    near, far = squares[close], squares[~close]
    return Split(
        float(np.sqrt(near.mean())),
        float(np.sqrt(far.mean())),
        float(near.sum() / squares.sum()),
        float(close.mean()),
    )
