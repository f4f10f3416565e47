"""pytest plugin: run the book's chapters with nbmake, and keep what they printed for the build.

nbmake runs `.ipynb` only, in an environment that it finds; here a MyST chapter is read as the build
reads it and runs in the kernel of the build. Several run at a time, the longest first, and a chapter
whose outputs the build has kept, and would use, is not run again.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import chapter_outputs
import nbformat
import pytest
from chapter_outputs import Chapter
from kernel import TIMEOUT, Client
from nbformat import NotebookNode
from nbmake import nb_run
from nbmake.nb_result import NotebookResult
from nbmake.pytest_items import NotebookFailedException, NotebookFile, NotebookItem
from run_chapters import at_once, to_run

ROOT = Path(__file__).resolve().parents[2]


def _client(notebook: NotebookNode, **options: object) -> Client:
    """The client that nbmake asks for, for the chapter that the copy names."""
    chapter = chapter_outputs.read(ROOT, notebook.metadata["page"])
    assert chapter
    return Client(notebook, folder=chapter.folder, root=ROOT, foreign=chapter.imports.foreign, **options)


def run(chapter: Chapter) -> NotebookResult:
    """nbmake's run of a copy of a chapter; the outputs of one that succeeds are kept."""
    copy = ROOT / "_build" / "nbmake" / f"{chapter.page}.ipynb"
    copy.parent.mkdir(parents=True, exist_ok=True)
    named = {**chapter.notebook, "metadata": {**chapter.notebook.metadata, "page": chapter.page}}
    nbformat.write(nbformat.from_dict(named), copy)
    start, key = time.monotonic(), chapter_outputs.key(chapter)
    result = nb_run.NotebookRun(copy, TIMEOUT).execute()
    if not result.error and not chapter_outputs.keep(chapter, key, result.nb, time.monotonic() - start):
        raise RuntimeError("what the chapter imports changed while it ran: start again")
    return result


class ChapterItem(NotebookItem):
    """One chapter: its run, or nothing where its outputs are at hand."""

    chapter: Chapter
    running: Future[NotebookResult] | None = None

    def runtest(self) -> None:
        result = self.running.result() if self.running else None
        if result and result.error:
            raise NotebookFailedException(result)


class ChapterFile(NotebookFile):
    """The source of a chapter."""

    def collect(self) -> Iterator[ChapterItem]:
        chapter = chapter_outputs.read(ROOT, self.path.relative_to(ROOT).with_suffix("").as_posix())
        if chapter:
            item = ChapterItem.from_parent(self, filename=str(self.path))
            item.chapter = chapter
            yield item


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return ChapterFile.from_parent(parent, path=file_path) if file_path.suffix == ".md" else None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the runs; each item waits for its own."""
    if session.config.option.collectonly:
        return
    nb_run.NotebookClient = _client
    items = {item.chapter.page: item for item in session.items if isinstance(item, ChapterItem)}
    runs = ThreadPoolExecutor(at_once())
    for chapter in to_run(item.chapter for item in items.values()):
        items[chapter.page].running = runs.submit(run, chapter)
    runs.shutdown(wait=False)
