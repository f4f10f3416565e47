"""Chunks on the devices of this process, all of them at once."""

from collections import deque
from collections.abc import Generator, Sequence

import jax
from jaxtyping import Array

from nmn.hypercube.sweep.program import Ends, Program, Values, named


def compute(program: Program, chunks: Sequence[Values]) -> Generator[tuple[int, Ends], None, None]:
    """The ends of each chunk with its number, in order. RuntimeError: a cell that fails, by name."""
    devices = jax.local_devices()
    running: deque[tuple[int, dict[str, Array]]] = deque()

    def oldest() -> tuple[int, Ends]:
        number, ends = running.popleft()
        with named(chunks[number]):
            return number, jax.device_get(ends)

    for number, values in enumerate(chunks):
        # Devices take turns, so the chunk that has run longest is on the one whose turn it is.
        if len(running) == len(devices):
            yield oldest()
        with named(values):
            running.append((number, program(values, devices[number % len(devices)])))
    while running:
        yield oldest()
