"""Which of several prototypes answers an example most, near and far: ⵟ against linear and RBF."""

import traitlets

from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between, Places
from nmn.widgets.territories import still


class Territories(Widget):
    """The plane coloured by the neuron that answers most: drag the neurons, change the rule, zoom out.

    `points`: two to six pairs of numbers within ±3; `rule`: "yat", "linear" or "rbf"; `reach`: half the
    width of the picture, 4 to 200; `eps`: 1e-6 to 10, for ⵟ. TraitError: anything else.
    """

    name = "territories"
    points = Places([[2.6, 0.4], [1.6, 2.1], [-0.5, 2.5], [-2.2, 1.4]], limit=3).tag(sync=True)
    rule = traitlets.Enum(["yat", "linear", "rbf"], "yat").tag(sync=True)
    reach = Between(10.0, low=4, high=200).tag(sync=True)
    eps = Between(0.5, low=1e-6, high=10).tag(sync=True)
    hint = traitlets.Unicode(
        "Drag the neurons, then zoom out. Far away ⵟ splits the plane into double cones: a neuron owns a "
        "direction and its opposite. Linear neurons own one side only, RBF neurons the nearest cell."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The coloured plane for the present state."""
        return still.territories(self.points, rule=self.rule, reach=self.reach, eps=self.eps)

    def alternative(self) -> str:
        """What the picture shows."""
        rules = {"yat": "ⵟ", "linear": "the dot product", "rbf": "nearness"}
        return (
            f"The plane out to ±{self.reach:g}, coloured by which of {len(self.points)} neurons, lettered "
            f"from A, answers each point most by {rules[self.rule]}."
        )
