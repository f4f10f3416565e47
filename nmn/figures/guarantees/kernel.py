"""Figures of the page on the kernel: lists that are mixed, the smallest eigenvalue, and the spectrum."""

import numpy as np

from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure
from nmn.product.kernel import circle_eigenvalues


def lists() -> BookFigure:
    """Two lists of numbers as bars, and the list that is left when one is taken from the other."""
    made, axes = figure(1, 3, height=2.4)
    one, two = np.array([3, 1, 2, 0.5]), np.array([1, 2, 1.5, 1])
    for ax, values, name in zip(
        axes, (one, two, one - two), ("red toy", "blue toy", "red less blue"), strict=True
    ):
        ax.bar(range(4), values, color=ACCENT)
        ax.axhline(0, color=INK, linewidth=0.8)
        ax.set(title=name, ylim=(-1.5, 3.5), xticks=[], yticks=[])
    return made


def smallest(eps: float = 1.0) -> BookFigure:
    """The smaller eigenvalue of the Gram matrix of 1 and y on the line, for b = 0, 1 and −1."""
    made, (ax,) = figure(height=3.2)
    y = np.linspace(-2, 2, 801)
    for bias, colour, style in ((0.0, ACCENT, "-"), (1.0, PALETTE[1], "--"), (-1.0, PALETTE[2], ":")):
        own, other = (1 + bias) ** 2 / eps, (y**2 + bias) ** 2 / eps
        cross = (y + bias) ** 2 / ((y - 1) ** 2 + eps)
        low = (own + other) / 2 - np.hypot((own - other) / 2, cross)
        ax.plot(y, low, style, color=colour, label=f"b = {bias:g}".replace("-", "−"))
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set(xlabel="y, the second point; the first is at 1", ylabel="smallest eigenvalue", ylim=(-1.2, 4.2))
    ax.legend(frameon=False)
    return made


def spectrum(count: int = 16) -> BookFigure:
    """The eigenvalues on the circle, over the largest, for three sizes of ε."""
    made, (ax,) = figure(height=3.2)
    for eps, colour, mark in ((0.01, ACCENT, "o"), (0.1, PALETTE[1], "s"), (1.0, PALETTE[2], "^")):
        values = circle_eigenvalues(count, eps=eps)
        ax.semilogy(values / values.max(), mark, color=colour, label=f"ε = {eps:g}")
    ax.set(xlabel="k, waves around the circle", ylabel="eigenvalue over the largest")
    ax.legend(frameon=False)
    return made
