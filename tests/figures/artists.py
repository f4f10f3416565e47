"""One thing drawn on axes as plain data: what it is, how it looks, and where it is."""

from collections.abc import Sequence
from functools import singledispatch
from itertools import groupby
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection, QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Transform

from tests.figures.axis import axis
from tests.figures.near import Near, along, even
from tests.figures.telling import Told, colour, colours, words

SAMPLES, BLOCKS = 9, 4


def artists(ax: Axes) -> list[Told]:
    """All that is drawn on the axes, in order; rectangles that look alike, one after the other, as one."""
    groups = groupby(ax._children, lambda artist: look(artist) if isinstance(artist, Rectangle) else artist)
    return [_told(list(group), ax) for _, group in groups]


def _told(group: Sequence[Artist], ax: Axes) -> Told:
    first, label = group[0], str(group[0].get_label())
    place = _boxes(group, ax) if isinstance(first, Rectangle) else where(first, ax)
    name = {"label": label} if label and not label.startswith("_") else {}
    return {type(first).__name__: look(first), **name, **place}


def look(artist: Artist) -> str:
    """How it looks, in words."""
    above = artist.get_zorder() - type(artist).zorder
    more = words("rasterized" * bool(artist.get_rasterized()), alpha=artist.get_alpha(), above=above or None)
    return ", ".join(filter(None, [style(artist), more]))


@singledispatch
def style(artist: Artist) -> str:
    """What its look has beside that which all artists have."""
    raise TypeError(f"nothing is known of the look of {artist}")


@style.register
def _(line: Line2D) -> str:
    dashes, marker = line.get_linestyle(), line.get_marker()
    found = [colour(line.get_color())]
    if dashes != "None":
        found += [dashes, words(width=line.get_linewidth())]
    if marker != "None":
        found.append(words(marker=marker, size=line.get_markersize(), rim=colour(line.get_markeredgecolor()),
                           thick=line.get_markeredgewidth()))  # fmt: skip
    return ", ".join(found)


@style.register
def _(patch: Patch) -> str:
    return words(
        colour(patch.get_facecolor()), rim=colour(patch.get_edgecolor()), width=patch.get_linewidth()
    )


@style.register
def _(text: Text) -> str:
    align = f"{text.get_ha()} {text.get_va()}"
    return words(colour(text.get_color()), align, size=text.get_fontsize(), weight=text.get_weight())


@style.register
def _(fill: FillBetweenPolyCollection) -> str:
    return words(colours(fill.get_facecolor()), width=float(fill.get_linewidth()[0]))


@style.register
def _(contours: QuadContourSet) -> str:
    return words(colours(contours.get_edgecolor()), width=float(contours.get_linewidths()[0]))


@style.register
def _(arrows: Quiver) -> str:
    return words(colours(arrows.get_facecolor()), pivot=arrows.pivot, scale=arrows.scale, width=arrows.width)


@style.register
def _(image: AxesImage) -> str:
    return words(image.get_interpolation(), origin=image.origin)


@style.register
def _(mesh: QuadMesh) -> str:
    return ""


@singledispatch
def where(artist: Artist, ax: Axes) -> Told:
    """Where it is, and what it holds."""
    raise TypeError(f"nothing is known of the place of {artist}")


@where.register
def _(line: Line2D, ax: Axes) -> Told:
    return _points(line.get_xydata(), ax, line.get_transform())


@where.register
def _(line: AxLine, ax: Axes) -> Told:
    return _points([line.get_xy1(), line.get_xy2()], ax, ax.transData)


@where.register
def _(patch: Polygon, ax: Axes) -> Told:
    return _points(patch.get_xy(), ax, patch.get_data_transform())


def _boxes(patches: Sequence[Patch], ax: Axes) -> Told:
    ends = np.array([patch.get_bbox().get_points() for patch in patches])
    return _box(ends, ax, patches[0].get_data_transform())


@where.register
def _(text: Text, ax: Axes) -> Told:
    return {"words": text.get_text(), **_points(text.get_position(), ax, text.get_transform())}


@where.register
def _(note: Annotation, ax: Axes) -> Told:
    shift = " ".join(f"{v:g}" for v in note.get_position())
    told = {"words": note.get_text(), **_points(note.xy, ax, ax.transData)}
    told |= (
        {} if note.anncoords == "data" and note.xyann == note.xy else {"beside": f"{shift} {note.anncoords}"}
    )
    return told | ({"arrow": look(note.arrow_patch)} if note.arrow_patch else {})


@where.register
def _(fill: FillBetweenPolyCollection, ax: Axes) -> Told:
    return _points(fill.get_paths()[0].vertices, ax, ax.transData)


@where.register
def _(contours: QuadContourSet, ax: Axes) -> Told:
    paths = [path for path in contours.get_paths() if len(path.vertices)]
    ends = np.array([path.get_extents().get_points() for path in paths]).reshape(-1, 2, 2)
    # How fine they are; a place where the last bit decides whether a level passes it does not matter.
    count = sum(len(path.vertices) for path in paths)
    return {
        "levels": [even(level, abs(level)) for level in contours.levels],
        "vertices": Near(count, count / 1000),
        **_box(ends, ax, ax.transData),
    }


@where.register
def _(arrows: Quiver, ax: Axes) -> Told:
    span = float(np.hypot(arrows.U, arrows.V).max())
    return {
        **_points(arrows.get_offsets(), ax, ax.transData),
        "across": even(some(arrows.U), span), "up": even(some(arrows.V), span),
    }  # fmt: skip


@where.register
def _(image: AxesImage, ax: Axes) -> Told:
    left, right, bottom, top = image.get_extent()
    box = _points([(left, bottom), (right, top)], ax, ax.transData)
    field = np.asarray(image.get_array())
    return box | (shades(field) if field.ndim == 3 else scaled(image))


@where.register
def _(mesh: QuadMesh, ax: Axes) -> Told:
    return _points(mesh.get_coordinates()[[0, -1], [0, -1]], ax, ax.transData) | scaled(mesh)


def _box(ends: np.ndarray, ax: Axes, way: Transform) -> Told:
    """Boxes, of their two corners (n, 2, 2)."""
    return {"from": _points(ends[:, 0], ax, way), "to": _points(ends[:, 1], ax, way)}


def _points(points: Any, ax: Axes, way: Transform) -> Told:
    """Some of the points, in the units that they are given in."""
    share = lambda _, values: even(values)  # noqa: E731
    units = {
        "data": (ax.transData, along, along),
        "axes": (ax.transAxes, share, share),
        "data, axes": (ax.get_xaxis_transform(), along, share),
        "axes, data": (ax.get_yaxis_transform(), share, along),
    }
    name, x, y = next((name, x, y) for name, (found, x, y) in units.items() if found == way)
    points = np.asarray(points, float).reshape(-1, 2)
    told: Told = {} if name == "data" else {"units": name}
    told |= {"points": len(points)} if len(points) > SAMPLES else {}
    return told | {"x": x(ax.xaxis, some(points[:, 0])), "y": y(ax.yaxis, some(points[:, 1]))}


def some(values: Any) -> np.ndarray:
    """The first, the last, and a few between."""
    return np.asarray(values)[np.linspace(0, len(values) - 1, min(len(values), SAMPLES)).round().astype(int)]


def shades(values: np.ndarray) -> Told:
    """A grid of shades from 0 to 1: their means over blocks, and some single ones."""
    rows, columns = (np.array_split(np.arange(n), BLOCKS) for n in values.shape[:2])
    means = [[values[np.ix_(row, column)].mean((0, 1)) for column in columns] for row in rows]
    row, column = (some(range(n)) for n in values.shape[:2])
    single = values[row, column[4 * np.arange(len(row)) % len(column)]]
    return {"grid": list(values.shape[:2]), "means": even(means), "single": even(single)}


def scaled(found: Any) -> Told:
    """How the numbers of a field become colours, its shades, and the bar that explains them."""
    cmap, norm, bar = found.get_cmap(), found.norm, found.colorbar
    told: Told = {
        "colours": cmap.name if cmap.name in mpl.colormaps else colours(cmap(np.arange(cmap.N))),
        "norm": type(norm).__name__,
        "span": even([norm.vmin, norm.vmax], norm.vmax - norm.vmin),
        **shades(np.asarray(norm(found.get_array()))),
    }
    if bar:
        made = bar.ax._colorbar_info
        told["bar"] = {"beside": len(made["parents"]), "length": made["shrink"], **axis(bar.ax.yaxis)}
    return told
