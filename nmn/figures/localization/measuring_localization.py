"""Figures of the page on how to measure a place."""

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure
from nmn.hypercube import measures


def shapes(n: int) -> dict[str, Float[np.ndarray, " n"]]:
    """Six receptive fields that differ in how local they are, each with a largest entry of about 1."""
    place = np.arange(n) - n // 2
    noise = np.random.default_rng(10).normal(size=n)
    return {
        "constant": np.ones(n),
        "wave": np.cos(6 * np.pi * place / n),
        "noise": noise / np.abs(noise).max(),
        "wide bump": np.exp(-(place**2) / 50),
        "bump": np.exp(-(place**2) / 2),
        "one pixel": np.eye(n)[n // 2],
    }


def yardstick(n: int) -> BookFigure:
    """The six ``shapes`` and the IPR of each."""
    fields = shapes(n)
    made, axes = figure(len(fields), 1, height=6.4)
    for ax, (name, w) in zip(axes, fields.items(), strict=True):
        ax.axhline(0, color=INK, linewidth=0.6)
        ax.bar(range(n), w, color=ACCENT, width=0.7)
        ax.set(xlim=(-1, n), ylim=(-1.3, 1.3), yticks=[], xticks=[])
        ax.spines["left"].set_visible(False)
        # Beside the plot, where no bar is.
        ax.text(1.02, 0.75, name, transform=ax.transAxes, va="center")
        ipr = float(measures.inverse_participation(w))
        ax.text(1.02, 0.35, f"IPR {ipr:.3g}", transform=ax.transAxes, va="center")
    axes[-1].set(xticks=range(0, n + 1, 10), xlabel="$i$, pixel on the ring")
    return made


def lengths_over_time(
    times: Float[ArrayLike, " t"],
    learnt: Float[ArrayLike, "t n"],
    exact: Float[ArrayLike, "t n"],
    source: Float[ArrayLike, "t n"],
) -> BookFigure:
    """|w| against time: online descent, the flow with ¼, and the source's equation with ½."""
    made, (ax,) = figure(height=3.2)
    size = [np.linalg.norm(np.asarray(path, float), axis=1) for path in (learnt, exact, source)]
    ax.plot(times, size[1], color=ACCENT, label="the flow, with ¼")
    ax.plot(times, size[2], "--", color=PALETTE[1], label="the source, with ½")
    ax.plot(times, size[0], "o", color=INK, markersize=4, label="online descent")
    ax.set(ylim=(0, None), xlabel="$t$, time (rate × steps)", ylabel="$|w|$, length of the weights")
    ax.legend(loc="upper right", frameon=False)
    return made
