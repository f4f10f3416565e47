"""What JupyterLab would save of a chapter that was opened and not edited.

    python -m tests.book.round_trip     write every chapter in that form
"""

from pathlib import Path

import jupytext
import nbformat
from myst_nb.core.read import is_myst_markdown_notebook

# Left out of what is saved: it would change with every reader's environment.
UNSAVED = "-jupytext.text_representation.jupytext_version"
BOOK = Path(__file__).resolve().parents[2] / "book"


def notebooks() -> list[Path]:
    """Every page of the book that has cells."""
    pages = sorted([*BOOK.glob("*.md"), *BOOK.glob("*/*.md")])
    return [page for page in pages if is_myst_markdown_notebook(page.read_text("utf8"))]


def saved(text: str) -> str:
    """The text of a chapter after a way through a notebook and back."""
    opened = nbformat.writes(jupytext.reads(text, fmt="md:myst"))
    return jupytext.writes(nbformat.reads(opened, as_version=4), fmt="md:myst")


def settled(text: str) -> str:
    """The text in the form in which JupyterLab saves it, whatever version of jupytext does it there."""
    notebook = jupytext.reads(text, fmt="md:myst")
    notebook.metadata["jupytext"]["notebook_metadata_filter"] = UNSAVED
    return saved(jupytext.writes(notebook, fmt="md:myst"))


if __name__ == "__main__":
    for page in notebooks():
        page.write_text(settled(page.read_text("utf8")), "utf8")
