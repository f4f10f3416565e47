"""Every page of the site, seen once and in full: at a desk, on a phone, on paper, in the dark, scripts off.

What is found on a page is told together, with the look that found it.
"""

from pathlib import Path

from playwright.sync_api import Browser

from tests.site.looks import letter_faults
from tests.site.tour import Guests, report, tour
from tests.site.visit import opened, settle, watch


def test_page(guests: Guests, site: Path, axe: str, name: str) -> None:
    faults = report(tour(guests, site, name, axe))
    assert not faults, "\n".join([f"{name} has {len(faults)} faults:", *faults])


def test_from_a_file(browser: Browser, site: Path) -> None:
    """A chapter opened from the disk, with no server at all."""
    with opened(browser) as context:
        page = context.new_page()
        faults = watch(page, lambda: "file://")
        page.goto((site / "book" / "product" / "yat-product.html").as_uri())
        settle(page)
        page.wait_for_selector("[data-nmn-ready=true] canvas")
        assert faults == []
        # Last: to say which font draws a letter, the browser's tools load the page once more, and where it
        # comes from the disk some browsers complain of that themselves.
        assert letter_faults(page) == []
