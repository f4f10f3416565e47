"""One visit to a page of the site: what it asks for, what it logs, how wide it is, how ⵟ is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, ViewportSize

from tests.site.reader import foreign

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
LOOK = (Path(__file__).parent / "look.js").read_text("utf8")


def look(page: Page, what: str) -> list[str]:
    """The faults that a function of look.js sees on a page."""
    return page.evaluate(f"() => {LOOK.strip()}.{what}()")


@contextmanager
def opened(browser: Browser, *, dark: bool = False, scripts: bool = True) -> Iterator[BrowserContext]:
    """A fresh reader with a cache of their own, at a desk."""
    context = browser.new_context(
        viewport=DESKTOP,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    try:
        yield context
    finally:
        context.close()


def watch(page: Page, home: str) -> list[str]:
    """A list to which every error and every request to another host will be added."""
    faults: list[str] = []
    page.on(
        "console", lambda said: said.type in ("error", "warning") and faults.append(f"console: {said.text}")
    )
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("response", lambda got: got.status >= 400 and faults.append(f"{got.status}: {got.url}"))
    page.on("request", lambda asked: foreign(home, asked.url) and faults.append(f"asked {asked.url}"))
    # Nothing leaves this machine, so a foreign request costs no wait.
    page.route(lambda url: foreign(home, url), lambda route: route.abort())
    return faults


def settle(page: Page) -> None:
    """Waits until the page is loaded, asks for nothing more, and has stopped changing colours."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.getAnimations().every((a) => a.playState !== 'running')")


def resize(page: Page, size: ViewportSize) -> None:
    """Gives the window another size, and the theme the time to see which boxes scroll now."""
    page.set_viewport_size(size)
    # The theme waits 300 ms for the last change of size, and a busy machine waits longer.
    page.wait_for_timeout(350)
    with suppress(TimeoutError):
        page.wait_for_function(
            "() => [...document.querySelectorAll('pre')].every("
            "(box) => box.tabIndex === 0 || box.scrollWidth <= box.clientWidth)",
            timeout=5_000,
        )
    settle(page)


def use(page: Page) -> None:
    """What a reader clicks on any page: the theme switch, all the way round, and the search."""
    switch = page.locator("button.theme-switch-button:visible").first
    for _ in range(3):
        switch.click()
    page.locator("button.search-button-field:visible, button.search-button:visible").first.click()
    page.locator("dialog[open] input[type=search], main input[type=search]").first.fill("product")
    page.keyboard.press("Escape")


def width_faults(page: Page) -> list[str]:
    """What is wider than a phone: the page, or something on it that cannot be scrolled to."""
    resize(page, PHONE)
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    return [f"at {PHONE['width']} px: {fault}" for fault in look(page, "tooWide") + look(page, "cutFormulas")]


def letter_faults(page: Page) -> list[str]:
    """Places where the letter ⵟ is not drawn by the font that the site carries."""
    look(page, "markLetters")
    page.evaluate("() => document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-letter]"})["nodeIds"]
    faults = []
    for node in nodes:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        if not any(font["isCustomFont"] and font["familyName"] == "DejaVu Sans" for font in fonts):
            faults.append(f"ⵟ drawn by {[font['familyName'] for font in fonts]}")
    session.detach()
    return faults
