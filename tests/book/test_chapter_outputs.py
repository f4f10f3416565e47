"""Outputs are kept as long as the cells would print them again, and no longer."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import chapter_outputs
import kernel
import nbformat
import pytest
from run_chapters import run_chapters, to_run
from small_book import HEAD, replace

CELL = """
# A page

```{code-cell} ipython3
from nmn import product
print(product.value())
```
"""
BOOK = {
    "requirements.txt": "numpy==2\n",
    "book/page.md": HEAD + CELL,
    "book/data/result.csv": "1\n",
    "book/other.md": "# No cells\n",
    "nmn/__init__.py": "",
    "nmn/product.py": "from nmn.values import value\n",
    "nmn/values.py": "def value():\n    return 4\n",
    "nmn/widget.js": "export default 1;\n",
    "nmn/widget.css": "p { color: red; }\n",
    "nmn/unrelated.py": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in BOOK.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf8")
    return tmp_path


def read(root: Path, name: str = "page") -> chapter_outputs.Chapter:
    chapter = chapter_outputs.read(root, f"book/{name}")
    assert chapter
    return chapter


def key(root: Path) -> str:
    return chapter_outputs.key(read(root))


def run_of(chapter: chapter_outputs.Chapter) -> nbformat.NotebookNode:
    """What a kernel would give back."""
    return nbformat.from_dict({**chapter.notebook, "metadata": {"language_info": {"name": "python"}}})


def tag(root: Path, name: str) -> None:
    replace(root / "book/page.md", "ipython3\n", f"ipython3\n:tags: [{name}]\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a cell": lambda root: replace(root / "book/page.md", "value()", "value() + 0"),
    "what a cell may do": lambda root: tag(root, "skip-execution"),
    "a module": lambda root: replace(root / "nmn/product.py", "value", "value as value"),
    "a module that it imports": lambda root: replace(root / "nmn/values.py", "4", "5"),
    "the package": lambda root: (root / "nmn/__init__.py").write_text("import nmn.values\n"),
    "data of the library": lambda root: (root / "nmn/table.json").write_text("{}"),
    "data of the book": lambda root: (root / "book/data/result.csv").write_text("2\n"),
    "the pins": lambda root: (root / "requirements.txt").write_text("numpy==3\n"),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "prose": lambda root: replace(root / "book/page.md", "A page", "Another page"),
    "how a cell is shown": lambda root: tag(root, "hide-input"),
    "an unrelated module": lambda root: (root / "nmn/unrelated.py").write_text("x = 1\n"),
    "a script": lambda root: (root / "nmn/widget.js").write_text("export default 2;\n"),
    "a style": lambda root: (root / "nmn/widget.css").write_text("p { color: blue; }\n"),
    "the folder": lambda root: shutil.copytree(root, root / "elsewhere"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_cells_run_on_is_another_key(root: Path, change: str) -> None:
    before = key(root)
    CHANGES[change](root)
    assert key(root) != before


@pytest.mark.parametrize("change", NO_CHANGES)
def test_any_other_change_is_none(root: Path, change: str) -> None:
    before = key(root)
    NO_CHANGES[change](root)
    assert key(root) == before


def test_platform_and_packages_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAX_PLATFORMS", raising=False)
    usual = key(root)
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    assert key(root) == usual
    monkeypatch.setenv("JAX_PLATFORMS", "cuda,cpu")
    assert key(root) != usual
    packages = kernel.setting()["installed"]
    assert any(name.startswith("jax-") for name in packages)


def test_a_chapter_is_run_once_and_its_outputs_come_back(root: Path) -> None:
    said: list[str] = []
    began = time.monotonic()
    assert run_chapters(root, ["book/page", "book/other"], said.append) == []
    took = time.monotonic() - began
    assert [line.split(":")[0] for line in said] == ["book/page"]
    assert run_chapters(root, ["book/page"], said.append) == []
    assert len(said) == 1
    chapter = read(root)
    assert 0 < chapter_outputs.expected_seconds(chapter) < took
    ran = chapter_outputs.find(chapter, key(root))
    assert ran and ran.metadata["language_info"]["name"] == "python"
    found = [(cell.execution_count, cell.outputs[0].text) for cell in ran.cells if cell.cell_type == "code"]
    assert found == [(1, "4\n")]
    # The page itself is as it was.
    assert [cell.outputs for cell in chapter.code] == [[]]


def test_what_changed_while_it_ran_is_not_kept(root: Path) -> None:
    writes = f"open({str(root / 'nmn/values.py')!r}, 'a').write('#')"
    replace(root / "book/page.md", "print(product.value())", writes)
    (fault,) = run_chapters(root, ["book/page"], print)
    assert "changed while it ran" in fault
    assert not list((root / "_build").rglob("*.ipynb"))


def test_a_chapter_that_fails_keeps_nothing_and_stops_no_other(root: Path) -> None:
    (root / "book/bad.md").write_text(HEAD + CELL.replace("print", "assert not "), "utf8")
    said: list[str] = []
    (fault,) = run_chapters(root, ["book/bad", "book/page"], said.append)
    assert "book/bad" in fault and "AssertionError" in fault
    assert [line.split(":")[0] for line in said] == ["book/page"]
    assert [path.parent.name for path in (root / "_build").rglob("*.ipynb")] == ["page"]


def test_old_runs_do_not_pile_up(root: Path) -> None:
    chapter = read(root)
    for number in range(20):
        replace(root / "requirements.txt", "==", "==1")
        assert chapter_outputs.keep(chapter, key(root), run_of(chapter), seconds=number)
    kept = {path.stem for path in (root / "_build").rglob("*.ipynb")}
    assert len(kept) == chapter_outputs.KEPT_RUNS
    assert key(root) in kept
    assert chapter_outputs.expected_seconds(chapter) == 19


def test_the_runs_that_were_used_last_are_kept(root: Path) -> None:
    chapter, names = read(root), []
    for number in range(chapter_outputs.KEPT_RUNS):
        replace(root / "requirements.txt", "==", "==1")
        names.append(key(root))
        assert chapter_outputs.keep(chapter, names[-1], run_of(chapter), seconds=number)
        os.utime(root / f"_build/outputs/book/page/{names[-1]}.ipynb", (number, number))
    assert chapter_outputs.expected_seconds(chapter) == chapter_outputs.KEPT_RUNS - 1
    assert chapter_outputs.find(chapter, names[0])
    replace(root / "requirements.txt", "==", "==1")
    assert chapter_outputs.keep(chapter, key(root), run_of(chapter), seconds=0)
    kept = {path.stem for path in (root / "_build").rglob("*.ipynb")}
    assert kept == {*names, key(root)} - {names[1]}


def test_a_run_is_written_where_it_will_lie(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(root / "nowhere"))
    chapter = read(root)
    for _ in range(2):
        assert chapter_outputs.keep(chapter, key(root), run_of(chapter), seconds=1)
    assert [path.name for path in (root / "_build/outputs/book/page").iterdir()] == [f"{key(root)}.ipynb"]


def test_a_run_of_another_number_of_cells_is_refused(root: Path) -> None:
    chapter = read(root)
    less = nbformat.from_dict({**run_of(chapter), "cells": []})
    assert chapter_outputs.keep(chapter, key(root), less, seconds=1)
    with pytest.raises(ValueError, match="zip"):
        chapter_outputs.find(chapter, key(root))


def test_a_cell_may_stand_in_a_file(root: Path) -> None:
    (root / "book/cell.py").write_text("a = 1\n", "utf8")
    (root / "book/page.md").write_text(HEAD + "# A page\n\n```{code-cell} python3\n:load: cell.py\n```\n")
    assert [cell.source.strip() for cell in read(root).code] == ["a = 1"]


def test_a_page_without_cells_is_no_chapter_and_a_chapter_does_not_change(root: Path) -> None:
    assert chapter_outputs.read(root, "book/other") is None
    with pytest.raises(FrozenInstanceError):
        read(root).page = "book/other"  # type: ignore[misc]


def test_a_hundred_letters_are_taken_for_a_second(root: Path) -> None:
    letters = sum(len(cell.source) for cell in read(root).code)
    assert chapter_outputs.expected_seconds(read(root)) == pytest.approx(letters / 100)


def test_the_longest_goes_first(root: Path) -> None:
    (root / "book/long.md").write_text(HEAD + CELL + CELL, "utf8")
    short, long = read(root), read(root, "long")
    assert to_run([short, long]) == [long, short]
    # What was measured counts for more than the size.
    assert chapter_outputs.keep(short, chapter_outputs.key(short), run_of(short), seconds=100)
    assert to_run([short, long]) == [long]
    (root / "requirements.txt").write_text("other pins", "utf8")
    assert to_run([long, short]) == [short, long]
