"""What the cells of the chapters printed, kept from build to build for as long as they would print it again.

One file a run: `_build/outputs/PAGE/KEY.ipynb`. The key is a hash of all that the cells run on: the
cells, every file of ours that they import (JavaScript and style sheets change no output), the data of
library and book, the pins, what is installed, Python, and the environment of the kernel.
"""

import copy
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from kernel import setting
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbformat import NotebookNode

from nmn.sources import Closure, closure

# Runs of one page that are kept: enough to go back and forth between branches.
KEPT_RUNS = 6
# The tags of a cell that change what is run; others change how it is shown.
RUN_TAGS = {"raises-exception", "skip-execution"}
NO_DATA = {".py", ".pyc", ".js", ".css", ".typed"}


@dataclass(frozen=True)
class Chapter:
    """A page with cells, as it stands in the sources of the book in `root`."""

    root: Path
    page: str
    notebook: NotebookNode

    @property
    def folder(self) -> Path:
        """Where its cells run."""
        return (self.root / self.page).parent

    @property
    def code(self) -> list[NotebookNode]:
        """Its cells of code, in order."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def imports(self) -> Closure:
        """All that its cells import."""
        return closure([cell.source for cell in self.code], self.root, self.folder)


def read(root: Path, page: str) -> Chapter | None:
    """The page's chapter, or nothing where the page has no cells."""
    text = (root / f"{page}.md").read_text("utf8")
    if not is_myst_markdown_notebook(text):
        return None
    return Chapter(root, page, read_myst_markdown_notebook(text, path=root / f"{page}.md"))


def _data(root: Path) -> Iterator[Path]:
    files = (file for folder in ("nmn", "book/data") for file in (root / folder).rglob("*"))
    return (file for file in files if file.is_file() and file.suffix not in NO_DATA)


def key(chapter: Chapter) -> str:
    """Hash of all that the outputs of a chapter depend on."""
    root = chapter.root
    cells = [(cell.source, sorted(RUN_TAGS & set(cell.metadata.get("tags", [])))) for cell in chapter.code]
    digest = hashlib.sha256(repr((cells, setting())).encode())
    for file in sorted({root / "requirements.txt", *chapter.imports.files, *_data(root)}):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _folder(chapter: Chapter) -> Path:
    return chapter.root / "_build" / "outputs" / chapter.page


def _runs(chapter: Chapter) -> list[Path]:
    """The kept runs of a page, the latest first."""
    return sorted(_folder(chapter).glob("*.ipynb"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def find(chapter: Chapter, name: str) -> NotebookNode | None:
    """The chapter's notebook with the outputs of its run under this key, or nothing if there is none."""
    path = _folder(chapter) / f"{name}.ipynb"
    if not path.is_file():
        return None
    os.utime(path)
    notebook, ran = copy.deepcopy(chapter.notebook), nbformat.read(path, 4)
    notebook.metadata["language_info"] = ran.metadata["language_info"]
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    for cell, executed in zip(cells, ran.cells, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return notebook


def keep(chapter: Chapter, name: str, ran: NotebookNode, seconds: float) -> bool:
    """Keep a run under the key that it had when it began; refused if the key has changed since.

    The oldest runs are forgotten. Whoever reads meanwhile sees all of a run or nothing.
    """
    if name != key(chapter):
        return False
    cells = [cell for cell in ran.cells if cell.cell_type == "code"]
    metadata = {"language_info": ran.metadata["language_info"], "seconds": seconds}
    folder = _folder(chapter)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), file.name)
    os.replace(file.name, folder / f"{name}.ipynb")
    for old in _runs(chapter)[KEPT_RUNS:]:
        old.unlink(missing_ok=True)
    return True


def expected_seconds(chapter: Chapter) -> float:
    """How long the chapter will take: as long as the last time, else the longer the more it says."""
    if runs := _runs(chapter):
        return float(nbformat.read(runs[0], 4).metadata["seconds"])
    return sum(len(cell.source) for cell in chapter.code) / 100
