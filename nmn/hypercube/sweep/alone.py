"""One writer at a time for each path."""

import os
import platform
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def alone(path: Path | str) -> Iterator[None]:
    """Whoever is in here is the only one to write ``path``; others say that they wait, and do.

    A lock of the system on the file PATH.lock, which the system lets go of when a process dies, kill −9
    included. Where the system has no such locks (Windows), and at an address, nobody waits, and the marks of
    the store alone keep the numbers of two sweeps apart.
    """
    try:
        import fcntl
    except ImportError:
        fcntl = None  # type: ignore[assignment]
    if fcntl is None or isinstance(path, str):
        yield
        return
    lock = path.with_name(f"{path.name}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = lock.open("a+", encoding="utf8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            warnings.warn(
                f"{path} is being written by {file.read() or 'another sweep'}: waiting for it", stacklevel=3
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        if _is_there(file, lock):
            break
        # Its last owner has removed it.
        file.close()
    try:
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}")
        file.flush()
        yield
    finally:
        lock.unlink(missing_ok=True)
        file.close()


def _is_there(file: TextIO, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), lock.stat())
    except FileNotFoundError:
        return False
