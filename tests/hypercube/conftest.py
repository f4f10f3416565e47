"""The simulator's exact answers are float64 answers."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    """Run each test of this folder in double precision."""
    with jax.enable_x64(True):
        yield
