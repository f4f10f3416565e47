"""The still picture of f(w) for three pixels: the sphere of all directions of w, and the bars."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes

from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure
from nmn.hypercube.threepixels import thousandths, vote
from nmn.widgets.threepixels.view import view


def _sphere(ax: Axes, w: Sequence[float], view: np.ndarray) -> None:
    ticks = np.linspace(-1, 1, 401)
    x, y = np.meshgrid(ticks, ticks)
    z = np.sqrt(np.maximum(0, 1 - x**2 - y**2))
    ways = np.stack([x, y, z], -1) @ view
    size = np.abs(ways)
    majority = 2 * size.max(-1) <= size.sum(-1)
    hues = np.array([[int(PALETTE[k][i : i + 2], 16) / 255 for i in (1, 3, 5)] for k in (0, 4)])
    stripe = (np.add.outer(np.arange(401), np.arange(401)) % 12 < 3) & majority
    signs = np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]])
    values = ways @ signs.T
    same = np.all(values * np.sign(thousandths(w) @ signs.T) >= 0, -1)
    full = np.where(same, 0.55, 0.16) + 0.15 * stripe
    colour = 1 - full[..., None] * (1 - hues[majority.astype(int)])
    border = np.abs(values).min(-1) < 0.012
    colour[border] = 0.45 * colour[border] + 0.55 * 0.2
    image = np.concatenate([colour, (z > 0)[..., None]], -1)
    ax.imshow(image, extent=(-1, 1, -1, 1), origin="lower")
    _names(ax, view)
    spot = view @ (np.asarray(w) / np.linalg.norm(w))
    ax.plot(*spot[:2], "o", color="white", markeredgecolor=PALETTE[1], markeredgewidth=2, markersize=16)
    ax.annotate("w", (spot[0], spot[1]), ha="center", va="center", weight="bold")
    ax.set(xlim=(-1.02, 1.02), ylim=(-1.02, 1.02), aspect="equal")
    ax.axis("off")


def _names(ax: Axes, view: np.ndarray) -> None:
    ways = {f"{k + 1}": way for k, way in enumerate(np.eye(3))}
    ways |= {f"−{name}": -way for name, way in ways.items()}
    for signs in product("+−", repeat=3):
        ways[" ".join(signs)] = np.array([{"+": 1, "−": -1}[sign] for sign in signs])
    for name, way in ways.items():
        x, y, z = view @ way / np.linalg.norm(way)
        if z >= 0.42:
            size = 10 if " " in name else 15
            ax.annotate(name, (x, y), ha="center", va="center", weight="bold", fontsize=size)


def _bars(ax: Axes, w: np.ndarray, f: np.ndarray) -> None:
    for name, values, shift, colour in (("w", w, -0.2, "#59636d"), ("f(w)", f, 0.2, ACCENT)):
        ax.barh(np.arange(3) + shift, values, color=colour, height=0.36)
        for i, v in enumerate(values):
            # On the empty side of zero, where no bar is.
            text = f"{name} {v:.4g}".replace("-", "−")
            x, align = (-0.04, "right") if v >= 0 else (0.04, "left")
            ax.annotate(text, (x, i + shift), ha=align, va="center", color=colour)
    ax.axvline(0, color=INK, linewidth=1)
    ax.set(xlim=(-1, 1), ylim=(2.6, -0.6), xticks=[-1, 0, 1], yticks=[0, 1, 2])
    ax.set_yticklabels([f"pixel {i}" for i in (1, 2, 3)])
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def three_pixels(w: Sequence[float], *, c: float, scale: float) -> BookFigure:
    """The 14 regions on the sphere of directions with w, and the bars of scale·w and f(w)."""
    # One above the other: side by side the words would be too small on a phone.
    made, (sphere, bars) = figure(2, 1, width=4.4, height=6.0, dense=True)
    _sphere(sphere, w, view(w))
    _bars(bars, scale * np.asarray(w), vote(w, c=c))
    bars.set_xlabel(f"$w$ and $f(w)$ for correlation $c$ = {c:.3g}")
    return made
