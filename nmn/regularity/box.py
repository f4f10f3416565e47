"""The L_p norm of a function over a box that grows: finite for all boxes, bounded or not."""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Array, Float

from nmn.arguments import number, whole
from nmn.regularity.differences import grid


def box_norm(
    f: Callable[[Float[np.ndarray, "points m"]], Float[np.ndarray | Array, " points"]],
    radius: float,
    *,
    d: int,
    p: float = 2.0,
    panels: int = 16,
    nodes: int = 8,
) -> float:
    """(∫_{[−R, R]^d} |f|^p)^{1/p}, by Gauss–Legendre rules of ``nodes`` points in ``panels`` panels an axis.

    Exact for |f|^p a polynomial of degree < 2·nodes on each panel; else compare with more panels.
    ``p = inf``: the largest of the same points. (panels · nodes)^d points are looked at together.
    ValueError: R <= 0, p < 1, a value that is not finite.
    """
    if not 0 < number("radius", radius) < math.inf:
        raise ValueError(f"radius must be > 0 and finite, got {radius!r}")
    if not number("p", p) >= 1:
        raise ValueError(f"p must be at least 1, inf included, got {p!r}")
    axes, count = whole("d", d), whole("panels", panels)
    node, weight = np.polynomial.legendre.leggauss(whole("nodes", nodes))
    starts = np.linspace(-radius, radius, count, endpoint=False)[:, None]
    line, weights = (starts + radius / count * (node + 1)).ravel(), np.tile(weight * radius / count, count)
    points = np.stack(np.meshgrid(*[line] * axes, indexing="ij"), -1).reshape(-1, axes)
    size = np.abs(grid("f", np.asarray(f(points))))
    if size.shape != (len(points),):
        raise ValueError(f"f must give one value a point, got shape {size.shape} for {len(points)} points")
    if math.isinf(p):
        return float(size.max())
    share = weights
    for _ in range(axes - 1):
        share = np.multiply.outer(share, weights)
    top = float(size.max()) or 1.0
    return top * float(share.ravel() @ (size / top) ** p) ** (1 / p)
