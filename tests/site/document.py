"""What a written page holds, read without a browser: its links, pictures, headings and formulas."""

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag


def page_names(site: Path) -> list[str]:
    """The pages of a built site, by their path inside it; the theme's own pieces are no pages."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("_"))


@cache
def parsed(path: Path) -> BeautifulSoup:
    """The page at a path; read once."""
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def read_pages(site: Path) -> list[str]:
    """The pages that a reader gets to see: all but those that only lead to another one."""
    return [
        name
        for name in page_names(site)
        if 'http-equiv="Refresh"' not in (site / name).read_text("utf8")[:200]
    ]


@cache
def _targets(path: Path) -> list[str]:
    page = parsed(path)
    found = [str(tag[key]) for key in ("href", "src", "action") for tag in page.find_all(attrs={key: True})]
    refresh = page.find("meta", attrs={"http-equiv": "Refresh"})
    return found + ([str(refresh["content"]).partition("url=")[2]] if isinstance(refresh, Tag) else [])


class _Anchors(HTMLParser):
    """The places on a page that a link can name; lighter than a parsed page, for links lead to many pages."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = ("id", "name") if tag == "a" else ("id",)
        self.found.update(value for key, value in attrs if key in named and value)


@cache
def _anchors(path: Path) -> set[str]:
    return _Anchors(path.read_text("utf8")).found


def link_faults(site: Path, name: str) -> list[str]:
    """Links of a page that lead to no file of the site, or to no place on the page they name."""
    faults = []
    for link in dict.fromkeys(_targets(site / name)):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link in ("#", ""):
            continue
        path = (site / name).parent / unquote(parts.path) if parts.path else site / name
        if not path.is_file():
            faults.append(f"no file for {link}")
        elif (
            parts.fragment
            and path.suffix == ".html"
            and unquote(parts.fragment) not in _anchors(path.resolve())
        ):
            faults.append(f"no place for {link}")
    return faults


def _words(tag: Tag) -> int:
    return len(str(tag.get("alt") or "").split())


def picture_faults(site: Path, name: str) -> list[str]:
    """Pictures with no sensible words for those who do not see them, and figures with no caption."""
    page = parsed(site / name)
    faults = []
    for image in page.find_all("img"):
        # The logo is a link home, and its words are the book's name.
        enough = 2 if image.find_parent(class_="navbar-brand") else 5
        if _words(image) < enough:
            faults.append(f"{image.get('src', '')[:60]} has the words {image.get('alt')!r}")
        in_cell = image.find_parent(class_="cell_output")
        if in_cell and not image.find_parent(class_="nmn-widget") and not image.find_parent("figure"):
            faults.append(f"{image.get('src', '')[:60]} is in no figure")
    for figure in page.select("article figure"):
        caption = figure.find("figcaption")
        if not caption or len(caption.get_text(" ").split()) < 5:
            faults.append(f"figure {figure.get('id')} has no caption")
    return faults


def heading_faults(site: Path, name: str) -> list[str]:
    """A page without title, language or one h1, and headings that skip a level."""
    page = parsed(site / name)
    faults = []
    if not page.title or not page.title.get_text(strip=True):
        faults.append("no title")
    if not page.html or not page.html.get("lang"):
        faults.append("no language")
    main = page.find("main") or page
    headings = main.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    # The theme repeats the title for paper; on a screen it is not there.
    levels = [int(tag.name[1]) for tag in headings if not tag.find_parent(class_="onlyprint")]
    if levels.count(1) != 1 or levels[0] != 1:
        faults.append(f"{levels.count(1)} headings h1, first heading h{levels[0] if levels else '-'}")
    for before, after in pairwise(levels):
        if after > before + 1:
            faults.append(f"h{after} follows h{before}")
    return faults


def formula_faults(site: Path, name: str) -> list[str]:
    """Formulas that were not drawn in the build: KaTeX's errors, and bare TeX in the text."""
    page = parsed(site / name)
    faults = [f"KaTeX says {tag.get('title')}" for tag in page.select(".katex-error")]
    for box in page.select(".math"):
        if not box.select(".katex-html"):
            faults.append(f"not drawn: {box.get_text()[:60]}")
    for text in page.find_all(string=lambda text: "$$" in text or "\\frac" in text):
        if not text.find_parent(["pre", "code", "annotation", "script"]):
            faults.append(f"bare TeX: {text.strip()[:60]}")
    return faults


def icon_faults(site: Path, name: str) -> list[str]:
    """Icons without a shape in the stylesheet that stands for the theme's script, or that script itself."""
    page = (site / name).read_text("utf8")
    icons = set(re.findall(r"\bfa-[a-z-]+(?=[^<>]*></(?:i|span)>)", page)) - {"fa-solid", "fa-lg"}
    drawn = set(re.findall(r"\.(fa-[a-z-]+) \{ --icon", (site / "_static" / "icons.css").read_text("utf8")))
    faults = [f"no shape for {icon}" for icon in sorted(icons - drawn)]
    # Every page of the theme has a menu, a search, a switch.
    faults += [] if icons else ["no icon"]
    return faults + (["fontawesome.js"] if "fontawesome.js" in page else [])
