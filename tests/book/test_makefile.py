"""The targets of the Makefile: the order of the gates, what a shell cannot change, and one installation."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.limit import SECONDS

ROOT = Path(__file__).resolve().parents[2]
# Stands for every program of the environment: notes when it begins and ends, what it is asked, what it sees.
NOTING = """#!/bin/sh
echo "begin $(basename "$0") $*" >> noted
env | grep -E '^(JAX_|XLA_|MPL|PYTHON(OPTIMIZE|WARNINGS|STARTUP))' | sed 's/^/sees /' >> noted
case "$*" in *site_stamp*) exit 1;; esac
sleep 0.1
echo "end" >> noted
case "$(basename "$0") $*" in $FAILS) exit 1;; esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The Makefile, in a folder with an awkward name, with programs that only note what they are asked."""
    folder = tmp_path / "my book ü"
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "pyproject.toml"):
        (folder / name).write_text("")
    for name in ("python", "ruff", "mypy", "jupyter-book"):
        (programs / name).write_text(NOTING)
        (programs / name).chmod(0o755)
    (folder / ".venv/.installed").write_text("")
    return folder


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    setting = {"PATH": os.defpath, "FAILS": "nothing", **variables}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True, timeout=SECONDS)


def noted(folder: Path) -> list[str]:
    return (folder / "noted").read_text("utf8").splitlines()


def gates(folder: Path) -> list[str]:
    """Which gate each program that was started belongs to."""
    marks = {
        "ruff": "lint", "mypy": "lint", "offline_assets": "unit", "--ignore tests/site": "unit",
        "--nbmake": "chapters", "jupyter-book": "book", "tests.site": "site", "tests/site": "site",
    }
    begun = [line for line in noted(folder) if line.startswith("begin") and "site_stamp" not in line]
    return [next(gate for mark, gate in marks.items() if mark in line) for line in begun]


ORDER = ["lint", "lint", "unit", "unit", "chapters", "book", "site", "site"]


@pytest.mark.parametrize("jobs", ["-j1", "-j4"])
def test_the_gates_stand_in_their_order_and_alone(folder: Path, jobs: str) -> None:
    done = make(folder, jobs, "test")
    assert done.returncode == 0, done.stderr
    assert gates(folder) == ORDER
    lines = [line.split()[0] for line in noted(folder) if "site_stamp" not in line and "sees" not in line]
    assert lines == ["begin", "end"] * len(ORDER)


@pytest.mark.parametrize(
    ("fails", "reached"), [("mypy*", 2), ("python *--ignore*", 4), ("*--nbmake*", 5)]
)
def test_no_gate_is_reached_past_one_that_fails(folder: Path, fails: str, reached: int) -> None:
    done = make(folder, "-j4", "test", FAILS=fails)
    assert done.returncode != 0
    assert gates(folder) == ORDER[:reached]


def test_a_shell_cannot_change_the_gates(folder: Path) -> None:
    hostile = "JAX_ENABLE_X64", "JAX_DISABLE_JIT", "XLA_FLAGS", "MPLBACKEND", "PYTHONOPTIMIZE"
    make(folder, "unit", **dict.fromkeys(hostile, "1"))
    assert {line for line in noted(folder) if "sees" in line} == {"sees JAX_PLATFORMS=cpu"}
    make(folder, "unit", JAX_PLATFORMS="cuda")
    assert "sees JAX_PLATFORMS=cuda" in noted(folder)


def test_two_installations_do_not_meet(folder: Path) -> None:
    (folder / ".venv/.installed").unlink()
    (folder / ".venv.lock").mkdir()
    done = make(folder, "book", f"PYTHON={folder}/.venv/bin/python")
    assert done.returncode != 0
    assert "Another make installs into .venv" in done.stdout
    assert not (folder / ".venv/.installed").exists()


def test_an_installation_leaves_no_lock(folder: Path) -> None:
    (folder / ".venv/.installed").unlink()
    done = make(folder, "book", "PYTHON=.venv/bin/python", FAILS="*pip*")
    assert done.returncode != 0
    assert not (folder / ".venv.lock").exists()
    assert not (folder / ".venv/.installed").exists()
    assert make(folder, "book", "PYTHON=.venv/bin/python").returncode == 0
    assert (folder / ".venv/.installed").exists()
