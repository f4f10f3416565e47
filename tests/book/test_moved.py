"""What moved leaves a link under its old address; a line that says too little stops the build."""

from pathlib import Path

import pytest
from tiny_book import build

NEW = """# The new page

(thm-squares)=
## Squares
"""


def _build(root: Path, body: str, page: str = "new"):
    old = f"# Old\n\n:::{{moved}} {page}\n{body}\n:::\n"
    pages = {"index.md": "# Top\n\n{doc}`part/old` {doc}`part/new`\n", "part/old.md": old, "part/new.md": NEW}
    return build(root, pages, "myst_parser", "moved", myst_enable_extensions=["colon_fence"])


def test_the_old_address_leads_to_the_new_one(tmp_path: Path) -> None:
    built = _build(tmp_path, "thm-squares: no square: is negative\n\nroots: what a root is")
    assert "moved" not in built.warnings
    (paragraph,) = built.body("part/old").select("p.moved")
    first, second, third = paragraph.select("a")
    assert (first.text, first["href"]) == ("The new page", "new.html")
    assert (second["id"], second["href"], second.text) == (
        "thm-squares",
        "new.html#thm-squares",
        "no square: is negative",
    )
    assert (third["id"], third["href"]) == ("roots", "new.html#roots")
    assert built.body("part/new").select_one("#thm-squares")
    assert paragraph.text == "Now on The new page: no square: is negative; what a root is."


@pytest.mark.parametrize(
    ("body", "page", "fault"),
    [
        ("thm-squares", "new", "a line is 'address: what it is', got 'thm-squares'"),
        ("thm-squares:", "new", "a line is 'address: what it is'"),
        ("", "new", "no address"),
        ("thm-squares: squares", "gone", "there is no page gone"),
    ],
)
def test_a_line_that_says_too_little_is_named(tmp_path: Path, body: str, page: str, fault: str) -> None:
    assert f"moved: {fault}" in _build(tmp_path, body, page).warnings
