"""A real browser and the built site, for the tests of the pages.

    python -m pytest tests/site --page book/guarantees/outliers --page book/claims

looks at these pages only (the option may be repeated); what concerns the whole site is left out. A test
belongs to a page by its parameter `name`, or because the module that it stands in names its PAGE.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from site_stamp import sources_key, stamp_path

from tests.site.browser import FLAGS, MISSING, chromium_path, short_folder
from tests.site.document import read_pages
from tests.site.patience import MILLISECONDS
from tests.site.server import serving
from tests.site.spread import ByPageAndFile
from tests.site.tour import Guests, invited

ROOT = Path(__file__).resolve().parents[2]
# SITE points the tests at a site that was built elsewhere.
SITE = Path(os.environ.get("SITE", ROOT / "_build" / "html")).resolve()

expect.set_options(timeout=MILLISECONDS)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--page", action="append", metavar="PATH", help="look at this page of the site only")


# Where xdist is switched off nobody asks.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPageAndFile:
    return ByPageAndFile(config, log)


def asked_pages(config: pytest.Config) -> list[str]:
    """The pages that the option names, as files of the site."""
    return [
        f"{page.removesuffix('.html').removesuffix('.md')}.html" for page in config.getoption("page") or []
    ]


def pytest_configure(config: pytest.Config) -> None:
    if unknown := [page for page in asked_pages(config) if SITE.is_dir() and not (SITE / page).is_file()]:
        raise pytest.UsageError(f"no such page in {SITE}: {', '.join(unknown)}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        # The heaviest first: the work then ends at the same time on all workers. With no site, one page
        # is asked for, and the fixture `site` says what is missing.
        names = sorted(read_pages(SITE), key=lambda name: -(SITE / name).stat().st_size)
        metafunc.parametrize("name", names or ["index.html"])


def _page(item: pytest.Item) -> str | None:
    parameters = (
        item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    )
    return parameters.get("name") or getattr(getattr(item, "module", None), "PAGE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if pages := asked_pages(config):
        left_out = [item for item in items if _page(item) not in pages]
        items[:] = [item for item in items if _page(item) in pages]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Before the first event loop: asking playwright for its own browser starts one.
    path = chromium_path() or pytest.exit(MISSING, returncode=1)
    with sync_playwright() as playwright, short_folder() as temporary:
        started = playwright.chromium.launch(
            executable_path=path,
            args=list(FLAGS),
            timeout=MILLISECONDS,
            env={**os.environ, "TMPDIR": temporary},
        )
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
def guests(browser: Browser) -> Iterator[Guests]:
    """Who goes on the tours of pages."""
    with invited(browser) as all_of_them:
        yield all_of_them


@pytest.fixture(scope="session")
def axe(site: Path) -> str:
    """The source of axe-core, which the build fetched by its lock file."""
    return (site.parent / "third_party" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf8")
