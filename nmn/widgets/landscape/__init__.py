"""The ⵟ landscape of one prototype, with the gradient field that moves an example or teaches the neuron."""

import traitlets

from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between, Place
from nmn.widgets.landscape import still


class Landscape(Widget):
    """ⵟ(w, ·) over the plane: drag w, change ε, and switch between the arrows ∇ₓⵟ and ∇_wⵟ.

    `w`: two numbers within ±3; `eps`: 0.01 to 5; `arrows`: "x" or "w". TraitError: anything else.
    """

    name = "landscape"
    w = Place((1.5, 1.0), limit=(3, 3)).tag(sync=True)
    eps = Between(0.5, low=0.01, high=5).tag(sync=True)
    arrows = traitlets.Enum(["x", "w"], "x").tag(sync=True)
    hint = traitlets.Unicode(
        "Drag w, or move it with the arrow keys. Then switch the arrows. Far away, moving the example "
        "changes next to nothing, yet the example still pulls on w. A full-length arrow is 2‖w‖ or more."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """Heat map, level lines and arrows for the present state."""
        return still.landscape(self.w, eps=self.eps, arrows=self.arrows)

    def alternative(self) -> str:
        """What the picture shows."""
        return (
            f"Heat map of ⵟ(w, x) over the plane for w = ({self.w[0]:.2f}, {self.w[1]:.2f}) and "
            f"ε = {self.eps:.2f}: a peak next to w, zero on the line through the origin at a right angle "
            f"to w, and arrows for ∇_{self.arrows}."
        )
