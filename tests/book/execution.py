"""pytest plugin: run the book's chapters with nbmake, and keep what they printed.

nbmake runs `.ipynb` only; here a MyST chapter is read by the reader that the build uses, so
that its cells are the same to the letter, and the outputs go to the build's cache: in one
`make test` a chapter is executed once.
"""

import time
from pathlib import Path

import nbformat
import pytest
from fresh_cache import cache_path
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from myst_nb.core.read import is_myst_markdown_notebook, myst_nb_reader_plugin
from nbmake.pytest_items import NotebookFile, NotebookItem

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "_build" / "nbmake"


def open_cache() -> JupyterCacheBase:
    """The build's cache for the library as it is now."""
    return get_cache(cache_path(ROOT))


def remember(chapter: Path, executed: Path, seconds: float) -> None:
    """Store the outputs of an executed copy as the outputs of the chapter."""
    notebook = myst_nb_reader_plugin(str(chapter))
    # Only outputs are taken over: nbmake writes times into the cells' metadata, which the cache compares.
    for cell, ran in zip(notebook.cells, nbformat.read(executed, 4).cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    bundle = CacheBundleIn(notebook, str(chapter), data={"execution_seconds": seconds})
    open_cache().cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


class ChapterItem(NotebookItem):
    """One chapter, executed."""

    def runtest(self) -> None:
        chapter = self.parent.chapter
        self.config.option.overwrite = True
        start = time.perf_counter()
        super().runtest()
        remember(chapter, Path(self.filename), time.perf_counter() - start)


class ChapterFile(NotebookFile):
    """A chapter's copy as a notebook, under `_build`."""

    chapter: Path

    def collect(self):
        yield ChapterItem.from_parent(self, filename=str(self.path))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        # Two workers that both make the database would trip over each other.
        open_cache().list_cache_records()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".md" or not is_myst_markdown_notebook(file_path.read_text("utf8")):
        return None
    copy = WORK / file_path.relative_to(ROOT / "book").with_suffix(".ipynb")
    copy.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(myst_nb_reader_plugin(str(file_path)), copy)
    made = ChapterFile.from_parent(parent, path=copy)
    made.chapter = file_path
    return made
