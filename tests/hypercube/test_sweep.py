"""Sweeps against single flows; killed, resumed, on several devices and processes, bit for bit the same."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr
import zarr

from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.sweep import Grid, Settings, learn, load, sweep
from nmn.hypercube.sweep.__main__ import main
from nmn.hypercube.sweep.plan import AXES
from nmn.hypercube.sweep.store import undone, write
from tests import limit

GRID = Grid(xi0=[1.0], xi1=[2.0, 3.0], gain=[1.0, np.inf], seed=[0, 1, 2, 7, 9])
TINY = Settings(n=8, samples=512, steps=300, tolerance=1e-3, batch=3)
CHUNKS = 7


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    """The sweep on this process and one device, never interrupted."""
    path = tmp_path_factory.mktemp("sweep") / "whole.zarr"
    with jax.enable_x64(True):
        return path, sweep(GRID, path, TINY, progress=False)


def command(path: Path, *more: str, grid: Grid = GRID, settings: Settings = TINY) -> list[str]:
    """The same sweep from a shell."""
    axes = [p for name in AXES for p in (f"--{name}", *map(str, getattr(grid, name)))]
    names = ("n", "samples", "steps", "tolerance", "batch")
    numbers = [p for name in names for p in (f"--{name}", str(getattr(settings, name)))]
    return [sys.executable, "-m", "nmn.hypercube.sweep", str(path), *axes, *numbers, *more]


def start(line: list[str], devices: int = 1) -> subprocess.Popen[str]:
    flags = f"--xla_force_host_platform_device_count={devices}"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
    return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(*children: subprocess.Popen[str]) -> list[tuple[str, str]]:
    """Output and errors of each, all of them ended well."""
    said = []
    try:
        for child in children:
            said.append(child.communicate(timeout=limit.SECONDS))
            assert child.returncode == 0, said[-1][1]
    finally:
        for child in children:
            child.kill()
            child.wait()
    return said


def files(path: Path) -> dict[str, tuple[int, int]]:
    """Every file of a store: a file written again has another inode or time."""
    found = [file for file in path.rglob("*") if file.is_file()]
    return {str(f.relative_to(path)): (f.stat().st_ino, f.stat().st_mtime_ns) for f in found}


def test_a_cell_is_the_direct_flow(whole: tuple[Path, xr.Dataset]) -> None:
    for xi1, gain, seed in ((2.0, 1.0, 7), (3.0, np.inf, 0)):
        cell = whole[1].sel(xi0=1.0, xi1=xi1, gain=gain, seed=seed)
        positive, negative = (laws.NLGP(ring.correlation(8, xi), gain) for xi in (xi1, 1.0))
        first, fixed, fresh = (jax.random.fold_in(jax.random.key(seed), i) for i in range(3))
        w = 0.1 * jax.random.normal(first, (8,))
        steps = int(cell.steps)
        ends = flow.sampled(fixed, w, Task(positive, negative), steps=steps, step=0.1, every=20, samples=512)
        np.testing.assert_allclose(cell.w, ends[-1], rtol=1e-10)
        np.testing.assert_allclose(cell.ipr, measures.inverse_participation(ends[-1]))
        np.testing.assert_allclose((cell.position, cell.certainty), measures.position(ends[-1]))
        for name, key in (("loss", fresh), ("fitted", fixed)):
            own = jnp.mean(jnp.abs(positive.sample(key, 512) @ ends[-1]))
            square = ends[-1] @ (positive.covariance() + negative.covariance()) @ ends[-1]
            np.testing.assert_allclose(cell[name], 0.25 + square / 8 - own / 4)


def test_a_cell_stops_at_rest_and_not_before(whole: tuple[Path, xr.Dataset]) -> None:
    ends = whole[1]
    assert ends.converged.any() and not ends.converged.all()
    np.testing.assert_array_equal(ends.converged, ends.rest <= TINY.tolerance)
    assert (ends.steps.where(~ends.converged, 300) == 300).all()
    early = ends.where(ends.converged & (ends.steps < 300)).stack(cell=("xi0", "xi1", "gain", "seed"))
    xi0, xi1, gain, seed = early.dropna("cell").cell.values[0]
    steps = int(ends.steps.sel(xi0=xi0, xi1=xi1, gain=gain, seed=seed))
    before = learn(xi0, xi1, gain, seed, Settings(n=8, samples=512, steps=steps - 20, tolerance=1e-3))
    assert before["rest"] > TINY.tolerance and not before["converged"]


def test_results_carry_their_labels(whole: tuple[Path, xr.Dataset]) -> None:
    path, ends = whole
    assert ends.w.dims == ("xi0", "xi1", "gain", "seed", "pixel") and ends.w.shape == (1, 2, 2, 5, 8)
    for name in ("xi0", "xi1", "gain", "seed"):
        np.testing.assert_array_equal(ends[name], getattr(GRID, name))
    assert ends.done.all() and ends.w.attrs["long_name"]
    with xr.open_zarr(path, consolidated=False) as flat:
        assert flat.w.dims == ("cell", "pixel") and "gain" in flat.coords
        assert len(list((path / "w" / "c").iterdir())) == CHUNKS


def test_a_cell_does_not_depend_on_its_company(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    grid = Grid(xi0=[1.0], xi1=[3.0], gain=[np.inf, 1.0], seed=[9, 1])
    # What a process killed while it made the store left behind.
    (tmp_path / "some.zarr.new" / "w").mkdir(parents=True)
    some = sweep(grid, tmp_path / "some.zarr", TINY, progress=False)
    same = whole[1].sel(xi1=[3.0], gain=[np.inf, 1.0], seed=[9, 1])
    for name in same.data_vars:
        np.testing.assert_array_equal(some[name], same[name])


def test_killed_and_gone_on_with(tmp_path: Path) -> None:
    grid = Grid(xi0=[1.0], xi1=[3.0], gain=[1.0, 20.0], seed=range(12))
    settings = Settings(n=8, samples=2048, steps=2000, tolerance=0, batch=2)
    path = tmp_path / "killed.zarr"
    child = start(command(path, grid=grid, settings=settings))
    try:
        last = time.monotonic() + limit.SECONDS
        while not (path / "done").exists() or len(undone(path)) > 9:
            assert child.poll() is None and time.monotonic() < last, child.communicate()
            time.sleep(0.01)
    finally:
        child.kill()
        child.communicate()
    left, before, partly = undone(path), files(path), load(path)
    assert 0 < len(left) < 12
    ends = sweep(grid, path, settings, progress=False)
    kept = [f"{name}/c/{chunk}" for name in ends.data_vars for chunk in range(12) if chunk not in left]
    after = files(path)
    assert all(
        after[name] == before[name] for name in before if any(f"{name}/".startswith(f"{k}/") for k in kept)
    )
    assert all(f"w/c/{chunk}/0" in after for chunk in range(12)) and ends.done.all()
    np.testing.assert_array_equal(ends.w.where(partly.done), partly.w.where(partly.done))
    xr.testing.assert_identical(ends, sweep(grid, tmp_path / "once.zarr", settings, progress=False))
    again = files(path)
    xr.testing.assert_identical(ends, sweep(grid, path, settings, progress=False))
    assert files(path) == again


def test_a_chunk_is_done_after_its_data(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path = tmp_path / "half.zarr"
    subprocess.run(["cp", "-r", whole[0], path], check=True)
    (path / "done" / "c" / "2").unlink()
    group = zarr.open_group(path, mode="r")
    rows = {name: np.asarray(group[name][6:9]) for name in ("w", "ipr", "steps")}
    with pytest.raises(ValueError):
        write(path, 2, rows | {"steps": np.zeros((3, 5))})
    assert undone(path) == [2]
    (path / "w" / "c" / "2" / "0").write_bytes(b"cut off")
    before = files(path)
    xr.testing.assert_identical(sweep(GRID, path, TINY, progress=False), whole[1])
    changed = {name for name, stamp in files(path).items() if before.get(name) != stamp}
    assert "w/c/2/0" in changed and all(Path(name).parts[2] == "2" for name in changed)


def test_four_devices_give_the_same(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path = tmp_path / "four.zarr"
    ((said, bar),) = finish(start(command(path), devices=4))
    assert "20 cells done, 13 of them at rest" in said and "20/20" in bar
    xr.testing.assert_identical(load(path), whole[1])


def test_two_processes_give_the_same(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    path = tmp_path / "two.zarr"
    lines = [
        command(path, "--coordinator", address, "--processes", "2", "--process", str(i)) for i in range(2)
    ]
    (_, bar), (said, silent) = finish(*(start(line) for line in lines))
    # Process 0 did chunks 0, 2, 4 and 6, the last of two cells.
    assert "11/11" in bar and "cell" not in silent + said
    xr.testing.assert_identical(load(path), whole[1])


SMALL = Settings(n=4, samples=16, steps=20, batch=2)


def test_a_bar_counts_the_cells_unless_told_not_to(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    grid, path = Grid([0.5], [1.0], [1.0], [3, 4, 5]), tmp_path / "bar.zarr"
    sweep(grid, path, SMALL)
    assert "3/3" in capsys.readouterr().err
    # One of the two chunks again: the bar begins where the others are.
    (path / "done" / "c" / "1").unlink()
    sweep(grid, path, SMALL)
    said = capsys.readouterr().err
    assert "2/3" in said and "3/3" in said and "0/3" not in said
    sweep(grid, tmp_path / "quiet.zarr", SMALL, progress=False)
    assert capsys.readouterr() == ("", "")


def test_cells_that_are_not_done_hold_nothing(tmp_path: Path) -> None:
    grid, path = Grid([0.5], [1.0], [1.0, 2.0], [3, 4, 5]), tmp_path / "half.zarr"
    whole = sweep(grid, path, SMALL, progress=False)
    for name in whole.data_vars:
        part = path / name / "c" / "1"
        shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
    half = load(path)
    done = half.done.values.ravel()
    np.testing.assert_array_equal(done, [True, True, False, False, True, True])
    for name, values in half.data_vars.items():
        rows, before = (some[name].values.reshape(6, -1) for some in (half, whole))
        np.testing.assert_array_equal(rows[done], before[done])
        left = rows[~done]
        assert np.isnan(left).all() if np.issubdtype(values.dtype, np.floating) else not left.any(), name
    assert undone(path) == [1]
    assert half.attrs["n"] == "4" and half.attrs["step"] == "0.1" and half.attrs["seed"] == "3 4 5"
    np.testing.assert_array_equal(half.pixel, range(4))


def test_the_command_ends_well_and_may_be_quiet(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    small = ["--n", "4", "--samples", "16", "--steps", "20", "--seed", "7", "2:4", "--xi1", "1"]
    assert main([str(tmp_path / "loud.zarr"), *small]) == 0
    said = capsys.readouterr()
    assert "3 cells done" in said.out and "3/3" in said.err
    assert main([str(tmp_path / "quiet.zarr"), *small, "--quiet"]) == 0
    assert not capsys.readouterr().err
    ends = load(tmp_path / "quiet.zarr")
    assert [ends[name].values.tolist() for name in AXES] == [[1.0], [1.0], [20.0], [7, 2, 3]]
    assert main([str(tmp_path / "one.zarr"), *small[:6], "--xi1", "1", "--quiet"]) == 0
    assert load(tmp_path / "one.zarr").seed.values.tolist() == [0]


def test_another_sweep_is_refused(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path, before = whole[0], files(whole[0])
    with pytest.raises(ValueError, match=r"seed is 0 1 2 7 9 there, 0 1 here.*Take another path"):
        sweep(Grid([1.0], [2.0, 3.0], [1.0, np.inf], [0, 1]), path, TINY)
    with pytest.raises(ValueError, match="samples is 512 there, 32768 here; steps is 300 there, 10000 here"):
        sweep(GRID, path, Settings(n=8, tolerance=1e-3, batch=3))
    with jax.enable_x64(False), pytest.raises(ValueError, match="dtype is float64 there, float32 here"):
        sweep(GRID, path, TINY)
    assert files(path) == before
    (tmp_path / "note.txt").write_text("mine")
    for wrong in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(ValueError, match="path must be a sweep's store"):
            sweep(GRID, wrong, TINY)
    with pytest.raises(ValueError, match="path must be a sweep's store, there is none at"):
        load(tmp_path / "nothing")
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        *(("xi0", []), ("xi1", [0.0]), ("gain", [-1.0]), ("gain", [np.nan]), ("seed", [1, 1])),
        *(("seed", [0.5]), ("seed", [-1]), ("seed", [2**31])),
        *(("xi0", 1.0), ("xi1", ["long"]), ("xi0", [np.inf]), ("gain", iter([1.0])), ("xi1", [np.inf])),
    ],
)
def test_bad_axes_are_refused(axis: str, values: object) -> None:
    axes = {"xi0": [1.0], "xi1": [3.0], "gain": [1.0], "seed": [0]} | {axis: values}
    with pytest.raises(ValueError, match=f"{axis} must be a list"):
        Grid(**axes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("n", 0), ("samples", 1.5), ("batch", True), ("every", 0), ("step", 0.0), ("step", np.nan)),
        *(("tolerance", -1.0), ("start", np.inf), ("steps", 30), ("step", "0.1")),
    ],
)
def test_bad_settings_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_axes_and_settings_at_the_ends_of_their_range() -> None:
    grid = Grid(xi0=[1e-3], xi1=(5.0, 0.2), gain=[np.inf, 1e-6], seed=[0, 2**31 - 1])
    assert grid.shape == (1, 2, 2, 2)
    assert {name: values.tolist() for name, values in grid.cells().items()} == {
        "xi0": [1e-3] * 8,
        "xi1": [5.0] * 4 + [0.2] * 4,
        "gain": [np.inf, np.inf, 1e-6, 1e-6] * 2,
        "seed": [0, 2**31 - 1] * 4,
    }
    Settings(n=1, samples=1, steps=1, every=1, batch=1, step=1e-9, start=1e-9, tolerance=0)


@pytest.mark.parametrize("name", ["n", "samples", "steps", "every", "batch"])
@pytest.mark.parametrize("value", [0, -1, 2.0, True, "2"])
def test_counts_are_whole_numbers_above_zero(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number >= 1"):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["step", "start", "tolerance"])
@pytest.mark.parametrize("value", [-1e-9, np.inf, np.nan, "0.1", None])
def test_sizes_are_finite_numbers(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a finite number, not below 0"):
        Settings(**{name: value})  # type: ignore[arg-type]
    if name != "tolerance":
        with pytest.raises(ValueError, match=f"{name} must be greater than 0"):
            Settings(**{name: 0.0})


def test_lengths_above_n_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="xi1 does not fit n = 8: xi must be at most n = 8"):
        sweep(Grid([1.0], [9.0], [1.0], [0]), tmp_path / "none.zarr", TINY)
    assert not list(tmp_path.iterdir())


def test_the_command_line_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0 and "python -m nmn.hypercube.sweep" in said
    for option in ("--xi0", "--xi1", "--gain", "--seed", "--samples", "--step", "--batch", "--coordinator"):
        assert option in said
    said = " ".join(said.split())
    assert "--quiet no progress bar" in said
    assert "several processes: the same command for each, but for --process" in said
    for several in (
        "--coordinator HOST:PORT address of process 0",
        "--processes PROCESSES how many there are",
        "--process PROCESS which one this is, from 0",
    ):
        assert several in said
    usual = {"xi0": "[1.0]", "xi1": "[3.0]", "gain": "[20.0]", "seed": "0", "n": "40", "samples": "32768"}
    usual |= {
        "steps": "10000",
        "step": "0.1",
        "every": "20",
        "tolerance": "0.0001",
        "start": "0.1",
        "batch": "4",
    }
    for option, value in usual.items():
        assert re.search(rf"--{option} [^()]*(\(default: {re.escape(value)}\))", said), option


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--gain loud", "argument --gain: invalid float value: 'loud'"),
        ("--gain 0", "gain must be a list, not empty, of different gains > 0"),
        ("--seed 5:5", "must be a seed such as 7 or a range such as 0:30, got '5:5'"),
        ("--seed 0:3 2", "seed must be a list, not empty, of different whole numbers"),
        ("--xi1 50", "xi1 does not fit n = 40"),
        ("--steps 30", "steps must be a multiple of every = 20, got 30"),
        ("--processes 2", "--coordinator, --processes and --process must be given together"),
        ("--coordinator a:1 --processes 2 --process 2", "--process must be from 0 to 1, got 2"),
    ],
)
def test_a_bad_command_line_says_why(
    line: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "none.zarr"), *line.split()])
    assert end.value.code == 2 and why in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
