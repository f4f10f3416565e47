"""The table and the store: what counts, what is kept, and what is tried again."""

from pathlib import Path

from tests.teeth.changes import Change
from tests.teeth.judged import judged
from tests.teeth.report import counted, share, summary, table
from tests.teeth.store import Store
from tests.teeth.trial import Outcome


def change(number: int, file: str = "nmn/product/a.py") -> Change:
    return Change(file, number, 0, 1, "", "sign", f"a < {number}", f"a <= {number}")


RESULTS = [
    (change(1), Outcome("wrong", "tests/a.py::test_one")),
    (change(2), Outcome("hang")),
    (change(3, "nmn/layers.py"), Outcome("survived")),
    (change(4, "nmn/widgets/a.js"), Outcome("crash", "tests/a.py::test_two")),
    (change(5, "book/_ext/a.py"), Outcome("never run")),
    (change(6), Outcome("survived")),
]
JUDGED = {change(6).key: "the same"}


def test_what_changes_nothing_does_not_count():
    assert len(counted(RESULTS, JUDGED)) == 5
    assert share(counted(RESULTS, JUDGED)) == 60
    assert share(RESULTS) == 50


def test_the_table_says_where_what_and_who():
    shown = table(RESULTS, JUDGED)
    assert "nmn/product/a.py:1  [sign]\n  - a < 1\n  + a <= 1\n  wrong: tests/a.py::test_one\n" in shown
    assert shown.index("SURVIVED") > shown.index("crash: tests/a.py::test_two")
    assert "a < 6" not in shown
    counts = summary(RESULTS, JUDGED)
    assert "3 of 5 noticed, 60 % (1 more changed nothing)" in counts
    assert "wrong result 1, by a crash 1, by a hang 1; survived 1, run by no test 1" in counts
    rows = [line.split() for line in counts.splitlines()[2:]]
    assert rows == [
        ["JavaScript", "100", "%", "of", "1"],
        ["extensions", "0", "%", "of", "1"],
        ["layers", "0", "%", "of", "1"],
        ["product", "100", "%", "of", "2"],
    ]


def test_results_are_kept_and_survivors_of_other_tests_are_tried_again(tmp_path: Path):
    store = Store(tmp_path / "draw", tests="old")
    assert store.drawn() == [] == store.results()
    drawn = [change for change, _ in RESULTS]
    assert store.keep(drawn) == drawn
    for result in RESULTS[:4]:
        store.add(*result)
    again = Store(tmp_path / "draw", tests="old")
    assert again.drawn() == drawn
    assert again.results() == RESULTS[:4]
    newer = Store(tmp_path / "draw", tests="new")
    assert newer.settled() == {drawn[0], drawn[1], drawn[3]}
    newer.add(drawn[2], Outcome("wrong", "tests/a.py::test_three"))
    assert newer.settled() == set(drawn[:4])


def test_every_judged_line_still_stands_in_its_file() -> None:
    def plain(line: str) -> str:
        return " ".join(line.split())

    root, gone = Path(__file__).parents[2], []
    for key in judged():
        file, before = key.split(" | ")[:2]
        lines = (root / file).read_text("utf8").splitlines() if (root / file).is_file() else []
        if before not in map(plain, lines):
            gone.append(key)
    assert not gone
