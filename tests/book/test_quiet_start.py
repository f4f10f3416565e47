"""What a library of others tells the machine while it is imported does not reach a chapter's stderr."""

import os
import subprocess
import sys
from pathlib import Path

from kernel import QUIET_START

from tests.limit import SECONDS

NOISY = """
import os, sys
print("as Python", file=sys.stderr)
os.write(2, b"below Python")
"""
# What stands in a kernel after the start; then the page writes to stderr itself.
SCRIPT = f"""
import os, runpy, sys
before = len(os.listdir("/dev/fd"))
left = [name for name in runpy.run_path({str(QUIET_START)!r}) if not name.startswith("__")]
print(left, before - len(os.listdir("/dev/fd")), "BOOK_FOREIGN_MODULES" in os.environ)
print([name for name in sys.modules if name.startswith("noisy")], flush=True)
os.write(2, b"own words")
"""


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the script where the noisy modules, and one that fails, can be imported."""
    for name in ("noisy_one", "noisy_two"):
        (folder / f"{name}.py").write_text(NOISY)
    (folder / "broken.py").write_text("1 / 0")
    command = [sys.executable, "-c", SCRIPT]
    setting = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return subprocess.run(command, env=setting, capture_output=True, text=True, timeout=SECONDS)


def test_imports_are_silent_and_what_comes_after_is_not(tmp_path: Path) -> None:
    done = run(tmp_path, BOOK_FOREIGN_MODULES="noisy_one not_there broken noisy_two")
    assert done.stderr == "own words"
    assert done.stdout.splitlines() == ["[] 0 False", "['noisy_one', 'noisy_two']"]


def test_with_nothing_to_import_nothing_happens(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.stdout.splitlines(), done.stderr) == (["[] 0 False", "[]"], "own words")
