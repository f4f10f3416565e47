"""Binder: what repo2docker would do with this repository, and that each of its steps works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import limit

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def plan() -> str:
    """The Dockerfile that Binder would build; no Docker is needed to write it."""
    command = [str(BIN / "jupyter-repo2docker"), "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit.SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def step(plan: str, part: str) -> int:
    """Where in the plan the line stands that contains `part`."""
    found = [number for number, line in enumerate(plan.splitlines()) if part in line]
    assert len(found) == 1, f"{part!r} stands in {len(found)} lines of the plan"
    return found[0]


def test_the_python_is_the_one_of_the_lock_file(plan: str) -> None:
    # As repo2docker writes "environment.py-3.11-linux".
    assert "environment-2epy-2d3-2e11-2dlinux" in plan.splitlines()[step(plan, " /tmp/env/environment.lock")]


def test_the_steps_stand_in_their_order(plan: str) -> None:
    copied = step(plan, "COPY --chown=0:0 src/ ${REPO_DIR}/")
    # The project itself is among the requirements: it has to be there before they are installed.
    installed = step(plan, 'bin/pip install --no-cache-dir -r ".binder/requirements.txt"')
    assert copied < installed < step(plan, "RUN ./.binder/postBuild")
    assert step(plan, "WORKDIR ${REPO_DIR}") < installed


def test_its_requirements_are_the_pins_and_the_project() -> None:
    # Every pin is here already, so what pip still would do is to install the project.
    options = ["--dry-run", "--no-deps", "--no-index", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", ".binder/requirements.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit.SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    would = [line for line in done.stdout.splitlines() if line.startswith("Would install")]
    assert would == ["Would install yat-book-0.1.0"]
    assert "Requirement already satisfied: jupyterlab==" in done.stdout


def test_post_build_opens_markdown_as_notebooks(tmp_path: Path) -> None:
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    command = [str(ROOT / ".binder" / "postBuild")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=limit.SECONDS)
    settings = tmp_path / ".jupyter" / "labconfig" / "default_setting_overrides.json"
    viewers = json.loads(settings.read_text("utf8"))["@jupyterlab/docmanager-extension:plugin"]
    assert viewers == {"defaultViewers": {"markdown": "Jupytext Notebook"}}
