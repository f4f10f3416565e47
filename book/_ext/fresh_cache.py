"""Outputs that do not outlive what they were computed from, and are not computed twice.

Jupyter Book's own cache keys a chapter's outputs on its cells alone: a change in the library would
leave yesterday's numbers on the page. Here `chapter_outputs` says what is still true, a page is read
again when its outputs are not, and `run_chapters` runs what has to be run before the pages are read.
"""

from pathlib import Path
from typing import Any

import chapter_outputs
import myst_nb.core.execute
from chapter_outputs import Chapter
from myst_nb.core.execute import ExecutionError, NotebookClientBase
from myst_nb.sphinx_ import NbMetadataCollector
from run_chapters import run_chapters
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)


class KeptOutputs(NotebookClientBase):
    """Gives MyST-NB the outputs of a page. This is the place where it would look into its own cache."""

    root: Path

    def start_client(self) -> None:
        page = self.path.relative_to(self.root).with_suffix("").as_posix()
        # The notebook as MyST-NB read it: it knows the lines of its cells.
        chapter = Chapter(self.root, page, self.notebook)
        key = chapter_outputs.key(chapter)
        ran = chapter_outputs.find(chapter, key)
        if ran is None:
            raise ExecutionError(f"{page}: its cells changed while the book was built; build again")
        self._notebook = ran
        self.exec_metadata = {
            "key": key,
            "mtime": 0.0,
            "runtime": None,
            "method": "cache",
            "succeeded": True,
            "error": None,
            "traceback": None,
        }


def _outdated(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """The pages whose cells would print something else than when they were read."""
    outdated = []
    for page, known in NbMetadataCollector.get_doc_data(env).items():
        if page in env.found_docs and (ran := known.get("exec_data")):
            chapter = chapter_outputs.read(Path(app.srcdir), page)
            if chapter is None or chapter_outputs.key(chapter) != ran.get("key"):
                outdated.append(page)
    return outdated


def _run(app: Sphinx, _: BuildEnvironment, pages: list[str]) -> None:
    if faults := run_chapters(Path(app.srcdir), pages, logger.info):
        raise ExtensionError("\n".join(faults))


def _take_over(app: Sphinx) -> None:
    KeptOutputs.root = Path(app.srcdir)
    myst_nb.core.execute.NotebookClientCache = KeptOutputs


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", _take_over)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _run)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
