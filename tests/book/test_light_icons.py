"""The icons of the pages are cut out of the theme's script; no page asks for the script."""

from pathlib import Path

import pytest
from light_icons import _PLACE, cut_icon, used_icons
from sphinx.errors import ExtensionError
from tiny_book import build

SCRIPT = (
    'var icons={"arrow-up":[384,512,[],"f062","M1 2z"],bars:[448,512,["nav"],"f0c9","M3 4z"],'
    'xmark:[320,512,[],"f00d","M5 6z"],unused:[1,1,[],"f000","M0z"]};'
)
PAGE = """<head><script src="{up}_static/scripts/fontawesome.js?digest=1a2b"></script></head>
<i class="fa-solid fa-{icon} fa-lg"></i><span class="fab fa-solid"></span>"""
LINK = '<link rel="stylesheet" href="{up}_static/icons.css" />'


def style(name: str, size: str, path: str) -> str:
    svg = f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size}'%3E%3Cpath d='{path}'/%3E%3C/svg%3E"
    return f'.fa-{name} {{ --icon: url("data:image/svg+xml,{svg}"); }}\n'


def test_pages_get_the_icons_that_they_use_and_those_of_scripts(tmp_path: Path) -> None:
    pages = {
        "index.rst": "Title\n=====\n",
        "extra/_static/scripts/fontawesome.js": SCRIPT,
        "extra/one.html": PAGE.format(up="", icon="bars"),
        "extra/part/two.html": PAGE.format(up="../", icon="arrow-up"),
        "extra/none.html": "<p>no icon</p>",
    }
    built = build(tmp_path, pages, "light_icons", html_extra_path=["extra"])
    cut = style("arrow-up", "384 512", "M1 2z") + style("bars", "448 512", "M3 4z")
    assert built.text("_static/icons.css") == _PLACE + cut + style("xmark", "320 512", "M5 6z")
    assert LINK.format(up="") in built.text("one.html")
    assert LINK.format(up="../") in built.text("part/two.html")
    assert "fontawesome" not in built.text("one.html") + built.text("part/two.html")
    assert built.text("none.html") == "<p>no icon</p>"
    # The next build cuts from it.
    assert built.text("_static/scripts/fontawesome.js") == SCRIPT


def test_manners_are_no_icons() -> None:
    assert used_icons('<i class="fa-solid fa-bars fa-lg x"></i><span class="fa-xmark"></span>') == {
        "bars",
        "xmark",
    }
    assert used_icons('<p class="fa-bars"></p>') == set()


def test_an_icon_that_the_theme_does_not_have_is_named() -> None:
    assert cut_icon(SCRIPT, "bars") == style("bars", "448 512", "M3 4z")
    with pytest.raises(ExtensionError, match="no icon 'unheard-of'"):
        cut_icon(SCRIPT, "unheard-of")
