"""Where a sweep keeps its results: a zarr store that can be stopped at any moment and gone on with.

Cells lie along one axis, cut into chunks of ``batch``. A chunk is computed by one device and written by one
process, all its variables first and its ``done`` last, each file put in place whole. So what is marked done
is there, and what a killed process left half written is not marked and is computed again.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import jax
import numpy as np
import xarray as xr
import zarr
from jaxtyping import Shaped

from nmn.hypercube.sweep.cell import MEANINGS
from nmn.hypercube.sweep.plan import AXES, Grid, Settings, describe

_FORMAT = "nmn.hypercube.sweep 1"


def create(path: Path, grid: Grid, settings: Settings, ends: Mapping[str, jax.ShapeDtypeStruct]) -> None:
    """An empty store at ``path``; ``ends`` are the shapes of one cell. It appears whole or not at all."""
    draft = path.with_name(path.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    group = zarr.open_group(draft, mode="w-", zarr_format=3)
    cells, batch = grid.cells(), settings.batch
    count = len(cells["seed"])
    for name, values in (cells | {"pixel": np.arange(settings.n)}).items():
        axis = "pixel" if name == "pixel" else "cell"
        group.create_array(name, data=values, chunks=values.shape, dimension_names=[axis])
    for name, end in ends.items():
        group.create_array(
            name,
            shape=(count, *end.shape),
            chunks=(batch, *end.shape),
            dtype=end.dtype,
            fill_value=np.nan if np.issubdtype(end.dtype, np.floating) else 0,
            dimension_names=["cell", "pixel"][: 1 + len(end.shape)],
            attributes={"long_name": MEANINGS[name]},
        )
    group.create_array(
        "done", shape=(count,), chunks=(batch,), dtype=bool, fill_value=False, dimension_names=["cell"]
    )
    # The mark of a sweep comes last; the rename then makes all of it appear at once.
    group.attrs.update({"format": _FORMAT, "coordinates": " ".join(AXES), **describe(grid, settings)})
    os.rename(draft, path)


def check(path: Path, grid: Grid, settings: Settings) -> None:
    """ValueError: ``path`` holds no sweep, or another one; it says what differs."""
    found = _group(path, "r").attrs
    differ = [
        f"{name} is {found.get(name)} there, {wanted} here"
        for name, wanted in describe(grid, settings).items()
        if found.get(name) != wanted
    ]
    if differ:
        raise ValueError(f"path {path} holds another sweep: {'; '.join(differ)}. Take another path")


def undone(path: Path) -> list[int]:
    """The chunks that are not done."""
    done = _array(_group(path, "r"), "done")
    return [int(chunk) for chunk in np.flatnonzero(~np.asarray(done)[:: done.chunks[0]])]


def write(path: Path, chunk: int, ends: Mapping[str, Shaped[np.ndarray, "batch ..."]]) -> int:
    """Keep the results of a chunk, and only then mark it done. The last chunk takes what fits. Returns that.

    No two processes may write the same chunk.
    """
    group = _group(path, "r+")
    done = _array(group, "done")
    first = chunk * done.chunks[0]
    last = min(first + done.chunks[0], done.shape[0])
    for name, values in ends.items():
        _array(group, name)[first:last] = values[: last - first]
    done[first:last] = True
    return last - first


def load(path: str | os.PathLike[str]) -> xr.Dataset:
    """The results on the axes xi0, xi1, gain, seed (and pixel), complete or not: see ``done``.

    Cells that are not done hold NaN and 0. ValueError: ``path`` holds no sweep.
    """
    path = Path(path)
    _group(path, "r")
    with xr.open_zarr(path, consolidated=False) as flat:
        flat = flat.load()
    axes = {name: np.asarray(list(dict.fromkeys(flat[name].values.tolist()))) for name in AXES}
    shape = tuple(len(axis) for axis in axes.values())
    grid = {
        name: ((*AXES, *values.dims[1:]), values.values.reshape(*shape, *values.shape[1:]), values.attrs)
        for name, values in flat.data_vars.items()
        if name not in AXES
    }
    return xr.Dataset(grid, coords=axes | {"pixel": flat["pixel"].values}, attrs=flat.attrs)


def _group(path: Path, mode: Literal["r", "r+"]) -> zarr.Group:
    try:
        group = zarr.open_group(path, mode=mode)
    except (FileNotFoundError, ValueError) as error:
        raise ValueError(f"path must be a sweep's store, there is none at {path}") from error
    if group.attrs.get("format") != _FORMAT:
        raise ValueError(f"path must be a sweep's store, {path} is something else")
    return group


def _array(group: zarr.Group, name: str) -> zarr.Array:
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise ValueError(f"path must be a sweep's store, {group.store_path} holds no array {name}")
    return array
