"""The still picture of one odd example and the four fits."""

import numpy as np

from nmn.experiments.guarantees.oddpoint import HEIGHTS, KINDS, NEAR, curve, moved
from nmn.figures.guarantees.outliers import LOOK
from nmn.figures.style import ACCENT, INK, BookFigure, figure

NAMES = {"linear": "straight line", "relu": "bent line (ReLU)", "rbf": "bumps (RBF)", "yat": "ⵟ"}
STYLES = {"linear": ":", "relu": "-", "rbf": "--", "yat": "-"}
# As in oddpoint.js: beyond EDGE equal steps of the axis multiply.
EDGE, SQUEEZE = 1.5, 0.45


def bend(x: np.ndarray) -> np.ndarray:
    """Where x lies on the axis."""
    return np.where(x <= EDGE, x, EDGE + SQUEEZE * np.log(np.maximum(x, EDGE) / EDGE))


def unbend(u: np.ndarray) -> np.ndarray:
    """The x at a place of the axis."""
    return np.where(u <= EDGE, u, EDGE * np.exp((np.maximum(u, EDGE) - EDGE) / SQUEEZE))


def odd_point(x: float, y: float, *, huber: bool) -> BookFigure:
    """Twenty points, the odd one at (x, y), the four fits; below, how far each was moved by the odd one."""
    made, (top, bars) = figure(2, 1, width=5.2, height=5.6, dense=True)
    end = float(bend(np.array(100.0))) + 0.15
    axis = np.linspace(-1.2, end, 400)
    top.axvspan(EDGE, end, color=INK, alpha=0.08, linewidth=0)
    top.text((EDGE + end) / 2, 2.9, "far off, squeezed", ha="center")
    for kind in KINDS:
        width = 3 if kind == "yat" else 1.8
        fitted = curve(kind, (x, y), unbend(axis), huber=huber)
        top.plot(axis, fitted, STYLES[kind], color=LOOK[kind][1], linewidth=width)
    top.plot(NEAR, HEIGHTS, "o", color=INK, markersize=5)
    top.plot(
        bend(np.array(x)), y, "o", color="white", markeredgecolor=ACCENT, markeredgewidth=2, markersize=12
    )
    ticks = np.array([-1, 0, 1, 3, 10, 30, 100])
    top.set_xticks(bend(ticks), [f"{t}".replace("-", "−") for t in ticks])
    top.set(xlim=(-1.2, end), ylim=(-1.3, 3.3), xlabel="how far out", ylabel="how high")
    for at, kind in enumerate(reversed(KINDS)):
        far = moved(kind, (x, y), huber=huber)
        bars.barh(at, min(far, 1), color=LOOK[kind][1], height=0.3)
        bars.annotate(f"{NAMES[kind]}: {far:.2f}", (0, at + 0.22), va="bottom")
    bars.set(
        xlim=(0, 1),
        ylim=(-0.4, 3.8),
        yticks=[],
        xlabel="how far it moves each fit among its friends, at most",
    )
    bars.spines["left"].set_visible(False)
    return made
