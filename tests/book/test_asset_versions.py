"""A page asks for the styles and scripts as they are after the build, whenever it was written."""

from pathlib import Path

from sphinx.builders.html._assets import _file_checksum
from tiny_book import build

PAGE = """<link href="{up}_static/some.css{style}" /><script src="{up}_static/deep/some.js{script}"></script>
<link href="{up}_static/lost.css{lost}" /><link href="https://example.org/_static/some.css?v=1" />
<img src="{up}_static/some.png?v=1" />"""


def test_every_address_has_the_hash_of_its_file(tmp_path: Path) -> None:
    old = {"style": "?v=1a", "script": "", "lost": "?v=2b"}
    pages = {
        "index.rst": "Title\n=====\n",
        "extra/_static/some.css": "p { color: red; }",
        "extra/_static/deep/some.js": "1;",
        "extra/one.html": PAGE.format(up="", **old),
        "extra/part/two.html": PAGE.format(up="../", **old),
        "extra/none.html": "<p>nothing</p>",
    }
    built = build(tmp_path, pages, "asset_versions", html_extra_path=["extra"])
    style, script = (
        _file_checksum(tmp_path / "extra/_static", name) for name in ("some.css", "deep/some.js")
    )
    assert style and script and style != script
    new = {"style": f"?v={style}", "script": f"?v={script}", "lost": ""}
    assert built.text("one.html") == PAGE.format(up="", **new)
    assert built.text("part/two.html") == PAGE.format(up="../", **new)
    assert built.text("none.html") == "<p>nothing</p>"
