"""The still picture of the slope of ⵟ against its best Lipschitz constant."""

from collections.abc import Sequence

import numpy as np

from nmn import product
from nmn.figures.style import ACCENT, PALETTE, SEQUENTIAL, BookFigure, figure

W = np.array([1.0, 0.0])
REACH = (2.5, 1.5)


def steepest(eps: float) -> float:
    """How far along w the slope is largest: √ε tan((π/2 − 2β)/3) before w, with tan β = √ε."""
    return float(1 - np.sqrt(eps) * np.tan((np.pi / 2 - 2 * np.arctan(np.sqrt(eps))) / 3))


def slopes(x: Sequence[float], *, eps: float) -> BookFigure:
    """‖∇ₓⵟ‖ as a part of L over the plane, with x and the steepest spot; L and the slope at x against ε."""
    made, (plane, curves) = figure(2, 1, width=5.2, height=6.2, dense=True)
    across, up = (np.linspace(-r, r, n) for r, n in zip(REACH, (300, 180), strict=True))
    grid = np.stack(np.meshgrid(across, up), -1)
    most = float(product.lipschitz(W, eps=eps))
    part = np.linalg.norm(product.grad_x(W, grid, eps=eps), axis=-1) / most
    box = (-REACH[0], REACH[0], -REACH[1], REACH[1])
    drawn = plane.imshow(part, extent=box, origin="lower", cmap=SEQUENTIAL, vmin=0, vmax=1)
    plane.contour(part, levels=[0.25, 0.5, 0.75], extent=box, origin="lower", colors="white", linewidths=1)
    plane.axhline(0, color="white", linewidth=1, linestyle="--")
    plane.plot(*W, "o", color="white", markersize=4)
    plane.plot(
        steepest(eps), 0, "o", color="none", markeredgecolor=PALETTE[4], markeredgewidth=2, markersize=11
    )
    plane.plot(*x, "o", color="white", markeredgecolor=PALETTE[1], markeredgewidth=2, markersize=12)
    plane.annotate("x", (x[0], x[1]), ha="center", va="center", weight="bold", fontsize=8)
    plane.set(xlabel="$x_1$ and $x_2$, the two coordinates of an input", aspect="equal")
    made.colorbar(drawn, ax=plane, shrink=0.8, label="slope, as a part of L")
    values = np.geomspace(0.01, 5, 120)
    constants = [float(product.lipschitz(W, eps=e)) for e in values]
    here = [float(np.linalg.norm(product.grad_x(W, np.asarray(x, float), eps=e))) for e in values]
    curves.loglog(values, constants, "--", color=PALETTE[1], label="L, the steepest anywhere")
    curves.loglog(values, here, color=ACCENT, linewidth=2.5, label="the slope at x")
    for height, colour in ((most, PALETTE[1]), (float(np.interp(eps, values, here)), ACCENT)):
        curves.plot(eps, height, "o", color=colour)
    curves.set(xlabel="ε, the softening", ylim=(1e-2, 2e3))
    curves.legend(frameon=False)
    return made
