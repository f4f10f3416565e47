"""The results of a sweep with their labels, complete or not."""

import os
import warnings

import xarray as xr

from nmn.hypercube.sweep.location import location
from nmn.hypercube.sweep.store import Store, listed


def load(path: str | os.PathLike[str]) -> xr.Dataset:
    """The results on one axis a parameter, and then their own axes; ``done`` says which cells are there.

    Cells that are not done hold NaN and 0. Of a cell that was done and is lost or cut a warning says so; the
    sweep that made it computes it again. The attributes say what the numbers depend on.
    ValueError: ``path`` holds no sweep.
    """
    return dataset(Store(location(path)))


def dataset(store: Store) -> xr.Dataset:
    """What is in a store: see ``load``."""
    grid, (found, done, lost) = store.grid, store.read()
    if lost:
        warnings.warn(
            f"{store.place}: lost or cut, and to be computed again: {listed(grid, lost)}",
            stacklevel=3,
        )
    kept = {
        name: (store.axes(name), values, {"long_name": store.meaning(name)}) for name, values in found.items()
    }
    marks = {"done": (tuple(grid), done, {"long_name": "the cell is there"})}
    return xr.Dataset(
        kept | marks, coords={name: list(values) for name, values in grid.items()}, attrs=store.attributes
    )
