"""Beside a site stands a stamp, as long as the site is whole, sound, and what its sources would give."""

import fcntl
import logging
import os
import runpy
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import site_stamp
from small_book import replace
from tiny_book import Built, build, write

ROOT = Path(__file__).parents[2]
SOURCES = {
    "_config.yml": "title: Small\n",
    "_toc.yml": "root: index\n",
    "requirements.txt": "numpy==2\n",
    "book/page.md": "# A page\n",
    "book/_static/some.css": "p {}\n",
    "nmn/part/module.py": "a = 1\n",
}
# What leads to the pages of this small book.
FIRST = {"index.md": "# Small\n\n```{toctree}\nbook/page\n```\n"}
NO_SOURCES = {
    "nmn/__pycache__/module.pyc": "1",
    "book/_ext/node_modules/katex/index.js": "1",
    "book/.ipynb_checkpoints/page.md": "# An old page\n",
    "tests/test_some.py": "1",
    "README.md": "Read me\n",
}
Change = Callable[[Path], object]


@pytest.fixture(scope="module", autouse=True)
def at_home() -> Iterator[None]:
    """No repository is known."""
    with pytest.MonkeyPatch.context() as own:
        own.delenv("GITHUB_REPOSITORY", raising=False)
        yield


def write_sources(root: Path) -> Path:
    write(root, SOURCES | NO_SOURCES | FIRST)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sources of a small book."""
    return write_sources(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small book that was built, and a copy of all its files."""
    root = write_sources(tmp_path_factory.mktemp("book") / "built")
    assert not site_stamp.is_current(root)
    assert stamped(root).warnings == ""
    return root, Path(shutil.copytree(root, root.with_name("copy")))


@pytest.fixture
def sound(built: tuple[Path, Path]) -> Path:
    """The book as it was when it had been built."""
    root, copy = built
    shutil.rmtree(root)
    shutil.copytree(copy, root)
    assert site_stamp.is_current(root)
    return root


def stamped(root: Path, *extensions: str, builder: str = "html") -> Built:
    """A build by a process that has ended since."""
    try:
        return build(
            root, {}, "myst_parser", "site_stamp", *extensions, builder=builder,
            include_patterns=["index.md", "book/page.md"],
        )  # fmt: skip
    finally:
        while site_stamp._held:
            site_stamp._held.pop().close()


def stamp(root: Path) -> Path:
    return root / "_build/html.key"


CHANGES: dict[str, Change] = {
    name: lambda root, name=name: (root / name).write_text("# Other\n") for name in SOURCES
}
CHANGES |= {
    "a new source": lambda root: (root / "book/new.md").write_text("# New\n"),
    "a lost source": lambda root: (root / "nmn/part/module.py").unlink(),
    "a moved source": lambda root: (root / "nmn/part/module.py").rename(root / "nmn/module.py"),
    "a page": lambda root: replace(root / "_build/html/book/page.html", "A page", "A rage"),
    "a page of the same size and text": lambda root: os.utime(root / "_build/html/book/page.html", (1, 1)),
    "a lost page": lambda root: (root / "_build/html/book/page.html").unlink(),
    "a page too many": lambda root: (root / "_build/html/more.html").write_text(""),
    "no first page": lambda root: (root / "_build/html/index.html").unlink(),
    "no stamp": lambda root: stamp(root).unlink(),
    "not known to be whole": lambda root: (root / "_build/html.whole").unlink(),
    "no site": lambda root: shutil.rmtree(root / "_build/html"),
}
NO_CHANGES: dict[str, Change] = {
    name: lambda root, name=name: (root / name).write_text("other") for name in NO_SOURCES
}
NO_CHANGES |= {
    "a file as it was": lambda root: os.utime(root / "book/page.md", (1, 1)),
    "where the first page leads": lambda root: (root / "_build/html/index.html").write_text("elsewhere"),
    "an empty folder": lambda root: (root / "book/empty").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_this_the_site_is_not_current(sound: Path, change: str) -> None:
    CHANGES[change](sound)
    assert not site_stamp.is_current(sound)


@pytest.mark.parametrize("change", NO_CHANGES)
def test_after_this_the_site_is_still_current(sound: Path, change: str) -> None:
    NO_CHANGES[change](sound)
    assert site_stamp.is_current(sound)


@pytest.mark.parametrize("name", ["GITHUB_REPOSITORY", "JAX_PLATFORMS"])
def test_a_site_is_built_for_someone(sound: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "some/name")
    assert not site_stamp.is_current(sound)


def test_a_change_in_an_extension_is_one_of_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extensions = root / "extensions"
    extensions.mkdir()
    (extensions / "one.py").write_text("a = 1\n")
    monkeypatch.setattr(site_stamp, "HERE", extensions)
    stamped(root)
    assert site_stamp.is_current(root)
    (extensions / "one.py").write_text("a = 2\n")
    assert not site_stamp.is_current(root)


def test_a_sound_build_is_gone_on_from_and_another_is_not(sound: Path) -> None:
    page = sound / "_build/html/book/page.html"
    written = page.stat().st_mtime_ns
    stamped(sound)
    assert site_stamp.is_current(sound)
    assert page.stat().st_mtime_ns == written
    # The page is written again with what it lost, though its source is as it was.
    replace(page, "A page", "A rage")
    assert stamped(sound).warnings == ""
    assert "A page" in page.read_text("utf8")
    assert site_stamp.is_current(sound)


def test_what_a_build_warned_of_is_said_again(sound: Path) -> None:
    root = sound
    (root / "book/page.md").write_text("# A page\n\n{doc}`lost`\n")
    for _ in range(2):
        assert "lost" in stamped(root).warnings
        assert not stamp(root).exists()


def test_other_formats_and_builds_that_fail_leave_no_stamp(root: Path) -> None:
    built = stamped(root)
    stamp(root).unlink()
    built.app.events.emit("build-finished", ValueError("what went wrong"))
    assert not stamp(root).exists()
    stamped(root)
    stamped(root, builder="text")
    assert not stamp(root).exists()


def test_what_changes_during_a_build_is_not_in_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Pages have been read when somebody writes.
    late_writer = "def setup(app):\n    app.connect('env-updated', write)\n\n\n"
    late_writer += "def write(app, env):\n    (app.srcdir / 'book/page.md').write_text('# Later\\n')\n"
    (root / "late_writer.py").write_text(late_writer)
    monkeypatch.syspath_prepend(root)
    stamped(root, "late_writer")
    assert stamp(root).exists()
    assert not site_stamp.is_current(root)


def test_a_build_holds_its_folder_until_its_process_ends(root: Path) -> None:
    build(root, {}, "myst_parser", "site_stamp", include_patterns=["index.md", "book/page.md"])
    with (root / "_build/lock").open() as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        site_stamp._held.pop().close()
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Heard(logging.Handler):
    """Keeps what is said, and wakes up who waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.something = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
        self.something.set()


def test_a_second_build_says_that_it_waits_and_goes_on_when_the_first_has_ended(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, logger = Heard(), logging.getLogger("sphinx.site_stamp")
    monkeypatch.setattr(logger, "handlers", [heard])
    monkeypatch.setattr(logger, "level", logging.INFO)
    site_stamp._wait_for_others(root)
    assert heard.said == []
    (first,) = site_stamp._held
    second = threading.Thread(target=site_stamp._wait_for_others, args=[root], daemon=True)
    second.start()
    assert heard.something.wait(60)
    # Until the first ends it waits for ever: a moment shows whether it waits at all.
    second.join(0.2)
    assert second.is_alive()
    first.close()
    second.join(60)
    assert not second.is_alive()
    assert heard.said == ["Another build is at work in this folder; this one waits for it."]
    site_stamp._held[-1].close()


def test_the_makefile_is_told_whether_there_is_something_to_do(root: Path) -> None:
    shutil.copytree(ROOT / "book/_ext", root / "book/_ext", dirs_exist_ok=True)

    def failed() -> bool:
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(root / "book/_ext/site_stamp.py"), run_name="__main__")
        return bool(ended.value.code)

    assert failed()
    stamped(root)
    assert not failed()
    (root / "book/page.md").write_text("# Other\n")
    assert failed()
