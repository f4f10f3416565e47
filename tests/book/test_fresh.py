"""What is published is what the library computes now, and points to where it is published."""

import re
import shutil
from pathlib import Path

import pytest
from small_book import CHAPTER, make_book, page, replace, write_book

CELLS = """
```{code-cell} ipython3
from time import time_ns

import nmn
from nmn import product

print("at the prototype:", product.yat([1.0, 0.0], [1.0, 0.0]))
print("library:", nmn.__file__)
print("run:", time_ns())
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book whose page says what the library computes, from where, and when."""
    book = write_book(tmp_path_factory.mktemp("small"))
    (book / "book/index.md").write_text(CHAPTER + CELLS, "utf8")
    return book


def build(book: Path, **variables: str) -> dict[str, str]:
    """Builds the book, and gives what its page says."""
    done = make_book(book, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(re.findall(r"(at the prototype|library|run): (\S+)", page(book)))


def test_a_change_in_the_library_reaches_the_page(book: Path) -> None:
    first = build(book)
    assert Path(first["library"]) == book / "nmn/__init__.py"
    assert float(first["at the prototype"]) == pytest.approx(1e5)

    replace(book / "nmn/product/values.py", "eps: ArrayLike = 1e-5", "eps: ArrayLike = 0.25")
    second = build(book)
    assert float(second["at the prototype"]) == 4
    assert second["run"] != first["run"]

    # Every page is read again, and none is executed again.
    shutil.rmtree(book / "_build" / ".doctrees")
    assert build(book) == second


def test_a_published_page_opens_its_own_chapter_on_binder(book: Path) -> None:
    build(book, GITHUB_REPOSITORY="some-owner/some-name")
    binder = re.findall(r'href="(https://mybinder[^"]*)"', page(book))
    assert binder == ["https://mybinder.org/v2/gh/some-owner/some-name/main?urlpath=lab/tree/book/index.md"]
    assert 'content="https://some-owner.github.io/some-name/book/index.html"' in page(book)

    build(book)
    assert "mybinder" not in page(book)
    assert "some-owner" not in page(book)
