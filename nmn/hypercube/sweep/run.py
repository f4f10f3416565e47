"""The sweep itself: which process computes what, on which devices, and when it is written."""

import functools
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import jax
import numpy as np
import xarray as xr
from jax.sharding import SingleDeviceSharding
from jaxtyping import Array
from tqdm import tqdm

from nmn.hypercube.sweep import store
from nmn.hypercube.sweep.cell import learn
from nmn.hypercube.sweep.plan import AXES, Grid, Settings, agree

# Seconds between two looks for what another process does.
_WAIT = 0.5


def sweep(
    grid: Grid,
    path: str | os.PathLike[str],
    settings: Settings | None = None,
    *,
    progress: bool = True,
) -> xr.Dataset:
    """Run every cell of ``grid`` that ``path`` does not hold yet, and return them all, as ``load`` does.

    ``learn``, batched by ``vmap``, on all local devices at once. Each runs chunks of ``batch`` cells by the
    same program, so the numbers do not depend on how many devices or processes share the work.
    Stopped at any moment, kill −9 included, the same call goes on: done chunks stay as they are, of those
    under way nothing is kept. Only one sweep may run on a path at a time.

    Under ``jax.distributed`` all processes make this call with the same path, on a file system they share.
    Process 0 creates the store, each computes and writes its own chunks, and all return when all is done.
    ValueError: a length above n, a path that holds another sweep or something else.
    """
    settings, path = settings or Settings(), Path(path)
    agree(grid, settings)
    index, count = jax.process_index(), jax.process_count()
    if index == 0 and not path.exists():
        store.create(path, grid, settings, _ends(settings))
    # A store appears whole, and JAX ends all processes when one dies: to look for it is barrier enough.
    while count > 1 and not path.exists():
        time.sleep(_WAIT)
    store.check(path, grid, settings)
    mine = [chunk for chunk in store.undone(path) if chunk % count == index]
    _compute(grid, path, settings, mine, progress and index == 0)
    while count > 1 and store.undone(path):
        time.sleep(_WAIT)
    return store.load(path)


def _compute(grid: Grid, path: Path, settings: Settings, chunks: list[int], progress: bool) -> None:
    devices, batch, cells = jax.local_devices(), settings.batch, grid.cells()
    total = len(cells["seed"])
    mine = sum(min(batch, total - chunk * batch) for chunk in chunks)
    begun = total - mine if jax.process_count() == 1 else 0
    running: deque[tuple[int, dict[str, Array]]] = deque()
    with tqdm(total=begun + mine, initial=begun, unit="cell", disable=not progress) as bar:

        def keep() -> None:
            chunk, ends = running.popleft()
            bar.update(store.write(path, chunk, jax.device_get(ends)))

        for turn, chunk in enumerate(chunks):
            # Devices take turns, so the chunk that has run longest is on the one whose turn it is.
            if len(running) == len(devices):
                keep()
            # The last chunk is filled up with a cell that is not written.
            index = np.minimum(chunk * batch + np.arange(batch), total - 1)
            place = SingleDeviceSharding(devices[turn % len(devices)])
            values = jax.device_put(_typed([cells[name][index] for name in AXES]), place)
            running.append((chunk, _program(settings)(*values)))
        while running:
            keep()


@functools.lru_cache(maxsize=8)
def _program(settings: Settings) -> Callable[..., dict[str, Array]]:
    """``learn`` for a batch of cells; it runs where its arguments are.

    One program for one device, and not one spread over a mesh of all: XLA rounds a partitioned program in
    another way than the same one on a single device, and a sign that flips makes that grow.
    """
    return jax.jit(jax.vmap(functools.partial(learn, settings=settings)))


def _typed(values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The four values of cells as JAX computes with them."""
    kinds = [jax.dtypes.canonicalize_dtype(float)] * 3 + [np.dtype(np.int32)]
    return [value.astype(kind) for value, kind in zip(values, kinds, strict=True)]


def _ends(settings: Settings) -> dict[str, jax.ShapeDtypeStruct]:
    one = _typed((np.ones(()), np.ones(()), np.ones(()), np.zeros((), int)))
    return jax.eval_shape(functools.partial(learn, settings=settings), *one)
