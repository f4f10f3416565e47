"""The teacher in the field, for a child: what a step of hers changes, and how loud she teaches."""

import traitlets

from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Place
from nmn.widgets.teacher import still


class Teacher(Widget):
    """You point along a field, a teacher walks about in it: drag her near, far and out to the side.

    `teacher`: her place, within ±12 and ±6. TraitError: anything else. The neuron is w = (0.5, 0) with
    ε = 1 > ‖w‖²/4: then ∇_wⵟ is zero only at right angles to w, and nowhere beside the neuron.
    """

    name = "teacher"
    teacher = Place((8.1, 2.7), limit=(12, 6)).tag(sync=True)
    hint = traitlets.Unicode(
        "Drag the teacher, or move her with the arrow keys. "
        "Walk her far away, behind you, and right out to the side."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The field and the four bars for the present state."""
        return still.teacher(self.teacher)

    def alternative(self) -> str:
        """What the picture shows."""
        return (
            "A field seen from above: you in the middle pointing right, a teacher, and the line where she is "
            "silent. Below it four bars: what one step of hers changes, and the loudness of her radio for "
            "you, for a pupil with a bad radio and for a pupil who hears near teachers only."
        )
