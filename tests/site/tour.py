"""A tour of one page: all that can be seen of it in two visits with scripts and one without.

Each part gives pairs of a look and the faults that it found.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from tests.site import document, looks
from tests.site.guest import Guest
from tests.site.server import serving
from tests.site.visit import DESKTOP, PAPER, PHONE, look, opened, resize

Look = tuple[str, list[str]]


class Guests(NamedTuple):
    """Who goes on the tour: one with scripts, one without."""

    usual: Guest
    scriptless: Guest


@contextmanager
def invited(browser: Browser) -> Iterator[Guests]:
    """Guests for any number of tours."""
    with opened(browser) as with_scripts, opened(browser, scripts=False) as without:
        yield Guests(Guest(with_scripts), Guest(without))


def as_written(site: Path, name: str) -> Iterator[Look]:
    """The page as the build wrote it, with no browser."""
    yield "links", document.link_faults(site, name)
    yield "pictures", document.picture_faults(site, name)
    yield "formulas", document.formula_faults(site, name)
    yield "headings", document.heading_faults(site, name)
    yield "icons", document.icon_faults(site, name)


def first_visit(guest: Guest, home: str, name: str, axe: str, weights: list[float]) -> Iterator[Look]:
    """By day: the guest reads, uses what every page has, goes on reading on a phone, and prints."""
    page = guest.open(home, name)
    # A reader sees the whole page, and with it the pictures that wait to be seen.
    for place in ("document.documentElement.scrollHeight", "0"):
        page.evaluate(f"() => scrollTo(0, {place})")
        guest.served()
    weights.append(guest.transferred)
    yield "letters", looks.letter_faults(page)
    yield "switch", looks.switch_faults(page)
    yield "search", looks.search_faults(page)
    look(page, "unfold")
    resize(page, PHONE)
    yield f"width, {PHONE['width']} px", looks.narrow_faults(page)
    look(page, "fitted")
    look(page, "shorten")
    for size in (PHONE, DESKTOP):
        resize(page, size)
        yield f"axe, light, {size['width']} px", looks.axe_faults(page, axe, looks.WCAG)
    page.emulate_media(media="print")
    resize(page, PAPER)
    yield "paper", looks.paper_faults(page)
    guest.served()
    yield "said and asked", list(guest.said)


def next_visit(guest: Guest, home: str, name: str, axe: str, weights: list[float]) -> Iterator[Look]:
    """The same guest comes back in the dark."""
    page = guest.open(home, name, dark=True)
    guest.served()
    weights.append(guest.transferred)
    if (theme := page.evaluate("() => document.documentElement.dataset.theme")) != "dark":
        yield "theme", [f"{theme} in the dark"]
    look(page, "unfold")
    yield "pale in the dark", look(page, "pale")
    look(page, "shorten")
    yield "figures in the dark", looks.figure_faults(page)
    for size in (DESKTOP, PHONE):
        resize(page, size)
        yield f"axe, dark, {size['width']} px", looks.axe_faults(page, axe, looks.COLOUR)
    guest.served()
    yield "said and asked in the dark", list(guest.said)


def visit_without_scripts(guest: Guest, home: str, name: str) -> Iterator[Look]:
    """A guest who has scripts off, first by day and then in the dark."""
    page = guest.open(home, name)
    look(page, "unfold")
    yield "scripts off", look(page, "unseen")
    page.emulate_media(color_scheme="dark")
    # No script has chosen a theme, and yet the colours go together. (axe itself needs timers.)
    yield "scripts off, in the dark", look(page, "unseen") + look(page, "pale")


def tour(guests: Guests, site: Path, name: str, axe: str) -> Iterator[Look]:
    """All looks at one page of a site."""
    yield from as_written(site, name)
    weights: list[float] = []
    # At a port of its own: to the guests a site that they have never seen.
    with serving(site) as home:
        yield from first_visit(guests.usual, home, name, axe, weights)
        yield from next_visit(guests.usual, home, name, axe, weights)
        yield from visit_without_scripts(guests.scriptless, home, name)
    yield "weight", looks.weight_faults(*weights)


def report(seen: Iterable[Look]) -> list[str]:
    """One line a fault, with the look that found it."""
    return [f"{which}: {fault}" for which, faults in seen for fault in faults]
