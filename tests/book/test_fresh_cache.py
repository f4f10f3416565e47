"""A page is read again when its cells would print something else, and only then."""

from collections.abc import Iterator
from pathlib import Path

import chapter_outputs
import myst_nb.core.execute
import pytest
from myst_nb.core.execute import ExecutionError
from myst_nb.sphinx_ import NbMetadataCollector
from small_book import HEAD
from sphinx.errors import ExtensionError
from tiny_book import Built, build

CELL = "# A page\n\n```{code-cell} ipython3\nfrom nmn.part import value\nprint('it says', value)\n```\n"
PAGES = {
    "requirements.txt": "",
    "nmn/__init__.py": "",
    "nmn/part.py": "value = 4\n",
    "index.md": "# Index\n\n```{toctree}\n:glob:\npage*\n```\n",
    "page.md": HEAD + CELL,
    "page2.md": HEAD + CELL,
}


@pytest.fixture(autouse=True)
def own_outputs() -> Iterator[None]:
    """MyST-NB as it was, when all is done."""
    with pytest.MonkeyPatch.context() as own:
        own.setattr(myst_nb.core.execute, "NotebookClientCache", myst_nb.core.execute.NotebookClientCache)
        yield


def build_pages(root: Path, *extensions: str, **changed: str) -> Built:
    """The book with these pages and others, or in their place."""
    pages = PAGES | {f"{name}.md": text for name, text in changed.items()}
    return build(root, pages, "myst_nb", "fresh_cache", *extensions, nb_execution_mode="cache")


def test_a_page_is_written_again_when_what_it_imports_changes(tmp_path: Path) -> None:
    built = build_pages(tmp_path)
    assert built.warnings == ""
    assert "it says 4" in built.text("page.html")
    # Nothing that is kept tells when, or how long.
    chapter = chapter_outputs.read(tmp_path, "page")
    assert chapter
    assert NbMetadataCollector.get_doc_data(built.app.env)["page"]["exec_data"] == {
        "key": chapter_outputs.key(chapter),
        "mtime": 0,
        "runtime": None,
        "method": "cache",
        "succeeded": True,
        "error": None,
        "traceback": None,
    }

    written = (tmp_path / "_build/html/page.html").stat().st_mtime_ns
    build_pages(tmp_path)
    assert (tmp_path / "_build/html/page.html").stat().st_mtime_ns == written

    (tmp_path / "nmn/part.py").write_text("value = 5\n")
    built = build(tmp_path, {}, "myst_nb", "fresh_cache", nb_execution_mode="cache")
    assert "it says 5" in built.text("page.html")

    # A page that is gone is not asked for its cells; one that has none any more is read again.
    (tmp_path / "page2.md").unlink()
    pages = {"page.md": "# No cells\n"}
    built = build(tmp_path, pages, "myst_nb", "fresh_cache", nb_execution_mode="cache")
    assert "No cells" in built.text("page.html")


def test_all_that_went_wrong_stops_the_build(tmp_path: Path) -> None:
    fails = {name: HEAD + f"# Bad\n\n```{{code-cell}} ipython3\n{cell}\n```\n"
             for name, cell in {"page": "1 // 0", "page2": "assert 0, 'nothing'"}.items()}  # fmt: skip
    with pytest.raises(ExtensionError) as stopped:
        build_pages(tmp_path, **fails)
    said = str(stopped.value)
    assert "page: CellExecutionError" in said and "ZeroDivisionError" in said
    assert "page2: CellExecutionError" in said and "AssertionError" in said


def test_outputs_that_vanish_during_a_build_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetter = "import shutil\n\n\ndef setup(app):\n    app.connect('env-before-read-docs', forget)\n\n\n"
    forgetter += "def forget(app, *_):\n    shutil.rmtree(app.srcdir / '_build/outputs')\n"
    (tmp_path / "forgetter.py").write_text(forgetter)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ExecutionError, match="page: its cells changed"):
        build_pages(tmp_path, "forgetter")
