"""The still picture of the teacher in the field, and what she does at each place."""

from collections.abc import Sequence

import numpy as np

from nmn import product
from nmn.figures.style import ACCENT, INK, BookFigure, figure

# The teacher's pupil: the arm w, its softening, and the RBF neuron beside it.
ARM, TEACHER_EPS = np.array([0.5, 0.0]), 1.0
BUMP_WIDTH, BUMP_PEAK = 2.0, 1.5
RADIOS = {
    "radio": "her radio, as you hear it",
    "linear": "her radio, as the pupil with the bad radio hears it",
    "bump": "her radio, as the near-only pupil hears it",
}


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
