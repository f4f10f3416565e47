"""A trial: noticed by a wrong result, a crash or a hang, or not; and the copy is afterwards what it was."""

from pathlib import Path

import pytest

from tests.teeth import trial
from tests.teeth.changes import Change, changes
from tests.teeth.trial import Outcome, attempt, judge


def change(folder: Path, after: str) -> Change:
    found = changes("nmn/a.py", (folder / "nmn/a.py").read_bytes())
    return next(one for one in found if one.after == after)


@pytest.mark.parametrize(
    ("after", "tests", "found", "by"),
    [
        ("return by / x", ["made", "kept"], "wrong", "kept"),
        ("return by / x", ["made", "more"], "survived", ""),
        ("def twice(x, by=2):", [], "never run", ""),
    ],
)
def test_outcomes(project: Path, after: str, tests: list[str], found: str, by: str):
    before = (project / "nmn/a.py").read_bytes()
    tried = change(project, "return by / x")
    outcome = attempt(tried, [f"tests/test_a.py::test_{name}" for name in tests], 1.0, project)
    assert (outcome.found, outcome.by.rpartition("::test_")[2], outcome.tests) == (found, by, len(tests))
    assert (project / "nmn/a.py").read_bytes() == before


def test_a_hang_ends(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trial, "FLOOR", 3.0)
    tried = change(project, "x -= 1")
    assert attempt(tried, ["tests/test_a.py::test_forever"], 0.0, project).found == "hang"


def test_what_pytest_says_is_judged():
    said = "F\nFAILED tests/a.py::test_b[1 - 2] - assert 1 == 2\n1 failed\n"
    assert judge(1, said) == ("wrong", "tests/a.py::test_b[1 - 2]", "assert 1 == 2")
    assert judge(1, "FAILED a::b - TypeError: no\n") == ("crash", "a::b", "TypeError: no")
    assert judge(1, "FAILED a::b - Failed: DID NOT RAISE ValueError\n")[0] == "wrong"
    assert judge(2, "ERROR tests/a.py - SyntaxError\n") == ("crash", "tests/a.py", "SyntaxError")
    assert judge(-11, "Fatal: segmentation\n") == ("crash", "", "Fatal: segmentation")
    assert judge(0, "2 passed\n")[0] == "survived"
    assert judge(None, "") == ("hang", "", "")
    assert Outcome("never run").tests == 0
