"""The one program of a sweep: so many cells together, on one device, whoever runs it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import jax
import numpy as np
from jax.sharding import SingleDeviceSharding
from jaxtyping import Array, Shaped

from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.signature import Cell, kind

Values = dict[str, np.ndarray]
"""The parameters of a chunk, one value a cell."""
Ends = dict[str, Shaped[np.ndarray, "batch ..."]]
"""What its cells returned."""


class Program:
    """``cell``, batched by ``vmap``, compiled once for each kind of device; it runs on the device named.

    One program for one device, and not one spread over a mesh of all: XLA rounds a partitioned program in
    another way than the same one on a single device, and a sign that flips makes that grow.
    """

    def __init__(self, cell: Cell):
        self._run = jax.jit(jax.vmap(lambda values: cell(**values)))

    def __call__(self, values: Values, device: jax.Device) -> dict[str, Array]:
        """The ends of the cells of a chunk, on their way."""
        return self._run(jax.device_put(values, SingleDeviceSharding(device)))


_MOST = 8
_programs: dict[tuple[tuple[str, str], ...], Program] = {}


def program(cell: Cell, told: Mapping[str, str]) -> Program:
    """The program of a cell; the same one, compiled already, for a cell of the same ``identity``."""
    key = tuple(told.items())
    if key not in _programs:
        while len(_programs) >= _MOST:
            del _programs[next(iter(_programs))]
        _programs[key] = Program(cell)
    return _programs[key]


def chunks(grid: Grid, cells: Sequence[tuple[int, ...]], batch: int) -> list[Values]:
    """The parameters of the cells at these places in the grid, ``batch`` at a time.

    The last chunk is filled up with its last cell, whose ends are dropped: every chunk is the same program.
    """
    axes = {name: np.array(grid[name], kind(grid, name)) for name in grid}
    found = []
    for first in range(0, len(cells), batch):
        places = np.array(cells[first : first + batch])
        places = places[np.minimum(np.arange(batch), len(places) - 1)]
        found.append({name: axes[name][at] for name, at in zip(grid, places.T, strict=True)})
    return found


@contextmanager
def named(values: Values) -> Iterator[None]:
    """RuntimeError for whatever goes wrong in here, with the parameters of the cells that it concerns."""
    try:
        yield
    except Exception as error:
        raise RuntimeError(f"{described(values)}: {type(error).__name__}: {error}") from error


def described(values: Mapping[str, np.ndarray]) -> str:
    """The cells of a chunk, by their parameters."""
    cells = dict.fromkeys(zip(*(column.tolist() for column in values.values()), strict=True))
    listed = (", ".join(f"{n}={v}" for n, v in zip(values, cell, strict=True)) for cell in cells)
    return f"one of the cells ({'), ('.join(listed)}) failed"
