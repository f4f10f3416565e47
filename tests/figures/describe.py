"""A figure as plain data: all that is drawn on it, in words, and in numbers as exact as an eye sees them.

Where a thing stands is told in the units of its axes. What hangs on the size of letters is left out, as are
the places of ticks that Matplotlib chooses: both differ between machines.
"""

from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.transforms import Transform

from nmn.figures.style import BookFigure
from tests.figures.artists import artists, look
from tests.figures.axis import axis
from tests.figures.telling import Told, colour, words


def describe(made: BookFigure) -> Told:
    """Everything on a figure, its axes in reading order."""
    return {
        "size": [float(inches) for inches in made.get_size_inches()],
        "shown": f"as {'png' if made.dense else 'svg'} on {colour(made.get_facecolor())}",
        "axes": [_axes(ax) for ax in made.axes if ax.get_label() != "<colorbar>"],
        "legends": [_legend(legend, made.transFigure) for legend in made.legends],
    }


def _axes(ax: Axes) -> Told:
    spec = ax.get_subplotspec()
    grid = spec.get_gridspec()
    titles = {side: ax.get_title(loc=side) for side in ("left", "center", "right")}
    framed, legend = ax.axison and ax.get_frame_on(), ax.get_legend()
    return {
        "cell": f"{spec.num1 + 1} of {grid.nrows} × {grid.ncols}",
        **{f"title, {side}": title for side, title in titles.items() if title},
        "frame": " ".join(name for name, spine in ax.spines.items() if spine.get_visible() and framed),
        **({} if ax.get_aspect() == "auto" else {"aspect": ax.get_aspect()}),
        "x": axis(ax.xaxis),
        "y": axis(ax.yaxis),
        "drawn": artists(ax),
        **({"legend": _legend(legend, ax.transAxes)} if legend else {}),
    }


def _legend(legend: Legend, inside: Transform) -> Told:
    x, y = inside.inverted().transform(legend.get_bbox_to_anchor().get_points())[0]
    place = next(name for name, code in Legend.codes.items() if code == legend._loc)
    text, *_ = told = legend.get_texts()
    frame = "framed" if legend.get_frame_on() else "no frame"
    return {
        "place": f"{'outside ' if legend._outside_loc else ''}{place} of {x:g}, {y:g}",
        "look": words(frame, columns=legend._ncols, size=text.get_fontsize()),
        "entries": {
            text.get_text(): look(handle) for text, handle in zip(told, legend.legend_handles, strict=True)
        },
    }
