"""The still picture of the floor that cuts the cone: from the side, and in the plane."""

import numpy as np
from matplotlib.axes import Axes

from nmn import product
from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure
from nmn.product.levels import level_set

_W = np.array([2.0, 0.0])
_COLOURS = {"ellipse": ACCENT, "parabola": PALETTE[2], "hyperbola": PALETTE[1]}
_BOX = (-5, 10, -3.6, 3.6)


def cone_cut(level: float, *, eps: float) -> BookFigure:
    """The cone of the level, seen from the side, over the level set of ⵟ(w, ·), w = (2, 0), with its foci."""
    made, (side, plane) = figure(2, 1, width=5.6, height=5.6)
    exists = level < float(product.supremum(_W, eps=eps))
    if exists:
        conic = level_set(_W, level, eps=eps)
        colour, foci = _COLOURS[conic.kind], conic.foci[:, 0]
        _cone(side, foci, level, eps, colour)
        x, y = np.meshgrid(np.linspace(*_BOX[:2], 301), np.linspace(*_BOX[2:], 181))
        values = product.yat(_W, np.stack([x, y], -1), eps=eps)
        plane.contour(x, y, values, levels=[level], colors=colour, linewidths=2)
        for ax, high in ((side, np.sqrt(eps)), (plane, 0)):
            ax.plot(foci, 0 * foci + high, "o", color=PALETTE[4], markeredgecolor=INK, markersize=7)
    side.axhline(np.sqrt(eps), color=INK, linewidth=1)
    side.annotate("floor", (_BOX[0], np.sqrt(eps)), (2, 3), textcoords="offset points")
    side.annotate("apex", (_W[0], 0), (6, -12), textcoords="offset points")
    side.set(xlim=_BOX[:2], ylim=(-2, 5), aspect="equal", ylabel="height")
    plane.axvline(0, color=INK, linestyle="--", linewidth=1)
    plane.annotate("H", (0, _BOX[2] + 0.1), (4, 0), textcoords="offset points")
    plane.plot(*_W, "o", color=INK, markersize=5)
    plane.annotate("w", tuple(_W), (-4, 5), textcoords="offset points", ha="right")
    plane.set(xlim=_BOX[:2], ylim=_BOX[2:], aspect="equal", xlabel="$x_1$, along $w$", ylabel="$x_2$")
    return made


def _cone(ax: Axes, foci: np.ndarray, level: float, eps: float, colour: str) -> None:
    """Both lines of the cone in the plane through ω, and the circles that touch them and the floor."""
    omega = np.array([_W[0], _W[0] ** 2 / np.sqrt(eps)])
    direction = np.arctan2(omega[1], omega[0])
    opening = np.arccos(np.sqrt(level) / np.linalg.norm(omega))
    for way in (direction - opening, direction + opening):
        ends = 30 * np.array([[-np.cos(way), -np.sin(way)], [np.cos(way), np.sin(way)]])
        ax.plot(_W[0] + ends[:, 0], ends[:, 1], color=colour, linewidth=2)
    for focus in foci:
        # The centre lies on the line of ω, straight above or below the focus.
        middle = (focus - _W[0]) * omega[1] / omega[0]
        ring = np.deg2rad(np.arange(361))
        radius = abs(middle - np.sqrt(eps))
        ax.plot(
            focus + radius * np.cos(ring), middle + radius * np.sin(ring), color=PALETTE[4], linewidth=1.5
        )
    ax.annotate(
        "ω", (_W[0] + eps / _W[0], np.sqrt(eps)), (_W[0], 0), arrowprops={"arrowstyle": "<|-", "color": INK}
    )
