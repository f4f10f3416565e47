"""One build at a time in one folder: two would write the same pages."""

import fcntl
from pathlib import Path
from typing import IO, Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

logger = logging.getLogger(__name__)
# Held until this process ends, however it ends.
_held: list[IO[str]] = []


def _wait_for_others(app: Sphinx, _: Config) -> None:
    lock = Path(app.srcdir, "_build", "lock")
    lock.parent.mkdir(exist_ok=True)
    _held.append(lock.open("w"))
    try:
        fcntl.flock(_held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        logger.info("Another build is at work in this folder; this one waits for it.")
        fcntl.flock(_held[-1], fcntl.LOCK_EX)


def setup(app: Sphinx) -> dict[str, Any]:
    # Before anything is written, and before what the last build read is loaded.
    app.connect("config-inited", _wait_for_others, priority=-100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
