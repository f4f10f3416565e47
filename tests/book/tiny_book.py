"""A book of a few pages, built in this process: quick, and its Sphinx can be asked what it knows."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils


@dataclass(frozen=True)
class Built:
    """A book after a build, and what the build has warned of."""

    app: Sphinx
    warnings: str

    def text(self, name: str) -> str:
        """A file that was written."""
        return Path(self.app.outdir, name).read_text("utf8")

    def body(self, page: str) -> Tag:
        """What a page says, without the theme's frame."""
        found = BeautifulSoup(self.text(f"{page}.html"), "html.parser").select_one('[role="main"]')
        assert found, page
        return found


def write(root: Path, pages: dict[str, str]) -> None:
    """Writes the files that are new or say something else: the others stay as old as they are."""
    for name, text in pages.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf8") != text:
            path.write_text(text, "utf8")


def build(
    root: Path, pages: dict[str, str], *extensions: str, builder: str = "html", **config: object
) -> Built:
    """Builds the book in `root`, as the real one: pages in _build/html, what was read in _build/.doctrees."""
    write(root, pages)
    said = StringIO()
    plain = {"html_theme": "basic", "nitpicky": True, "exclude_patterns": ["_build"]}
    # Extensions write into these, and the defaults of Sphinx are the same for all books.
    own = {"source_suffix": {".rst": "restructuredtext"}, "html_static_path": []}
    settings = {"extensions": extensions, **plain, **own, **config}
    out = root / "_build"
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            root, None, out / "html", out / ".doctrees", builder, settings, status=None, warning=said
        )
        app.build()
    return Built(app, strip_escape_sequences(said.getvalue()))
