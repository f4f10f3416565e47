"""The simulator's exact answers are float64 answers: every test of this folder runs in double precision."""

from pathlib import Path

import jax
import pytest
import xarray as xr

from nmn.hypercube.sweep import sweep
from tests.hypercube.sweep_runs import BATCH, GRID, TINY


@pytest.fixture(autouse=True)
def _exact(float64: None) -> None:
    """Ask for it."""


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    """A sweep of this process on one device, never interrupted."""
    path = tmp_path_factory.mktemp("sweep") / "whole.zarr"
    with jax.enable_x64(True):
        return path, sweep(TINY, GRID, path, batch=BATCH, progress=False)
