"""The sweep itself: which cells are to be computed, by whom, and that they are kept as they come."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr
from tqdm import tqdm

from nmn.arguments import whole
from nmn.hypercube.sweep import devices, workers
from nmn.hypercube.sweep.alone import alone
from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.identity import identity
from nmn.hypercube.sweep.location import location
from nmn.hypercube.sweep.program import Ends, chunks, program
from nmn.hypercube.sweep.results import dataset
from nmn.hypercube.sweep.signature import Cell, ends
from nmn.hypercube.sweep.store import Index, Store, create, exists
from nmn.hypercube.sweep.surroundings import surroundings

if TYPE_CHECKING:
    from distributed import Client


def sweep(
    cell: Cell,
    grid: Mapping[str, Iterable[float]],
    path: str | os.PathLike[str],
    *,
    client: "Client | None" = None,
    batch: int = 4,
    progress: bool = True,
) -> xr.Dataset:
    """Compute ``cell`` at every point of ``grid`` that ``path`` does not hold yet; return all of them.

    ``cell`` takes the parameters of the grid by name, one number each, and returns named arrays; it is a
    plain program of JAX, for use under ``jit`` and ``vmap``. What is fixed comes by ``functools.partial``, or
    the cell is a frozen dataclass with a ``__call__``. It may have ``axes`` and ``meanings``, by the name of
    a result, and ``check(grid)``, which raises ValueError for values that it does not take. For example:

        import jax
        import jax.numpy as jnp
        from distributed import Client
        from nmn.hypercube.sweep import Grid, sweep

        def excess(width, power, seed):
            '''Excess kurtosis of |z|^power sgn z, and how often it lies within a width of 0.'''
            z = jax.random.normal(jax.random.key(seed), (1000,))
            x = jnp.sign(z) * jnp.abs(z) ** power
            kurtosis = jnp.mean(x**4) / jnp.mean(x**2) ** 2 - 3
            return {"kurtosis": kurtosis, "near": jnp.mean(jnp.abs(x) < width)}

        if __name__ == "__main__":
            grid = Grid(width=[0.5, 1.0], power=[1.0, 2.0, 3.0], seed=range(4))
            found = sweep(excess, grid, "excess.zarr", client=Client(n_workers=3))
            print(found.kurtosis.mean("seed"))

    **Where.** Without ``client`` on all devices of this process, with a ``dask.distributed.Client`` on its
    workers, which compute and no more: this process writes. Workers may come, go and be killed, and what they
    had not given back is computed elsewhere. ``batch`` cells run together on one device, as one program and
    always as many. A worker with another JAX, processor or code is an error, and not another number; so the
    numbers are the same bit for bit on one device, several, or workers, with one exception that is not looked
    for. On CPUs XLA rounds long sums (dot products, means, convolutions, of about 10⁵ terms and more) by the
    number of its threads: that of the processors, or of the devices where these are more. Where that differs,
    set NPROC to one number, no less than the devices. Of ``Learning`` no bit was seen to hang on it, up to
    2²⁰ samples.

    **Stopped** at any moment, kill −9 included, the same call goes on. A grid with more values keeps what is
    there. Whoever comes to a folder where a sweep is under way says so and waits. At an address, and on
    Windows, nobody waits: two sweeps at once may undo each other's work, which the one that lost some then
    says, but never take each other's numbers for their own.

    **How many.** A cell is a file for each of its results: some 10⁵ cells, of a second each rather than of a
    millisecond. A finer grid belongs inside a cell, under ``vmap``, as an axis of what it returns.

    ValueError: a grid, cell, client or batch that is none; a path that holds something else, or numbers of
    another cell, batch, JAX, precision, generator or platform. RuntimeError: a cell that fails, by name; a
    scheduler that is gone; results that are lost as soon as they are written.
    """
    if not isinstance(grid, Mapping) or not all(isinstance(name, str) for name in grid):
        raise ValueError(f"grid must be a Grid, or the values of each parameter by its name, got {grid!r}")
    grid = grid if isinstance(grid, Grid) else Grid(**grid)
    batch = whole("batch", batch)
    workers.check(client)
    place, given = location(path), ends(cell, grid)
    told = identity(cell)
    wanted = told | {"batch": str(batch)} | surroundings()
    # At once, and not after another sweep has been waited for.
    if exists(place):
        Store(place).check(wanted, grid)
    with alone(place):
        if not exists(place):
            create(place, grid, given, wanted)
        store = Store(place, "r+")
        store.check(wanted, grid)
        store.grow(grid)
        asked = {name: list(grid[name]) for name in store.grid}
        places = store.grid.places(grid)
        there = dataset(store).done.values
        cells = [index for index in places if not there[index]]
        todo = chunks(store.grid, cells, batch)
        if client is None:
            found = devices.compute(program(cell, told), todo)
        else:
            found = workers.compute(client, cell, todo)
        bar = tqdm(total=len(places), initial=len(places) - len(cells), unit="cell", disable=not progress)
        with closing(found), bar:
            for kept in _keep(store, cells, batch, found):
                bar.update(kept)
        return _all(place, asked)


def _all(place: Path | str, asked: Mapping[str, list]) -> xr.Dataset:
    """What was asked for. RuntimeError: not all of it is there, now that it was written."""
    store = Store(place)
    ends = dataset(store)
    if all(set(values) <= set(store.grid[name]) for name, values in asked.items()):
        found = ends.sel(asked)
        if found.done.all():
            return found
    raise RuntimeError(
        f"path {place} has lost what this sweep wrote: another one writes there, or its disk forgets. "
        "The same call computes the rest"
    )


def _keep(store: Store, cells: list[Index], batch: int, found: Iterable[tuple[int, Ends]]) -> Iterator[int]:
    """Write chunks as they come; so many cells each."""
    for number, chunk in found:
        mine = cells[number * batch : (number + 1) * batch]
        for i, index in enumerate(mine):
            store.write(index, {name: values[i] for name, values in chunk.items()})
        yield len(mine)
