"""Figures of the chapter on adding and multiplying: walls and beams, walls rubbed out, mass in a box."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from nmn.figures.plane import plane
from nmn.figures.style import ACCENT, DIVERGING, INK, PALETTE, SEQUENTIAL, BookFigure, figure

ANGLES = (0.5, 1.5, 2.5)
LOOK = {
    "sum_gaussian": ("sum of Gaussian ridges", PALETTE[1], "s"),
    "sum_tanh": ("sum of tanh units", PALETTE[3], "D"),
    "product_gaussian": ("Gaussian products", PALETTE[2], "^"),
    "product_tanh": ("tanh products", PALETTE[4], "v"),
    "yat": ("ⵟ units", ACCENT, "o"),
}


def _ridge(x: Float[np.ndarray, "... 2"], angle: float) -> Float[np.ndarray, "..."]:
    """A wall through the origin; ``angle``: of the direction across it."""
    return np.exp(-((x @ [np.cos(angle), np.sin(angle)]) ** 2))


def _map(ax: Axes, values: Float[np.ndarray, "n n"], title: str, **look: Any) -> None:
    ax.imshow(values, origin="lower", aspect="equal", **look)
    ax.set(title=title, xticks=[], yticks=[])


def walls_and_beams() -> BookFigure:
    """Three walls added, and two beams multiplied: no symbol."""
    made, axes = figure(1, 2, height=3.3, dense=True)
    x = plane(8.0, 320)
    walls = np.sum([_ridge(x, angle) for angle in ANGLES], 0)
    _map(axes[0], walls, "walls: added", cmap=SEQUENTIAL, vmin=0)
    _map(axes[1], _ridge(x, 0.5) * _ridge(x, 1.8), "beams: both at once", cmap=SEQUENTIAL, vmin=0)
    return made


def rubbed_out(step: float = 4.0) -> BookFigure:
    """Two walls, and below a lone hill; what is left when the copy moved along each wall is taken away."""
    made, axes = figure(2, 3, height=4.9, dense=True)
    x = plane(8.0, 240)
    along = [step * np.array([-np.sin(angle), np.cos(angle)]) for angle in ANGLES[:2]]
    shapes = (
        lambda moved: np.sum([_ridge(x + moved, angle) for angle in ANGLES[:2]], 0),
        lambda moved: np.exp(-np.sum((x + moved) ** 2, -1)),
    )
    titles = ("two walls", "first rubbed out", "second, too", "a hill", "along the first", "and the second")
    for row, shape in enumerate(shapes):
        first = shape(along[0]) - shape(np.zeros(2))
        second = shape(along[0] + along[1]) - shape(along[1]) - first
        for column, values in enumerate((shape(np.zeros(2)), first, second)):
            at = 3 * row + column
            _map(axes[at], values, titles[at], cmap=DIVERGING, vmin=-2, vmax=2)
    return made


def masses(found: Mapping[str, Float[np.ndarray, "seeds radii"]], radii: Sequence[float]) -> BookFigure:
    """∫ |u|² over [−R, R]² against R, medians over the networks of a kind; thin lines: R and R²."""
    made, (ax,) = figure(height=4.4)
    for kind, values in found.items():
        label, colour, mark = LOOK[kind]
        ax.loglog(radii, np.median(values, 0), mark + "-", color=colour, label=label)
    ends = np.array([radii[0], radii[-1]])
    for order, height in ((1, 2.0), (2, 0.5)):
        ax.loglog(ends, height * ends**order, ":", color=INK, linewidth=1)
        ax.text(ends[-1], height * ends[-1] ** order, " $R$" if order == 1 else " $R^2$", va="center")
    ax.set_xticks(radii, [f"{radius:g}" for radius in radii])
    ax.minorticks_off()
    ax.set(xlabel="R, half the side of the box", ylabel="mass in the box")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize="small", frameon=False)
    return made
