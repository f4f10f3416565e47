"""Where a store lies: a folder of this machine, or an address that fsspec knows."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

# One letter before the colon is a drive.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]+:/")


def location(path: str | os.PathLike[str]) -> Path | str:
    """A ``Path``, or the address as it is. Never a local folder with the name of an address.

    ValueError: an address whose file system is not installed, or that was made a ``Path``, which loses a "/".
    """
    text = os.fspath(path)
    if not _ADDRESS.match(text):
        return Path(text)
    if "://" not in text:
        raise ValueError(f"path must be a folder, or an address given as text, got {path!r}")
    if match := re.match("(file|local)://(localhost(?=/))?(.*)", text, re.IGNORECASE | re.DOTALL):
        if not match[3].startswith("/"):
            raise ValueError(f"path must be a folder, or its full address, file:///…, got {path!r}")
        return Path(unquote(match[3]))
    try:
        import fsspec

        fsspec.core.url_to_fs(text)
    except (ImportError, ValueError) as error:
        raise ValueError(f"path {text} needs fsspec and its part for such addresses: {error}") from error
    return text
