"""The still pictures of the widgets: what stands on the page where scripts are off."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from nmn import product
from nmn.figures.style import ACCENT, INK, PALETTE, SEQUENTIAL, BookFigure, figure

# The teacher's pupil: the arm w, its softening, and the RBF neuron beside it.
ARM, TEACHER_EPS = np.array([0.5, 0.0]), 1.0
BUMP_WIDTH, BUMP_PEAK = 2.0, 1.5
RADIOS = {
    "radio": "her radio, as you hear it",
    "linear": "her radio, as the pupil with the bad radio hears it",
    "bump": "her radio, as the near-only pupil hears it",
}


def _plane(reach: float, n: int) -> np.ndarray:
    ticks = reach * ((2 * np.arange(n) + 1) / n - 1)
    return np.stack(np.meshgrid(ticks, ticks), axis=-1)


def _square(ax: Axes, reach: float) -> None:
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set(xlabel="$x_1$, first coordinate", ylabel="$x_2$, second coordinate")


def landscape(w: Sequence[float], *, eps: float, arrows: str, reach: float = 6.0) -> BookFigure:
    """ⵟ(w, ·) as shades v/(v + ‖w‖²), its levels ‖w‖²/3, ‖w‖², 3‖w‖², and ∇ₓ or ∇_w as arrows."""
    made, (ax,) = figure(width=5.6, height=5.0, dense=True)
    v, x = np.asarray(w, float), _plane(reach, 240)
    values = np.asarray(product.yat(v, x, eps=eps))
    square = max(float(v @ v), 1e-12)
    shades = values / (values + square)
    box = (-reach, reach, -reach, reach)
    drawn = ax.imshow(shades, extent=box, origin="lower", cmap=SEQUENTIAL, vmin=0, vmax=1)
    ax.contour(x[0, :, 0], x[:, 0, 1], shades, levels=[0.25, 0.5, 0.75], colors="white", linewidths=1)
    coarse = _plane(reach, 13)
    gradient = np.asarray((product.grad_x if arrows == "x" else product.grad_w)(v, coarse, eps=eps))
    size = np.linalg.norm(gradient, axis=-1, keepdims=True)
    arrow = gradient / np.maximum(size, 1e-12) * np.minimum(1, size / (2 * np.sqrt(square)))
    tails, ways = np.moveaxis(coarse, -1, 0), np.moveaxis(arrow, -1, 0)
    ax.quiver(*tails, *ways, color="white", pivot="mid", scale=15, width=0.004)
    ax.plot(*v, "o", color=PALETTE[1], markeredgecolor="white", markersize=9)
    ax.annotate("w", (v[0], v[1]), (8, 4), textcoords="offset points", color="white", weight="bold")
    bar = made.colorbar(drawn, ax=ax, shrink=0.8, label="ⵟ(w, x)")
    bar.set_ticks([0, 0.25, 0.5, 0.75], labels=[f"{square * t / (1 - t):.2f}" for t in (0, 0.25, 0.5, 0.75)])
    _square(ax, reach)
    return made


def owners(points: np.ndarray, x: np.ndarray, *, rule: str, eps: float) -> np.ndarray:
    """Which of the points (units, 2) answers each x (..., 2) most: by ⵟ, "linear" or "rbf"."""
    if rule == "yat":
        answers = np.asarray(product.yat(points, x[..., None, :], eps=eps))
    elif rule == "linear":
        answers = x @ points.T
    elif rule == "rbf":
        answers = -np.sum((x[..., None, :] - points) ** 2, axis=-1)
    else:
        raise ValueError(f"rule must be yat, linear or rbf; got {rule!r}")
    return np.argmax(answers, axis=-1)


def _letters(ax: Axes, w: np.ndarray, rule: str, reach: float, eps: float) -> None:
    """The letter of its owner in the middle of every arc, ten degrees or more, of a circle near the rim."""
    turn = np.deg2rad(np.arange(0, 360, 2))
    rim = 0.82 * reach * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    owner = owners(w, rim, rule=rule, eps=eps)
    # Begin where an arc begins, so that none is cut in two.
    first = int(np.argmax(owner != np.roll(owner, 1)))
    order = np.roll(np.arange(len(turn)), -first)
    for arc in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1):
        if len(arc) >= 5:
            x, y = rim[arc[len(arc) // 2]]
            ax.annotate("ABCDEF"[owner[arc[0]]], (x, y), ha="center", va="center", weight="bold")


def territories(points: Sequence[Sequence[float]], *, rule: str, reach: float, eps: float) -> BookFigure:
    """The plane coloured by the prototype that answers most, prototypes lettered from A."""
    made, (ax,) = figure(width=5.2, height=5.0, dense=True)
    w = np.asarray(points, float)
    cells = owners(w, _plane(reach, 400), rule=rule, eps=eps)
    box = (-reach, reach, -reach, reach)
    colours = ListedColormap(PALETTE[: len(w)])
    ax.imshow(cells, extent=box, origin="lower", cmap=colours, vmin=-0.5, vmax=len(w) - 0.5, alpha=0.62)
    for letter, point, colour in zip("ABCDEF", w, PALETTE, strict=False):
        ax.plot(*point, "o", color="white", markeredgecolor=colour, markeredgewidth=2, markersize=14)
        ax.annotate(letter, point, ha="center", va="center", fontsize=9, weight="bold")
    _letters(ax, w, rule, reach, eps)
    _square(ax, reach)
    return made


def lesson(x: np.ndarray) -> dict[str, float]:
    """What the teacher at x (2,) does: ⵟ, ‖∇ₓⵟ‖, its part of the Lipschitz constant, and ‖∇_w‖.

    ‖∇_w‖ is that of ⵟ ("radio"), of a linear neuron and of an RBF neuron ("bump"). The RBF neuron is
    scaled to be at its loudest as loud as BUMP_PEAK, about the most that ‖∇_wⵟ‖ reaches.
    """
    apart = np.linalg.norm(x - ARM) / BUMP_WIDTH
    step = np.linalg.norm(product.grad_x(ARM, x, eps=TEACHER_EPS))
    return {
        "number": float(product.yat(ARM, x, eps=TEACHER_EPS)),
        "step": float(step),
        "part": float(step / product.lipschitz(ARM, eps=TEACHER_EPS)),
        "radio": float(np.linalg.norm(product.grad_w(ARM, x, eps=TEACHER_EPS))),
        "linear": float(np.linalg.norm(x)),
        "bump": float(BUMP_PEAK * apart * np.exp((1 - apart**2) / 2)),
    }


def teacher(place: Sequence[float]) -> BookFigure:
    """The field from above, with you, the teacher and the silent line; beside it the four bars."""
    made, (field, bars) = figure(2, 1, width=5.6, height=6.0)
    made.dense = True
    x = np.asarray(place, float)
    field.axvline(0, color=INK, linestyle=":", linewidth=1)
    field.annotate("out to the side: silent", (0, -5.6), (6, 0), textcoords="offset points")
    field.plot([0, x[0]], [0, x[1]], color="#b9c2ca", linewidth=1)
    field.plot([0, 1.6], [0, 0], color=INK, linewidth=4)
    for spot, name, colour in (((0.0, 0.0), "you", INK), ((x[0], x[1]), "teacher", ACCENT)):
        field.plot(*spot, "o", color=colour, markersize=11)
        field.annotate(name, spot, (0, -20), textcoords="offset points", ha="center", color=colour)
    field.set(xlim=(-12, 12), ylim=(-6, 6), aspect="equal", xticks=[], yticks=[])
    for spine in (*field.spines.values(), bars.spines["left"]):
        spine.set_visible(False)
    sizes = lesson(x)
    places = np.arange(len(RADIOS))[::-1]
    bars.barh(places, [min(sizes[key], 5) for key in RADIOS], color=[ACCENT, INK, INK], height=0.3)
    for at, (key, label) in zip(places, RADIOS.items(), strict=True):
        bars.annotate(f"{label}: {sizes[key]:.1f}", (0, at + 0.22), va="bottom")
    bars.annotate(f"what one step changes: {sizes['part']:.0%} of the most", (0, 3), va="bottom")
    bars.set(xlim=(0, 5), ylim=(-0.4, 3.5), yticks=[], xlabel="loudness (the bars end at 5)")
    return made
