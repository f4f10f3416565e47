"""Figures of the chapter on the ⵟ-product: the plane around one prototype, levels, rays, rounding."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm, TwoSlopeNorm
from matplotlib.lines import Line2D

from nmn import product
from nmn.experiments.product.cancellation import U32, Errors
from nmn.figures.style import ACCENT, DIVERGING, INK, PALETTE, SEQUENTIAL, BookFigure, figure

Field = Callable[[np.ndarray], np.ndarray]
ELLIPSE, HYPERBOLA, PARABOLA = ACCENT, PALETTE[1], PALETTE[2]


def _plane(reach: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The ticks of a square grid around the origin, and its points, shape (n, n, 2)."""
    ticks = np.linspace(-reach, reach, n)
    return ticks, np.stack(np.meshgrid(ticks, ticks), axis=-1)


def _fields(w: np.ndarray, eps: float) -> list[tuple[str, Field]]:
    """Four ways to score an input against a prototype: direction, nearness, or both."""

    def cosine(x: np.ndarray) -> np.ndarray:
        return (x @ w) ** 2 / (np.sum(x * x, -1) * (w @ w))

    return [
        ("dot product w·x", lambda x: x @ w),
        ("cos² of the angle", cosine),
        ("nearness 1/(‖w−x‖²+ε)", lambda x: 1 / (np.sum((x - w) ** 2, -1) + eps)),
        ("ⵟ(w, x)", lambda x: np.asarray(product.yat(w, x, eps=eps))),
    ]


def scores(w: Sequence[float], *, eps: float = 1.0, reach: float = 5.0) -> BookFigure:
    """The plane coloured by four scores against the same prototype w (shape (2,))."""
    made, axes = figure(2, 2, width=6.4, height=5.8, dense=True)
    v = np.asarray(w, float)
    # An even number: at the origin no angle is defined.
    ticks, x = _plane(reach, 200)
    for ax, (name, field) in zip(axes, _fields(v, eps), strict=True):
        values = field(x)
        signed = ax is axes[0]
        top = float(np.abs(values).max())
        norm: Normalize = TwoSlopeNorm(0, -top, top) if signed else PowerNorm(0.5, 0, top)
        drawn = ax.pcolormesh(
            ticks, ticks, values, cmap=DIVERGING if signed else SEQUENTIAL, norm=norm, rasterized=True
        )
        made.colorbar(drawn, shrink=0.85)
        ax.plot(*v, "o", color=PALETTE[1], markeredgecolor="white")
        ax.set(title=name, aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return made


def yard(w: Sequence[float] = (1.8, 1.2), *, eps: float = 1.2, reach: float = 7.0) -> BookFigure:
    """The plane as a yard seen from above, with no symbol: the brighter, the larger ⵟ(w, ·)."""
    made, (ax,) = figure(width=5.4, height=5.2, dense=True)
    v = np.asarray(w, float)
    ticks, x = _plane(reach, 301)
    values = np.asarray(product.yat(v, x, eps=eps))
    ax.pcolormesh(ticks, ticks, values, cmap=SEQUENTIAL, norm=PowerNorm(0.35), rasterized=True)
    ax.axline((0, 0), (-v[1], v[0]), color="white", linewidth=2)
    ax.plot(*v, "o", color=PALETTE[1], markeredgecolor="white", markersize=11)
    ax.plot(*(v * (1 + eps / (v @ v))), "*", color=INK, markersize=10)
    for place, words in (
        ((2.0, 0.2), "friend"),
        ((-5.0, 3.4), "chalk line"),
        ((-4.5, -4), "points here too"),
    ):
        ax.annotate(words, place, color="white", weight="bold", ha="center" if place[0] < 0 else "left")
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
    return made


def _landmarks(ax: Axes, v: np.ndarray, eps: float, bias: float, reach: float) -> None:
    """The prototype, the peak and the line where ⵟ is zero."""
    rho2 = v @ v
    normal, along = v / np.sqrt(rho2), np.array([-v[1], v[0]]) / np.sqrt(rho2)
    ends = np.array([-3 * reach, 3 * reach])[:, None] * along - bias / np.sqrt(rho2) * normal
    ax.plot(*ends.T, "--", color=INK, linewidth=1.2)
    ax.plot(*v, "o", color=INK)
    ax.plot(*(v * (1 + eps / (rho2 + bias))), "*", color=INK, markersize=11)


def level_sets(
    w: Sequence[float],
    *,
    eps: float = 1.0,
    bias: float = 0.0,
    levels: Sequence[float] = (0.2, 0.5, 0.8, 1.0, 1.5, 3.0, 6.0),
    reach: float = 6.0,
) -> BookFigure:
    """Level sets of ⵟ_b(w, ·) in the plane, w of shape (2,), at multiples of ‖w‖², coloured by their kind."""
    made, (ax,) = figure(width=6.0, height=5.2)
    v = np.asarray(w, float)
    ticks, x = _plane(reach, 601)
    values = np.asarray(product.yat(v, x, eps=eps, bias=bias))
    colours = [HYPERBOLA if c < 1 else ELLIPSE if c > 1 else PARABOLA for c in levels]
    ax.contour(ticks, ticks, values, levels=[c * (v @ v) for c in levels], colors=colours)
    _landmarks(ax, v, eps, bias, reach)
    entries = [
        Line2D([], [], color=HYPERBOLA, label="below ‖w‖²: hyperbolas"),
        Line2D([], [], color=PARABOLA, label="at ‖w‖²: a parabola"),
        Line2D([], [], color=ELLIPSE, label="above ‖w‖²: ellipses"),
        Line2D([], [], color=INK, linestyle="--", linewidth=1.2, label="ⵟ = 0: the line H"),
        Line2D([], [], color=INK, marker="o", linestyle="", label="the prototype w"),
        Line2D([], [], color=INK, marker="*", markersize=11, linestyle="", label="the peak x*"),
    ]
    made.legend(handles=entries, loc="outside lower center", ncols=2, frameon=False)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return made


def lift(
    rho: float = 1.0, *, eps: float = 0.8, bias: float = 0.0, inputs: Sequence[float] = (-2.2, 1.4)
) -> BookFigure:
    """The lift for d = 1: inputs (x − w) on a floor at height √ε; their angle to the arrow ω gives ⵟ."""
    made, (ax,) = figure(width=6.4, height=2.5)
    height, tip = np.sqrt(eps), np.array([rho, (rho**2 + bias) / np.sqrt(eps)])
    ax.axhline(height, color=INK, linewidth=1)
    ax.annotate("floor: all inputs, at height √ε", (-3.4, height), (0, 5), textcoords="offset points")
    for t in inputs:
        ax.plot([0, t], [0, height], color=PALETTE[1], linewidth=1.2)
        ax.plot(t, height, "o", color=PALETTE[1])
        ax.annotate("z", (t, height), (5, -14), textcoords="offset points", color=PALETTE[1])
    scale = 1.75 * height / tip[1]
    ax.plot(*np.stack([(0, 0), tip * scale]).T, color=ACCENT, linewidth=1, linestyle=":")
    ax.annotate(
        "", (tip[0], tip[1]), (0, 0), arrowprops={"arrowstyle": "-|>", "color": ACCENT, "linewidth": 2}
    )
    ax.annotate("ω", (tip[0], tip[1]), (7, -4), textcoords="offset points", color=ACCENT)
    peak = tip * height / tip[1]
    ax.plot(*peak, "*", color=ACCENT, markersize=12)
    ax.plot(0, height, "o", color=INK)
    ax.annotate("x = w", (0, height), (-40, -14), textcoords="offset points")
    ax.set(xlim=(-3.5, 3.5), ylim=(-0.1, 1.9 * height), aspect="equal")
    ax.set(xlabel="step from the prototype, x − w", ylabel="added height")
    return made


def rays(*, eps: float = 0.1, angles: Sequence[float] = (0, 45, 70, 90, 180)) -> BookFigure:
    """ⵟ(w, k u)/‖w‖² along rays at each angle (degrees) from w; dashed: the far field cos²θ.

    Distances are in units of ‖w‖ and ε in units of ‖w‖²: then the curves are the same for every w.
    """
    made, (ax,) = figure(height=3.8)
    k = np.geomspace(0.05, 200, 400)
    w = np.array([1.0, 0.0])
    for colour, degrees in zip(PALETTE, angles, strict=False):
        u = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
        values = np.asarray(product.yat(w, k[:, None] * u, eps=eps))
        ax.plot(k, values, color=colour, label=f"θ = {degrees}°", linestyle=":" if degrees == 180 else "-")
        ax.axhline(u[0] ** 2, color=colour, linestyle="--", linewidth=0.8)
    ax.set_yscale("function", functions=(np.sqrt, np.square))
    ax.set(xscale="log", xlabel="distance from the origin, k/‖w‖", ylabel="ⵟ(w, k u)/‖w‖²")
    ax.set(yticks=[0, 0.1, 0.5, 1, 3, 10], ylim=(0, 11.5))
    ax.legend(frameon=False)
    return made


def cancellation(errors: Errors, *, squares: float) -> BookFigure:
    """Relative error of ⵟ against the distance x to w, both formulas; `squares` is ‖x‖² + ‖w‖²."""
    made, (ax,) = figure(height=4.0)
    for values, colour, name in (
        (errors.expanded, PALETTE[1], "expanded distance"),
        (errors.ours, ACCENT, "nmn.product.pairwise"),
    ):
        floor = np.maximum(values, 1e-9)
        ax.plot(errors.distance, np.median(floor, axis=1), "o-", color=colour, markersize=4, label=name)
        ax.fill_between(errors.distance, floor.min(axis=1), floor.max(axis=1), color=colour, alpha=0.2)
    bound = U32 * squares / errors.distance**2
    ax.plot(errors.distance, bound, "--", color=INK, linewidth=1.2, label="u (‖x‖²+‖w‖²)/‖x−w‖²")
    ax.set(xscale="log", yscale="log", ylim=(1e-9, 1e3))
    ax.set(xlabel="distance from input to prototype, ‖x − w‖", ylabel="relative error of ⵟ (1 is 100 %)")
    ax.legend(loc="upper right", frameon=False)
    return made
