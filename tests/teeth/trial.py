"""One change, tried: the tests that could notice it run in a copy of the project that holds it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.teeth import tree
from tests.teeth.changes import Change

# A machine that is busy, or a first compilation, is no endless loop.
PATIENCE, FLOOR = 10.0, 120.0
# "wrong": an assertion failed. "crash": something else was raised. "hang": the time was up. Those notice.
NOTICED = ("wrong", "crash", "hang")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?(?:\[.*\])?)(?: - (.*))?$", re.MULTILINE)
_ASSERTED = ("assert", "AssertionError", "Failed:")


@dataclass(frozen=True)
class Outcome:
    """How a trial ended: `found` is one of NOTICED, "survived" or "never run"."""

    found: str
    by: str = ""
    says: str = ""
    tests: int = 0
    seconds: float = 0.0


def attempt(change: Change, tests: Sequence[str], expected: float, folder: Path) -> Outcome:
    """Runs `tests`, which take `expected` seconds without the change, until one fails."""
    if not tests:
        return Outcome("never run")
    path = folder / change.file
    kept = path.read_bytes()
    started = time.perf_counter()
    try:
        path.write_bytes(change.apply(kept))
        code, said = run(tests, folder, FLOOR + PATIENCE * expected)
    finally:
        path.write_bytes(kept)
        # What a search found for one change is not shown to the next.
        shutil.rmtree(folder / ".hypothesis", ignore_errors=True)
    found, by, says = judge(code, said)
    return Outcome(found, by, says, len(tests), round(time.perf_counter() - started, 1))


def run(tests: Sequence[str], folder: Path, limit: float) -> tuple[int | None, str]:
    """The exit status of pytest, None if it did not end in `limit` seconds, and what it wrote."""
    with tempfile.TemporaryDirectory() as made:
        names = Path(made, "tests")
        names.write_text("\n".join(tests), "utf8")
        process = subprocess.Popen(
            [sys.executable, *tree.PYTEST, "-x", "--tb=line", f"@{names}"],
            cwd=folder,
            # One line a failure, however long.
            env=tree.environment(folder, COLUMNS="500"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            _end(process)
        return process.returncode, said


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the tests and all that they started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def judge(code: int | None, said: str) -> tuple[str, str, str]:
    """(What was found, the test that found it, what it says)."""
    if code is None:
        return "hang", "", ""
    if code == 0:
        return "survived", "", ""
    first = _FAILED.search(said)
    test, says = (first[1], first[2] or "") if first else ("", said.strip().splitlines()[-1][:200])
    return "wrong" if code == 1 and says.startswith(_ASSERTED) else "crash", test, says[:200]
