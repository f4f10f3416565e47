"""Results kept on disk: found again only by the same call, bit for bit, whole, and only when asked for."""

import multiprocessing
import os
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn import sources
from nmn.experiments import comparison, memory
from nmn.experiments.guarantees import contamination
from nmn.experiments.localization import learning

pytestmark = pytest.mark.usefixtures("float32")


class Found(NamedTuple):
    """A result of several parts."""

    numbers: jax.Array
    least: np.ndarray
    name: str


@memory.kept
def squares(x: jax.Array, *, power: int = 2, name: str = "plain") -> dict[str, Found]:
    """Something to keep, that leaves a mark each time it is computed."""
    with open(os.environ["MARKS"], "a") as marks:
        marks.write("x")
    return {"found": Found(jnp.asarray(x) ** power, np.float64([1 / 3]), name)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are kept."""
    monkeypatch.setenv("NMN_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    return tmp_path / "results"


def times(folder: Path) -> int:
    """How often ``squares`` was computed."""
    return len((folder.parent / "marks").read_text())


def results(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.suffix]


def alike(one: object, other: object) -> None:
    """The same structure, types and bits."""
    assert jax.tree.structure(one) == jax.tree.structure(other)
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        assert type(a) is type(b)
        np.testing.assert_array_equal(a, b)
        assert getattr(a, "dtype", None) == getattr(b, "dtype", None)


def test_the_same_call_is_computed_once(folder: Path) -> None:
    x = jnp.array([0.1, jnp.nan, -0.0])
    first = squares(x)
    for same in (squares(x=x), squares(x, power=2), squares(jnp.array(x), name="plain")):
        alike(same, first)
    assert times(folder) == len(results(folder)) == 1


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ([np.float32([1.0, 2.0000002])], {}),
        ([np.float32([[1.0, 2.0]])], {}),
        ([np.float64([1.0, 2.0])], {}),
        ([np.float32([1.0, 2.0])], {"power": 3}),
        ([np.float32([1.0, 2.0])], {"name": "other"}),
    ],
)
def test_another_call_is_another(folder: Path, given: list, named: dict) -> None:
    squares(np.float32([1.0, 2.0]))
    squares(*given, **named)
    assert times(folder) == 2


SETTINGS = {
    "jax_default_matmul_precision": "float32",
    "jax_default_prng_impl": "rbg",
    "jax_disable_jit": True,
    "jax_threefry_partitionable": False,
}


def test_other_surroundings_are_another_call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    squares(1.0)
    with jax.enable_x64(True):
        squares(1.0)
    for name, value in SETTINGS.items():
        before = getattr(jax.config, name)
        jax.config.update(name, value)
        try:
            squares(1.0)
        finally:
            jax.config.update(name, before)
    with monkeypatch.context() as patch:
        patch.setenv("XLA_FLAGS", "--another")
        squares(1.0)
    for name, value in (("digest", lambda module: "an edit"), ("version", lambda package: "99")):
        with monkeypatch.context() as patch:
            patch.setattr(sources, name, value)
            squares(1.0)
    with monkeypatch.context() as patch:
        patch.setattr(memory, "_processor", lambda: ["another"])
        squares(1.0)
    assert times(folder) == 6 + len(SETTINGS)
    squares(1.0)
    assert times(folder) == 6 + len(SETTINGS)


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-1], lambda b: b[:99] + b"?" + b[100:]])
def test_a_damaged_file_is_computed_again(folder: Path, damage) -> None:
    whole = squares(2.0)
    (path,) = results(folder)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    alike(squares(2.0), whole)
    assert times(folder) == 2 and path.read_bytes() == content


def test_nothing_is_written_unless_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NMN_RESULTS")
    squares(2.0)
    squares(2.0)
    assert times(folder) == 2 and not folder.exists()


def test_two_processes_compute_once(folder: Path) -> None:
    many = multiprocessing.get_context("spawn")
    at_once = [many.Process(target=squares, args=(3.0,)) for _ in range(3)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    assert [one.exitcode for one in at_once] == [0, 0, 0]
    assert times(folder) == 1


def test_experiments_come_back_as_they_were_computed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them() -> list:
        # So that each call tunes anew, or reads what was tuned.
        comparison.tune.cache_clear()
        return [
            comparison.compare("relu", "plane_2d", seeds=3),
            contamination.harm("relu", "plane_2d", (3.0,), seeds=3, outliers=("label",)),
            learning.watch(names=("nlgp_inf",), n=8, seeds=1, steps=3, frames=2, batch=4),
        ]

    computed, read = all_of_them(), all_of_them()
    monkeypatch.delenv("NMN_RESULTS")
    for fresh in (read, all_of_them()):
        alike(fresh, computed)


def test_a_module_is_made_of_what_it_imports() -> None:
    def needed(name: str) -> set[str]:
        root = Path(sources.__file__).parents[1]
        files = sources.closure([f"import nmn.{name}"], root).files
        return {".".join(file.relative_to(root).with_suffix("").parts) for file in files}

    compared = needed("experiments.comparison")
    assert {"nmn.experiments.training", "nmn.product.values", "nmn.arguments", "nmn.__init__"} <= compared
    assert not any("hypercube" in name or "widgets" in name for name in compared)
    assert needed("experiments.guarantees.conflict") > compared
    assert "nmn.hypercube.laws.nlgp" in needed("experiments.localization.learning")
