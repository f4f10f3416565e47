"""The status page: which pages ran in this build, how much they check, and on which versions.

MyST-NB has a table of its own, with the time and the length of each run; those change with
every build and every machine. Here the same outputs give the same page.
"""

import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

PACKAGES = (
    "jax",
    "jaxlib",
    "numpy",
    "scipy",
    "sympy",
    "equinox",
    "optax",
    "matplotlib",
    "myst-nb",
    "sphinx",
    "jupyter-book",
)


class pages_that_ran(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes in lower case
    """Placeholder for a table that is known only when every page was read."""


def table(heads: list[str], rows: list[list[nodes.Node | str]]) -> nodes.table:
    """A table with one line of headings; a cell is a text or an inline node."""
    group = nodes.tgroup("", *(nodes.colspec() for _ in heads))
    lines = [nodes.row("", *(nodes.entry("", _paragraph(cell)) for cell in row)) for row in [heads, *rows]]
    group += [nodes.thead("", lines[0]), nodes.tbody("", *lines[1:])]
    return nodes.table("", group)


def _paragraph(cell: nodes.Node | str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(cell) if isinstance(cell, str) else cell)


def counted(source: str) -> tuple[int, int]:
    """The number of code cells of a MyST source, and of assertions in them."""
    cells = re.findall(r"^```\{code-cell\}.*?^```", source, re.MULTILINE | re.DOTALL)
    return len(cells), sum(len(re.findall(r"^[ \t]*assert\b", cell, re.MULTILINE)) for cell in cells)


def in_reading_order(env: BuildEnvironment, page: str) -> list[str]:
    """A page and those below it, as the table of contents has them."""
    below = env.toctree_includes.get(page, [])
    return [page, *(found for child in below for found in in_reading_order(env, child))]


class PagesThatRan(SphinxDirective):
    """Placeholder for the table of executed pages."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["execution_status"] = True
        return [pages_that_ran()]


class Versions(SphinxDirective):
    """The versions of Python and of the packages that the cells ran on."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[nodes.Node | str]] = [["Python", platform.python_version()]]
        rows += [[name, version(name)] for name in PACKAGES]
        return [table(["Package", "Version"], rows)]


class FillTable(SphinxPostTransform):
    """Write the table, once the outputs of all pages are known."""

    default_priority = 8  # before the references are resolved

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(pages_that_ran)):
            node.replace_self(table(["Page", "Cells", "Assertions", "Outcome"], self._rows()))

    def _rows(self) -> list[list[nodes.Node | str]]:
        rows: list[list[nodes.Node | str]] = []
        outcomes = NbMetadataCollector.get_doc_data(self.env)
        for page in in_reading_order(self.env, self.config.root_doc):
            if not (ran := outcomes[page].get("exec_data")):
                continue
            cells, checks = counted(Path(self.env.doc2path(page)).read_text("utf-8"))
            rows.append([self._link(page), f"{cells}", f"{checks}", "ran" if ran["succeeded"] else "failed"])
        return rows

    def _link(self, page: str) -> nodes.Node:
        # Shown is the page's title.
        return addnodes.pending_xref(
            "", nodes.inline(), refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=False
        )


def _status_pages(_: Sphinx, env: BuildEnvironment) -> list[str]:
    # The table follows every page that was executed anew.
    return [page for page, metadata in env.metadata.items() if metadata.get("execution_status")]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("pages-that-ran", PagesThatRan)
    app.add_directive("versions", Versions)
    app.add_post_transform(FillTable)
    app.connect("env-updated", _status_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
