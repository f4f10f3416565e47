"""What a direction for two pixels is worth, from Gaussian pixels over signs to pixels that are often zero."""

import math

import traitlets

from nmn.figures.style import BookFigure
from nmn.hypercube.laws import Erf, Marginal, Ternary
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between
from nmn.widgets.worth import still


class Worth(Widget):
    """ρ(d) = (E|d·X|)² for d = (cos, sin) and two independent pixels: turn d, and change their law.

    `angle`: the direction d, whole degrees from 0 to 359; `shout`: the law of a pixel, -1 to 0.8. At -1 it is
    Gaussian; up to 0 it is erf(gZ)/√𝒵 of gain g = (1 + shout)/(-shout √2), so at 0 a sign; above 0 a sign
    that is 0 with the probability `shout` (all of variance 1). TraitError: anything else.
    """

    name = "worth"
    angle = traitlets.Int(30, min=0, max=359).tag(sync=True)
    shout = Between(0.0, low=-1, high=0.8).tag(sync=True)
    hint = traitlets.Unicode(
        "Turn the arrow until all bars are of one height. Then change how they shout. "
        "To the left, kid 1 counts the wrong way round; below, kid 2 does."
    ).tag(sync=True)

    def marginal(self) -> Marginal:
        """The law of one pixel."""
        if self.shout > 0:
            return Ternary(1 - self.shout)
        # As good as Gaussian to all digits, and the sign.
        gain = (1 + self.shout) / (-self.shout * math.sqrt(2)) if self.shout else math.inf
        return Erf(max(gain, 1e-9))

    def still(self) -> BookFigure:
        """The worth of all directions, with the present one."""
        return still.worth(self.angle, self.marginal())

    def alternative(self) -> str:
        """What the picture shows."""
        return (
            "A curve around the middle: how steady each mix of two kids is. The arrow stands at "
            f"{self.angle}° from kid 1. No curve can go beyond the ring, and dots show where it goes out "
            "furthest."
        )
