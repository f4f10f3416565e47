"""No gate fails by chance: examples are the same every time, and every generator of a test has a seed."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TESTS = Path(__file__).parents[1]
FILES = sorted(path for path in TESTS.rglob("*.py") if path != Path(__file__))
# Names that draw from a state nobody has set, or that hypothesis' profile would no longer reach.
UNSEEDED = re.compile(r"(?:np|numpy)\.random\.(?!default_rng|Generator)\w+|(?:random|secrets|uuid)\.\w+")


def chances(source: str) -> list[str]:
    """Calls whose result another run would not see again."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name, given = ast.unparse(node.func), bool(node.args or node.keywords)
            seeded = name.endswith(("default_rng", "random.Random"))
            if (not given if seeded else UNSEEDED.fullmatch(name)) or name == "settings":
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_nothing_is_left_to_chance(path: Path) -> None:
    assert chances(path.read_text("utf8")) == []


@pytest.mark.parametrize(
    "call",
    [
        "np.random.default_rng()",
        "np.random.rand(3)",
        "numpy.random.seed(0)",
        "random.random()",
        "random.Random()",
        "settings(max_examples=9)(test)",
    ],
)
def test_chance_is_found(call: str) -> None:
    assert chances(call) and not chances("np.random.default_rng(0).normal(size=3) + jax.random.normal(key)")


def test_examples_are_the_same_every_time_unless_they_are_searched_for() -> None:
    fixed, search = (settings.get_profile(name) for name in ("fixed", "search"))
    assert fixed.derandomize and fixed.database is None and fixed.deadline is None
    assert not search.derandomize and search.deadline is None
    assert search.max_examples > 10 * fixed.max_examples
    assert settings().derandomize or settings().max_examples == search.max_examples


def test_examples_do_not_depend_on_what_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, float]] = []

    @given(st.integers(), st.floats(allow_nan=False))
    def draw(whole: int, real: float) -> None:
        drawn.append((whole, real))

    draw()
    before = drawn.copy()
    numbers = "\n".join(f"N{k} = {1000 + k}; F{k} = {k}.123" for k in range(100))
    (tmp_path / "of_ours.py").write_text(numbers, "utf8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("of_ours")
    drawn.clear()
    draw()
    assert drawn == before and len(set(before)) > 20
