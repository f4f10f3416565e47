"""The grid of a sweep: named parameters, and the values that each of them takes."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

import numpy as np

Axis = tuple[int, ...] | tuple[float, ...]


class Grid(Mapping[str, Axis]):
    """All combinations of the values of named parameters; the last one runs fastest.

    ``Grid(gain=[1.0, inf], seed=range(30))`` has 60 cells. An axis of whole numbers stays whole, one with any
    other number becomes floats, of which −0 is 0. ValueError: no axis, a name that no parameter can have or
    that is ``done``, an axis that is empty, holds a value twice, NaN, or anything that is no real number.
    """

    def __init__(self, /, **axes: Iterable[float]):
        if "done" in axes:
            raise ValueError("grid must have an axis of another name than done, which says what is there")
        if not axes:
            raise ValueError("grid must have an axis, a name and its values, such as seed=range(8), got none")
        for name in axes:
            if not name.isidentifier():
                raise ValueError(f"grid must name its axes as parameters of the cell, got {name!r}")
        self._axes = {name: _axis(name, values) for name, values in axes.items()}

    def __getitem__(self, name: str) -> Axis:
        return self._axes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._axes)

    def __len__(self) -> int:
        return len(self._axes)

    def __repr__(self) -> str:
        return f"Grid({', '.join(f'{name}={list(values)}' for name, values in self.items())})"

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values on each axis."""
        return tuple(map(len, self.values()))

    @property
    def size(self) -> int:
        """The number of cells."""
        return math.prod(self.shape)

    def whole(self, name: str) -> bool:
        """Whether the values of an axis are whole numbers, and are computed with as such."""
        return isinstance(self[name][0], int)

    def cell(self, index: tuple[int, ...]) -> dict[str, float]:
        """The values of the cell at a place on every axis."""
        return {name: values[i] for (name, values), i in zip(self.items(), index, strict=True)}

    def joined(self, more: "Grid") -> Self:
        """This grid with the values of another one that it lacks, each axis grown at its end.

        ValueError: other axes, or numbers with a fraction on an axis of whole ones.
        """
        if set(self) != set(more):
            raise ValueError(f"grid must have the axes {', '.join(self)}, got {', '.join(more)}")
        for name in self:
            if self.whole(name) and not more.whole(name):
                raise ValueError(f"{name} must be whole numbers, like those there, got {list(more[name])}")
        # A float of the same value counts as there.
        return type(self)(**{name: dict.fromkeys((*self[name], *more[name])) for name in self})

    def places(self, other: "Grid") -> list[tuple[int, ...]]:
        """Where the cells of another grid lie in this one, in the order of the other."""
        axes = [[self[name].index(value) for value in other[name]] for name in self]
        order = [list(self).index(name) for name in other]
        ways = np.meshgrid(*(axes[i] for i in order), indexing="ij")
        columns = (ways[order.index(i)].ravel().tolist() for i in range(len(axes)))
        return list(zip(*columns, strict=True))


def _axis(name: str, values: Iterable[float]) -> Axis:
    """ValueError: see ``Grid``."""
    try:
        given = [_unwrapped(value) for value in _unwrapped(values)]
        fits = not isinstance(values, str) and all(map(_real, given))
        whole = all(isinstance(value, int | np.integer) for value in given)
        # Whole numbers may be one as floats; and −0 is 0.
        axis = [int(value) if whole else float(value) + 0.0 for value in given] if fits else []
    except (OverflowError, TypeError):
        axis = []
    if not axis or len(set(axis)) < len(axis):
        raise ValueError(f"{name} must be a list, not empty, of different numbers, got {values!r}")
    return tuple(axis)


def _unwrapped(value: Any) -> Any:
    """An array of JAX, of xarray or pandas, as one of NumPy."""
    return np.asarray(value)[()] if hasattr(value, "__array__") else value


def _real(value: object) -> bool:
    """Whether this is a real number; neither True nor NaN is one."""
    if isinstance(value, bool | np.bool_) or getattr(value, "shape", ()) != ():
        return False
    return isinstance(value, int | float | np.integer | np.floating) and value == value
