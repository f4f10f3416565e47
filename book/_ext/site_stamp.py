"""Beside a built site lies a hash of what it was built from, as long as the site is whole and sound.

The stamp goes when a build begins, and comes back when one has ended without a warning. Sphinx says
what is wrong with a page only when it reads or writes it, and does neither because an extension or
a package changed, or because the last build was cut off: then every page is read again.

Two builds in one folder would write the same pages: the second waits.

The tests of the site ask for the stamp: pages that are older than their sources prove nothing.
`python book/_ext/site_stamp.py` succeeds if the next build would change nothing: `make book` asks it.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kernel import setting
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
logger = logging.getLogger(__name__)
# Locks, held until this process ends, however it ends.
_held: list[IO[str]] = []
# The keys of the sources as they were when a build began, by their folder.
_begun: dict[Path, str] = {}
MADE = {"__pycache__", "node_modules", ".ipynb_checkpoints"}


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in ("_config.yml", "_toc.yml", "requirements.txt"))
    for folder in ("book", "nmn"):
        inside = (path for path in (root / folder).rglob("*") if not MADE & set(path.parts))
        yield from sorted(path for path in inside if path.is_file())


def sources_key(root: Path) -> str:
    """Hash of every source of the site: the book, the library, the configuration, the lock file."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def stamp_path(site: Path) -> Path:
    """The file that holds the hash of the sources of a built site."""
    return site.with_name(f"{site.name}.key")


def _whole_path(site: Path) -> Path:
    return site.with_name(f"{site.name}.whole")


def _whole_key(site: Path) -> str:
    """Hash of what builds a site, for whom, and of the size and the time of each of its files."""
    digest = hashlib.sha256(repr((str(site), os.environ.get("GITHUB_REPOSITORY"), setting())).encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    for path in sorted(site.rglob("*")):
        # The first page is written when Sphinx has ended, and leads to another.
        if path.is_file() and path != site / "index.html":
            status = path.stat()
            digest.update(f"{path.relative_to(site)}\0{status.st_size} {status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _is_whole(site: Path) -> bool:
    """Whether the site is as a sound build left it, and the next one would work in the same way."""
    files = stamp_path(site), _whole_path(site), site / "index.html"
    return all(path.is_file() for path in files) and _whole_path(site).read_text("utf8") == _whole_key(site)


def is_current(root: Path) -> bool:
    """Whether the built site is whole, sound, and what its sources would give now."""
    site = root / "_build" / "html"
    return _is_whole(site) and stamp_path(site).read_text("utf8") == sources_key(root)


def _site(app: Sphinx) -> Path:
    # Every kind of build keeps what it read in one place, and what one has read no other reads again.
    return Path(app.doctreedir).parent / "html"


def _wait_for_others(root: Path) -> None:
    lock = root / "_build" / "lock"
    lock.parent.mkdir(exist_ok=True)
    file = lock.open("w")
    _held.append(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        logger.info("Another build is at work in this folder; this one waits for it.")
        fcntl.flock(file, fcntl.LOCK_EX)


def _begin(app: Sphinx, _: Config) -> None:
    root = Path(app.srcdir)
    _wait_for_others(root)
    _begun[root] = sources_key(root)
    if not _is_whole(_site(app)):
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    stamp_path(_site(app)).unlink(missing_ok=True)


def _end(app: Sphinx, failure: Exception | None) -> None:
    if failure or app._warncount or app.builder.format != "html":
        return
    site = _site(app)
    _whole_path(site).write_text(_whole_key(site), "utf8")
    # The key of the beginning: what changed while the pages were written is not in them.
    stamp_path(site).write_text(_begun[Path(app.srcdir)], "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    # Before anything is written, and before what the last build read is loaded.
    app.connect("config-inited", _begin, priority=-sys.maxsize)
    # When every other extension has written what it writes.
    app.connect("build-finished", _end, priority=sys.maxsize)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    sys.exit(not is_current(ROOT))
