"""The status page says what ran, and says the same after every build."""

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import myst_nb.core.execute
import pytest
from bs4 import Tag
from execution_status import PACKAGES, counted
from small_book import HEAD
from tiny_book import Built, build

CELLS = """
```{code-cell} ipython3
a = 1
```

```{code-cell} ipython3
for n in range(2):
    assert n < 2
assert a == 1
```
"""
PAGES = {
    "requirements.txt": "",
    "contents.md": "# Contents\n\n```{toctree}\nsilent\nlast\nstatus\n```\n",
    "status.md": "# Status\n\n```{pages-that-ran}\n```\n\n```{versions}\n```\n",
    # What stands below a page comes before the page after it.
    "silent.md": "# A page without code\n\n```{toctree}\nbelow/first\n```\n",
    "below/first.md": HEAD + "# A page with *much* code\n" + CELLS,
    "last.md": HEAD + "# A page with code\n\n```{code-cell} ipython3\n1\n```\n",
}


@pytest.fixture(scope="module", autouse=True)
def own_outputs() -> Iterator[None]:
    """MyST-NB as it was, when all is done."""
    with pytest.MonkeyPatch.context() as own:
        own.setattr(myst_nb.core.execute, "NotebookClientCache", myst_nb.core.execute.NotebookClientCache)
        yield


def build_status(root: Path, **changed: str) -> Built:
    """The book with these pages, or with others in their place."""
    pages = PAGES | {f"{name}.md": text for name, text in changed.items()}
    built = build(
        root, pages, "myst_nb", "fresh_cache", "execution_status",
        root_doc="contents", nb_execution_mode="cache",
    )  # fmt: skip
    assert built.warnings == ""
    return built


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("book")


def rows(table: Tag) -> list[list[str]]:
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]


def test_pages_are_listed_in_reading_order_with_what_they_check(root: Path) -> None:
    ran, versions = build_status(root).body("status").select("table")
    assert rows(ran) == [
        ["Page", "Cells", "Assertions", "Outcome"],
        ["A page with much code", "2", "2", "ran"],
        ["A page with code", "1", "0", "ran"],
    ]
    assert [link["href"] for link in ran.select("a")] == ["below/first.html", "last.html"]
    for table in (ran, versions):
        # Columns are as wide as what stands in them.
        assert table.select("col") == []
        assert len(table.select("thead tr")) == 1
        assert len(table.select("tbody tr")) == len(rows(table)) - 1


def test_every_version_is_the_one_that_ran(root: Path) -> None:
    _, versions = build_status(root).body("status").select("table")
    wanted = [["Python", platform.python_version()], *([name, version(name)] for name in PACKAGES)]
    assert rows(versions) == [["Package", "Version"], *wanted]


def test_two_builds_from_nothing_give_the_same_page(root: Path) -> None:
    first = build_status(root).body("status")
    for folder in ("html", ".doctrees"):
        shutil.rmtree(root / "_build" / folder)
    assert build_status(root).body("status") == first


def test_the_table_follows_the_pages(root: Path) -> None:
    build_status(root)
    changed = build_status(root, last="# No more code\n").body("status").select_one("table")
    assert changed and [row[0] for row in rows(changed)] == ["Page", "A page with much code"]


def test_only_assertions_in_cells_are_counted() -> None:
    prose = "assert nothing\n\n```python\nassert 1\n```\n"
    assert counted(prose) == (0, 0)
    assert counted(prose + "```{code-cell} ipython3\nassert 1\nasserted = 2\n```\n") == (1, 1)
    cell = "```{code-cell}\nassert 1\n  assert 2\n```\n"
    assert counted(cell + prose + cell + "```{code-cell}\n1\n```\n") == (3, 4)
