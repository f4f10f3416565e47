"""The still picture of a signal on the ring, and the noise that it is made of."""

import numpy as np
from jaxtyping import Float

from nmn.figures.style import ACCENT, BookFigure, figure
from nmn.hypercube import ring
from nmn.hypercube.laws import NLGP

PIXELS = 40
_MASK = 2**32 - 1


def noise(draw: int, n: int) -> Float[np.ndarray, " n"]:
    """Standard normal noise of the ``draw``-th signal, the same as in the browser.

    Box and Muller's pairs from a 32-bit counter that is scrambled (mulberry32, by T. Ettinger).
    """
    uniform = [_scrambled(draw * 0x9E3779B9 + (k + 1) * 0x6D2B79F5) / 2**32 for k in range(n + n % 2)]
    u, v = np.array(uniform).reshape(-1, 2).T
    r = np.sqrt(-2 * np.log1p(-u))
    return np.stack([r * np.cos(2 * np.pi * v), r * np.sin(2 * np.pi * v)], 1).ravel()[:n]


def _scrambled(counter: int) -> int:
    a = counter & _MASK
    t = (a ^ a >> 15) * (a | 1) & _MASK
    t ^= t + (t ^ t >> 7) * (t | 61) & _MASK
    return t ^ t >> 14


def ring_signal(draw: int, *, xi: float, gain: float) -> BookFigure:
    """Xᵢ and Zᵢ round the ring of 40 pixels, and below them the correlation of both by distance."""
    law = NLGP(ring.correlation(PIXELS, xi), gain)
    z = ring.root(law.gaussian.row) @ noise(draw, PIXELS)
    x = law.pixel(z)
    made, (top, bottom) = figure(2, 1, width=6.4, height=5.4)
    place = np.arange(PIXELS + 1)
    for corner in (-1, 1):
        top.axhline(corner, color="0.5", linewidth=1, linestyle="--")
    top.axhline(0, color="0.8", linewidth=1, zorder=0)
    top.plot(place, np.append(z, z[0]), color="0.45", linewidth=1.2, label="Z, before the gain")
    top.plot(place, np.append(x, x[0]), "o-", color=ACCENT, markersize=4, label="X, the signal")
    top.set(xlabel="pixel i, once round the ring (40 is 0 again)", ylabel="Xᵢ", ylim=(-3.2, 3.2))
    half = place[: PIXELS // 2 + 1]
    bottom.plot(half, law.gaussian.row[half], color="0.45", linewidth=1.2, label="Z")
    bottom.plot(half, law.correlation()[half], "o", color=ACCENT, markersize=4, label="X")
    bottom.set(xlabel="distance k on the ring", ylabel="correlation", xticks=range(0, 21, 5))
    for ax, columns in ((top, 2), (bottom, 1)):
        ax.legend(ncols=columns, loc="upper right")
    return made
