"""f(w) of three pixels, exact: the 14 regions of w, and f jumping where w crosses a border."""

import traitlets

from nmn.figures.style import BookFigure
from nmn.hypercube import threepixels
from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.traits import Between, Weights
from nmn.widgets.threepixels import still


class ThreePixels(Widget):
    """The sphere of all directions of three weights, in 14 regions; beside it w and f(w) = ½ E[sgn(w·X) X].

    `w`: three numbers within ±1, not all 0, kept to three decimals, ties w·x = 0 decided on those; `c`: the
    correlation of two pixels, -1/3 to 1; `scale`: 0.1 to 1, shortens w. TraitError: anything else. On a ring
    of three pixels one even law on the corners has this correlation: P(X = x) = (1 + 3c)/8 where the three
    pixels are equal, (1 - c)/8 at the six other corners.
    """

    name = "threepixels"
    w = Weights([0.88, 0.42, -0.2]).tag(sync=True)
    c = Between(0.2, low=-1 / 3, high=1).tag(sync=True)
    scale = Between(1.0, low=0.1, high=1).tag(sync=True)
    hint = traitlets.Unicode(
        "Drag w over the sphere, or move it with the arrow keys; past the edge the sphere turns. Inside a "
        "region f stands still, whatever w does; at a border it jumps. Making w shorter does not change f."
    ).tag(sync=True)

    def still(self) -> BookFigure:
        """The sphere, and the bars of w and f(w), for the present state."""
        return still.three_pixels(self.w, c=self.c, scale=self.scale)

    def alternative(self) -> str:
        """What the picture shows."""
        given, found = (
            ", ".join(f"{v:.4g}" for v in values)
            for values in ([self.scale * v for v in self.w], threepixels.vote(self.w, c=self.c))
        )
        return (
            "A sphere cut by four circles into regions: squares where one pixel decides, striped triangles "
            f"where a majority of the three does. Beside it, for each pixel, two bars, for c = {self.c:.3g}: "
            f"w = ({given}) and f(w) = ({found})."
        )
