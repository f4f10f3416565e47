"""The still picture of the teacher in the field."""

from collections.abc import Sequence

import numpy as np

from nmn.experiments.guarantees.lesson import lesson
from nmn.figures.style import ACCENT, INK, BookFigure, figure

RADIOS = {
    "radio": ("her radio, as you hear it", ACCENT),
    "linear": ("her radio, as the pupil with the bad radio hears it", INK),
    "bump": ("her radio, as the near-only pupil hears it", INK),
}


def teacher(place: Sequence[float]) -> BookFigure:
    """The field from above, with you, the teacher and the silent line; beside it the four bars."""
    made, (field, bars) = figure(2, 1, width=5.6, height=6.0, dense=True)
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
    for at, (key, (label, colour)) in enumerate(reversed(RADIOS.items())):
        bars.barh(at, min(sizes[key], 5), color=colour, height=0.3)
        bars.annotate(f"{label}: {sizes[key]:.1f}", (0, at + 0.22), va="bottom")
    bars.annotate(f"what one step changes: {sizes['part']:.0%} of the most", (0, 3), va="bottom")
    bars.set(xlim=(0, 5), ylim=(-0.4, 3.5), yticks=[], xlabel="loudness (the bars end at 5)")
    return made
