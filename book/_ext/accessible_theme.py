"""What the theme gets wrong for readers who listen or have no scripts, put right in the written pages.

Each substitution mends one fault that axe reports (WCAG 2 A and AA) or that a test of the
site sees; tests/site/test_theme.py shows that each is still needed.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

FIXES = [
    # Colours hang on the theme's name. With no script nothing turns "auto" into one, and code is
    # black on grey; with scripts, the page is first painted without colours.
    (r'(<html [^>]*data-theme=)"auto"', r'\1"light"'),
    (
        r'localStorage\.getItem\("theme"\) \|\| "auto"',
        'localStorage.getItem("theme") || '
        '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")',
    ),
    # A list role on a block whose children are no list items.
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    # A role that the standard has withdrawn.
    (r' role="doc-biblioentry"', ""),
    # An accessible name that hides the words the reader sees.
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    (r'<span class="(search-button__kbd-shortcut)">', r'<span class="\1" aria-hidden="true">'),
    # Icons that announce themselves beside the button that already has a name.
    (r'(<i class="theme-switch [^>]*?data-mode="\w+") +title="[^"]*"', r'\1 aria-hidden="true"'),
    # Content outside every landmark.
    (
        r'<div class="sidebar-primary-items__start sidebar-primary__section">',
        '<div class="sidebar-primary-items__start sidebar-primary__section" role="region" aria-label="Book">',
    ),
]


def _mend(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        old = new = path.read_text("utf8")
        for pattern, replacement in FIXES:
            new = re.sub(pattern, replacement, new)
        if new != old:
            path.write_text(new, "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
