"""Outputs are kept as long as the cells would print them again, and no longer."""

import shutil
from collections.abc import Callable
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


def key(root: Path) -> str:
    chapter = chapter_outputs.read(root, "book/page")
    assert chapter
    return chapter_outputs.key(chapter)


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
    assert run_chapters(root, ["book/page", "book/other"], said.append) == []
    assert [line.split(":")[0] for line in said] == ["book/page"]
    assert run_chapters(root, ["book/page"], said.append) == []
    assert len(said) == 1
    chapter = chapter_outputs.read(root, "book/page")
    assert chapter
    ran = chapter_outputs.find(chapter, key(root))
    assert ran and [cell.outputs[0].text for cell in ran.cells if cell.cell_type == "code"] == ["4\n"]


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
    chapter = chapter_outputs.read(root, "book/page")
    assert chapter
    ran = nbformat.from_dict({**chapter.notebook, "metadata": {"language_info": {"name": "python"}}})
    for number in range(20):
        replace(root / "requirements.txt", "==", "==1")
        assert chapter_outputs.keep(chapter, key(root), ran, seconds=number)
    kept = {path.stem for path in (root / "_build").rglob("*.ipynb")}
    assert len(kept) == chapter_outputs.KEPT_RUNS
    assert key(root) in kept
    assert chapter_outputs.expected_seconds(chapter) == 19


def test_the_longest_goes_first(root: Path) -> None:
    short, long = HEAD + CELL, HEAD + CELL + CELL
    (root / "book/page.md").write_text(short, "utf8")
    (root / "book/long.md").write_text(long, "utf8")
    read = [chapter_outputs.read(root, f"book/{name}") for name in ("page", "long")]
    # What was measured counts for more than the size.
    assert read[0]
    ran = nbformat.from_dict({**read[0].notebook, "metadata": {"language_info": {"name": "python"}}})
    assert to_run(filter(None, read)) == read[::-1]
    assert chapter_outputs.keep(read[0], chapter_outputs.key(read[0]), ran, seconds=100)
    (root / "requirements.txt").write_text("other pins", "utf8")
    assert to_run(filter(None, read)) == read
