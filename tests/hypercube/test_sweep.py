"""Sweeps against single flows; killed, gone on with, grown, on several devices, bit for bit the same."""

import dataclasses
import sys
import warnings
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.sweep import Grid, Learning, Settings, devices, learn, load, sweep
from tests.hypercube.sweep_cells import excess, failing, held
from tests.hypercube.sweep_runs import BATCH, GRID, TINY, appears, command, files, finish, same, start, stop


def test_a_cell_is_the_direct_flow(whole: tuple[Path, xr.Dataset]) -> None:
    for xi1, gain, seed in ((2.0, 1.0, 7), (3.0, np.inf, 0)):
        cell = whole[1].sel(xi0=1.0, xi1=xi1, gain=gain, seed=seed)
        positive, negative = (laws.NLGP(ring.correlation(8, xi), gain) for xi in (xi1, 1.0))
        first, fixed, fresh = (jax.random.fold_in(jax.random.key(seed), i) for i in range(3))
        w = 0.1 * jax.random.normal(first, (8,))
        steps = int(cell.steps)
        ends = flow.sampled(
            fixed, w, Task(positive, negative), steps=steps, step=0.1, every=steps, samples=512
        )
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
    before = learn(xi0, xi1, gain, seed, Settings(n=8, samples=512, steps=steps - 1, tolerance=1e-3))
    assert before["rest"] > TINY.tolerance and not before["converged"]


def test_results_carry_their_labels(whole: tuple[Path, xr.Dataset]) -> None:
    path, ends = whole
    assert ends.w.dims == ("xi0", "xi1", "gain", "seed", "pixel") and ends.w.shape == (1, 2, 2, 5, 8)
    for name, values in GRID.items():
        np.testing.assert_array_equal(ends[name], values)
    assert ends.seed.dtype == np.int64 and ends.xi1.dtype == np.float64
    assert ends.done.all() and ends.w.attrs["long_name"] == "receptive field at the end"
    xr.testing.assert_identical(load(path), ends)
    # The store is no secret of this library.
    with xr.open_zarr(path, consolidated=False, chunks=None) as plain:
        xr.testing.assert_equal(plain.w, ends.w)
        assert (plain.done != 0).all()


def test_a_cell_does_not_depend_on_its_company(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    grid = Grid(xi0=[1.0], xi1=[3.0], gain=[np.inf, 1.0], seed=[9, 1])
    # What a process killed while it made the store left behind.
    (tmp_path / "some.zarr.new" / "w").mkdir(parents=True)
    path = tmp_path / "some.zarr"
    some = sweep(TINY, grid, path, batch=BATCH, progress=False)
    same(some, whole[1].sel(xi1=[3.0], gain=[np.inf, 1.0], seed=[9, 1]))
    # Grown on two axes: what was there stays as it was, and all is as if made at once.
    before = files(path)
    same(sweep(TINY, GRID, path, batch=BATCH, progress=False), whole[1])
    after = files(path)
    kept = [name for name in before if "/c/" in name and len(Path(name).parts) > 3]
    assert len(kept) == 4 * 10 and all(after[name] == before[name] for name in kept)
    # A part of what is there is looked up, and nothing is written.
    same(sweep(TINY, grid, path, batch=BATCH, progress=False), some)
    assert files(path) == after and sorted(file.name for file in tmp_path.iterdir()) == ["some.zarr"]


def test_a_grid_grows_and_keeps_what_is_there(tmp_path: Path) -> None:
    path, quiet = tmp_path / "grows.zarr", {"progress": False, "batch": 3}
    cell = partial(excess, width=0.5)
    sweep(cell, Grid(power=[1.0], seed=range(4)), path, **quiet)
    # The other order of the axes, and whole numbers where there are floats.
    sweep(cell, {"seed": [2, 9], "power": [3, 1]}, path, **quiet)
    part = load(path)
    assert part.power.values.tolist() == [1.0, 3.0] and part.seed.values.tolist() == [0, 1, 2, 3, 9]
    np.testing.assert_array_equal(part.done, [[1, 1, 1, 1, 1], [0, 0, 1, 0, 1]])
    assert np.isnan(part.kurtosis.values[~part.done.values]).all()
    grown = sweep(cell, Grid(power=[1.0, 3.0], seed=range(10)), path, **quiet)
    same(grown, sweep(cell, Grid(power=[1.0, 3.0], seed=range(10)), tmp_path / "once.zarr", **quiet))
    with pytest.raises(ValueError, match=r"seed must be whole numbers, like those there, got \[0\.5\]"):
        sweep(cell, Grid(power=[1.0], seed=[0.5]), path, **quiet)
    with pytest.raises(ValueError, match="cell must take the parameters"):
        sweep(cell, Grid(power=[1.0]), path, **quiet)


def test_a_growth_that_was_cut_short_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, quiet = tmp_path / "cut.zarr", {"progress": False}
    cell = partial(excess, width=0.5, power=2.0)
    before = sweep(cell, Grid(seed=range(3)), path, **quiet)
    with monkeypatch.context() as patch:
        # Axes are grown, and then the process dies.
        patch.setattr("nmn.hypercube.sweep.store._axes", lambda grid: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep(cell, Grid(seed=range(6)), path, **quiet)
    xr.testing.assert_identical(load(path), before)
    xr.testing.assert_identical(sweep(cell, Grid(seed=range(3)), path, **quiet), before)
    assert sweep(cell, Grid(seed=range(5)), path, **quiet).done.sum() == 5
    with xr.open_zarr(path, consolidated=False, chunks=None) as plain:
        assert plain.seed.values.tolist() == [0, 1, 2, 3, 4]


HELD = """
import dataclasses
import sys
import warnings
from functools import partial
from nmn.hypercube.sweep import Grid, sweep
from tests.hypercube.sweep_cells import held

cell = partial(held, folder=sys.argv[2], names=("only",), least=4)
sweep(cell, Grid(power=[2.0], seed=range(9)), sys.argv[1], batch=2, progress=False)
"""


def test_killed_and_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "killed.zarr"
    grid, said, before = Grid(power=[2.0], seed=range(9)), [], {}
    cell = partial(held, folder=str(tmp_path), names=("only",), least=4)
    child = start([sys.executable, "-c", HELD, str(path), str(tmp_path)])

    def waits(message: Warning | str, *_: object, **__: object) -> None:
        said.append(str(message))
        stop(child)
        before.update(files(path))
        np.testing.assert_array_equal(load(path).done.values.ravel(), [1, 1, 1, 1, 0, 0, 0, 0, 0])

    try:
        # Its third chunk has begun. Whoever comes now waits, until the first one is dead.
        appears(tmp_path / "only", child)
        with warnings.catch_warnings():
            warnings.showwarning = waits
            warnings.simplefilter("always")
            ends = sweep(cell, grid, path, batch=2, progress=False)
    finally:
        stop(child)
    assert [text.split(" on ")[0] for text in said] == [f"{path} is being written by process {child.pid}"]
    after = files(path)
    assert ends.done.all() and all(after[name] == before[name] for name in before)
    plain = sweep(partial(excess, width=0.5), grid, tmp_path / "once.zarr", batch=2, progress=False)
    same(ends, plain)
    xr.testing.assert_identical(sweep(cell, grid, path, batch=2, progress=False), ends)
    assert files(path) == after


def test_four_devices_give_the_same(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path = tmp_path / "four.zarr"
    ((said, bar),) = finish(start(command(path), devices=4))
    assert "20 cells done, 13 of them at rest" in said and "20/20" in bar
    xr.testing.assert_identical(load(path), whole[1])


def test_several_starts_at_once_share_one_store(whole: tuple[Path, xr.Dataset], tmp_path: Path) -> None:
    path = tmp_path / "three.zarr"
    said = finish(*(start(command(path, "--quiet")) for _ in range(3)))
    assert all("20 cells done" in out for out, _ in said)
    xr.testing.assert_identical(load(path), whole[1])
    assert [file.name for file in tmp_path.iterdir()] == ["three.zarr"]


def test_devices_take_turns_and_each_runs_one_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[object] = []

    def program(values: dict[str, np.ndarray], device: str) -> dict[str, np.ndarray]:
        said.append((int(values["x"][0]), device))
        return values

    monkeypatch.setattr(jax, "local_devices", lambda: ["a", "b"])
    chunks = [{"x": np.array([number])} for number in range(5)]
    for number, ends in devices.compute(program, chunks):  # type: ignore[arg-type]
        assert ends["x"] == number
        said.append(number)
    assert said == [(0, "a"), (1, "b"), 0, (2, "a"), 1, (3, "b"), 2, (4, "a"), 3, 4]


def test_cells_of_one_name_are_different_programs(tmp_path: Path) -> None:
    grid, found = Grid(power=[1.0], seed=[0]), []
    for width in (0.5, 2.0):
        cell = partial(excess, width=width)
        found.append(float(sweep(cell, grid, tmp_path / f"{width}.zarr", progress=False).near.item()))
    assert found[0] < 0.5 < 0.9 < found[1]


def test_whole_numbers_of_33_bits_need_double_precision(tmp_path: Path) -> None:
    cell, grid = partial(excess, width=0.5, power=1.0), Grid(seed=[2**31])
    with (
        jax.enable_x64(False),
        pytest.raises(ValueError, match=r"seed must be whole numbers of 32 bits, .* got \(2147483648,\)"),
    ):
        sweep(cell, grid, tmp_path / "none.zarr")
    assert not list(tmp_path.iterdir())
    assert sweep(cell, grid, tmp_path / "double.zarr", progress=False).done.all()
    with jax.enable_x64(False):
        assert sweep(cell, Grid(seed=[2**31 - 1]), tmp_path / "single.zarr", progress=False).done.all()


@pytest.mark.parametrize("values", [[0.1, np.nextafter(0.1, 1)], [1.0, 1e39], [1.0, 1e-60]])
def test_values_that_single_precision_does_not_tell_apart(values: list[float], tmp_path: Path) -> None:
    grid = Grid(x=values)
    with (
        jax.enable_x64(False),
        pytest.raises(ValueError, match="x must be different as float32, or JAX_ENABLE_X64 set, got"),
    ):
        sweep(lambda x: {"y": 2 * x}, grid, tmp_path / "none.zarr")
    assert not list(tmp_path.iterdir())
    found = sweep(lambda x: {"y": 2 * x}, grid, tmp_path / "double.zarr", progress=False)
    assert found.y.values.tolist() == [2 * value for value in values]
    with jax.enable_x64(False):
        ends = sweep(lambda x: {"y": 2 * x}, Grid(x=[0.0, 0.1, np.inf]), tmp_path / "0.zarr", progress=False)
        assert ends.y.values.tolist() == [0.0, np.float32(0.2), np.inf]


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_whole_numbers_of_65_bits_are_refused(value: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"seed must be whole numbers of 64 bits, got \({value},\)"):
        sweep(lambda seed: {"y": seed}, Grid(seed=[value]), tmp_path / "none.zarr")
    assert not list(tmp_path.iterdir())


def test_seeds_beyond_32_bits_are_seeds_of_their_own(tmp_path: Path) -> None:
    seeds = [0, 2**32, 2**32 + 1, 1, 2**62, -1]
    found = sweep(
        lambda seed: {"y": jax.random.normal(jax.random.key(seed))},
        Grid(seed=seeds),
        tmp_path / "x.zarr",
        progress=False,
    )
    assert found.y.values.tolist() == [float(jax.random.normal(jax.random.key(seed))) for seed in seeds]
    assert len(set(found.y.values.tolist())) == len(seeds)


@pytest.mark.parametrize("grid", [3, "x", [("x", [1])], {3: [1]}])
def test_what_is_no_grid_is_refused(grid: object, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="grid must be a Grid, or the values of each parameter by its name"):
        sweep(excess, grid, tmp_path / "none.zarr")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_parameters_and_results_of_any_name_and_type(tmp_path: Path) -> None:
    def cell(*, method: jax.Array, drop: jax.Array, c: jax.Array, **more: jax.Array) -> dict[str, object]:
        small = jnp.full((2, 1), method, jnp.float16)
        return {
            "dims": method + drop,
            "sel": more["lambda"] > 0,
            "z": 1j,
            "one": 1,
            "no": False,
            "small": small,
        }

    grid = Grid(method=[1, 2], drop=[0.5], c=[3], **{"lambda": [-1, 1]})
    found = sweep(cell, grid, tmp_path / "any.zarr", progress=False)
    assert found["dims"].dtype == np.float64 and found["dims"].values.ravel().tolist() == [1.5, 1.5, 2.5, 2.5]
    assert found["sel"].values.ravel().tolist() == [False, True, False, True]
    kinds = {name: found[name].dtype for name in ("z", "one", "no", "small")}
    assert kinds == {"z": np.complex128, "one": np.int64, "no": np.bool_, "small": np.float16}
    assert found.small.shape == (2, 1, 1, 2, 2, 1) and found.small.dims[-2:] == ("small_0", "small_1")
    xr.testing.assert_identical(load(tmp_path / "any.zarr"), found)


def test_a_bar_counts_the_cells_unless_told_not_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell, grid, path = partial(excess, width=0.5, power=2.0), Grid(seed=[3, 4, 5]), tmp_path / "bar.zarr"
    sweep(cell, grid, path, batch=2)
    assert "3/3" in capsys.readouterr().err
    # More of them: the bar begins where the others are.
    sweep(cell, Grid(seed=[3, 4, 5, 6]), path, batch=2)
    said = capsys.readouterr().err
    assert "3/4" in said and "4/4" in said and "0/4" not in said
    sweep(cell, grid, tmp_path / "quiet.zarr", batch=2, progress=False)
    assert capsys.readouterr() == ("", "")


def test_a_cell_that_fails_is_named_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "fails.zarr"
    with pytest.raises(RuntimeError, match=r"(?s)\(seed=2\), \(seed=3\) failed: .*three is too much"):
        sweep(failing, Grid(seed=range(6)), path, batch=2, progress=False)
    assert load(path).done.values.tolist() == [True, True, False, False, False, False]


def test_ctrl_c_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, cell = tmp_path / "stopped.zarr", partial(excess, width=0.5, power=2.0)
    kept = []

    def update(bar: object, count: int) -> None:
        kept.append(count)
        if len(kept) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("nmn.hypercube.sweep.run.tqdm.update", update)
        with pytest.raises(KeyboardInterrupt):
            sweep(cell, Grid(seed=range(9)), path, batch=2)
    assert load(path).done.sum() == 4
    assert sweep(cell, Grid(seed=range(9)), path, batch=2, progress=False).done.all()


@dataclasses.dataclass(frozen=True)
class Odd:
    """A cell that returns what it is told to."""

    ends: tuple = ()
    axes: dict = dataclasses.field(default_factory=dict)

    def __call__(self, seed: jax.Array) -> object:
        return {name: jnp.zeros(shape, dtype) for name, shape, dtype in self.ends}


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (3, "cell must be a function of the parameters seed, got 3"),
        (lambda seeds: {"y": seeds}, "cell must take the parameters seed by name"),
        (lambda seed, more: {"y": seed}, "cell must take the parameters seed by name: missing"),
        (lambda seed: seed, "cell must return arrays by name"),
        (lambda seed: {1: seed}, "cell must return arrays by name"),
        (lambda seed: {"y": None}, "cell must return arrays by name"),
        (lambda seed: {"y": {"z": seed}}, "cell must return arrays by name"),
        (
            lambda seed: {"k": jax.random.key(seed)},
            r"cell must return arrays of numbers, got k = key<fry>\[\]",
        ),
        (
            Odd((("y", (2,), float), ("y_0", (), float))),
            "cell must not name an axis of y as .* result, got y_0",
        ),
        (Odd(), "cell must return arrays by name"),
        (Odd((("seed", (), float),)), "cell must not return 'seed'"),
        (Odd((("done", (), float),)), "cell must not return 'done'"),
        (Odd((("a b", (), float),)), "cell must not return 'a b'"),
        (Odd((("y", (0,), float),)), r"cell must return arrays of numbers, got y = float64\[0\]"),
        (Odd((("y", (), jnp.bfloat16),)), "cell must return arrays of numbers, got y = bfloat16"),
        (Odd((("y", (2,), float),), {"y": ("a", "b")}), "cell must name 1 axes of y"),
        (Odd((("y", (2, 2), float),), {"y": ("a", "a")}), "cell must name the axes of y differently"),
        (Odd((("y", (2,), float),), {"y": ("y",)}), "cell must not name an axis of y as it names a result"),
        (
            Odd((("y", (2,), float), ("z", (3,), float)), {"y": ("a",), "z": ("a",)}),
            "cell must have one length of a, got 2 and 3",
        ),
    ],
)
def test_what_is_no_cell_is_refused(cell: object, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        sweep(cell, Grid(seed=[0]), tmp_path / "none.zarr")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("batch", [0, -1, 2.0, True, "2"])
def test_a_batch_is_a_whole_number(batch: object, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="batch must be a whole number >= 1, got"):
        sweep(failing, Grid(seed=[0]), tmp_path / "none.zarr", batch=batch)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("axis", "values", "why"),
    [
        ("xi0", [0.0], "xi0 must be lengths > 0"),
        ("xi1", [np.inf], "xi1 must be lengths > 0"),
        ("xi1", [9.0], "xi1 does not fit n = 8: xi must be at most n = 8"),
        ("gain", [-1.0], "gain must be gains > 0, inf included"),
        ("seed", [0.5], "seed must be whole numbers from 0"),
        ("seed", [-1], "seed must be whole numbers from 0"),
        ("seed", [2**31], "seed must be whole numbers from 0"),
    ],
)
def test_learning_takes_what_signals_can_have(axis: str, values: list, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        sweep(TINY, {**GRID, axis: values}, tmp_path / "none.zarr")
    assert not list(tmp_path.iterdir())
    Learning().check(Grid(xi0=[1e-3], xi1=[40.0], gain=[np.inf, 1e-6], seed=[0, 2**31 - 1]))
