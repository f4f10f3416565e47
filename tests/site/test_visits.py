"""Every page, as a reader uses it: quiet, at home, narrow enough for a phone, with our letter."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.server import serving
from tests.site.visit import letter_faults, opened, settle, use, watch, width_faults


def visit(browser: Browser, home: str, name: str) -> list[str]:
    """All that a reader of this page could complain of."""
    with opened(browser) as context:
        page = context.new_page()
        faults = watch(page, home)
        page.goto(f"{home}/{name}")
        settle(page)
        faults += letter_faults(page)
        use(page)
        settle(page)
        return faults + width_faults(page)


def test_visit(browser: Browser, home: str, name: str) -> None:
    assert visit(browser, home, name) == []


def test_from_a_file(browser: Browser, site: Path) -> None:
    """A chapter opened from the disk, with no server at all."""
    with opened(browser) as context:
        page = context.new_page()
        faults = watch(page, "file://")
        page.goto((site / "book" / "product" / "yat-product.html").as_uri())
        settle(page)
        assert faults + letter_faults(page) == []
        page.wait_for_selector("[data-nmn-ready=true] canvas")


PLANTED = {
    "asked https://example.org/x.png": '<img src="https://example.org/x.png" alt="">',
    "console: ouch": "<script>console.error('ouch')</script>",
    "page error: lost": "<script>throw new Error('lost')</script>",
    "404": '<link rel="stylesheet" href="gone.css">',
    "the page: ": '<p style="width: 500px">wide</p>',
    "DIV ": '<div style="position: relative; left: -40px; width: 99px">out</div>',
    "a formula is cut": '<div class="math"><span class="katex-display">'
    '<span class="katex-html"><span class="base" '
    'style="position: relative; left: -300px">a = b</span></span></span></div>',
    "ⵟ drawn by": '<pre style="font-family: monospace">ⵟ</pre>',
    "asked https://example.org/late": "<script>setTimeout(() => "
    "fetch('https://example.org/late'), 300)</script>",
    "asked https://example.org/click": "<script>addEventListener('click', () => "
    "navigator.sendBeacon('https://example.org/click'))</script>",
}


@pytest.fixture(scope="module")
def planted(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of one page of the site, and of what it loads, for faults to be planted in."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "_static").symlink_to(site / "_static")
    (folder / "search.html").write_text((site / "search.html").read_text("utf8"), "utf8")
    for i, fault in enumerate(PLANTED.values()):
        text = (site / "genindex.html").read_text("utf8")
        (folder / f"{i}.html").write_text(text.replace("</article>", f"{fault}</article>"), "utf8")
    return folder


@pytest.mark.parametrize("said", PLANTED)
def test_planted_fault_is_found(browser: Browser, planted: Path, said: str) -> None:
    with serving(planted) as home:
        faults = visit(browser, home, f"{list(PLANTED).index(said)}.html")
    assert any(said in fault for fault in faults), faults
