"""The changes: what is changed in either language, and what is left alone."""

import pytest

from tests.teeth.changes import Change, changes, parses

PYTHON, FIGURE, SCRIPT = "nmn/a.py", "nmn/figures/a.py", "nmn/widgets/a.js"


def lines(file: str, source: str) -> set[str]:
    """The line of each change, as it is afterwards."""
    return {change.after for change in changes(file, source.encode())}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a not in b", {"a in b"}),
        ("a + b", {"a - b"}),
        ('a + "px"', set()),
        ("a @ b", set()),
        ("a and b", {"a or b"}),
        ("x = 3", {"x = 2", "x = 4", "x = 6"}),
        ("x = 0", {"x = 1", "x = -1"}),
        ("x = 1e-5", {"x = 2e-05", "x = 5e-06"}),
        ("x = sum(y, axis=-z)", {"x = sum(y, axis=z)", "x = sum(y)"}),
        ("x = True", {"x = False"}),
        ("not a", {"a"}),
        ("x = f(a, b)", {"x = f(b, a)"}),
        ("x = max(a, b)", {"x = min(a, b)"}),
        ("x = zip(a, a, strict=False)", {"x = zip(a, a, strict=True)"}),
        ('x = f(a, "b")', set()),
        ("x = a[:n]", {"x = a[:(n) - 1]", "x = a[:(n) + 1]"}),
        ("x = b if a else c", {"x = b if not (a) else c"}),
        ("f()", {"pass"}),
        ("self.a = b", {"pass"}),
        ("a = b", set()),
        ('raise ValueError(f"{a + 1}")', {"pass"}),
        ("def f(): return a, b", {"def f(): return b, a"}),
        ("def f(a: tuple[int, 3] = 0): ...",
         {"def f(a: tuple[int, 3] = 1): ...", "def f(a: tuple[int, 3] = -1): ..."}),
        ('"""A text with 3 numbers."""', set()),
        ("from a import b  # 1 + 1", set()),
        ('x = f"{a:3d}"', set()),
    ],
)  # fmt: skip
def test_python(source, expected):
    assert lines(PYTHON, source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a === b;", {"a !== b;"}),
        ("a && b;", {"a || b;"}),
        ("x = a ** b;", {"x = a * b;"}),
        ("x = `${a}px` + b;", set()),
        ("x = `${a / b}px`;", {"x = `${a * b}px`;"}),
        ("x = Math.floor(a);", {"x = Math.ceil(a);"}),
        ("if (a) b = c;", {"if (!(a)) b = c;"}),
        ("f(a, b);", {"f(b, a);", ";"}),
        ("x = f({ a: true });", {"x = f({ a: false });", "x = f({ });"}),
        ("x = () => { return [a, b]; };", {"x = () => { return [b, a]; };"}),
        ("function f({ a = true }) {}", {"function f({ a = false }) {}"}),
        ("throw new Error(a + b);", {";"}),
        ('import { a } from "./a.js";', set()),
    ],
)
def test_javascript(source, expected):
    assert lines(SCRIPT, source) == expected


def test_the_look_of_a_picture_is_left_alone_and_what_it_shows_is_not():
    assert lines(FIGURE, "ax.set(xlim=(0, 2), color=c)") == {"pass"}
    assert lines(PYTHON, "ax.set(width=True)") == {"pass", "ax.set()", "ax.set(width=False)"}
    assert lines(FIGURE, "x = ax.plot(a, b, linewidth=2)") == {"x = ax.plot(b, a, linewidth=2)"}
    assert lines(FIGURE, "ax.text(0, 2.5, a)") == {"pass"}
    assert lines(FIGURE, 'RC = {"axes.spines.top": False}') == set()
    assert lines(SCRIPT, "ctx.lineWidth = 2;") == set()
    assert lines(SCRIPT, "ctx.fillText(a, b + 8, c);") == {";"}


def test_a_change_is_of_bytes_and_says_where_it_is():
    source = 'name = "ⵟ"\nif a and \\\n        b:\n    c()\n'.encode()
    (change,) = (one for one in changes(PYTHON, source) if one.kind == "sign")
    assert change.place == "nmn/a.py:2"
    assert (change.before, change.after) == ("if a and \\", "if a or \\")
    assert change.apply(source) == source.replace(b"and", b"or")
    assert parses(change, source)
    assert not parses(Change(PYTHON, 1, 0, 4, "", "removal", "", ""), source)
