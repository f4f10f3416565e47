"""What of a picture is only its look: it is not changed, for everything that is drawn stays true.

The rule, for nmn/figures and nmn/widgets, there also for JavaScript: sizes, colours, widths of lines,
margins, the frame (limits and ticks), and where words stand. They are told by the names below: of a keyword
argument or a key, of a property that is set, of a call whose arguments only place or style words; and by the
dot in Matplotlib's settings. That such a call is made at all, is meaning: without it words are missing.
"""

import re

from tree_sitter import Node

from tests.teeth.operators import called, text

STYLES = {
    "alpha", "bbox_to_anchor", "bottom", "capsize", "color", "colors", "dpi", "edgecolor", "facecolor",
    "fontsize", "font", "frameon", "globalAlpha", "fillStyle", "strokeStyle", "ha", "handlelength",
    "height_ratios", "labelpad", "labelspacing", "left", "length", "lineCap", "lineJoin", "lineWidth",
    "linescale", "linestyle", "linewidth", "linewidths", "loc", "lw", "margin", "markeredgecolor",
    "markeredgewidth", "markersize", "ms", "ncols", "pad", "padding", "pivot", "right", "rim",
    "rotation", "shrink", "solid_capstyle", "style", "textAlign", "textBaseline", "textcoords", "top",
    "va", "weight", "width_ratios", "xlim", "xticks", "xytext", "ylim", "yticks", "zorder",
}  # fmt: skip
# In JavaScript these may be numbers of the mathematics.
SIZES = {"width", "height", "figsize", "size"}
WORDS = {
    "annotate", "fillText", "legend", "margins", "roundRect", "set_ticks", "set_title", "set_xlabel",
    "set_xlim", "set_xticks", "set_ylabel", "set_ylim", "set_yticks", "setLineDash", "spines",
    "strokeText", "subplots_adjust", "text", "tick_params",
}  # fmt: skip


def is_look(node: Node, file: str) -> bool:
    """Whether all inside this node is the look of a picture."""
    if file.startswith(("nmn/figures/", "nmn/widgets/")) and file.endswith(".py"):
        return _named(node, STYLES | SIZES) or _places_words(node)
    if node.type == "expression_statement" and node.named_child_count:
        return is_look(node.named_children[0], file)
    return file.endswith(".js") and (_named(node, STYLES) or _places_words(node))


def _named(node: Node, names: set[str]) -> bool:
    for field in ("name", "key", "left"):
        key = node.child_by_field_name(field)
        if key and key.type == "member_expression":
            key = key.child_by_field_name("property")
        if key and node.type in _CARRIERS and (text(key) in names or _SETTING.fullmatch(text(key))):
            return True
    return False


_SETTING = re.compile(r'"[a-z]+\.[a-z._]+"')
_CARRIERS = {"keyword_argument", "pair", "assignment_expression", "assignment_pattern",
             "object_assignment_pattern", "default_parameter", "typed_default_parameter"}  # fmt: skip


def _places_words(node: Node) -> bool:
    if node.type not in {"arguments", "argument_list"} or not node.parent:
        return False
    name = called(node.parent)
    return bool(name and text(name) in WORDS)
