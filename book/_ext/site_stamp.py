"""Writes, beside the built site, a hash of what it was built from.

The tests of the site read it: pages that are older than their sources prove nothing.
"""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

KINDS = {".md", ".yml", ".bib", ".py", ".js", ".css", ".svg", ".png", ".json", ".txt"}


def sources_key(root: Path) -> str:
    """Hash of every source of the site: the book, the library, the configuration, the lock file."""
    files = [root / name for name in ("_config.yml", "_toc.yml", "requirements.txt")]
    for folder in ("book", "nmn"):
        inside = [path for path in (root / folder).rglob("*") if path.suffix in KINDS]
        files += sorted(path for path in inside if "node_modules" not in path.parts)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def stamp_path(site: Path) -> Path:
    """The file that holds the hash of the sources of a built site."""
    return site.with_name(f"{site.name}.key")


def _stamp(app: Sphinx, failure: Exception | None) -> None:
    if app.builder.format != "html":
        return
    stamp = stamp_path(Path(app.outdir))
    if failure:
        stamp.unlink(missing_ok=True)
    else:
        # The key of the beginning: what changed while the pages were written is not in them.
        stamp.write_text(app.config["nmn_sources_key"], "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("nmn_sources_key", sources_key(Path(app.srcdir)), "")
    app.connect("build-finished", _stamp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
