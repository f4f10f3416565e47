"""Programs compiled for the tests, kept in the folder that NMN_COMPILED names: the next run is half as long.

A file that was cut off, or is just being written, costs a warning, and its program is compiled again.
"""

import os
from pathlib import Path

import jax

FOLDER = os.environ.get("NMN_COMPILED")
MOST_BYTES = 1 << 30


def keep() -> None:
    """From now on JAX looks there first, and keeps there what it compiles."""
    if FOLDER:
        jax.config.update("jax_compilation_cache_dir", FOLDER)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)


def thin_out() -> None:
    """The oldest goes, until the rest is not too much."""
    files = sorted(Path(FOLDER).glob("*-cache"), key=lambda file: file.stat().st_mtime) if FOLDER else []
    size = sum(file.stat().st_size for file in files)
    while size > MOST_BYTES:
        oldest = files.pop(0)
        size -= oldest.stat().st_size
        oldest.unlink()
