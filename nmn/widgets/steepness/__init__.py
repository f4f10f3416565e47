"""The slope of ⵟ at an input against the best Lipschitz constant L, over the plane and as ε shrinks."""

import numpy as np
import traitlets

from nmn import product
from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between, Place
from nmn.widgets.steepness import still


class Steepness(Widget):
    """‖∇ₓⵟ(w, x)‖ for w = (1, 0), no bias: drag x, change ε, and see where the slope reaches L.

    `x`: the input, within ±2.5 and ±1.5; `eps`: 0.01 to 5. TraitError: anything else.
    """

    name = "steepness"
    x = Place((1.0, 0.6), limit=(2.5, 1.5)).tag(sync=True)
    eps = Between(0.3, low=0.01, high=5).tag(sync=True)
    hint = traitlets.Unicode(
        "Drag x off the line of w and along it, or move it with the arrow keys: only in the ring does the "
        "slope reach L. Then make ε small."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The slope over the plane, and both curves against ε, for the present state."""
        return still.slopes(self.x, eps=self.eps)

    def alternative(self) -> str:
        """What the picture shows."""
        here = np.linalg.norm(product.grad_x(still.W, np.array(self.x), eps=self.eps))
        return (
            f"Above, a heat map of the slope of ⵟ over the plane for w = (1, 0) and ε = {self.eps:.3g}, "
            f"largest in a ringed spot on the line of w. Below, L and the slope at x = ({self.x[0]:.2f}, "
            f"{self.x[1]:.2f}) against ε: L climbs as ε shrinks. Here the slope is {here:.3g} and L is "
            f"{product.lipschitz(still.W, eps=self.eps):.3g}."
        )
