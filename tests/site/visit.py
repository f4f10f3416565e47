"""One visit to pages of the site: a fresh reader, what a page says and asks for, when it has settled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.site.patience import MILLISECONDS, until

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# A4 between margins of a centimetre, at 96 dots an inch.
PAPER: ViewportSize = {"width": 718, "height": 1046}
LOOK = (Path(__file__).parent / "look.js").read_text("utf8")


def look(page: Page, what: str) -> Any:
    """What a function of look.js answers on a page: most of them give the faults that they see."""
    return page.evaluate(f"() => {LOOK.strip()}.{what}()")


@contextmanager
def opened(
    browser: Browser,
    *,
    size: ViewportSize = DESKTOP,
    dark: bool = False,
    touch: bool = False,
    scripts: bool = True,
    fine: float = 1,
) -> Iterator[BrowserContext]:
    """A fresh reader with a cache of their own, who asks for little motion and waits patiently.

    `fine`: dots of the screen to a CSS pixel.
    """
    context = browser.new_context(
        viewport=size,
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        device_scale_factor=fine,
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(MILLISECONDS)
    try:
        yield context
    finally:
        context.close()


def foreign(home: str, url: str) -> bool:
    """Whether `url` leaves the host of `home`; data and blobs are part of the page."""
    there = urlsplit(url)
    return there.scheme not in ("data", "blob", "about") and there.netloc != urlsplit(home).netloc


def watch(page: Page, home: Callable[[], str]) -> list[str]:
    """A list of the complaints of the page, and of its requests to other hosts than its home: it grows."""
    faults: list[str] = []
    page.on(
        "console", lambda said: said.type in ("error", "warning") and faults.append(f"console: {said.text}")
    )
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("response", lambda got: got.status >= 400 and faults.append(f"{got.status}: {got.url}"))
    page.on("request", lambda asked: foreign(home(), asked.url) and faults.append(f"asked {asked.url}"))
    return faults


def until_page(page: Page, ask: Callable[[], object], what: object) -> None:
    """Asks until the answer is true; meanwhile the page goes on, and is heard."""
    until(ask, what, lambda seconds: page.wait_for_timeout(1000 * seconds))


def settle(page: Page) -> None:
    """Waits until the page is loaded, has its fonts and pictures, and is at rest."""
    page.wait_for_load_state("load")
    page.wait_for_function(f"() => {LOOK.strip()}.settled()")


def resize(page: Page, size: ViewportSize) -> None:
    """Gives the window another size."""
    page.set_viewport_size(size)
    page.wait_for_function("(width) => innerWidth === width", arg=size["width"])
    settle(page)
