"""The still picture of what each direction for two pixels is worth."""

import numpy as np

from nmn.figures.style import ACCENT, PALETTE, BookFigure, figure
from nmn.hypercube.laws import Marginal
from nmn.hypercube.twopixels import flatness


def worth(angle: int, marginal: Marginal) -> BookFigure:
    """ρ over all directions as a polar curve, dots where it is largest; the arrow at ``angle`` degrees."""
    made, (ax,) = figure(width=4.6, height=4.2)
    quarter = np.deg2rad(np.arange(0, 91, 0.5))
    values = flatness(quarter, marginal)
    turns = np.arange(4)[:, None] * np.pi / 2 + quarter
    ring = np.deg2rad(np.arange(361))
    ax.plot(np.cos(ring), np.sin(ring), ":", color="0.6", linewidth=1)
    x, y = values * np.cos(turns), values * np.sin(turns)
    ax.fill(x.ravel(), y.ravel(), facecolor=(*_rgb(ACCENT), 0.16), edgecolor=ACCENT, linewidth=2)
    # Where all directions are alike none is marked.
    if np.ptp(values) > 1e-6:
        most = values > values.max() - 1e-9
        ax.plot(x[:, most].ravel(), y[:, most].ravel(), "o", color=ACCENT, markersize=7)
    way = np.deg2rad(angle)
    arrow = np.array([np.cos(way), np.sin(way)])
    ax.annotate(
        "", tuple(arrow), (0, 0), arrowprops={"arrowstyle": "-|>", "color": PALETTE[1], "linewidth": 2}
    )
    ax.plot(*(flatness(way, marginal) * arrow), "o", color=PALETTE[1], markersize=8)
    ax.annotate("kid 1", (1.06, 0), va="center")
    ax.annotate("kid 2", (0, 1.06), ha="center")
    ax.set(xlim=(-1.2, 1.4), ylim=(-1.1, 1.25), aspect="equal")
    ax.axis("off")
    return made


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
