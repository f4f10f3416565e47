"""The still picture of a signal on the ring."""

import numpy as np

from nmn.figures.style import ACCENT, BookFigure, figure
from nmn.hypercube import ring
from nmn.hypercube.laws import NLGP
from nmn.widgets.kit.noise import noise

PIXELS = 40


def ring_signal(draw: int, *, xi: float, gain: float) -> BookFigure:
    """Xᵢ and Zᵢ round the ring of 40 pixels, and below them the correlation of both by distance."""
    law = NLGP(ring.correlation(PIXELS, xi), gain)
    z = ring.root(law.gaussian.row) @ noise(draw, PIXELS)
    x = law.marginal.pixel(z)
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
