"""The still picture of the territories."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from nmn.experiments.guarantees.owners import owners
from nmn.figures.plane import plane, square
from nmn.figures.style import PALETTE, BookFigure, figure


def _letters(ax: Axes, w: np.ndarray, rule: str, reach: float, eps: float) -> None:
    """The letter of its owner in the middle of every arc, ten degrees or more, of a circle near the rim."""
    turn = np.deg2rad(2 * np.arange(180))
    rim = 0.82 * reach * np.column_stack([np.cos(turn), np.sin(turn)])
    owner = owners(w, rim, rule=rule, eps=eps)
    # Begin where an arc begins, so that none is cut in two.
    first = int(np.argmax(owner != np.roll(owner, 1)))
    order = np.roll(np.arange(len(turn)), -first)
    for arc in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1):
        if len(arc) >= 5:
            x, y = rim[arc[len(arc) // 2]]
            ax.annotate("ABCDEF"[owner[arc[0]]], (x, y), ha="center", va="center", weight="bold")


def territories(points: Sequence[Sequence[float]], *, rule: str, reach: float, eps: float) -> BookFigure:
    """The plane coloured by the prototype that answers most, prototypes lettered from A."""
    made, (ax,) = figure(width=5.2, height=5.0, dense=True)
    w = np.asarray(points, float)
    cells = owners(w, plane(reach, 400), rule=rule, eps=eps)
    box = (-reach, reach, -reach, reach)
    colours = ListedColormap(PALETTE[: len(w)])
    ax.imshow(cells, extent=box, origin="lower", cmap=colours, vmin=-0.5, vmax=len(w) - 0.5, alpha=0.62)
    for k, point in enumerate(w):
        ax.plot(*point, "o", color="white", markeredgecolor=PALETTE[k], markeredgewidth=2, markersize=14)
        ax.annotate("ABCDEF"[k], point, ha="center", va="center", fontsize=9, weight="bold")
    _letters(ax, w, rule, reach, eps)
    square(ax, reach)
    return made
