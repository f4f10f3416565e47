"""The floor that cuts the cone: a level set of ⵟ as a section of a cone in one more dimension."""

import traitlets

from nmn.figures.style import BookFigure
from nmn.widgets.conecut import still
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between


class ConeCut(Widget):
    """ⵟ(w, x) = c for w = (2, 0), in the plane and in space: change the level c, and ε.

    `level`: c, 0.5 to 40; `eps`: 0.5 to 8. TraitError: anything else. In space the lifted inputs
    (x − w, √ε) make a floor over the apex 0, and those with ⵟ = c lie on the cone of the angle φ to
    ω = (w, ‖w‖²/√ε), cos²φ = c/‖ω‖². A ball that touches cone and floor touches the floor at a focus.
    """

    name = "conecut"
    level = Between(6.5, low=0.5, high=40).tag(sync=True)
    eps = Between(4.0, low=0.5, high=8).tag(sync=True)
    hint = traitlets.Unicode(
        "Lower the level: the cone opens, and at ‖w‖² = 4 the curve does, too. Raise it: the cone closes."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The cut from the side, and the curve in the plane."""
        return still.cone_cut(self.level, eps=self.eps)

    def alternative(self) -> str:
        """What the picture shows."""
        return (
            "Above, from the side: two lines of a cone through an apex below the floor, for level "
            f"{self.level:g} and ε = {self.eps:g}, and circles that touch both lines and the floor. Below, "
            "the curve on which ⵟ has this level, with a dot at each focus, under where the circles touch."
        )
