"""What a cell takes and gives, found out before anything is computed."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array

from nmn.hypercube.sweep.grid import Axis, Grid

Cell = Callable[..., Mapping[str, Array]]


@dataclass(frozen=True)
class End:
    """One of the arrays that a cell returns: its numbers, its own axes, and what it means."""

    dtype: np.dtype
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    meaning: str


def ends(cell: Cell, grid: Grid) -> dict[str, End]:
    """The arrays that a cell returns, by name, without computing them.

    ValueError: not a function of the parameters of ``grid`` and of no others, a value that its type cannot
    hold, a result that is no dictionary of arrays of numbers, a name that is taken; and whatever the
    ``check`` of the cell refuses.
    """
    _takes(cell, grid)
    if hasattr(cell, "check"):
        cell.check(grid)
    one = {name: jax.ShapeDtypeStruct((), kind(grid, name)) for name in grid}
    found = jax.eval_shape(lambda values: cell(**values), one)
    if (
        not isinstance(found, Mapping)
        or not found
        or not all(isinstance(name, str) for name in found)
        or not all(hasattr(end, "shape") for end in found.values())
    ):
        raise ValueError(f"cell must return arrays by name, {{'w': …}}, got {found!r}")
    for name, end in found.items():
        if jax.dtypes.issubdtype(end.dtype, jax.dtypes.extended):
            raise ValueError(f"cell must return arrays of numbers, got {name} = {end.dtype}{list(end.shape)}")
    axes: Mapping[str, tuple[str, ...]] = getattr(cell, "axes", {})
    meanings: Mapping[str, str] = getattr(cell, "meanings", {})
    told = {
        name: End(np.dtype(end.dtype), end.shape, _axes(name, end.shape, axes), meanings.get(name, name))
        for name, end in sorted(found.items())
    }
    _fit(told, grid)
    return told


def kind(grid: Grid, name: str) -> np.dtype:
    """The type that JAX computes with for a parameter, at its present precision."""
    return np.dtype(jax.dtypes.canonicalize_dtype(int if grid.whole(name) else float))


def _takes(cell: Cell, grid: Grid) -> None:
    if not callable(cell):
        raise ValueError(f"cell must be a function of the parameters {', '.join(grid)}, got {cell!r}")
    try:
        inspect.signature(cell).bind(**dict.fromkeys(grid))
    except TypeError as error:
        raise ValueError(f"cell must take the parameters {', '.join(grid)} by name: {error}") from error
    for name in grid:
        held = kind(grid, name)
        if not (_whole if grid.whole(name) else _apart)(grid[name], held):
            what = (
                f"whole numbers of {8 * held.itemsize} bits" if grid.whole(name) else f"different as {held}"
            )
            more = ", or JAX_ENABLE_X64 set" if held.itemsize < 8 else ""
            raise ValueError(f"{name} must be {what}{more}, got {grid[name]}")


def _whole(values: Axis, held: np.dtype) -> bool:
    least, most = np.iinfo(held).min, np.iinfo(held).max
    return all(least <= value <= most for value in values)


def _apart(values: Axis, held: np.dtype) -> bool:
    """Whether values stay different from each other, from 0 and from ∞ in a type of floats."""
    marks = {0.0, math.inf, -math.inf}
    with np.errstate(over="ignore"):
        return len(set(np.array([*marks.union(values)], held).tolist())) == len(marks.union(values))


def _axes(name: str, shape: tuple[int, ...], named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    axes = tuple(named.get(name, [f"{name}_{i}" for i in range(len(shape))]))
    if len(axes) != len(shape):
        raise ValueError(f"cell must name {len(shape)} axes of {name}, got {axes}")
    return axes


def _fit(told: Mapping[str, End], grid: Grid) -> None:
    """ValueError: names that are taken, axes that do not agree, numbers that no store keeps."""
    lengths: dict[str, int] = {}
    for name, end in told.items():
        for word in (name, *end.axes):
            if not word.isidentifier() or word in grid or word == "done":
                raise ValueError(f"cell must not return {word!r}: a parameter, done, or no name for an array")
        if taken := set(told) & set(end.axes):
            raise ValueError(f"cell must not name an axis of {name} as it names a result, got {taken.pop()}")
        if end.dtype.kind not in "biufc" or 0 in end.shape:
            raise ValueError(f"cell must return arrays of numbers, got {name} = {end.dtype}{list(end.shape)}")
        if len(set(end.axes)) < len(end.axes):
            raise ValueError(f"cell must name the axes of {name} differently, got {end.axes}")
        for axis, length in zip(end.axes, end.shape, strict=True):
            if lengths.setdefault(axis, length) != length:
                raise ValueError(f"cell must have one length of {axis}, got {lengths[axis]} and {length}")
