"""The dozen icons that the pages show, as one small stylesheet in place of the theme's script.

The theme sends every icon of Font Awesome Free (CC BY 4.0, https://fontawesome.com/license/free)
to every reader: half a megabyte, compressed, before anything else. Here the shapes of those that
are used are cut out of that script; they show with scripts off, too.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SCRIPT = Path("_static", "scripts", "fontawesome.js")
STYLES = Path("_static", "icons.css")
# Words of Font Awesome that say how an icon is drawn, and name none.
MANNERS = {"solid", "regular", "brands", "lg", "fw", "sm", "xs"}
# Set by a script of the theme, hence in no page.
FROM_SCRIPTS = {"xmark"}
_USED = re.compile(r'<(?:i|span) class="([^"]*\bfa-[^"]*)"')
_TAG = re.compile(r'<script src="((?:\.\./)*)_static/scripts/fontawesome\.js[^"]*"></script>')
_PLACE = (
    "/* Shapes: Font Awesome Free, https://fontawesome.com, licence CC BY 4.0. */\n"
    '[class*="fa-"]::before { content: ""; display: inline-block; width: 1em; height: 1em; '
    "vertical-align: -0.125em; background: currentcolor; mask: var(--icon) center / contain no-repeat; }\n"
    "@media (forced-colors: active) { [class*=\"fa-\"]::before { background: CanvasText; } }\n"
)


def used_icons(html: str) -> set[str]:
    """The names of the icons on a page."""
    words = (word for found in _USED.findall(html) for word in found.split())
    return {word.removeprefix("fa-") for word in words if word.startswith("fa-")} - MANNERS


def cut_icon(script: str, name: str) -> str:
    """The style that draws one icon; its shape is found in Font Awesome's script."""
    shape = re.search(rf'[{{,]"?{name}"?:\[(\d+),(\d+),\[[^]]*\],"[0-9a-f]*","([^"]+)"\]', script)
    if not shape:
        raise ExtensionError(f"the theme's script has no icon {name!r}")
    width, height, path = shape.groups()
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>"
    escaped = svg.replace("<", "%3C").replace(">", "%3E")
    return f'.fa-{name} {{ --icon: url("data:image/svg+xml,{escaped}"); }}\n'


def _lighten(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.format != "html":
        return
    out = Path(app.outdir)
    names = set(FROM_SCRIPTS)
    for path in out.rglob("*.html"):
        text = path.read_text("utf8")
        names |= used_icons(text)
        linked = _TAG.sub(r'<link rel="stylesheet" href="\1_static/icons.css" />', text)
        if linked != text:
            path.write_text(linked, "utf8")
    # The script stays where it is, for the next build to cut from; no page asks for it.
    script = (out / SCRIPT).read_text("utf8")
    (out / STYLES).write_text(_PLACE + "".join(cut_icon(script, name) for name in sorted(names)), "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", _lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
