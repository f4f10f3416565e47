"""The looks at written pages, each seen to find its fault; and what only the site as a whole shows."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.document import (
    formula_faults,
    heading_faults,
    icon_faults,
    link_faults,
    page_names,
    picture_faults,
)

GOOD = """<!doctype html><html lang="en"><title>Page</title><main><article><h1 id="top">Page</h1>
<p><a href="#top">up</a><a href="page.html#top">up</a><a href="https://example.org/x#y">out</a></p><h2>Part</h2>
<div class="cell_output"><figure id="f"><img src="page.html" alt="a picture of one thing">
<figcaption>See the one thing here.</figcaption></figure></div><i class="fa-solid fa-bars"></i>
<span class="math"><span class="katex-html">x</span></span><code>$$</code></article></main></html>"""


def test_the_root_leads_to_the_book(site: Path) -> None:
    assert link_faults(site, "index.html") == []
    assert "book/index.html" in (site / "index.html").read_text("utf8")


def test_every_page_is_here(site: Path) -> None:
    """The pages that the table of contents promises, and the ones that Sphinx adds."""
    contents = (site.parents[1] / "_toc.yml").read_text("utf8")
    sources = re.findall(r"file: (\S+)", contents)
    names = page_names(site)
    assert len(sources) >= 5
    for wanted in [*sources, "index", "book/index", "genindex", "search", "prf-prf"]:
        assert f"{wanted}.html" in names


PLANTED = [
    (link_faults, 'href="#top"', 'href="#nowhere"', "no place for #nowhere"),
    (link_faults, "page.html#top", "page.html#gone", "no place for page.html#gone"),
    (link_faults, "page.html#top", "page.html#title", "no place for page.html#title"),
    (link_faults, "page.html#top", "gone.html", "no file for gone.html"),
    (picture_faults, "a picture of one thing", "5d1c0a.png", "has the words"),
    (picture_faults, ' alt="a picture of one thing"', "", "has the words None"),
    (picture_faults, "<figcaption>See the one thing here.</figcaption>", "", "no caption"),
    (picture_faults, "See the one thing here.", "A picture.", "no caption"),
    (picture_faults, '<figure id="f">', "<div>", "is in no figure"),
    (formula_faults, "katex-html", "katex-error", "KaTeX says"),
    (formula_faults, "katex-html", "other", "not drawn"),
    (formula_faults, "<code>$$</code>", "$$ x", "bare TeX"),
    (formula_faults, "<code>$$</code>", r"<p>\frac12</p>", "bare TeX"),
    (heading_faults, "<title>Page</title>", "", "no title"),
    (heading_faults, ' lang="en"', "", "no language"),
    (heading_faults, "<h2>Part</h2>", "<h3>Part</h3>", "h3 follows h1"),
    (heading_faults, "<h2>Part</h2>", "<h1>Part</h1>", "2 headings h1"),
    (heading_faults, '<h1 id="top">Page</h1>', '<h2 id="top">Page</h2>', "0 headings h1, first heading h2"),
    (icon_faults, "fa-bars", "fa-unheard-of", "no shape for fa-unheard-of"),
    (icon_faults, ' class="fa-solid fa-bars"', "", "no icon"),
    (icon_faults, "</article>", '<script src="fontawesome.js"></script></article>', "fontawesome.js"),
]


@pytest.mark.parametrize("check, old, new, said", PLANTED)
def test_planted_fault_is_found(
    tmp_path: Path, check: Callable[[Path, str], list[str]], old: str, new: str, said: str
) -> None:
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "icons.css").write_text(".fa-bars { --icon: url(data:,) }", "utf8")
    (tmp_path / "page.html").write_text(GOOD, "utf8")
    assert check(tmp_path, "page.html") == []
    assert old in GOOD
    (tmp_path / "other.html").write_text(GOOD.replace(old, new), "utf8")
    assert any(said in fault for fault in check(tmp_path, "other.html"))
