"""A real browser and the built site, for the tests of the pages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from site_stamp import sources_key, stamp_path

from tests.site.browser import FLAGS, MISSING, chromium_path
from tests.site.document import read_pages
from tests.site.server import serving
from tests.site.widgets.gallery import write

ROOT = Path(__file__).resolve().parents[2]
# SITE points the tests at a site that was built elsewhere.
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html")).resolve()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        # With no site, one page is asked for, and the fixture `site` says what is missing.
        metafunc.parametrize("name", read_pages(SITE) or ["index.html"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Before the first event loop: asking playwright for its own browser starts one.
    path = chromium_path() or pytest.exit(MISSING, returncode=1)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site, which is as new as its sources."""
    stamp = stamp_path(SITE)
    if not stamp.is_file():
        pytest.exit(f"no built site in {SITE}: run make book first", returncode=1)
    # A site lies in ROOT/_build/html, also where ROOT is a copy.
    if stamp.read_text("utf8") != sources_key(SITE.parents[1]):
        pytest.exit(f"the site in {SITE} is older than its sources: run make book first", returncode=1)
    return SITE


@pytest.fixture(scope="session")
def home(site: Path) -> Iterator[str]:
    """The address at which the built site is served."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def axe(site: Path) -> str:
    """The source of axe-core, which the build fetched by its lock file."""
    return (site.parent / "third_party" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of all widgets, light and dark, read from file://."""
    made = tmp_path_factory.mktemp("widgets")
    write(made)
    return made


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)
