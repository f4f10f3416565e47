"""The script of the widgets goes to the pages that have one, and that of others to no page."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from tiny_book import Built, build

from nmn.widgets.kit import link

STATE = {
    "application/vnd.jupyter.widget-state+json": {"state": {"a": {}}, "version_major": 2, "version_minor": 0}
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A page without a widget; one with a widget; one in which a kernel has left the state of its widgets."""
    cell = nbformat.v4.new_markdown_cell("# Ran\n\n<div data-nmn-widget='x'></div>")
    ran = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": STATE})
    pages = {
        "index.md": "# Plain\n\n```{toctree}\ndrawn\nran\n```\n",
        "drawn.md": "# Drawn\n\n<div data-nmn-widget='x'></div>\n",
        "ran.ipynb": json.dumps(ran),
    }
    built = build(tmp_path_factory.mktemp("book"), pages, "myst_nb", "widget_bundle", nb_execution_mode="off")
    assert built.warnings == ""
    return built


def scripts(built: Built, page: str) -> list[str]:
    """The scripts and styles of widgets that a page asks for, as they stand."""
    asked = re.findall(r"<(?:link|script)[^>]*>", built.text(f"{page}.html"))
    return [re.sub(r"\?v=\w+", "", line) for line in asked if "widget" in line or "require" in line]


def test_only_pages_with_a_widget_ask_for_the_script(book: Built) -> None:
    ours = [
        '<link rel="stylesheet" type="text/css" href="_static/nmn-widgets.css" />',
        '<script defer="defer" src="_static/nmn-widgets.js">',
    ]
    assert scripts(book, "drawn") == ours
    # Neither the manager of ipywidgets nor a state that only a kernel understands.
    assert scripts(book, "ran") == ours
    assert "widget-state" not in book.text("ran.html")
    for page in ("index", "genindex", "search"):
        assert scripts(book, page) == []


def test_script_and_style_are_those_of_the_library(book: Built) -> None:
    assert book.text("_static/nmn-widgets.js") == link.bundle()
    assert book.text("_static/nmn-widgets.css") == link.stylesheet()


def test_a_second_build_writes_over_the_first(book: Built) -> None:
    Path(book.app.outdir, "_static/nmn-widgets.js").write_text("// old")
    again = build(Path(book.app.srcdir), {}, "myst_nb", "widget_bundle", nb_execution_mode="off")
    assert again.text("_static/nmn-widgets.js") == link.bundle()
