"""The book is built in any folder: spaces, letters beyond ASCII, long paths, no home, others at work."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_book import copy_book, environment, page, replace, run, write_book

BUILD = ("jupyter-book", "build", ".", "-W")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book with an environment of its own, in a folder with an awkward name, built by `make book`."""
    base = tmp_path_factory.mktemp("awkward")
    book = write_book(base / "my book ü")
    # As in a fresh clone: npm has something to fetch, and a cache to write.
    shutil.rmtree(book / "_build", ignore_errors=True)
    (book / ".venv").symlink_to(sys.prefix)
    temporary = base / ("with a space " + "long" * 25)
    temporary.mkdir()
    # Its own programs are found by the Makefile alone, and nothing can be written at home.
    done = run(book, "make", "book", "STAMP=", PATH=os.defpath, TMPDIR=str(temporary), HOME="/dev/null")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Open {book}/_build/html/index.html" in done.stdout
    return book


def start(book: Path) -> subprocess.Popen[str]:
    """A build that has begun, and can be listened to."""
    return subprocess.Popen(
        BUILD,
        cwd=book,
        env=environment(book, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_names_of_folders_do_not_matter(book: Path) -> None:
    assert "katex-html" in page(book)
    assert 'alt="An empty frame with two axes."' in page(book)


def test_two_builds_at_once_wait_for_each_other(book: Path, tmp_path: Path) -> None:
    copy = copy_book(book, tmp_path / "book")
    replace(copy / "book/index.md", "No square is negative.", "No square is below zero.")
    builds = [start(copy), start(copy)]
    said = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], "".join(said)
    assert sum("this one waits for it" in text for text in said) == 1
    assert "No square is below zero." in page(copy)


def test_a_build_that_was_cut_off_leaves_nothing_stale(book: Path, tmp_path: Path) -> None:
    copy = copy_book(book, tmp_path / "book")
    run(copy, *BUILD)
    # The page itself does not change: only what it draws with.
    replace(copy / "nmn/figures/style.py", "def figure(", "OFF = True\n\n\ndef figure(")
    cut = start(copy)
    assert cut.stdout
    assert any("pickling environment" in line for line in cut.stdout)
    os.killpg(cut.pid, signal.SIGKILL)
    cut.communicate()
    assert not (copy / "_build/html.key").exists()
    # What was read is not trusted: every page is read, and so written, again.
    done = run(copy, *BUILD)
    assert done.returncode == 0
    assert "3 added, 0 changed, 0 removed" in done.stdout
