"""What JupyterLab would save of a chapter that was opened and not edited.

    python -m tests.book.round_trip     write every chapter in that form
"""

from pathlib import Path

import jupytext
import nbformat
from myst_nb.core.read import is_myst_markdown_notebook

BOOK = Path(__file__).resolve().parents[2] / "book"


def notebooks() -> list[Path]:
    """Every page of the book that has cells."""
    pages = sorted([*BOOK.glob("*.md"), *BOOK.glob("*/*.md")])
    return [page for page in pages if is_myst_markdown_notebook(page.read_text("utf8"))]


def saved(text: str) -> str:
    """The text of a chapter after a way through a notebook and back."""
    opened = nbformat.writes(jupytext.reads(text, fmt="md:myst"))
    return jupytext.writes(nbformat.reads(opened, as_version=4), fmt="md:myst")


if __name__ == "__main__":
    for page in notebooks():
        page.write_text(saved(page.read_text("utf8")), "utf8")
