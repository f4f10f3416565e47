"""What all tests share: how examples are drawn, and the precision that a file asks for.

A precision is asked for by `pytest.mark.usefixtures`. Property tests draw the same examples every time; `make
search` draws others, and what it finds becomes an `@example`.
"""

from collections.abc import Iterator

import jax
import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile("search", derandomize=False, deadline=None, max_examples=3000, print_blob=True)
# Until `--hypothesis-profile` names another one.
settings.load_profile("fixed")


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
