"""What was compiled for the tests once is found again, in a folder that does not grow for ever."""

import os
import subprocess
import sys
from pathlib import Path

from tests import compiled
from tests.limit import SECONDS

ROOT = Path(__file__).resolve().parents[2]
TEST = "tests/product/test_values.py::test_leading_axes_broadcast"


def run_in(folder: Path) -> None:
    """Some test, which has to pass, with this folder for what is compiled."""
    command = (sys.executable, "-m", "pytest", "-q", "-n", "0", TEST)
    setting = os.environ | {"NMN_COMPILED": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=setting, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_programs_are_found_again_broken_files_passed_over_and_the_oldest_go(tmp_path: Path) -> None:
    run_in(tmp_path)
    made = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*-cache")}
    assert len(made) > 20
    broken, lost, *_ = made
    broken.write_bytes(broken.read_bytes()[:100])
    lost.unlink()
    # Too much for the folder, and older than the rest.
    old = tmp_path / "old-cache"
    with old.open("wb") as file:
        file.truncate(compiled.MOST_BYTES)
    os.utime(old, (0, 0))
    run_in(tmp_path)
    found = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*-cache")}
    assert set(found) == set(made)
    # Nothing but what this test has touched.
    assert {file for file in made if found[file] != made[file]} == {broken, lost}
