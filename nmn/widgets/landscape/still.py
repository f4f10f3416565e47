"""The still picture of the landscape of one neuron."""

from collections.abc import Sequence

import numpy as np

from nmn import product
from nmn.figures.plane import plane, square
from nmn.figures.style import PALETTE, SEQUENTIAL, BookFigure, figure


def landscape(w: Sequence[float], *, eps: float, arrows: str, reach: float = 6.0) -> BookFigure:
    """ⵟ(w, ·) as shades v/(v + ‖w‖²), its levels ‖w‖²/3, ‖w‖², 3‖w‖², and ∇ₓ or ∇_w as arrows."""
    made, (ax,) = figure(width=5.6, height=5.0, dense=True)
    v, x = np.asarray(w, float), plane(reach, 240)
    values = np.asarray(product.yat(v, x, eps=eps))
    # Where w is 0, so is ⵟ.
    scale = float(v @ v) or 1.0
    shades = values / (values + scale)
    box = (-reach, reach, -reach, reach)
    drawn = ax.imshow(shades, extent=box, origin="lower", cmap=SEQUENTIAL, vmin=0, vmax=1)
    ax.contour(shades, levels=[0.25, 0.5, 0.75], extent=box, origin="lower", colors="white", linewidths=1)
    coarse = plane(reach, 13)
    gradient = np.asarray((product.grad_x if arrows == "x" else product.grad_w)(v, coarse, eps=eps))
    size = np.linalg.norm(gradient, axis=-1, keepdims=True)
    arrow = gradient / np.maximum(size, 2 * np.sqrt(scale))
    tails, ways = np.moveaxis(coarse, -1, 0), np.moveaxis(arrow, -1, 0)
    ax.quiver(*tails, *ways, color="white", pivot="mid", scale=15, width=0.004)
    ax.plot(*v, "o", color=PALETTE[1], markeredgecolor="white", markersize=9)
    ax.annotate("w", (v[0], v[1]), (8, 4), textcoords="offset points", color="white", weight="bold")
    bar = made.colorbar(drawn, shrink=0.8, label="ⵟ(w, x)")
    bar.set_ticks([0, 0.25, 0.5, 0.75], labels=[f"{scale * t / (1 - t):.2f}" for t in (0, 0.25, 0.5, 0.75)])
    square(ax, reach)
    return made
