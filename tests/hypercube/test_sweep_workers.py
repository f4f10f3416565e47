"""Sweeps on a real scheduler of Dask with real worker processes, two of which are killed in the middle."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from subprocess import Popen

import distributed
import jax
import numpy as np
import pytest
import xarray as xr

from nmn.hypercube.sweep import Grid, load, surroundings, sweep
from nmn.hypercube.sweep.__main__ import main
from nmn.hypercube.sweep.identity import identity
from tests import limit
from tests.hypercube.sweep_cells import HeldLearning, excess, failing, traced
from tests.hypercube.sweep_runs import BATCH, GRID, TINY, appears, options, same, start, stop


class Cluster:
    """A scheduler on the loopback address, and worker processes that may be killed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.scheduler = distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address=None, worker_dashboard_address=None
        )
        self.client = distributed.Client(self.scheduler)
        self.workers: list[Popen[str]] = []

    def have(self, count: int) -> distributed.Client:
        """A client of at least so many workers that live."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        line = f"--nthreads 1 --no-nanny --no-dashboard --local-directory {self.folder}".split()
        while len(self.workers) < count:
            module = [sys.executable, "-m", "distributed.cli.dask_worker", self.scheduler.scheduler_address]
            # Single precision of its own: it has to compute as the client does.
            self.workers.append(start([*module, *line], x64=False))
        self.client.wait_for_workers(count, timeout=limit.SECONDS)
        return self.client


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("workers"))
    yield cluster
    stop(*cluster.workers)
    cluster.client.close()
    cluster.scheduler.close()


def test_three_workers_give_the_same(
    cluster: Cluster, whole: tuple[Path, xr.Dataset], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.have(3)
    path = tmp_path / "three.zarr"
    assert main([str(path), *options("--scheduler", cluster.scheduler.scheduler_address)]) == 0
    said = capsys.readouterr()
    assert "20 cells done, 13 of them at rest" in said.out and "20/20" in said.err
    xr.testing.assert_identical(load(path), whole[1])


def test_ten_lines_of_a_user_on_three_workers(cluster: Cluster, tmp_path: Path) -> None:
    # The example of the documentation, as a program of its own: its cell is found in no module.
    lines = (sweep.__doc__ or "").split("For example:\n")[1].split("**Where.**")[0]
    text = "\n".join(line.removeprefix(" " * 8) for line in lines.splitlines())
    assert text.count("Client(n_workers=3)") == 1
    cluster.have(3)
    text = text.replace("n_workers=3", repr(cluster.scheduler.scheduler_address))
    (tmp_path / "own.py").write_text(text, "utf8")
    child = start([sys.executable, str(tmp_path / "own.py")], cwd=tmp_path)
    said, errors = child.communicate(timeout=limit.SECONDS)
    assert child.returncode == 0 and "24/24" in errors, errors
    assert "(width: 2, power: 3)" in said
    found = load(tmp_path / "excess.zarr")
    here = jax.jit(jax.vmap(partial(excess, 0.5, 2.0)))(np.arange(4))
    np.testing.assert_allclose(found.kurtosis.sel(width=0.5, power=2.0), here["kurtosis"], rtol=1e-12)


def test_a_sweep_survives_two_of_its_three_workers(
    cluster: Cluster, whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    client = cluster.have(3)
    names = ("one", "two")

    def kill() -> None:
        for name in names:
            appears(tmp_path / name)
            os.kill(int((tmp_path / name).read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    settings = {name: getattr(TINY, name) for name in ("n", "samples", "steps", "tolerance")}
    cell = HeldLearning(**settings, folder=str(tmp_path), names=names, least=2)
    ends = sweep(cell, GRID, tmp_path / "lost.zarr", client=client, batch=BATCH, progress=False)
    killer.join()
    killed = {int((tmp_path / name).read_text()) for name in names}
    assert killed < {worker.pid for worker in cluster.workers}
    for worker in cluster.workers:
        if worker.pid in killed:
            assert worker.wait(limit.SECONDS) == -signal.SIGKILL
    same(ends, whole[1])


def test_a_cell_that_fails_on_a_worker_is_named(cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "fails.zarr"
    with pytest.raises(
        RuntimeError, match=r"(?s)\(seed=2\), \(seed=3\) failed: .*three is too much"
    ) as error:
        sweep(failing, Grid(seed=range(40)), path, client=cluster.have(1), batch=2, progress=False)
    # The scheduler does not go on with it, though the error holds on to what it came from.
    last = time.monotonic() + limit.SECONDS
    while cluster.scheduler.scheduler.tasks:
        assert time.monotonic() < last, error
        time.sleep(0.01)
    with pytest.raises(RuntimeError, match="three is too much"):
        sweep(failing, Grid(seed=[3]), path, client=cluster.client, batch=2, progress=False)
    assert sweep(failing, Grid(seed=[1, 4]), path, client=cluster.client, batch=2, progress=False).done.all()


def test_a_worker_compiles_once(cluster: Cluster, tmp_path: Path) -> None:
    cell, client = partial(traced, folder=str(tmp_path)), cluster.have(1)
    sweep(cell, Grid(seed=range(12)), tmp_path / "traced.zarr", client=client, batch=2, progress=False)
    # Once here, for the shapes.
    count = Counter(file.name.split("-")[0] for file in tmp_path.glob("*-*"))
    assert count.pop(str(os.getpid())) == 1
    assert count and set(count.values()) == {1}


def test_a_worker_that_would_give_other_numbers_is_named(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, mine = cluster.have(1), surroundings.surroundings
    cell, grid = partial(excess, width=0.5, seed=1), Grid(power=[2])
    monkeypatch.setattr(surroundings, "surroundings", lambda: mine() | {"jaxlib": "0.1"})
    why = r"\(power=2\) failed: RuntimeError: the worker tcp://127.0.0.1:\d+ would give other numbers: "
    with pytest.raises(RuntimeError, match=why + r"jaxlib is \d+\.\d+\.\d+ there, 0\.1 here"):
        sweep(cell, grid, tmp_path / "other.zarr", client=client, progress=False)
    assert not load(tmp_path / "other.zarr").done.any()
    # Nor one that has other code under the same name.
    monkeypatch.setattr("nmn.hypercube.sweep.run.identity", lambda cell: identity(cell) | {"code": "mine"})
    monkeypatch.setattr(surroundings, "surroundings", mine)
    with pytest.raises(RuntimeError, match=r"would give other numbers: code is \w{16} there, mine here"):
        sweep(cell, grid, tmp_path / "code.zarr", client=client, progress=False)


def test_what_is_no_client_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell, grid, path = partial(excess, width=0.5, power=1.0), Grid(seed=[0]), tmp_path / "none.zarr"
    why = "client must be None or a dask.distributed.Client that is not asynchronous, got 'tcp://127.0.0.1:1'"
    with pytest.raises(ValueError, match=why):
        sweep(cell, grid, path, client="tcp://127.0.0.1:1")
    # As where Dask is not installed: all the rest works.
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=why):
        sweep(cell, grid, path, client="tcp://127.0.0.1:1")
    assert not list(tmp_path.iterdir())
    assert sweep(cell, grid, path, progress=False).done.all()


def test_a_scheduler_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "none.zarr"), "--scheduler", "nonsense://127.0.0.1:1"])
    assert end.value.code == 2 and "--scheduler must be the address of a scheduler" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "none.zarr"), "--scheduler", "tcp://127.0.0.1:1"])
    assert end.value.code == 2 and "--scheduler needs dask.distributed" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
