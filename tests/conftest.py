"""What all tests share: the precision that a file asks for, by `pytest.mark.usefixtures`."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture
def float64() -> Iterator[None]:
    """Double precision."""
    with jax.enable_x64(True):
        yield


@pytest.fixture
def float32() -> Iterator[None]:
    """Single precision, whatever other tests have asked for."""
    with jax.enable_x64(False):
        yield
