"""A description tells what is seen, each kind of it; what no eye sees is the same."""

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D

from nmn.figures.style import BookFigure, figure
from tests.figures.describe import describe
from tests.figures.near import Near, along, differences, even

X = np.linspace(0, 1, 30)
FIELD = 1 + np.add.outer(X, X**2)


def drawn(at: str = "", tiny: float = 0.0, **other: Any) -> BookFigure:
    """A figure with everything on it; what is drawn `at` this place has `other` arguments."""

    def also(name: str, **usual: Any) -> dict[str, Any]:
        return usual | (other if name == at else {})

    made, (ax, below) = figure(2, 1, **also("figure", height=3.0))
    (line,) = ax.plot(X, X**2 + tiny, **also("line", label="a line"))
    ax.axhline(**also("across", y=0.3))
    ax.axline((0, 0), **also("slanted", xy2=(1, 1)))
    ax.bar(**also("bars", x=[0.2, 0.4], height=0.5, width=0.1))
    ax.fill([0, 1, 1], [0, 0, 1], **also("area"))
    ax.fill_between(X, X - 1, **also("band", y2=X))
    ax.text(**also("text", x=0.5, y=0.5, s="here"))
    ax.annotate(**also("note", text="there", xy=(0.1, 0.1), arrowprops={"arrowstyle": "->"}))
    ax.set(**also("axes", xlabel="x", xlim=(-0.1, 1.1), ylim=(-1.0, 2.0)))
    legend = {"handles": [line, Line2D([], [], label="another")], "loc": "upper left"}
    ax.legend(**also("legend", **legend))
    made.legend(**also("outer legend", **legend))
    field = also("mesh", C=FIELD + tiny, cmap="viridis")
    mesh = below.pcolormesh(X, X, field.pop("C"), **field)
    below.imshow(**also("image", X=np.multiply.outer(FIELD, [0.3, 0.2, 0.1]) + tiny, extent=(2, 3, 0, 1)))
    below.contour(X, X, FIELD, **also("contours", levels=[1.5, 2.0]))
    below.quiver(X, X, X, X, **also("arrows", color="black"))
    made.colorbar(mesh, **also("bar", label="much"))
    below.set(**also("lower axes", title="below", xlim=(0, 3)))
    return made


def test_the_same_figure_and_one_that_looks_the_same_have_no_differences():
    assert not list(differences(plain(describe(drawn())), describe(drawn(tiny=1e-7))))


CHANGES: list[tuple[str, str, Any]] = [
    ("figure", "height", 3.5), ("figure", "dense", True), ("line", "label", "the line"),
    ("line", "color", "red"), ("line", "linestyle", "--"), ("line", "marker", "o"),
    ("line", "linewidth", 3), ("line", "alpha", 0.5), ("line", "zorder", 7), ("across", "y", 0.35),
    ("across", "xmax", 0.5), ("slanted", "xy2", (1, 2)), ("bars", "x", [0.2, 0.41]), ("bars", "height", 0.6),
    ("bars", "width", 0.11), ("bars", "bottom", -0.1), ("bars", "color", "red"),
    ("bars", "edgecolor", "red"), ("area", "color", "red"), ("band", "color", "red"),
    ("band", "alpha", 0.3), ("band", "y2", 0.1), ("text", "s", "nowhere"), ("text", "x", 0.51),
    ("text", "ha", "right"), ("text", "va", "top"), ("text", "fontsize", 11), ("text", "weight", "bold"),
    ("text", "color", "red"), ("note", "xy", (0.1, 0.2)), ("note", "xytext", (3, 3)),
    ("note", "arrowprops", None), ("axes", "xlabel", "y"), ("axes", "ylabel", "y"),
    ("axes", "xscale", "symlog"), ("axes", "ylim", (-1.0, 2.1)), ("axes", "xticks", [0, 1]),
    ("axes", "xticklabels", []), ("axes", "aspect", "equal"), ("axes", "title", "above"),
    ("axes", "frame_on", False), ("axes", "yscale", "log"), ("legend", "ncols", 2),
    ("legend", "loc", "center"), ("legend", "frameon", False), ("legend", "bbox_to_anchor", (1, 1)),
    ("legend", "labels", ["one", "two"]),
    ("legend", "handles", [Line2D([], [], color="red", label="a line")]), ("legend", "fontsize", 7),
    ("outer legend", "loc", "outside upper left"), ("mesh", "C", FIELD**2), ("mesh", "C", FIELD.T),
    ("mesh", "cmap", "gray"), ("mesh", "vmax", 4), ("mesh", "norm", LogNorm()),
    ("mesh", "rasterized", True), ("image", "extent", (2, 3, 0, 2)), ("image", "origin", "lower"),
    ("image", "interpolation", "nearest"), ("contours", "levels", [1.5, 2.1]),
    ("contours", "colors", "red"), ("contours", "linewidths", 3), ("arrows", "color", "red"),
    ("arrows", "scale", 3), ("arrows", "pivot", "mid"), ("bar", "label", "more"), ("bar", "shrink", 0.5),
    ("bar", "ticks", [1, 2]), ("lower axes", "title", "under"),
]  # fmt: skip


def plain(told: Any) -> Any:
    """As it is kept: its numbers rounded."""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items()}
    if isinstance(told, list):
        return [plain(value) for value in told]
    return told.rounded() if isinstance(told, Near) else told


@pytest.fixture(scope="module")
def kept() -> Any:
    return plain(describe(drawn()))


@pytest.mark.parametrize(("at", "name", "value"), CHANGES)
def test_another_look_or_place_is_told(kept: Any, at: str, name: str, value: Any):
    changed = describe(drawn(at, **{name: value}))
    assert list(differences(kept, changed))


def test_what_is_not_known_is_not_passed_over():
    made, (ax,) = figure()
    ax.scatter([0], [0])
    with pytest.raises(TypeError, match="nothing is known"):
        describe(made)


def test_a_difference_says_where_it_is():
    kept = {"axes": [{"x": [1.0, 2.0], "look": "red"}], "size": 3}
    drawn = {"axes": [{"x": [Near(1.0, 0.1), Near(2.5, 0.1)], "look": "blue"}], "more": [1]}
    assert list(differences(kept, drawn)) == [
        "axes 1, x 2: kept 2.0, drawn 2.5",
        "axes 1, look: kept red, drawn blue",
        "size: kept 3, drawn nothing",
        "more: kept nothing, drawn [1]",
    ]
    assert list(differences([1, 2], [1]))


def test_near_is_what_an_eye_cannot_tell_on_the_scale_of_the_axis():
    _, (ax,) = figure()
    ax.set(xscale="log", xlim=(1e-3, 1e3), ylim=(0, 10))
    small, large = along(ax.xaxis, [0.01, 100.0])
    assert small.seems(0.010005) and not small.seems(0.0101) and large.seems(100.05) and not large.seems(101)
    assert along(ax.yaxis, [3.0])[0].seems(3.0005) and not along(ax.yaxis, [3.0])[0].seems(3.002)
    (gone, never) = even([np.nan, np.inf])
    assert gone.seems(np.nan) and never.seems(np.inf) and not gone.seems(0) and not never.seems(-np.inf)
    assert Near(3.14159, 0.01).rounded() == 3.142 and str(Near(-1e-9, 0.01).rounded()) == "0.0"
