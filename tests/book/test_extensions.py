"""What holds for all extensions of the book: Sphinx may use them from many processes, in one order."""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tiny_book import build

ROOT = Path(__file__).parents[2]
SETTINGS = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["sphinx"]
NAMES = list(SETTINGS["local_extensions"])
# They change pages that others have written.
FINISHING = ("accessible_theme", "asset_versions", "light_icons")
PAGE = """<html data-theme="auto"><link href="_static/some.css?v=0" />
<script src="_static/scripts/fontawesome.js"></script></html>"""
# Icons of a theme without any.
FILES = {
    "index.rst": "Title\n=====\n",
    "extra/_static/some.css": "p {}",
    "extra/_static/scripts/fontawesome.js": '{xmark:[1,1,[],"f00d","M0z"]}',
    "extra/page.html": PAGE,
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sphinx]:
    """A book that knows every extension; none of them has begun."""
    built = build(tmp_path, {"index.rst": "Title\n=====\n"}).app
    with docutils_namespace():
        for name in NAMES:
            built.setup_extension(name)
        yield built


def test_every_extension_is_loaded_and_is_one() -> None:
    assert [name for name in SETTINGS["config"]["extensions"] if name in NAMES] == NAMES
    files = (ROOT / "book/_ext").glob("*.py")
    assert set(NAMES) == {path.stem for path in files if "\ndef setup(" in path.read_text("utf8")}


@pytest.mark.parametrize("name", NAMES)
def test_pages_may_be_read_and_written_side_by_side(app: Sphinx, name: str) -> None:
    extension = app.extensions[name]
    assert extension.parallel_read_safe and extension.parallel_write_safe


def test_the_stamp_comes_first_and_last_and_addresses_know_all_files(app: Sphinx) -> None:
    def order(event: str) -> list[str]:
        listeners = sorted(app.events.listeners[event], key=attrgetter("priority"))
        return [listener.handler.__module__ for listener in listeners]

    assert order("config-inited")[0] == "site_stamp"
    assert order("build-finished")[-2:] == ["asset_versions", "site_stamp"]
    assert set(FINISHING) <= set(order("build-finished"))


@pytest.mark.parametrize("name", FINISHING)
def test_only_pages_of_a_build_that_succeeded_are_changed(tmp_path: Path, name: str) -> None:
    page = tmp_path / "_build/html/page.html"
    built = build(tmp_path, FILES, name, html_extra_path=["extra"])
    assert page.read_text("utf8") != PAGE
    page.write_text(PAGE, "utf8")
    built.app.events.emit("build-finished", ValueError("what went wrong"))
    assert page.read_text("utf8") == PAGE
    # Another format lies in the same folder, and is not ours.
    build(tmp_path, FILES, name, builder="text")
    assert page.read_text("utf8") == PAGE


@pytest.mark.parametrize("name", FINISHING)
def test_a_page_that_has_all_is_not_written_again(tmp_path: Path, name: str) -> None:
    page = tmp_path / "_build/html/page.html"
    built = build(tmp_path, FILES, name, html_extra_path=["extra"])
    before = page.stat().st_mtime_ns
    built.app.events.emit("build-finished", None)
    assert page.stat().st_mtime_ns == before
