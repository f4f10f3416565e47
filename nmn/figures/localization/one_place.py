"""Figures of the chapter on why neurons look at one place."""

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.experiments.localization.learning import Films
from nmn.figures.localization.looks import LOOK
from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure
from nmn.hypercube import measures


def kids(claps: int = 30) -> BookFigure:
    """How loud it is, clap by clap: one kid and ten, shouting yes or no, then at any loudness. No symbol."""
    made, axes = figure(4, 1, height=5.6)
    draw = np.random.default_rng(2)
    games = (np.sign(draw.normal(size=(claps, 10))), draw.normal(size=(claps, 10)))
    for row, shouts in enumerate(games):
        game = ("yes or no", "whisper or scream")[row]
        for ax, heard, who, colour in (
            (axes[2 * row], shouts[:, 0], "one kid", PALETTE[1]),
            (axes[2 * row + 1], shouts.sum(1) / np.sqrt(10), "all ten", ACCENT),
        ):
            ax.bar(range(claps), np.abs(heard), color=colour, width=0.7)
            ax.set(ylim=(0, 2.6), yticks=[], xticks=[], xlim=(-0.8, claps - 0.2))
            ax.text(0, 2.5, f"{game}: {who}", va="top", ha="left")
    axes[-1].set(xlabel="clap after clap")
    return made


def at_rest(exact: Float[ArrayLike, " n"], learnt: Float[ArrayLike, " n"]) -> BookFigure:
    """A rest state and what a run learnt, turned until the largest entry of each is in the middle, and up."""
    made, (ax,) = figure(height=3.2)
    line, dots = _centred(np.asarray(exact, float)), _centred(np.asarray(learnt, float))
    place = np.arange(len(line)) - len(line) // 2
    ax.axhline(0, color=INK, linewidth=0.6)
    ax.plot(place, line, color=PALETTE[1], label="$w^\\star$, in closed form")
    ax.plot(place, dots, "o", color=ACCENT, markersize=5, label="where a run ended")
    ax.set(xlabel="pixel, counted from the largest", ylabel="$w$, weight")
    ax.legend(frameon=False)
    return made


def _centred(w: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    top = int(np.argmax(np.abs(w)))
    return np.roll(w * np.sign(w[top]), len(w) // 2 - top)


def locality(films: Films) -> BookFigure:
    """IPR against time, one line a seed, one colour a law; dashed: noise, a wave, a constant."""
    made, (ax,) = figure(height=5.2)
    n = next(iter(films.weights.values())).shape[-1]
    for name, w in films.weights.items():
        label, colour, dashes = LOOK[name]
        ipr = np.asarray(measures.inverse_participation(w))
        lines = ax.plot(films.times, ipr.T, dashes, color=colour, linewidth=1.2)
        lines[0].set_label(label)
    for level, what in ((3 / (n + 2), "noise"), (1.5 / n, "wave"), (1 / n, "constant")):
        ax.axhline(level, color=INK, linewidth=0.8, linestyle=(0, (4, 4)))
        # Beside the plot, where no line is.
        ax.text(1.01, level, what, transform=ax.get_yaxis_transform(), va="center")
    ax.set_xscale("symlog", linthresh=float(films.times[1]), linscale=0.4)
    ax.set_yscale("log")
    ax.set(xlim=(0, None), xlabel="$t$, time (rate × steps)", ylabel="IPR, how local")
    ax.set_yticks([0.03, 0.1, 0.3, 1], labels=["0.03", "0.1", "0.3", "1"])
    ax.legend(ncols=2, loc="upper left", frameon=False)
    return made
