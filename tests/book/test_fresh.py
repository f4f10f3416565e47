"""What is published is what the library computes now, and points to where it is published."""

import re
import shutil
from pathlib import Path

import pytest
from site_stamp import is_current
from small_book import CHAPTER, HEAD, TOC, make_book, page, replace, write_book

CELLS = """
```{code-cell} ipython3
from time import time_ns

from nmn import product

print("at the prototype:", product.yat([1.0, 0.0], [1.0, 0.0]))
print("library:", product.__file__)
print("run:", time_ns())
```
"""
WIDGET = """
# A page with a widget

```{code-cell} ipython3
---
mystnb:
  image:
    alt: A small heat map.
---
from time import time_ns

from nmn.widgets.landscape import Landscape

print("run:", time_ns())
Landscape()
```
"""
PAGES = {
    "book/index.md": CHAPTER + CELLS,
    "book/widget.md": HEAD + WIDGET,
    "_toc.yml": TOC.replace("[{", "[{file: book/widget}, {"),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book with two chapters; its pages say what the library computes, from where, and when."""
    return write_book(tmp_path_factory.mktemp("small"), PAGES)


def build(book: Path, **variables: str) -> dict[str, str]:
    """Builds the book, and gives what its pages say."""
    done = make_book(book, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(re.findall(r"(at the prototype|library|run): (\S+)", page(book)))
    (said["run of the widget"],) = re.findall(r"run: (\S+)", page(book, "book/widget"))
    return said


def bundle_address(book: Path, kind: str) -> str:
    """The address under which the page with the widget asks for the widgets' script or style."""
    (address,) = re.findall(rf'"([^"]*nmn-widgets\.{kind}[^"]*)"', page(book, "book/widget"))
    return address


def test_a_change_in_the_library_reaches_the_pages_that_use_it(book: Path) -> None:
    first = build(book)
    assert Path(first["library"]) == book / "nmn/product/__init__.py"
    assert float(first["at the prototype"]) == pytest.approx(1e5)

    # Both import it: one page itself, the other by way of the picture that it draws.
    replace(book / "nmn/product/values.py", "eps: ArrayLike = 1e-5", "eps: ArrayLike = 0.25")
    second = build(book)
    assert float(second["at the prototype"]) == 4
    assert second["run"] != first["run"]
    assert second["run of the widget"] != first["run of the widget"]

    # A picture that the other page does not draw, and one that no page draws.
    for widget in ("landscape", "teacher"):
        (book / f"nmn/widgets/{widget}/still.py").open("a").write("\nLATER = 1\n")
        third = build(book)
        assert third["run"] == second["run"]
        assert (third["run of the widget"] != second["run of the widget"]) == (widget == "landscape")
        second = third

    # Every page is read again, and none is executed again.
    shutil.rmtree(book / "_build" / ".doctrees")
    (book / "_build" / "html.key").unlink()
    assert build(book) == third

    done = make_book(book)
    assert done.returncode == 0
    assert "Running" not in done.stdout
    assert f"Open {book}/_build/html/index.html" in done.stdout


def test_a_change_in_a_script_or_a_style_reaches_the_pages_and_runs_nothing(book: Path) -> None:
    before = build(book)
    old = {kind: bundle_address(book, kind) for kind in ("js", "css")}
    for kind, comment in (("js", "// later"), ("css", "/* later */")):
        source = {"js": "landscape/landscape.js", "css": "kit/widget.css"}[kind]
        (book / "nmn/widgets" / source).open("a").write(f"{comment}\n")
    assert build(book) == before
    for kind, comment in (("js", "// later"), ("css", "/* later */")):
        new = bundle_address(book, kind)
        assert new != old[kind]
        assert comment in (book / "_build/html/book" / new.split("?")[0]).read_text("utf8")


def test_a_site_that_is_not_whole_is_built_again(book: Path) -> None:
    build(book)
    names = ("book/widget.html", "_static/nmn-widgets.js", "index.html")
    lost = [book / "_build/html" / name for name in names]
    for path in lost:
        path.unlink()
        assert not is_current(book)
    replace(book / "_build/html/book/index.html", "A small chapter", "A small scribble")
    build(book)
    assert all(path.is_file() for path in lost)
    assert "A small chapter" in page(book)


def test_a_published_page_opens_its_own_chapter_on_binder(book: Path) -> None:
    build(book, GITHUB_REPOSITORY="some-owner/some-name")
    binder = re.findall(r'href="(https://mybinder[^"]*)"', page(book))
    assert binder == ["https://mybinder.org/v2/gh/some-owner/some-name/main?urlpath=lab/tree/book/index.md"]
    assert 'content="https://some-owner.github.io/some-name/book/index.html"' in page(book)

    build(book)
    assert "mybinder" not in page(book)
    assert "some-owner" not in page(book)
