"""The draw: as many as asked for, the same for a seed, by lines, without what was judged."""

from collections import Counter

import pytest

from tests.teeth.changes import Change
from tests.teeth.draw import draw
from tests.teeth.judged import judged

FILES = {
    "nmn/a.py": b"x = 1\ny = a + b\n" + b"".join(b"z%d = a < b\n" % k for k in range(8)),
    "nmn/b.js": b"f(a * b, a - b, a / b, a + b, a < b);\n",
}


def drawn(seed: int, count: int = 3, **more) -> list[Change]:
    return draw(FILES, FILES.__getitem__, seed=seed, count=count, **more)


def test_a_seed_draws_the_same_lines_each_once():
    assert drawn(1) == drawn(1) != drawn(2)
    every = drawn(1, count=100)
    assert len(every) == 11 == len({change.place for change in every})


def test_lines_are_as_likely_as_each_other():
    """Line 1 of b.js has more changes than all of a.py, and is drawn no more often than another line."""
    found = Counter(drawn(seed, count=1)[0].file for seed in range(220))
    assert 8 <= found["nmn/b.js"] <= 35


def test_what_was_judged_is_not_drawn():
    first = drawn(3, count=1)[0]
    assert all(first.key not in {c.key for c in drawn(seed, 100, judged={first.key})} for seed in range(20))


def test_a_judgement_has_a_reason_and_stands_once():
    row = "- {file: a.py, before: x = 1, after: x = 2, why: it is not read}\n"
    assert judged(row) == {"a.py | x = 1 | x = 2": "it is not read"}
    for bad in (row + row, "- {file: a.py, before: x = 1, after: x = 2}\n"):
        with pytest.raises(ValueError, match="reason"):
            judged(bad)


def test_the_judged_changes_are_changes_of_the_files_as_they_are():
    from tests.teeth import tree
    from tests.teeth.changes import changes

    keys = {file: set() for file in tree.sources()}
    for key in judged():
        file = key.split(" | ")[0]
        keys[file] = keys[file] or {c.key for c in changes(file, (tree.ROOT / file).read_bytes())}
        assert key in keys[file], key
