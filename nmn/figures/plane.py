"""The square of the plane that the maps show."""

import numpy as np
from matplotlib.axes import Axes


def plane(reach: float, n: int) -> np.ndarray:
    ticks = reach * ((2 * np.arange(n) + 1) / n - 1)
    return np.stack(np.meshgrid(ticks, ticks), axis=-1)


def square(ax: Axes, reach: float) -> None:
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set(xlabel="$x_1$, first coordinate", ylabel="$x_2$, second coordinate")
