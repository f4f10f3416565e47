"""Chunks on the workers of a dask.distributed scheduler, wherever they are."""

import functools
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jax

from nmn.hypercube.sweep import surroundings
from nmn.hypercube.sweep.identity import files, found
from nmn.hypercube.sweep.program import Ends, Program, Values, named
from nmn.hypercube.sweep.signature import Cell

if TYPE_CHECKING:
    from distributed import Client


def check(client: Any) -> None:
    """ValueError: neither None nor a client of dask.distributed that waits for its answers."""
    # Whoever has made one has imported it.
    dask = sys.modules.get("distributed")
    if client is None or (dask and isinstance(client, dask.Client) and not client.asynchronous):
        return
    raise ValueError(
        f"client must be None or a dask.distributed.Client that is not asynchronous, got {client!r}"
    )


def compute(
    client: "Client", cell: Cell, chunks: Sequence[Values]
) -> Generator[tuple[int, Ends], None, None]:
    """The ends of each chunk with its number, as they come.

    A chunk whose worker dies goes to another one, as often as the scheduler's ``allowed-failures`` says.
    RuntimeError: a cell that fails, a chunk that killed so many workers, a worker that is not like this
    process, each with the parameters; a scheduler that is gone.
    """
    import cloudpickle
    from distributed import as_completed

    if not client.nthreads():
        warnings.warn(f"no worker yet at {client.scheduler.address}: waiting for one", stacklevel=3)
    wanted = {**files(cell), **surroundings.surroundings()}
    task = functools.partial(_compute, cloudpickle.dumps(cell), wanted, surroundings.settings())
    name = getattr(cell, "__name__", type(cell).__name__)
    futures = client.map(task, chunks, pure=False, key=name)
    left = {future.key: (number, future) for number, future in enumerate(futures)}
    waiting = as_completed(futures, loop=client.loop)
    # What is given back is let go of, here and on its worker.
    del futures
    try:
        for future in waiting:
            number = left[future.key][0]
            if future.status in ("cancelled", "lost"):
                raise RuntimeError(_GONE)
            # What a cell has raised, or what happened on the way.
            with named(chunks[number]) if future.status == "error" else _on_the_way():
                ends = future.result()
            del left[future.key]
            yield number, ends
    finally:
        client.cancel([future for _, future in left.values()])


def _compute(cell: bytes, wanted: Mapping[str, str], settings: Mapping[str, Any], values: Values) -> Ends:
    """On the worker: a chunk, if the same numbers come out here. RuntimeError: what differs."""
    with surroundings.under(settings):
        with _lock:
            program = _unpacked(cell, tuple(wanted.items()))
        with _least_used() as device:
            return jax.device_get(program(values, device))


@functools.lru_cache(maxsize=8)
def _unpacked(cell: bytes, wanted: tuple[tuple[str, str], ...]) -> Program:
    """Once a process: what is unpacked again is another function to JAX, and compiled again."""
    import cloudpickle

    function, here = cloudpickle.loads(cell), surroundings.surroundings() | found(dict(wanted))
    # A file that is not there is not needed, or its import has failed.
    differ = [f"{k} is {here[k]} there, {v} here" for k, v in wanted if here.get(k, v) != v]
    if differ:
        raise RuntimeError(f"the worker {_address()} would give other numbers: {'; '.join(differ)}")
    return Program(function)


@contextmanager
def _on_the_way() -> Iterator[None]:
    from distributed.comm import CommClosedError

    try:
        yield
    except CommClosedError as error:
        raise RuntimeError(_GONE) from error


@contextmanager
def _least_used() -> Iterator[jax.Device]:
    """One of this process's devices, for one of its threads."""
    with _lock:
        device = min(jax.local_devices(), key=lambda device: _running[device.id])
        _running[device.id] += 1
    try:
        yield device
    finally:
        with _lock:
            _running[device.id] -= 1


def _address() -> str:
    from distributed import get_worker

    return get_worker().address


_GONE = "the scheduler is gone; what was computed is kept, the same call goes on"
_lock = threading.Lock()
_running: Counter[int] = Counter()
