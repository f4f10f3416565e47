"""What the theme gets wrong is put right in every page that is written, and nothing else is touched."""

from pathlib import Path

import accessible_theme
from tiny_book import build

# Each line has one fault of the theme; after it, how it has to stand.
LINES = [
    ('<html lang="en" data-theme="auto">', '<html lang="en" data-theme="light">'),
    (
        'x = localStorage.getItem("theme") || "auto";',
        'x = localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches'
        ' ? "dark" : "light");',
    ),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    ('<div class="citation" role="doc-biblioentry">', '<div class="citation">'),
    ('<summary aria-label="Toggle hidden content">', "<summary>"),
    (
        '<button class="btn search-button-field" title="Search" aria-label="Search">',
        '<button class="btn search-button-field" title="Search">',
    ),
    (
        '<span class="search-button__kbd-shortcut">',
        '<span class="search-button__kbd-shortcut" aria-hidden="true">',
    ),
    (
        '<i class="theme-switch fa-solid" data-mode="dark" title="Dark">',
        '<i class="theme-switch fa-solid" data-mode="dark" aria-hidden="true">',
    ),
    (
        '<div class="sidebar-primary-items__start sidebar-primary__section">',
        '<div class="sidebar-primary-items__start sidebar-primary__section" role="region" aria-label="Book">',
    ),
]


def test_each_fault_is_put_right_wherever_it_stands(tmp_path: Path) -> None:
    assert len(LINES) == len(accessible_theme.FIXES)
    before, after = ("\n".join(lines) for lines in zip(*LINES, strict=True))
    pages = {"index.rst": "Title\n=====\n", "extra/part/page.html": before, "extra/part/page.txt": before}
    built = build(tmp_path, pages, "accessible_theme", html_extra_path=["extra"])
    assert built.text("part/page.html") == after
    assert built.text("part/page.txt") == before


def test_what_was_put_right_stays(tmp_path: Path) -> None:
    after = "\n".join(line for _, line in LINES)
    pages = {"index.rst": "Title\n=====\n", "extra/page.html": after}
    built = build(tmp_path, pages, "accessible_theme", html_extra_path=["extra"])
    assert built.text("page.html") == after
