"""One signal on a ring of 40 pixels, seen and heard as correlation length and gain change it."""

import math

import traitlets

from nmn.figures.style import BookFigure
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between, UpToInfinity
from nmn.widgets.ringsignal import still


class Signal(Widget):
    """X = erf(gZ)/√𝒵 of one and the same noise: change ξ and g, look, and listen.

    `xi`: 0.3 to 10 pixels; `gain`: 0.1 to 100, where 100 stands for ∞, which may be given too; `draw`: which
    noise, 0 to 999. TraitError: anything else.
    """

    name = "ringsignal"
    xi = Between(3.0, low=0.3, high=10).tag(sync=True)
    gain = UpToInfinity(3.0, low=0.1, high=100).tag(sync=True)
    draw = traitlets.Int(0, min=0, max=999).tag(sync=True)
    hint = traitlets.Unicode(
        "Press listen, move one slider, and listen again: you hear the ring walked round 220 times a second. "
        "A long correlation length makes long waves and a dull tone, a short one a bright tone. A large gain "
        "pushes every pixel to +1 or −1, and the tone starts to buzz."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The signal and its correlation by distance for the present state."""
        return still.ring_signal(self.draw, xi=self.xi, gain=self._true_gain())

    def alternative(self) -> str:
        """What the picture shows."""
        gain = self._true_gain()
        shown = "∞" if math.isinf(gain) else f"{gain:g}"
        return (
            f"A signal on a ring of 40 pixels for correlation length ξ = {self.xi:g} and gain g = {shown}; "
            "the Gaussian signal before the gain is a thin line, and the corners ±1 are dashed. "
            "Below, the correlation of both by distance."
        )

    def _true_gain(self) -> float:
        return math.inf if self.gain >= 100 else self.gain
