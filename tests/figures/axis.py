"""One axis of a figure as plain data: its words, its scale, its ends, its ticks."""

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator

from tests.figures.near import Near, along
from tests.figures.telling import Told

# What an axis has unless it is asked for another.
USUAL = {
    "linear": ("AutoLocator", "ScalarFormatter", "NullLocator"),
    "log": ("LogLocator", "LogFormatterSciNotation", "LogLocator"),
}


def axis(shown: Axis) -> Told:
    """Of ticks that Matplotlib chooses, which differ between machines, how it does so, if it is unusual."""
    ticks, labels, small = shown.get_major_locator(), shown.get_major_formatter(), shown.get_minor_locator()
    names = tuple(type(one).__name__ for one in (ticks, labels, small))
    told: Told = {"label": shown.get_label_text()} if shown.get_label_text() else {}
    told |= {"scale": shown.get_scale(), "limits": along(shown, shown.get_view_interval())}
    if told["scale"] not in USUAL:
        told["quarters"] = _quarters(shown)
    if names != USUAL.get(told["scale"]):
        told["ticks"], told["words"], told["small ticks"] = names
    if isinstance(ticks, FixedLocator):
        told |= {"ticks": along(shown, ticks.locs), "words": labels.format_ticks(ticks.locs)}
    length = shown.get_tick_params().get("length")
    return told | ({} if length is None else {"length of ticks": length})


def _quarters(shown: Axis) -> list[Near]:
    """What stands a quarter, half and three quarters along: it tells scales apart."""
    scale = shown.get_transform()
    low, high = scale.transform(shown.get_view_interval())
    return along(shown, scale.inverted().transform(np.linspace(low, high, 5)[1:-1]))
