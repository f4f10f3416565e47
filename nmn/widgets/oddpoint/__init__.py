"""One odd example, far out or high, against the fits of a line, ReLU, RBF and ⵟ, with Huber's switch."""

import traitlets

from nmn.experiments.guarantees.oddpoint import KINDS, moved
from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between
from nmn.widgets.oddpoint import still


class OddPoint(Widget):
    """Twenty examples on a wavy line and one to drag; four fits whose units stand still follow it, or do not.

    `x`: how far out the odd one is, -1 to 100 (its friends are within ±1); `y`: how high, -1 to 3; `loss`:
    "squares" or "huber". TraitError: anything else. The fits are those of
    nmn.experiments.guarantees.oddpoint.
    """

    name = "oddpoint"
    x = Between(30.0, low=-1, high=100).tag(sync=True)
    y = Between(0.3, low=-1, high=3).tag(sync=True)
    loss = traitlets.Enum(["squares", "huber"], "squares").tag(sync=True)
    hint = traitlets.Unicode(
        "Drag the odd point: far off, then just outside its friends, then in among them and straight up. "
        "Then switch to Huber’s loss."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The points, the four fits and how far each was moved, for the present state."""
        return still.odd_point(self.x, self.y, huber=self.loss == "huber")

    def alternative(self) -> str:
        """What the picture shows."""
        huber = self.loss == "huber"
        shifts = [f"{still.NAMES[kind]} {moved(kind, (self.x, self.y), huber=huber):.2f}" for kind in KINDS]
        return (
            f"Twenty points on a wavy line, one odd point {self.x:.3g} out and {self.y:.3g} high, and four "
            f"curves fitted to all, by {'Huber’s loss' if huber else 'squares'}. How far the odd point moves "
            f"each among its friends, at most: {', '.join(shifts)}."
        )
