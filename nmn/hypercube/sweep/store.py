"""Where a sweep keeps its results: a zarr store that can be stopped at any moment and gone on with.

It lies on disk as it is loaded: one array a result, one axis a parameter, and then the result's own axes. A
cell is a chunk of each array. Its results are written first and its ``done`` last, each file put in place
whole; ``done`` is a checksum of the results, of the cell's parameters, and of what the numbers depend on. So
what a killed process left half written is not marked, what was lost or cut later is seen, and what another
sweep wrote at the same time, where nothing kept it out, never passes for the numbers of this one. The grid
stands among the attributes: axes are grown first, and then it.
"""

import itertools
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import zarr
from jaxtyping import Bool, Shaped

from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.signature import End

FORMAT = "nmn.hypercube.sweep 3"
_DRAFT = f"{FORMAT}, being made"
Index = tuple[int, ...]


def exists(place: Path | str) -> bool:
    """Whether anything lies there; at an address, what somebody did not finish making is nothing."""
    if isinstance(place, Path):
        return place.exists()
    try:
        return zarr.open_group(place, mode="r").attrs.get("format") != _DRAFT
    except FileNotFoundError:
        return False


def create(place: Path | str, grid: Grid, ends: Mapping[str, End], attributes: Mapping[str, str]) -> None:
    """An empty store for these results. In a folder it appears whole or not at all; alone with ``place``."""
    draft = place.with_name(f"{place.name}.new") if isinstance(place, Path) else place
    if isinstance(draft, Path):
        shutil.rmtree(draft, ignore_errors=True)
    group = zarr.open_group(draft, mode="w", zarr_format=3, attributes={"format": _DRAFT})
    for name in grid:
        values = _column(grid, name)
        group.create_array(name, data=values, chunks=values.shape, dimension_names=[name])
    for name, end in {**ends, "done": End(np.dtype(np.uint64), (), (), _DONE)}.items():
        group.create_array(
            name,
            shape=(*grid.shape, *end.shape),
            chunks=(*[1] * len(grid), *end.shape),
            dtype=end.dtype,
            fill_value=np.nan if end.dtype.kind in "fc" else 0,
            dimension_names=[*grid, *end.axes],
            attributes={"long_name": end.meaning},
        )
    # The mark of a sweep comes last; the rename then makes all of it appear at once.
    group.attrs.update({**attributes, **_axes(grid), "format": FORMAT})
    if isinstance(place, Path):
        os.rename(draft, place)


class Store:
    """The store at ``place``. ValueError: there is none."""

    def __init__(self, place: Path | str, mode: Literal["r", "r+"] = "r"):
        self.place = place
        try:
            self._group = zarr.open_group(place, mode=mode)
        except (FileNotFoundError, ValueError) as error:
            raise ValueError(f"path must be a sweep's store, there is none at {place}") from error
        if self._group.attrs.get("format") != FORMAT:
            raise ValueError(f"path must be a sweep's store, {place} is something else")
        self.grid = Grid(**json.loads(self.attributes["grid"]))
        """All the cells that there is room for."""
        told = {name: value for name, value in self.attributes.items() if name != "grid"}
        self._told = zlib.crc32(json.dumps(told, sort_keys=True).encode())
        # A chunk that holds nothing but NaN is a result, and written like any other.
        with zarr.config.set({"array.write_empty_chunks": True}):
            self._arrays: dict[str, Any] = dict(self._group.arrays())

    @property
    def attributes(self) -> dict[str, Any]:
        """What the numbers depend on, and the grid, as text."""
        return dict(self._group.attrs)

    def names(self) -> list[str]:
        """The results of a cell."""
        return sorted(set(self._arrays) - set(self.grid) - {"done"})

    def axes(self, name: str) -> tuple[str, ...]:
        """The axes of a result."""
        return tuple(map(str, self._arrays[name].metadata.dimension_names))

    def meaning(self, name: str) -> str:
        """What a result is."""
        return str(self._arrays[name].attrs["long_name"])

    def check(self, wanted: Mapping[str, str], grid: Grid) -> None:
        """ValueError: the numbers there are made of other things; it says what differs."""
        found = self.attributes
        names = {name for name in (*found, *wanted) if name not in ("format", "grid")}
        differ = [
            f"{name.removeprefix('settings.')} is {found.get(name)} there, {wanted.get(name)} here"
            for name in sorted(names)
            if found.get(name) != wanted.get(name)
        ]
        if differ:
            raise ValueError(f"path {self.place} holds another sweep: {'; '.join(differ)}. Take another path")
        self.grid.joined(grid)

    def grow(self, grid: Grid) -> None:
        """Make room for the cells of another grid; those that are there stay where they are."""
        joined = self.grid.joined(grid)
        for name in ("done", *self.names()):
            array = self._arrays[name]
            shape = (*joined.shape, *array.shape[len(joined) :])
            if array.shape != shape:
                array.resize(shape)
        for name in joined:
            array, values = self._arrays[name], _column(joined, name)
            if array.shape != values.shape:
                array.resize(values.shape)
            # Also where a growth that was cut short has made room, and no more.
            if joined != self.grid:
                array[...] = values.astype(array.dtype)
        if joined != self.grid:
            self._group.attrs.update(_axes(joined))
            self.grid = joined

    def write(self, index: Index, ends: Mapping[str, Shaped[np.ndarray, "..."]]) -> None:
        """Keep the results of a cell, and only then mark it done."""
        kept = {name: np.asarray(ends[name], self._arrays[name].dtype) for name in self.names()}
        for name, value in kept.items():
            self._arrays[name][(*index, ...)] = value
        self._arrays["done"][(*index, ...)] = np.uint64(self._mark(index, kept))

    def read(self) -> tuple[dict[str, np.ndarray], Bool[np.ndarray, "..."], list[Index]]:
        """All results, which cells are done, and those marked done of which something is lost or cut.

        Of a cell that is not done there is NaN and 0.
        """
        marks, unread = self._numbers("done")
        lost = set(unread)
        # Where nothing is marked, nothing is looked for.
        found = {name: self._numbers(name, bool(marks.any()))[0] for name in self.names()}
        for index in zip(*map(np.ndarray.tolist, np.nonzero(marks)), strict=True):
            if marks[index] != self._mark(index, {name: found[name][index] for name in found}):
                lost.add(index)
        done = marks != 0
        for index in lost:
            done[index] = False
        for name, array in found.items():
            array[~done] = self._arrays[name].fill_value
        return found, done, sorted(lost)

    def _mark(self, index: Index, ends: Mapping[str, Shaped[np.ndarray, "..."]]) -> int:
        """What ``done`` says of a cell with these results."""
        checksum = zlib.crc32(json.dumps(self.grid.cell(index), sort_keys=True).encode(), self._told)
        for name in sorted(ends):
            checksum = zlib.crc32(np.ascontiguousarray(ends[name]).tobytes(), checksum)
        return 1 + checksum

    def _numbers(self, name: str, there: bool = True) -> tuple[np.ndarray, list[Index]]:
        """An array as it is now, and the cells of it that cannot be read."""
        array, grid = self._arrays[name], self.grid
        # What a growth that was cut short has made room for is not there yet.
        room = tuple(map(slice, grid.shape))
        numbers = np.full((*grid.shape, *array.shape[len(grid) :]), array.fill_value, array.dtype)
        if not there:
            return numbers, []
        try:
            return np.asarray(array[room]), []
        # Whatever a codec or a file system says of a file that is not whole.
        except Exception:
            pass
        unread = []
        for index in itertools.product(*map(range, grid.shape)):
            try:
                numbers[index] = array[(*index, ...)]
            except Exception:
                unread.append(index)
        return numbers, unread


_DONE = (
    "0 until the cell is done; then 1 + the CRC-32 of the attributes but for grid and of the parameters of "
    "the cell, both as JSON with sorted keys, and of its results in the order of their names"
)


def _column(grid: Grid, name: str) -> np.ndarray:
    return np.array(grid[name], np.int64 if grid.whole(name) else np.float64)


def _axes(grid: Grid) -> dict[str, str]:
    return {"grid": json.dumps(dict(grid))}


def listed(grid: Grid, cells: Iterable[Index]) -> str:
    """Cells by their parameters and by the end of the names of their files."""
    return "; ".join(
        ", ".join(f"{name}={value}" for name, value in grid.cell(index).items())
        + f" (files …/c/{'/'.join(map(str, index))})"
        for index in cells
    )
