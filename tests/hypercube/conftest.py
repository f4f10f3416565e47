"""The simulator's exact answers are float64 answers: every test of this folder runs in double precision."""

import pytest


@pytest.fixture(autouse=True)
def _exact(float64: None) -> None:
    """Ask for it."""
