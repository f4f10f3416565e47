"""What can be seen on a page that is open: each look gives the faults that it finds, in words."""

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.site.visit import look

# Bytes that a page may cost its reader the first time, and the next time.
FIRST, NEXT = 900_000, 100_000
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# The rules of these levels that speak of colours, and so the only ones for which the theme matters.
COLOUR = ["color-contrast", "link-in-text-block"]
RUN = """async (runOnly) => (await axe.run(document, { runOnly, resultTypes: ["violations"] }))
.violations.flatMap((v) => v.nodes.slice(0, 20).map((n) => `${v.id} at ${n.target.join(" ")}`))"""


def axe_faults(page: Page, axe: str, rules: list[str]) -> list[str]:
    """What axe finds on a page as it is now, each with the rule and the place."""
    if page.evaluate("() => typeof axe") == "undefined":
        page.evaluate(axe)
    return page.evaluate(RUN, rules)


def letter_faults(page: Page) -> list[str]:
    """Places where the letter ⵟ is not drawn by the font that the site carries."""
    look(page, "markLetters")
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


def switch_faults(page: Page) -> list[str]:
    """Themes to which the switch, turned all the way round, does not lead."""
    switch = page.locator("button.theme-switch-button:visible").first
    seen = set()
    for _ in range(3):
        switch.click()
        seen.add(page.evaluate("() => document.documentElement.dataset.theme"))
    return [f"the switch never leads to {theme}" for theme in ("light", "dark") if theme not in seen]


def search_faults(page: Page) -> list[str]:
    """A search that does not open, does not take words, or does not close."""
    page.locator("button.search-button-field:visible, button.search-button:visible").first.click()
    page.locator("dialog[open] input[type=search], main input[type=search]").first.fill("product")
    page.keyboard.press("Escape")
    # Nothing that is looked at later lies under the pointer.
    page.mouse.move(0, 0)
    return ["the search stays open"] * page.locator("dialog[open]").count()


def narrow_faults(page: Page) -> list[str]:
    """What is wider than the window: the page, or something on it that cannot be scrolled to."""
    return look(page, "tooWide") + look(page, "cutFormulas")


def paper_faults(page: Page) -> list[str]:
    """What is on paper and should not be, is wider than it, cut by it, or too pale for it."""
    return look(page, "navigation") + look(page, "tooWide") + look(page, "cutCode") + look(page, "pale")


def weight_faults(first: float, then: float) -> list[str]:
    """A page that costs its reader too many bytes, or as many the next time."""
    costs = [("a first visit", first, FIRST), ("the next visit", then, min(NEXT, first))]
    return [f"{which}: {cost:.0f} bytes of {limit:.0f}" for which, cost, limit in costs if cost >= limit]


def luminance(picture: Locator) -> np.ndarray:
    """How light each pixel of a picture is on the screen, from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("L"), float)


def figure_faults(page: Page) -> list[str]:
    """Figures that cannot be read in the dark theme: dark ink on dark, or a map without its paper."""
    faults = []
    for picture in page.locator("article figure img").all():
        seen, name = luminance(picture), str(picture.get_attribute("src"))
        if name.endswith(".png"):
            # A map keeps its colours, and so the light paper under its dark ink.
            legible = np.median(seen[:, :3]) > 190
        else:
            # A sparse drawing has little ink: one pixel in a thousand is looked for.
            legible = np.median(seen) < 60 and np.percentile(seen, 99.9) > 150
        if not legible:
            faults.append(f"{name}: {np.percentile(seen, [0.1, 50, 99.9])}")
    return faults
