"""The look of every figure: one palette, one ink, SVG for lines and PNG for dense fields.

No pyplot: a figure is an object that a function returns and a notebook shows.
"""

import io
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart under every common colour blindness
# (https://jfly.uni-koeln.de/color/). The accent is first: ⵟ is always drawn in it.
ACCENT = "#0072b2"
PALETTE = (ACCENT, "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
INK = "#33383d"
SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"

RC: Any = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.facecolor": "white",
    "font.size": 12,
    "savefig.transparent": True,
    "svg.hashsalt": "nmn",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


class BookFigure(Figure):
    """A figure that shows itself as SVG, or as PNG where it holds a dense field."""

    dense: bool

    def _bytes(self, kind: str, **options: Any) -> bytes:
        buffer = io.BytesIO()
        with mpl.rc_context(RC):
            # A date in the file would make every build differ from the last.
            metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
            self.savefig(buffer, format=kind, metadata=metadata, **options)
        return buffer.getvalue()

    def svg(self) -> str:
        """The figure as an SVG document."""
        return self._bytes("svg").decode()

    def png(self, *, dpi: int = 160, transparent: bool = True) -> bytes:
        """The figure as PNG bytes."""
        return self._bytes("png", dpi=dpi, transparent=transparent)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str | bytes]:
        if self.dense:
            return {"image/png": self.png()}
        return {"image/svg+xml": self.svg()}


def figure(
    rows: int = 1, columns: int = 1, *, width: float = 6.4, height: float = 3.6, dense: bool = False
) -> tuple[BookFigure, list[Axes]]:
    """An empty figure in the book's look, and its axes in reading order.

    `width` and `height` are inches of the whole figure; at 6.4 inches the text
    of the figure is still readable on a screen 390 pixels wide. `dense=True`
    shows the figure as PNG: for heat maps and clouds of points.
    """
    with mpl.rc_context(RC):
        made = BookFigure(figsize=(width, height), layout="constrained")
        made.dense = dense
        axes = made.subplots(rows, columns, squeeze=False)
    return made, list(axes.flat)
