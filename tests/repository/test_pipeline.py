"""What runs elsewhere fits what is here: workflows, Makefile, lock file; and no file names a machine."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text("utf8")
TARGETS = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
# Hosts that packages come from, and homes of people: neither says anything on another machine.
FOREIGN = re.compile(
    r"(?:pypi|pythonhosted|npmjs|anaconda)\.(?:org|com)\b|(?<![\w.])/(?:home|root|Users)/\w"
    + (f"|{re.escape(str(ROOT))}(?![\\w-])" if len(ROOT.parts) > 2 else "")
)


def workflow(name: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """When a workflow runs, its one job, and the steps of that job."""
    document = yaml.safe_load(WORKFLOWS[name].read_text("utf8"))
    (job,) = document["jobs"].values()
    # YAML 1.1 reads the key `on` as true.
    return document[True], job, job["steps"]


def commands(name: str) -> list[str]:
    """What a workflow runs, in order."""
    return [line for step in workflow(name)[2] for line in step.get("run", "").splitlines()]


def test_the_workflows_are_these() -> None:
    assert list(WORKFLOWS) == ["newest", "pages", "search", "tests"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_runs_what_the_makefile_has(name: str) -> None:
    wanted = [target for line in commands(name) if line.startswith("make ") for target in line.split()[1:]]
    assert wanted
    assert set(wanted) <= TARGETS


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_step_that_fails_stops_its_workflow(name: str) -> None:
    _, job, steps = workflow(name)
    for part in (job, *steps):
        assert "continue-on-error" not in part
        assert "if" not in part


def test_tests_run_on_every_push_and_on_both_pythons() -> None:
    events, job, _ = workflow("tests")
    assert set(events) == {"push", "pull_request"}
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    assert commands("tests") == ["make test"]


def test_only_a_book_that_was_built_is_published() -> None:
    events, job, steps = workflow("pages")
    assert events["push"] == {"branches": ["main"]}
    assert job["environment"]["name"] == "github-pages"
    done = [step.get("run") or step["uses"].split("@")[0] for step in steps]
    last = ["make book", "actions/upload-pages-artifact", "actions/deploy-pages"]
    assert done[-3:] == last
    assert steps[-2]["with"] == {"path": "_build/html"}


@pytest.mark.parametrize("name", ["newest", "search"])
def test_newest_packages_and_new_examples_are_tried_every_week(name: str) -> None:
    events, _, _ = workflow(name)
    _, _, day_of_month, month, weekday = events["schedule"][0]["cron"].split()
    assert (day_of_month, month) == ("*", "*")
    assert weekday in "0123456"


def test_the_newest_packages_are_locked_before_they_are_tried() -> None:
    runs = commands("newest")
    assert runs.index("make lock") < runs.index("make test")


def test_the_gates_of_this_repository_are_make_test() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    assert "make test" in (ROOT / ".ci/run").read_text("utf8")


def pins() -> dict[str, list[Requirement]]:
    """The lines of the lock file by package; a package has several where systems differ."""
    found: dict[str, list[Requirement]] = {}
    for line in LOCK.splitlines():
        if line and not line.startswith(("#", "-e ")):
            requirement = Requirement(line)
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def test_every_line_of_the_lock_file_is_a_pin() -> None:
    assert LOCK.splitlines().count("-e .") == 1
    for requirement in (line for lines in pins().values() for line in lines):
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", str(requirement)
        assert "*" not in specifier.version, str(requirement)
        assert requirement.url is None
    assert "://" not in LOCK


def test_the_lock_file_answers_the_project() -> None:
    extras = PROJECT["optional-dependencies"].values()
    wanted = map(Requirement, [*PROJECT["dependencies"], *(line for extra in extras for line in extra)])
    for requirement in wanted:
        for pin in pins()[canonicalize_name(requirement.name)]:
            (specifier,) = pin.specifier
            assert requirement.specifier.contains(Version(specifier.version)), f"{pin} is not {requirement}"


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    assert "Makefile" in names
    traces = {
        name: found.group()
        for name in names
        if (found := FOREIGN.search((ROOT / name).read_text("utf8", errors="replace")))
    }
    assert traces == {}
