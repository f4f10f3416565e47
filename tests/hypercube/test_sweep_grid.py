"""Grids of named parameters, and the settings that all cells of learning share."""

from collections.abc import Iterable

import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

from nmn.hypercube.sweep import Grid, Settings


@pytest.mark.parametrize(
    "values",
    [
        *([], [1, 1], [1, 1.0], [2**53, 2**53 + 1, 0.5], [10**400, 0.5], [0.0, -0.0], jnp.ones(2)),
        *(jnp.float32(1), [np.nan], [1j], ["1"], "12", 1.0, None, [True], [np.True_], [[1, 2]], [None]),
        np.ones((2, 2)),
    ],
    ids=repr,
)
def test_bad_axes_are_refused(values: object) -> None:
    with pytest.raises(ValueError, match="gain must be a list, not empty, of different numbers, got"):
        Grid(seed=[0], gain=values)  # type: ignore[arg-type]


def test_a_grid_has_axes_with_names_of_parameters() -> None:
    with pytest.raises(ValueError, match="grid must have an axis"):
        Grid()
    with pytest.raises(ValueError, match="grid must have an axis of another name than done"):
        Grid(seed=[0], done=[1])
    with pytest.raises(
        ValueError, match="grid must name its axes as parameters of the cell, got 'two words'"
    ):
        Grid(**{"two words": [1]})
    # A parameter may have any name, that of an argument here, too.
    assert dict(Grid(self=[1], axes=[2])) == {"self": (1,), "axes": (2,)}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (range(3), (0, 1, 2)),
        (np.array([3, 1]), (3, 1)),
        ([2**40, -1], (2**40, -1)),
        ([1, 2.5], (1.0, 2.5)),
        (np.array([0.5, np.inf]), (0.5, np.inf)),
        (iter([np.float32(0.5), np.int8(2)]), (0.5, 2.0)),
        ((value for value in (-np.inf, 0)), (-np.inf, 0.0)),
        (jnp.arange(2), (0, 1)),
        (jnp.array([0.5, 1]), (0.5, 1.0)),
        ([jnp.float32(0.5), jnp.int8(2)], (0.5, 2.0)),
        (xr.DataArray([1, 2]), (1, 2)),
        ([1, np.nextafter(1, 2)], (1.0, 1 + 2**-52)),
    ],
)
def test_whole_numbers_stay_whole(values: Iterable[float], kept: tuple[float, ...]) -> None:
    grid = Grid(x=values)
    assert grid["x"] == kept and [type(value) for value in grid["x"]] == [type(value) for value in kept]
    assert grid.whole("x") == isinstance(kept[0], int)


def test_minus_zero_is_zero() -> None:
    assert not np.signbit(Grid(x=[-0.0])["x"][0])


def test_the_last_axis_runs_fastest() -> None:
    grid = Grid(b=[1, 2], a=[0.5, 0.25, 4])
    assert list(grid) == ["b", "a"] and grid.shape == (2, 3) and grid.size == 6
    assert grid.places(grid) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert grid.places(Grid(a=[4, 0.5], b=[2, 1])) == [(1, 2), (0, 2), (1, 0), (0, 0)]
    assert grid.cell((1, 2)) == {"b": 2, "a": 4.0}
    assert repr(grid) == "Grid(b=[1, 2], a=[0.5, 0.25, 4.0])"
    assert grid == Grid(b=[1, 2], a=[0.5, 0.25, 4]) != Grid(b=[2, 1], a=[0.5, 0.25, 4])


def test_grids_are_joined_at_their_ends() -> None:
    grid = Grid(a=[2, 1], b=[0.5])
    joined = grid.joined(Grid(b=[1, 0.5], a=[3, 2]))
    assert dict(joined) == {"a": (2, 1, 3), "b": (0.5, 1.0)} and list(joined) == ["a", "b"]
    assert grid.joined(Grid(a=[7], b=[2]))["b"] == (0.5, 2.0)
    for other in (Grid(a=[1]), Grid(a=[1], b=[1], c=[1])):
        with pytest.raises(ValueError, match="grid must have the axes a, b, got a"):
            grid.joined(other)
    with pytest.raises(ValueError, match=r"a must be whole numbers, like those there, got \[1\.0\]"):
        grid.joined(Grid(a=[1.0], b=[1]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("n", 0), ("samples", 1.5), ("step", 0.0), ("step", np.nan)),
        *(("tolerance", -1.0), ("start", np.inf), ("steps", 2**24 + 1), ("step", "0.1")),
    ],
)
def test_bad_settings_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_settings_at_the_ends_of_their_range_and_in_one_way_of_writing() -> None:
    Settings(n=1, samples=1, steps=1, step=1e-9, start=1e-9, tolerance=0)
    assert repr(Settings(n=np.int64(8), step=1)) == repr(Settings(n=8, step=1.0))


@pytest.mark.parametrize("name", ["n", "samples", "steps"])
@pytest.mark.parametrize("value", [0, -1, 2.0, True, "2"])
def test_counts_are_whole_numbers_above_zero(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number (>= 1|from 1 to 16777216)"):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["step", "start", "tolerance"])
@pytest.mark.parametrize("value", [-1e-9, np.inf, np.nan, "0.1", None])
def test_sizes_are_finite_numbers(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a finite number, not below 0"):
        Settings(**{name: value})  # type: ignore[arg-type]
    if name != "tolerance":
        with pytest.raises(ValueError, match=f"{name} must be greater than 0"):
            Settings(**{name: 0.0})
