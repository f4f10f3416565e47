"""The sweep itself: which cells are to be computed, by whom, and that they are kept as they come."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
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
    always as many, so the numbers are the same bit for bit wherever they are computed; a worker with another
    JAX, processor or code is an error, and not another number. (One thing is not looked for: a product of
    matrices that sums over a long axis, which ``Learning`` has not, is rounded by XLA in a way that hangs on
    how many threads it has. Where workers have others, set NPROC, and to no less than the devices.)

    **Stopped** at any moment, kill −9 included, the same call goes on. A grid with more values keeps what is
    there. Whoever comes to a path where a sweep is under way says so and waits.

    ValueError: a grid, cell, client or batch that is none; a path that holds something else, or numbers of
    another cell, batch, JAX, precision, generator or platform. RuntimeError: a cell that fails, by name.
    """
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
            found = workers.compute(client, cell, told, todo)
        bar = tqdm(total=len(places), initial=len(places) - len(cells), unit="cell", disable=not progress)
        with closing(found), bar:
            for kept in _keep(store, cells, batch, found):
                bar.update(kept)
        return dataset(store).sel(asked)


def _keep(store: Store, cells: list[Index], batch: int, found: Iterable[tuple[int, Ends]]) -> Iterator[int]:
    """Write chunks as they come; so many cells each."""
    for number, chunk in found:
        mine = cells[number * batch : (number + 1) * batch]
        for i, index in enumerate(mine):
            store.write(index, {name: values[i] for name, values in chunk.items()})
        yield len(mine)
