"""The store of a sweep: what is lost or cut, who may write, where it lies, and what its numbers depend on."""

import fcntl
import importlib
import itertools
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import xarray as xr

from nmn import sources
from nmn.hypercube.sweep import Grid, Learning, devices, identity, load, store, sweep
from nmn.hypercube.sweep.alone import alone
from nmn.hypercube.sweep.identity import identity as told
from nmn.hypercube.sweep.location import location
from nmn.hypercube.sweep.store import Store
from tests import limit
from tests.hypercube.sweep_cells import doubled, excess, made
from tests.hypercube.sweep_runs import BATCH, GRID, TINY, files, same

CELL, SIX = partial(excess, width=0.5), Grid(power=[1.0, 2.0], seed=range(3))


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    """A sweep of six cells."""
    path = tmp_path_factory.mktemp("six") / "six.zarr"
    with jax.enable_x64(True):
        return path, sweep(CELL, SIX, path, batch=2, progress=False)


def deleted(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-3])


def another(file: Path) -> None:
    """A chunk that can be read, of another cell."""
    below = file.relative_to(next(parent for parent in file.parents if parent.name == "c"))
    shutil.copy(file.parents[len(below.parts) - 1] / "1" / "1" / Path(*below.parts[2:]), file)


def nonsense(file: Path) -> None:
    file.write_bytes(bytes(40))


@pytest.mark.parametrize("spoil", [deleted, emptied, cut, another, nonsense])
@pytest.mark.parametrize("name", ["kurtosis", "first"])
def test_what_is_lost_or_cut_is_named_and_computed_again(
    six: tuple[Path, xr.Dataset], tmp_path: Path, spoil, name: str
) -> None:
    path = Path(shutil.copytree(six[0], tmp_path / "lost.zarr"))
    file = path / name / "c" / "0" / "2" / ("" if name == "kurtosis" else "0")
    spoil(file)
    why = rf"{path}: lost or cut, and to be computed again: power=1\.0, seed=2 \(files …/c/0/2\)$"
    with pytest.warns(UserWarning, match=why):
        part = load(path)
    np.testing.assert_array_equal(part.done, [[1, 1, 0], [1, 1, 1]])
    assert np.isnan(part.kurtosis.values[0, 2]) and np.isnan(part["first"].values[0, 2]).all()
    before = files(path)
    with pytest.warns(UserWarning, match=why):
        xr.testing.assert_identical(sweep(CELL, SIX, path, batch=2, progress=False), six[1])
    changed = {key for key, stamp in files(path).items() if before.get(key) != stamp}
    assert changed and all("/c/0/2" in key for key in changed)


@pytest.mark.parametrize("spoil", [deleted, emptied])
def test_a_mark_that_is_lost_is_made_again(six: tuple[Path, xr.Dataset], tmp_path: Path, spoil) -> None:
    path = Path(shutil.copytree(six[0], tmp_path / "lost.zarr"))
    spoil(path / "done" / "c" / "1" / "0")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        xr.testing.assert_identical(sweep(CELL, SIX, path, batch=2, progress=False), six[1])
    assert len(said) == (spoil is emptied)


def test_a_cell_is_done_after_its_data(six: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path = Path(shutil.copytree(six[0], tmp_path / "half.zarr"))
    deleted(path / "done" / "c" / "1" / "1")
    ends = {"first": np.ones(5), "kurtosis": np.float64(1), "near": np.zeros(3)}
    with pytest.raises(ValueError):
        Store(path, "r+").write((1, 1), ends)
    with warnings.catch_warnings():
        # A cell that is not marked is no cell that was lost.
        warnings.simplefilter("error")
        part = load(path)
        assert not part.done[1, 1] and part.done.sum() == 5 and np.isnan(part.kurtosis[1, 1])
        # What processors make of 0/0 has a sign, and is not the NaN of what is not there.
        Store(path, "r+").write((1, 1), ends | {"near": np.copysign(np.nan, -1)})
        cell = load(path).isel(power=1, seed=1)
    assert cell.done and cell.kurtosis == 1 and np.isnan(cell.near) and np.signbit(cell.near)


def test_one_writes_and_others_wait(tmp_path: Path) -> None:
    path, order = tmp_path / "one.zarr", []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with alone(path):
            inside.set()
            leave.wait(limit.SECONDS)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(limit.SECONDS)
    with warnings.catch_warnings():
        # The word that it waits lets the other one go on.
        warnings.showwarning = lambda message, *_: (order.append(str(message)), leave.set())
        warnings.simplefilter("always")
        with alone(path):
            order.append("second")
            # And not on a file that the first one has taken away, which would keep nobody out.
            assert (tmp_path / "one.zarr.lock").exists()
    thread.join()
    said, *order = order
    assert said.startswith(f"{path} is being written by process ") and said.endswith(": waiting for it")
    assert order == ["first", "second"]
    assert not list(tmp_path.iterdir())


def test_a_lock_that_a_dead_process_left_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "one.zarr.lock").write_text("process 1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with (
            alone(tmp_path / "one.zarr"),
            (tmp_path / "one.zarr.lock").open("a") as file,
            pytest.raises(BlockingIOError),
        ):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert not list(tmp_path.iterdir())


def test_an_address_goes_through_fsspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    address = f"memory://{tmp_path.name}/six.zarr"
    half = sweep(CELL, Grid(power=[1.0], seed=range(3)), address, batch=2, progress=False)
    ends = sweep(CELL, SIX, address, batch=2, progress=False)
    same(ends, sweep(CELL, SIX, tmp_path / "here.zarr", batch=2, progress=False))
    same(load(address).sel(power=[1.0]), half)
    with pytest.raises(ValueError, match="batch is 2 there, 3 here"):
        sweep(CELL, SIX, address, batch=3, progress=False)
    with pytest.raises(ValueError, match="path must be a sweep's store, there is none at memory://nothing"):
        load("memory://nothing")
    same(sweep(CELL, SIX, f"file://{tmp_path}/here.zarr", batch=2, progress=False), ends)
    assert [file.name for file in tmp_path.iterdir()] == ["here.zarr"]


@pytest.mark.parametrize(
    "path", ["nowhere://x", "simplecache::s3://x", "s3://bucket/x", Path("s3://bucket/x")]
)
def test_an_address_that_nobody_knows_is_no_folder(
    path: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Whether or not it is installed.
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ValueError, match=r"path \S+://\S* needs fsspec|path must be a folder, or an"):
        sweep(CELL, SIX, path)
    with pytest.raises(ValueError, match="path "):
        load(path)
    assert not list(tmp_path.iterdir())
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ValueError, match="path memory://x needs fsspec and its part for such addresses"):
        location("memory://x")


def test_addresses_of_folders() -> None:
    for text in ("file:///a/b%20c#d?e", "FILE://localhost/a/b%20c#d?e", "local:///a/b c#d?e", "/a/b c#d?e"):
        assert location(text) == Path("/a/b c#d?e")
    for text in ("file://a.zarr", "local://a/b"):
        with pytest.raises(ValueError, match="path must be a folder, or its full address, file:///…, got"):
            location(text)


def test_a_store_half_made_at_an_address_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "memory://half-made/six.zarr"
    with monkeypatch.context() as patch:
        patch.setattr("nmn.hypercube.sweep.store._axes", lambda grid: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep(CELL, SIX, address, progress=False)
    assert sweep(CELL, SIX, address, progress=False).done.all()


def test_another_sweep_is_refused(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path, before = whole[0], files(whole[0])
    other = Learning(n=8, tolerance=1e-3)
    with pytest.raises(
        ValueError,
        match=r"samples is 512 there, 32768 here; steps is 300 there, 10000 here. Take another path",
    ):
        sweep(other, GRID, path, batch=BATCH)
    with pytest.raises(ValueError, match="holds another sweep: batch is 3 there, 4 here"):
        sweep(TINY, GRID, path)
    with pytest.raises(ValueError, match=r"cell is nmn\S+Learning there, tests\S+excess here"):
        sweep(CELL, SIX, path)
    (tmp_path / "note.txt").write_text("mine")
    for wrong in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(ValueError, match="path must be a sweep's store"):
            sweep(TINY, GRID, wrong)
    with pytest.raises(ValueError, match="path must be a sweep's store, there is none at"):
        load(tmp_path / "nothing")
    assert files(path) == before and [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_what_another_start_made_meanwhile_is_looked_at(
    six: tuple[Path, xr.Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "six.zarr"

    @contextmanager
    def late(place: Path) -> Iterator[None]:
        with alone(place):
            shutil.copytree(six[0], place)
            yield

    monkeypatch.setattr("nmn.hypercube.sweep.run.alone", late)
    with pytest.raises(ValueError, match="batch is 2 there, 3 here"):
        sweep(CELL, SIX, path, batch=3, progress=False)
    before = files(path)
    shutil.rmtree(path)
    xr.testing.assert_identical(sweep(CELL, SIX, path, batch=2, progress=False), six[1])
    assert set(files(path)) == set(before)


def test_numbers_of_another_jax_are_refused(
    six: tuple[Path, xr.Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = six[0], files(six[0])

    def refused(why: str) -> None:
        with pytest.raises(ValueError, match=f"holds another sweep: {why}"):
            sweep(CELL, SIX, path, batch=2, progress=False)

    with jax.enable_x64(False):
        refused("precision is float64 there, float32 here. Take another path")
    with jax.default_prng_impl("rbg"):
        refused("generator is threefry2x32 there, rbg here")
    with jax.default_matmul_precision("highest"):
        refused("matmul is None there, highest here")
    with jax.disable_jit():
        refused("jit is False there, True here")
    with monkeypatch.context() as patch:
        patch.setattr("nmn.hypercube.sweep.surroundings._OPTIONS", ("jax_random_seed_offset",))
        refused(r"options is jax_random_seed_offset=0 jax\S.* there, jax_random_seed_offset=0 here")
    with jax.threefry_partitionable(not jax.config.jax_threefry_partitionable):
        refused("partitionable is True there, False here")
    known = sources.version
    for name in ("diffrax", "jax", "numpy"):
        with monkeypatch.context() as patch:
            patch.setattr(
                sources, "version", lambda asked, name=name: "99.0" if asked == name else known(asked)
            )
            refused(rf"{name} is \d+\.\d+\.\d+ there, 99\.0 here")
    with monkeypatch.context() as patch:
        patch.setenv("XLA_FLAGS", "--xla_dump_to=x --xla_cpu_enable_fast_math=true")
        refused("XLA_FLAGS is  there, --xla_cpu_enable_fast_math=true here")
    with monkeypatch.context() as patch:
        patch.setattr("nmn.hypercube.sweep.surroundings._processor", lambda: "z80")
        refused("device is cpu .* there, cpu z80 here")
    assert before == files(path)
    for name in (
        "jax",
        "jaxlib",
        "scipy",
        "platform",
        "device",
        "precision",
        "generator",
        "code",
        "cell",
        "batch",
    ):
        assert six[1].attrs[name]


COUNT = itertools.count()


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, **texts: str) -> ModuleType:
    """Modules of a user, the first of which has a cell; imported as by a new process."""
    monkeypatch.syspath_prepend(str(folder))
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text + f"\n# {next(COUNT)}\n" * (name == "noise"), "utf8")
        monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.invalidate_caches()
    identity._of_module.cache_clear()
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        return importlib.import_module(next(iter(texts)))
    finally:
        sys.dont_write_bytecode = before


def test_code_that_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, one = tmp_path / "own.zarr", Grid(x=[1.0])
    mine = "from theirs_of_test import twice\n\ndef cell(x):\n    return {'y': twice(x)}"
    theirs = "def twice(x):\n    return 2 * x"
    cell = written(tmp_path, monkeypatch, mine_of_test=mine, theirs_of_test=theirs).cell
    assert sweep(cell, one, path, progress=False).y == 2
    # Nothing to do with it lies in the same folder.
    cell = written(tmp_path, monkeypatch, mine_of_test=mine, theirs_of_test=theirs, noise="").cell
    assert sweep(cell, Grid(x=[1.0, 3.0]), path, progress=False).y.values.tolist() == [2, 6]
    thrice = theirs.replace("2", "3")
    cell = written(tmp_path, monkeypatch, mine_of_test=mine, theirs_of_test=thrice).cell
    with pytest.raises(ValueError, match=r"holds another sweep: code is \w{16} there, \w{16} here"):
        sweep(cell, one, path, progress=False)


def test_what_a_cell_carries_is_part_of_it() -> None:
    def made(factor: object) -> object:
        def cell(x: jax.Array, power: float = 2.0) -> dict[str, jax.Array]:
            return {"y": factor * x**power}

        return cell

    def optimized(x: jax.Array, by: object) -> dict[str, jax.Array]:
        return {"y": x}

    carried = [
        *(made(value) for value in (1.0, 1, np.ones(2), jnp.ones(3), (1.0, [2.0]), (1.0, [3.0]), {"a": 1})),
        *(made(value) for value in (jnp.sin, jnp.cos, made(1.0), made(2.0), TINY, Learning(n=9), None)),
        *(partial(made(1.0), power=power) for power in (2.0, 3.0)),
        *(partial(excess, width) for width in (0.5, 0.6)),
        *(partial(optimized, by=optax.sgd(rate)) for rate in (0.1, 0.2)),
        *(partial(optimized, by=jax.jit(made(factor))) for factor in (0.1, 0.2)),
    ]
    texts = [str(told(cell)) for cell in carried]
    assert len(set(texts)) == len(texts)
    assert texts == [str(told(cell)) for cell in carried]
    assert told(partial(partial(excess, width=0.5), power=1.0)) == told(partial(excess, power=1.0, width=0.5))
    assert told(partial(excess, width=0.5))["settings.width"] == "0.5"
    with pytest.raises(
        ValueError, match=r"cell must have settings that can be written down, got settings\.factor"
    ):
        told(made(object()))
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="cell must have settings that do not hold each other"):
        told(made(circle))


def branch(factor: float) -> Callable:
    """Functions of one name."""
    if factor == 1:

        def cell(x: jax.Array) -> dict[str, jax.Array]:
            return {"y": 1 * x}
    else:

        def cell(x: jax.Array) -> dict[str, jax.Array]:
            return {"y": 2 * x}

    return cell


class Slotted:
    """A cell that keeps its settings in slots."""

    __slots__ = ("factor",)

    def __init__(self, factor: float):
        self.factor = factor

    def __call__(self, x: jax.Array) -> dict[str, jax.Array]:
        return {"y": self.factor * x}


def times(x: jax.Array, factor: float) -> dict[str, jax.Array]:
    """What a partial fixes."""
    return {"y": factor * x}


# Each pair bears one name, and gives x and 2x.
PAIRS = {
    "lambda": (lambda x: {"y": 1 * x}, lambda x: {"y": 2 * x}),
    "branch": (branch(1), branch(2)),
    "wraps": (branch(1), doubled(branch(1))),
    "slots": (Slotted(1), Slotted(2)),
    "jit": (jax.jit(partial(times, factor=1)), jax.jit(partial(times, factor=2))),
    "class": (made(1)(1), made(2)(1)),
    "checkpoint": (jax.checkpoint(branch(1)), jax.checkpoint(branch(2))),
}


@pytest.mark.parametrize("name", PAIRS)
def test_cells_of_one_name_are_told_apart(name: str, tmp_path: Path) -> None:
    one, two = PAIRS[name]
    grid, path = Grid(x=[1.0, 3.0]), tmp_path / "one.zarr"
    # In one process, where what is compiled is used again.
    assert sweep(one, grid, path, progress=False).y.values.tolist() == [1.0, 3.0]
    assert sweep(two, grid, tmp_path / "two.zarr", progress=False).y.values.tolist() == [2.0, 6.0]
    with pytest.raises(ValueError, match="holds another sweep"):
        sweep(two, grid, path, progress=False)


def test_keys_sets_and_modules_among_the_settings() -> None:
    keyed = [told(partial(times, factor=jax.random.key(seed))) for seed in (0, 1, 0)]
    assert keyed[0] == keyed[2] != keyed[1]
    # In one order, whatever the process.
    names = told(partial(times, factor=frozenset({"b", "a", "c"})))["settings.factor"]
    assert names == """frozenset ["'a'", "'b'", "'c'"]"""
    assert told(partial(times, factor=np))["settings.factor"] == "module numpy"
    with pytest.raises(ValueError, match="cell must have settings that can be written down"):
        told(partial(times, factor=np.array([object()])))


@pytest.mark.parametrize("grown", [False, True], ids=["made", "grown"])
def test_two_who_write_at_one_address_never_exchange_their_numbers(
    grown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, quiet = f"memory://two-{grown}/x.zarr", {"progress": False, "batch": 1}
    first, mine, theirs = (Grid(power=[2.0], seed=seeds) for seeds in ([0], [1, 2, 3], [7, 8, 9]))
    compute, begun = devices.compute, []
    if grown:
        sweep(CELL, first, address, **quiet)

    def meanwhile(program: object, chunks: list) -> Iterator[object]:
        # Once this one has its store, another one begins, which had looked before and found nothing of it.
        if not begun:
            begun.append(True)
            with monkeypatch.context() as patch:
                if grown:
                    Store(address, "r+")._group.attrs.update(store._axes(first))
                else:
                    patch.setattr("nmn.hypercube.sweep.run.exists", lambda place: False)
                assert sweep(CELL, theirs, address, **quiet).done.all()
        yield from compute(program, chunks)

    monkeypatch.setattr(devices, "compute", meanwhile)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(RuntimeError, match="has lost what this sweep wrote: another one writes there"):
            sweep(CELL, mine, address, **quiet)
        found = sweep(CELL, mine.joined(theirs), address, **quiet)
    same(found, sweep(CELL, mine.joined(theirs), f"memory://two-{grown}/alone.zarr", **quiet))


def test_a_cell_that_no_file_holds_is_its_own_lines_and_what_they_name() -> None:
    def made(text: str, **named: object) -> dict[str, str]:
        space: dict[str, object] = {"__name__": "__main__", "jnp": jnp, **named}
        exec(text, space)
        return told(space["cell"])

    main = ModuleType("__main__")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", main)
        line = "def cell(x):\n    return {'y': scale * jnp.sin(x)}"
        first = made(line, scale=2.0)
        assert first == made(line, scale=2.0) and first["global.scale"] == "2.0"
        assert first != made(line, scale=3.0)
        assert first["code"] != made(line.replace("sin", "cos"), scale=2.0)["code"]
        assert first["code"] != made(line.replace("x)}", "x + 1)}"), scale=2.0)["code"]
        nested = "def inner(x):\n    return 2 * x\n" + line.replace("jnp.sin", "inner")
        assert made(nested, scale=2.0) != made(nested.replace("2 *", "3 *"), scale=2.0)
