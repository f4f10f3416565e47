"""A fault in the book stops `make book`: each is planted in a copy, built by the real command."""

from pathlib import Path

import pytest
from small_book import copy_book, make_book, page, replace, run, write_book

ALT = "  image:\n    alt: An empty frame with two axes.\n"
# The file, what stands there, what is put there, and what the build has to name.
Plant = tuple[str, str, str, str]
FAULTS: dict[str, list[Plant]] = {
    "failing cell": [("book/index.md", "figure()[0]", "figure()[1 // 0]", "ZeroDivisionError")],
    "cell that warns": [("book/index.md", "figure()[0]", "__import__('warnings').warn('odd')", "stderr")],
    "broken formula": [("book/index.md", r"\ge 0", r"\gee 0", r"\gee")],
    "claim without label": [("book/claims/000.yml", "label: thm-small", "label: thm-gone", "thm-gone")],
    "unknown directive and broken references": [
        ("book/index.md", "{prf:theorem}", "{prf:guess}", "prf:guess"),
        ("book/index.md", "{ref}`sec-small`", "{ref}`sec-lost`", "sec-lost"),
        ("book/index.md", "{doc}`claims`", "{doc}`page-lost`, [claims]", "page-lost"),
        ("book/index.md", "[claims]", "[claims](link-lost.md)", "link-lost.md"),
        ("book/index.md", "{prf:ref}`thm-small`", "{prf:ref}`thm-lost`", "thm-lost"),
        ("book/index.md", "goldberg1991", "nobody1900", "nobody1900"),
    ],
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy before anything is planted: it builds."""
    book = write_book(tmp_path_factory.mktemp("small"))
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Open {book}/_build/html/index.html" in done.stdout
    assert 'alt="An empty frame with two axes."' in page(book)
    return book


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_build(fault: str, sound: Path, tmp_path: Path) -> None:
    book = copy_book(sound, tmp_path / "small")
    for path, old, new, _ in FAULTS[fault]:
        replace(book / path, old, new)
    done = make_book(book)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert [named for *_, named in FAULTS[fault] if named not in said] == []
    # Nobody is sent to the pages of a build that failed.
    assert f"Open {book}" not in done.stdout


def test_a_failing_cell_stops_the_bare_build_and_leaves_no_page(sound: Path, tmp_path: Path) -> None:
    book = copy_book(sound, tmp_path / "small")
    replace(book / "book/index.md", "figure()[0]", "figure()[1 // 0]")
    done = run(book, "jupyter-book", "build", ".")
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stdout + done.stderr
    assert not list((book / "_build" / "html").rglob("*.html"))


def test_what_a_build_has_warned_of_is_not_passed_over_by_the_next(sound: Path, tmp_path: Path) -> None:
    book = copy_book(sound, tmp_path / "small")
    replace(book / "book/index.md", ALT, "")
    # Warnings are no errors here, and the page is read and written.
    assert run(book, "jupyter-book", "build", ".").returncode == 0
    for _ in range(2):
        done = make_book(book)
        assert done.returncode != 0
        assert "picture without alternative text" in done.stdout + done.stderr
