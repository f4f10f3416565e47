"""Every page asks for the styles and scripts of this build, also a page that an earlier build wrote.

Sphinx puts a hash of each file into its address, so that no browser keeps an old one. It does so
while it writes a page, for files that are there by then, and a change in a style is no reason to
write a page again.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html._assets import _file_checksum

_ASSET = re.compile(r'((?:href|src)="(?:\.\./)*_static/([^"?]+\.(?:css|js)))(?:\?v=\w+)?"')


def _renew(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.format != "html":
        return
    out = Path(app.outdir)

    @cache
    def query(name: str) -> str:
        version = _file_checksum(out / "_static", name)
        return f"?v={version}" if version else ""

    for path in out.rglob("*.html"):
        old = path.read_text("utf8")
        new = _ASSET.sub(lambda found: f'{found[1]}{query(found[2])}"', old)
        if new != old:
            path.write_text(new, "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    # When every other extension has written its styles and pages.
    app.connect("build-finished", _renew, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
