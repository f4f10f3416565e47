"""The still picture of a receptive field learning: strips of time by pixel, and the fields at one time."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from nmn.figures.style import ACCENT, DIVERGING, BookFigure, figure


def learning(
    times: Float[np.ndarray, " frames"], runs: dict[str, Float[np.ndarray, "frames n"]], *, frame: int
) -> BookFigure:
    """A strip a run, one column a frame, below them w over the pixels at ``frame``."""
    made, axes = figure(len(runs) + 1, 1, width=6.4, height=1.9 * (len(runs) + 1), dense=True)
    for k, (name, w) in enumerate(runs.items()):
        _strip(axes[k], times, w, frame)
        axes[k].set_title(name, loc="left")
        axes[-1].plot(w[frame], "o-", color=(ACCENT, "0.45")[k], markersize=3, label=name)
    axes[-2].set_xlabel("time t, a column a frame")
    axes[-1].axhline(0, color="0.8", linewidth=1, zorder=0)
    axes[-1].set(xlabel="pixel i", ylabel=f"wᵢ at t = {times[frame]:.4g}")
    axes[-1].legend()
    return made


def _strip(ax: Axes, times: np.ndarray, w: np.ndarray, frame: int) -> None:
    top = np.abs(w).max()
    ax.imshow(
        w.T, cmap=DIVERGING, vmin=-top, vmax=top, aspect="auto", origin="lower", interpolation="nearest"
    )
    ax.axvline(frame, color="0.2", linewidth=1.2)
    seen = [t for t in (0, 1, 10, 100, 1000) if t <= times[-1]]
    ax.set_xticks(np.interp(seen, times, np.arange(len(times))), map(str, seen))
    ax.set_ylabel("pixel i")
