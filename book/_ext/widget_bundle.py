"""The script of the widgets, on the pages that have one and on no other."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from nmn.widgets.kit import link


def _write(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    static.mkdir(exist_ok=True)
    (static / "nmn-widgets.js").write_text(link.bundle(), "utf8")
    (static / "nmn-widgets.css").write_text(link.stylesheet(), "utf8")


def _link(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if "data-nmn-widget" in context.get("body", ""):
        app.add_css_file("nmn-widgets.css")
        app.add_js_file("nmn-widgets.js", loading_method="defer")
    # MyST-NB would add ipywidgets' manager and the kernel's widget state: our widgets need neither.
    files = app.env.nb_metadata.get(page, {}).get("js_files", {})
    for key in [key for key in files if key.startswith("ipywidgets_")]:
        del files[key]


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", _write)
    app.connect("html-page-context", _link, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
