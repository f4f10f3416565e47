"""The tests that could notice a change: by lines, by what was computed once, by imports, by widgets."""

import shutil
from pathlib import Path

import pytest

from tests.teeth.changes import Change, changes
from tests.teeth.recording import Recording
from tests.teeth.selection import importers, in_order, select


def change(root: Path, file: str, after: str) -> Change:
    found = changes(file, (root / file).read_bytes())
    return next(one for one in found if one.after == after)


def named(tests: list[str]) -> set[str]:
    return {test.split("::test_")[1] for test in tests}


@pytest.mark.parametrize(
    ("file", "after", "expected"),
    [
        # By what a cached function ran for both, and in a process of its own.
        ("nmn/a.py", "return by / x", {"kept", "kept_again", "elsewhere"}),
        # A default: by the body.
        ("nmn/a.py", "def twice(x, by=3):", {"kept", "kept_again", "elsewhere"}),
        # By what a fixture ran for both.
        ("nmn/a.py", "return x - LIMIT", {"made", "made_again"}),
        ("nmn/a.py", "if x <= 0:", {"made", "made_again"}),
        # No test runs it.
        ("nmn/a.py", "return 1", set()),
        # By what JAX traced for the first.
        ("nmn/c.py", "return x / x", {"traced", "traced_again"}),
        # A constant: by all that runs here, and in a module that imports this.
        ("nmn/a.py", "LIMIT = 4", {"kept", "kept_again", "made", "made_again", "elsewhere", "more",
                                   "forever"}),
        ("nmn/widgets/kit.js", "export const one = 2;", {"wheel", "all"}),
        ("nmn/widgets/lever.js", "export default { render: () => 4 };", {"lever", "all"}),
    ],
)  # fmt: skip
def test_selected(recorded: Recording, file: str, after: str, expected: set[str]):
    assert named(select(change(recorded.root, file, after), recorded)) == expected


def test_importers_are_found_in_every_spelling(project: Path, tmp_path: Path):
    here = tmp_path / "copy"
    shutil.copytree(project, here)
    assert importers("nmn/a.py", here) == ["nmn/b.py"]
    (here / "nmn/b.py").write_text("from nmn import z, a\n")
    assert importers("nmn/a.py", here) == ["nmn/b.py"]
    (here / "nmn/b.py").write_text("import nmn.ab\n")
    assert importers("nmn/a.py", here) == []


def test_a_file_stays_together_and_cheap_ones_come_first():
    seconds = {"a::one": 5.0, "a::two": 1.0, "b::one": 2.0, "b::two": 1.0}
    assert in_order(seconds, seconds) == ["b::two", "b::one", "a::two", "a::one"]
    assert in_order(["a::two", "b::one"], seconds) == ["a::two", "b::one"]
