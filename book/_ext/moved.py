"""What moved to another page keeps its old address: a reader who follows it finds a link on.

The directive `moved` stands on the old page, names the new one, and has a line for each address:

    :::{moved} best-constants
    thm-lipschitz: the best constant, over all inputs
    fig-worst-case: the picture of the worst case
    :::

An address is a label, or the name that a heading has in links; it is the same on both pages.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Moved(SphinxDirective):
    """Anchors with the old names, each a link to where its thing stands now."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        page = self.env.relfn2path(f"{self.arguments[0]}.md")[0].removesuffix(".md")
        if page not in self.env.found_docs:
            raise self.error(f"moved: there is no page {self.arguments[0]}")
        there = self.env.app.builder.get_relative_uri(self.env.docname, page)
        links: list[nodes.Node] = []
        for line in filter(None, map(str.strip, self.content)):
            name, colon, words = line.partition(":")
            if not (colon and words.strip()):
                raise self.error(f"moved: a line is 'address: what it is', got {line!r}")
            link = nodes.reference("", words.strip(), refuri=f"{there}#{name}", internal=True, ids=[name])
            links += [nodes.Text("; " if links else " "), link]
        if not links:
            raise self.error("moved: no address")
        title, _ = self.parse_inline(f"Now on {{doc}}`{self.arguments[0]}`:")
        return [nodes.paragraph("", "", *title, *links, nodes.Text("."), classes=["moved"])]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("moved", Moved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
