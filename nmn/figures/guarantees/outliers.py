"""Figures of the chapter on outliers: two ways to be odd, the push of one example, and what was measured."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from matplotlib.axes import Axes

from nmn.experiments.guarantees.influence import push, reach
from nmn.figures.style import ACCENT, INK, PALETTE, BookFigure, figure

LOOK = {
    "yat": ("ⵟ", ACCENT, "o"),
    "relu": ("ReLU", PALETTE[1], "s"),
    "rbf": ("RBF", PALETTE[2], "^"),
    "linear": ("linear", PALETTE[3], "D"),
    "tanh": ("tanh", PALETTE[4], "v"),
}
TASKS = {f"{shape}_{d}d": f"{shape}, d={d}" for shape in ("bumps", "wave", "plane") for d in (2, 8)}
SIDES = {"leverage": "far input, ordinary target", "label": "wild target", "both": "far input, wild target"}


def odd_ones() -> BookFigure:
    """Dots on a path, one friend far down the road and one high above it: no symbol."""
    made, (ax,) = figure(height=2.6)
    x = np.linspace(0, 3, 13)
    ax.plot(x, 0.6 + 0.3 * np.sin(2 * x), "o", color=ACCENT)
    ax.plot(9, 0.7, "s", color=PALETTE[1], markersize=11)
    ax.plot(1.5, 2.6, "^", color=PALETTE[3], markersize=12)
    ax.text(9, 1.0, "far away", ha="center")
    ax.text(1.9, 2.5, "wild", ha="left")
    ax.text(1.5, -0.15, "friends", ha="center")
    ax.set(xlim=(-0.5, 10), ylim=(-0.4, 3.1), xticks=[], yticks=[])
    return made


def influence(angle: float = 0.6) -> BookFigure:
    """The gradient step of one neuron from one example at distance k: residual 1, then a target of size k."""
    made, axes = figure(2, 1, height=5.6)
    k = np.geomspace(0.3, 1000, 200)
    w = jnp.array([1.0, 0.0])
    x = jnp.asarray(k)[:, None] * jnp.array([np.cos(angle), np.sin(angle)])
    for kind in ("linear", "relu", "rbf", "yat"):
        _, colour, _ = LOOK[kind]
        style = ":" if kind == "relu" else "-"
        for ax, size in ((axes[0], reach(kind, w, x)), (axes[1], push(kind, w, x, -jnp.asarray(k)))):
            ax.loglog(k, np.maximum(size, 1e-5), style, color=colour, label=LOOK[kind][0])
    axes[0].axhline(2 * np.cos(angle), color=INK, linewidth=0.8, linestyle="--")
    axes[0].set(ylabel="step, residual 1", ylim=(1e-4, 1e4))
    axes[1].set(ylabel="step, target −k", ylim=(1e-4, 1e7), xlabel="k, distance of the example")
    axes[0].legend(ncols=2, frameon=False)
    return made


def harm(found: Mapping[str, Mapping[str, Array]], sizes: Sequence[float]) -> BookFigure:
    """Clean test error against the size of the outliers, one row a kind of outlier; dashed: Huber's loss.

    ``found`` maps a name such as "yat" or "yat_huber" to the result of ``contamination.harm``; a run that
    diverged counts as an error of 10⁴.
    """
    kinds = tuple(next(iter(found.values())))
    made, axes = figure(len(kinds), 1, height=2.5 * len(kinds) + 0.5)
    for ax, outliers in zip(axes, kinds, strict=True):
        for name, errors in found.items():
            _curve(ax, name, np.nan_to_num(np.asarray(errors[outliers]), nan=1e4, posinf=1e4), sizes)
        ax.set(xscale="log", yscale="log", ylabel="clean test error", title=SIDES[outliers])
        ax.set_xticks([1, *sizes], ["none", *(f"{k:g}" for k in sizes)])
        ax.minorticks_off()
    axes[-1].set_xlabel("k, size of the outliers")
    axes[0].legend(ncols=3, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.15), frameon=False)
    return made


def _curve(ax: Axes, name: str, errors: np.ndarray, sizes: Sequence[float]) -> None:
    label, colour, mark = LOOK[name.removesuffix("_huber")]
    huber = name.endswith("_huber")
    low, middle, high = np.quantile(errors, [0.25, 0.5, 0.75], axis=1)
    at = [1, *sizes]
    ax.plot(
        at, middle, mark + ("--" if huber else "-"), color=colour, label=label + (", Huber" if huber else "")
    )
    ax.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)


def distances(
    found: Mapping[str, Sequence[tuple[float, float, float]]], sizes: Sequence[float]
) -> BookFigure:
    """Harm against the distance of the outliers: ``found[kind]`` holds (low, middle, high) for each size."""
    made, (ax,) = figure(height=3.4)
    for kind, rows in found.items():
        label, colour, mark = LOOK[kind]
        low, middle, high = np.transpose(rows)
        ax.plot(sizes, middle, mark + "-", color=colour, label=label)
        ax.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.axhline(1, color=INK, linewidth=0.8, linestyle="--")
    ax.set(xscale="log", yscale="log", xlabel="k, distance of the far inputs", ylabel="error / clean error")
    # Where the marks are close, one label would run into the next.
    apart = [True, *(b > 1.3 * a for a, b in pairwise(sizes))]
    ax.set_xticks(sizes, [f"{k:g}" if room else "" for k, room in zip(sizes, apart, strict=True)])
    ax.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    ax.minorticks_off()
    ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    return made


def spread(found: Mapping[tuple[str, str], Array], *, unit: str, log: bool = True) -> BookFigure:
    """Median and quartiles over seeds, one row a task, one mark a kind of unit: ``found[task, kind]``.

    Infinite values (a goal that was never reached) are drawn at the right edge as an arrow.
    """
    tasks = list(dict.fromkeys(task for task, _ in found))
    made, (ax,) = figure(height=0.75 * len(tasks) + 1.4)
    values = np.concatenate([np.asarray(v).ravel() for v in found.values()])
    edge = 2 * values[np.isfinite(values)].max()
    seen = set()
    for (task, kind), runs in found.items():
        label, colour, mark = LOOK[kind]
        row = tasks.index(task) + 0.18 * (list(LOOK).index(kind) - 1.5)
        low, middle, high = np.minimum(np.quantile(runs, [0.25, 0.5, 0.75], method="inverted_cdf"), edge)
        if label not in seen:
            ax.plot([], [], mark, color=colour, label=label)
        seen.add(label)
        ax.plot([low, high], [row, row], "-", color=colour, linewidth=3, alpha=0.4)
        ax.plot(middle, row, ">" if middle == edge else mark, color=colour)
    ax.set_yticks(range(len(tasks)), [TASKS.get(task, task) for task in tasks])
    ax.invert_yaxis()
    ax.set(xlabel=unit, xscale="log" if log else "linear")
    if not log:
        ax.set_xlim(0, 1)
    ax.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize="small", frameon=False)
    return made
