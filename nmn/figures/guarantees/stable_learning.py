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


def turn(distance: float, step: float) -> float:
    """The angle, in degrees, by which a step sideways at this distance turns the line of sight."""
    return float(np.rad2deg(np.arctan(step / distance)))


def sight(distances: Sequence[float] = (2.0, 8.0), *, step: float = 0.6, degrees: float = 35.0) -> BookFigure:
    """Above: steps of the input sideways, and how they turn the eye. Below: a step of w, and its shadows."""
    made, (above, below) = figure(2, 1, height=5.2)
    for colour, k in zip(PALETTE[1:], distances, strict=False):
        above.fill([0, k, k], [0, 0, step], color=colour, alpha=0.25, linewidth=0)
        above.plot([k, k], [0, step], color=colour, linewidth=4, solid_capstyle="butt")
        said = f"turns {turn(k, step):.0f}°"
        above.annotate(said, (k, step), (0, 8), textcoords="offset points", ha="center", color=colour)
    above.plot(0, 0, "o", color=INK)
    above.annotate("w", (0, 0), (-4, 9), textcoords="offset points")
    above.set(title="the example steps sideways", xlabel="distance of the example, k", ylabel="step")
    above.set(xlim=(-0.6, max(distances) + 1.2), ylim=(-0.4, 3 * step), aspect="equal")
    _shadows(below, np.array([1.0, 0.0]), step * np.array([0.6, 0.8]), degrees)
    return made


def _shadows(ax: Axes, w: np.ndarray, step: np.ndarray, degrees: float) -> None:
    """w before and after a step: the lines of sight, all along u, and the shadow of each w on them."""
    (u,) = _directions([degrees])
    reach = 2.6 * u
    ax.plot([0, reach[0]], [0, reach[1]], color=INK, linewidth=0.8)
    names, after = ("w", "w, moved"), w + step
    for colour, name, place, width in zip(PALETTE[1:], names, (w, after), (7, 3), strict=False):
        foot = (place @ u) * u
        ax.plot([0, foot[0]], [0, foot[1]], color=colour, linewidth=width, solid_capstyle="butt")
        ax.plot([place[0], foot[0]], [place[1], foot[1]], ":", color=colour)
        ax.annotate("", place, (0, 0), arrowprops={"arrowstyle": "->", "color": colour})
        ax.annotate("", place + 1.1 * u, place, arrowprops={"arrowstyle": "->", "color": INK, "ls": "--"})
        ax.annotate(name, place, (4, -14), textcoords="offset points", color=colour)
    ax.annotate("u", reach, (4, 0), textcoords="offset points")
    ax.set(title="the neuron takes a step", aspect="equal", xticks=[], yticks=[])
    ax.set(xlim=(-0.2, 3.2), ylim=(-0.3, 1.8))


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
