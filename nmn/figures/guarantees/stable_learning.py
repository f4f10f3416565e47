"""Figures of the chapter on stable learning: what fades, what stays, how steep, and where it is loud."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from scipy.special import cosdg, sindg

from nmn import product
from nmn.figures.style import ACCENT, INK, PALETTE, SEQUENTIAL, BookFigure, figure


def _directions(degrees: Sequence[float] | np.ndarray) -> np.ndarray:
    """Unit vectors of the plane at these angles from the first axis, shape (n, 2); exact at right angles."""
    return np.column_stack([cosdg(degrees), sindg(degrees)])


def sight(places: Sequence[float] = (0.4, 4.0), *, step: float = 0.6, eps: float = 1.0) -> BookFigure:
    """The same step taken at several places on the floor, and the angle by which the line of sight turns."""
    made, (ax,) = figure(height=2.6)
    height = np.sqrt(eps)
    ax.axhline(height, color=INK, linewidth=1)
    for colour, place in zip(PALETTE, places, strict=False):
        ends = np.array([place, place + step])
        ax.fill([0, *ends], [0, height, height], color=colour, alpha=0.25, linewidth=0)
        ax.plot(ends, [height, height], color=colour, linewidth=4, solid_capstyle="butt")
        turn = np.rad2deg(np.ptp(np.arctan(ends / height)))
        ax.annotate(f"turns {turn:.0f}°", (place, height), (0, 8), textcoords="offset points", color=colour)
    ax.plot(0, 0, "o", color=INK)
    ax.annotate("eye", (0, 0), (-26, -3), textcoords="offset points")
    ax.set(xlim=(-0.6, max(places) + 2 * step), ylim=(-0.15, 1.5 * height), aspect="equal")
    ax.set(xlabel="step from the prototype, x − w", ylabel="added height")
    return made


def two_gradients(
    rho: float = 1.0, *, eps: float = 0.1, degrees: Sequence[float] = (0, 30, 60, 85, 90)
) -> BookFigure:
    """‖∇ₓⵟ‖ and ‖∇_wⵟ‖ against ‖x‖ = k along rays at each angle from w; dashed: a linear neuron."""
    made, axes = figure(2, 1, height=6.4)
    w, k = np.array([rho, 0.0]), np.geomspace(2 * rho, 1e4 * rho, 200)
    for ax, gradient in zip(axes, (product.grad_x, product.grad_w), strict=True):
        for colour, way, angle in zip(PALETTE, _directions(degrees), degrees, strict=False):
            size = np.linalg.norm(gradient(w, k[:, None] * way, eps=eps), axis=1)
            ax.plot(
                k,
                np.where(size > 0, size, np.nan),
                color=colour,
                label=f"θ = {angle}°" + (" (zero)" if angle == 90 else ""),
            )
        ax.set(xscale="log", yscale="log", xlabel="distance of the example, ‖x‖ = k")
    axes[0].plot(k, np.full_like(k, rho), "--", color=INK, label="linear neuron")
    axes[1].plot(k, k, "--", color=INK, label="linear neuron")
    axes[0].set(ylabel="‖$\\nabla_x$ⵟ‖: a nudge of the input", ylim=(1e-9, 30))
    axes[1].set(ylabel="‖$\\nabla_w$ⵟ‖: what it teaches", ylim=(3e-2, 1e3))
    axes[0].legend(loc="lower left", ncols=2, fontsize="small")
    return made


def input_constant(
    rho: float = 1.0, *, eps: float = 0.1, distances: Sequence[float] = (5, 20, 200)
) -> BookFigure:
    """k ‖∇ₓⵟ‖ against the angle θ at several distances k, and its limit ρ²|sin 2θ|."""
    made, (ax,) = figure(height=3.4)
    w, degrees = np.array([rho, 0.0]), np.linspace(0, 180, 361)
    for colour, k in zip(PALETTE[1:], distances, strict=False):
        size = np.linalg.norm(product.grad_x(w, k * rho * _directions(degrees), eps=eps), axis=1)
        ax.plot(degrees, k * rho * size, color=colour, label=f"k = {k:g}‖w‖", linewidth=1.3)
    limit = rho**2 * np.abs(np.sin(2 * np.deg2rad(degrees)))
    ax.plot(degrees, limit, "--", color=INK, label="limit ρ²|sin 2θ|")
    ax.set(xlabel="angle θ between w and x, in degrees", ylabel="k ‖∇ₓⵟ‖", xticks=[0, 45, 90, 135, 180])
    ax.legend(loc="upper right", fontsize="small")
    return made


def steepness(rho: float = 1.0, *, eps: float = 0.5, bias: float = 0.0) -> BookFigure:
    """ⵟ, its slope and its curvature on the line through w, with the best constants ±L and ±L₁ dashed."""
    made, axes = figure(3, 1, height=6.6)
    t = np.linspace(-5, 5, 801) * np.sqrt(eps)
    s, m, D = rho * t + rho**2 + bias, rho**2 + bias, t**2 + eps
    tilt = (rho * eps - m * t) / D  # ⵟ' = 2 s tilt / D
    slope = 2 * s * tilt / D
    curve = 2 * (rho - 2 * s * t / D) ** 2 / D - 2 * s**2 / D**2
    bounds = [
        f(np.array([rho]), eps=eps, bias=bias)
        for f in (product.supremum, product.lipschitz, product.gradient_lipschitz)
    ]
    labels = ("ⵟ(w, x)", "slope", "curvature")
    for ax, values, bound, label in zip(axes, (s**2 / D, slope, curve), bounds, labels, strict=True):
        ax.plot(t, values, color=ACCENT)
        ax.axhline(float(bound), color=PALETTE[1], linestyle="--", linewidth=1.2)
        if ax is not axes[0]:
            ax.axhline(-float(bound), color=PALETTE[1], linestyle="--", linewidth=1.2)
        ax.set(ylabel=label)
    axes[-1].set(xlabel="step t from the prototype, along w")
    return made


def _beam(ax: Axes, ticks: np.ndarray, size: np.ndarray, level: float) -> None:
    ax.contour(ticks, ticks, size, levels=[level], colors="white", linewidths=1.5)


def loudness(w: Sequence[float] = (1.0, 0.5), *, eps: float = 0.5, reach: float = 12.0) -> BookFigure:
    """‖∇ₓⵟ‖ and ‖∇_wⵟ‖ over the plane of inputs, on one scale of colours; white: ‖∇_wⵟ‖ = 3‖w‖."""
    made, axes = figure(1, 2, width=7.0, height=3.6, dense=True)
    v, ticks = np.asarray(w, float), np.linspace(-reach, reach, 241)
    x = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    norm = LogNorm(1e-2, 10)
    for ax, gradient, name in zip(axes, (product.grad_x, product.grad_w), "xw", strict=True):
        size = np.linalg.norm(gradient(v, x, eps=eps), axis=-1)
        drawn = ax.pcolormesh(
            ticks, ticks, np.maximum(size, 1e-2), norm=norm, cmap=SEQUENTIAL, rasterized=True
        )
        if name == "w":
            _beam(ax, ticks, size, 3 * float(np.linalg.norm(v)))
        ax.plot(*v, "o", color=PALETTE[1], markeredgecolor="white", markersize=5)
        ax.set(aspect="equal", xlabel="$x_1$", ylabel="$x_2$", title=f"‖∇ⵟ‖ in {name}")
    made.colorbar(drawn, ax=axes, shrink=0.8, label="size of the gradient")
    return made
