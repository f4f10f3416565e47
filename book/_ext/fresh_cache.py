"""An execution cache that does not outlive the library.

jupyter-cache keys a chapter's outputs on its cells alone, so a change in `nmn` would
leave yesterday's numbers on the page. Here the cache is a folder named by a hash of
everything else the cells run on.
"""

import hashlib
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config


def source_key(root: Path) -> str:
    """Hash of the library, the lock file and the Python version."""
    files = [root / "requirements.txt"]
    files += sorted(path for path in (root / "nmn").rglob("*") if path.suffix in {".py", ".js", ".css"})
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_path(root: Path) -> Path:
    """The folder that holds the outputs of the chapters for the library as it is now."""
    return root / "_build" / "executed" / source_key(root)


def _use_keyed_cache(app: Sphinx, config: Config) -> None:
    config["nb_execution_cache_path"] = str(cache_path(Path(app.srcdir)))
    # Declared with rebuild="env": when it changes, Sphinx reads every page again.
    config["nmn_source_key"] = source_key(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("nmn_source_key", "", "env")
    # Before MyST-NB reads its configuration.
    app.connect("config-inited", _use_keyed_cache, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
