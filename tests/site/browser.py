"""The Chromium that the tests of the pages drive: found, or installed, or named as missing in one line.

`python -m tests.site.browser` makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

SYSTEM_TEMPORARY = os.path.join(os.sep, "tmp")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    # In containers tests run as root, where Chromium's sandbox cannot start, and /dev/shm is small.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # Nothing leaves this machine: what asks another host is seen to ask, and waits for no answer.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # The browser itself asks no host for anything: what is asked, a page asked for.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
MISSING = (
    "no Chromium: install one (apt-get install chromium, or playwright install chromium), "
    "or set CHROMIUM to its path"
)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _candidates() -> Iterator[str]:
    if os.environ.get("CHROMIUM"):
        # Who names a browser wants that one, and no other in its place.
        yield os.environ["CHROMIUM"]
        return
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def chromium_path() -> str | None:
    """The program to start: $CHROMIUM, else one on the PATH, else playwright's own; None if there is none."""
    return next((path for path in _candidates() if os.access(path, os.X_OK)), None)


@contextmanager
def short_folder() -> Iterator[str]:
    """A temporary folder for the browser, which puts a socket there: an address of a hundred letters."""
    usual = tempfile.gettempdir()
    long = len(os.fsencode(usual)) > 60 and os.path.isdir(SYSTEM_TEMPORARY)
    with tempfile.TemporaryDirectory(dir=SYSTEM_TEMPORARY if long else usual) as folder:
        yield folder


def _routes() -> Iterator[list[list[str]]]:
    """The ways to install a browser, each a list of commands."""
    if _is_root() and shutil.which("apt-get"):
        yield [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    playwright = [sys.executable, "-m", "playwright", "install"]
    yield [playwright + (["--with-deps"] if _is_root() else []) + ["chromium"]]


def _succeeds(command: list[str]) -> bool:
    try:
        # What the installer prints is progress; the one line that counts comes at the end.
        return subprocess.run(command, stdin=subprocess.DEVNULL, timeout=900).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> str | None:
    """Installs a browser by the first way that leads to one, and gives its path."""
    for commands in _routes():
        if all(map(_succeeds, commands)) and (path := chromium_path()):
            return path
    return None


def main() -> int:
    named = os.environ.get("CHROMIUM")
    path = chromium_path() or (None if named else install())
    print(path or (f"CHROMIUM is {named}, and no program is there" if named else MISSING))
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
