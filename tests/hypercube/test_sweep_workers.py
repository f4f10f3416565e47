"""Sweeps on a real scheduler of Dask with real worker processes, two of which are killed in the middle."""

import os
import re
import signal
import socket
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from subprocess import Popen
from types import ModuleType

import dask
import distributed
import jax
import numpy as np
import pytest
import xarray as xr

from nmn.hypercube.sweep import Grid, identity, load, surroundings, sweep
from nmn.hypercube.sweep.__main__ import main
from tests import limit
from tests.hypercube.sweep_cells import HeldLearning, decorated, excess, failing, held, made, traced, twice
from tests.hypercube.sweep_runs import (
    BATCH,
    GRID,
    TINY,
    appears,
    killing,
    options,
    same,
    start,
    staying,
    stop,
)


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


def _idle(cluster: Cluster) -> None:
    """Wait until the scheduler has nothing left to do."""
    last = time.monotonic() + limit.SECONDS
    while cluster.scheduler.scheduler.tasks:
        assert time.monotonic() < last
        time.sleep(0.01)


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

    settings = {name: getattr(TINY, name) for name in ("n", "samples", "steps", "tolerance")}
    cell = HeldLearning(**settings, folder=str(tmp_path), names=names, least=2)
    with killing(*(tmp_path / name for name in names)):
        ends = sweep(cell, GRID, tmp_path / "lost.zarr", client=client, batch=BATCH, progress=False)
    killed = {int((tmp_path / name).read_text()) for name in names}
    assert killed < {worker.pid for worker in cluster.workers}
    for worker in cluster.workers:
        if worker.pid in killed:
            assert worker.wait(limit.SECONDS) == -signal.SIGKILL
    same(ends, whole[1])


def test_nobody_waits_for_a_process_that_leaves_no_number(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), killing(tmp_path / "never"):
        raise ZeroDivisionError


def test_functions_without_a_name_of_their_own_run_on_workers(cluster: Cluster, tmp_path: Path) -> None:
    client, grid = cluster.have(1), Grid(x=[1.0, 2.0])
    # Of a module that the worker has: twice by its name, the others as they are.
    cells = {"name": twice, "lambda": lambda x: {"y": 3 * x}, "wrapped": decorated, "class": made(5.0)(7.0)}
    for name, cell in cells.items():
        found = sweep(cell, grid, tmp_path / f"{name}.zarr", client=client, progress=False)
        same(found, sweep(cell, grid, tmp_path / f"{name} here.zarr", progress=False))
    assert found.y.values.tolist() == [35.0, 70.0]


def test_a_cell_that_fails_on_a_worker_is_named(cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "fails.zarr"
    with pytest.raises(
        RuntimeError, match=r"(?s)\(seed=2\), \(seed=3\) failed: .*three is too much"
    ) as error:
        sweep(failing, Grid(seed=range(40)), path, client=cluster.have(1), batch=2, progress=False)
    # The scheduler does not go on with it, though the error holds on to what it came from.
    _idle(cluster)
    assert error
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
    monkeypatch.setattr(surroundings, "surroundings", mine)
    for path in ("tests/hypercube/sweep_cells.py", "nmn/hypercube/sweep/grid.py"):
        other = identity.files(cell) | {path: "mine"}
        with monkeypatch.context() as patch:
            patch.setattr("nmn.hypercube.sweep.workers.files", lambda cell, other=other: other)
            with pytest.raises(RuntimeError, match=rf"other numbers: {path} is \w{{64}} there, mine here"):
                sweep(cell, grid, tmp_path / "code.zarr", client=client, progress=False)


def test_what_a_script_imports_is_the_same_on_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its own lines travel, and what it imports is looked for where the worker is.
    (tmp_path / "helper_of_test.py").write_text("def twice(x):\n    return 2 * x", "utf8")
    (tmp_path / "unneeded_of_test.py").write_text("", "utf8")
    lines = (
        "import unneeded_of_test\nfrom helper_of_test import twice\ndef cell(x):\n    return {'y': twice(x)}"
    )
    (tmp_path / "script.py").write_text(lines, "utf8")
    monkeypatch.syspath_prepend(str(tmp_path))
    main = ModuleType("__main__")
    main.__file__ = str(tmp_path / "script.py")
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(lines, vars(main))
    files = identity.files(main.cell)
    assert set(files) == {"helper_of_test.py", "unneeded_of_test.py"} and identity.found(files) == files
    assert identity.found({"no_such_file.py": "", "helper_of_test/none.py": "", **files}) == files
    # What was imported stays as it was, whatever is written to its file after.
    (tmp_path / "helper_of_test.py").write_text("def twice(x):\n    return 3 * x", "utf8")
    assert identity.found(files) == files
    identity._hash_of.cache_clear()
    assert identity.found(files) != files


def test_whoever_has_no_worker_says_so_and_waits(tmp_path: Path) -> None:
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as none,
        distributed.Client(none) as client,
        warnings.catch_warnings(),
    ):
        said = []
        warnings.showwarning = lambda message, *_: (said.append(str(message)), none.scale(1))
        warnings.simplefilter("always", UserWarning)
        ends = sweep(twice, Grid(x=[1.0]), tmp_path / "waits.zarr", client=client, progress=False)
        assert ends.y == 2 and f"no worker yet at {client.scheduler.address}: waiting for one" in said


@pytest.mark.parametrize("away", [False, True], ids=["devices", "workers"])
def test_ctrl_c_ends_a_run_that_goes_on_later(
    away: bool, cluster: Cluster, whole: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    path, more, stays = tmp_path / "stopped.zarr", [], tmp_path / "stays"
    if away:
        cluster.have(1)
        more = ["--scheduler", cluster.scheduler.scheduler_address]
    child = start(staying(stays, path, *more))
    try:
        appears(stays, child)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=limit.SECONDS)
    finally:
        stop(child)
    assert child.returncode == 130, said
    assert "Stopped. The same command goes on from here." in said and "Traceback" not in said
    assert load(path).done.sum() == 6 and {file.name for file in tmp_path.iterdir()} == {
        path.name,
        stays.name,
    }
    _idle(cluster)
    same(sweep(TINY, GRID, path, batch=BATCH, progress=False), whole[1])


def test_a_scheduler_that_dies_ends_a_run_that_goes_on_later(tmp_path: Path) -> None:
    told, path = tmp_path / "scheduler.json", tmp_path / "died.zarr"
    cell = partial(held, folder=str(tmp_path), names=("only",), least=4)
    module = [sys.executable, "-m"]
    address = f"--host 127.0.0.1 --port 0 --no-dashboard --scheduler-file {told}".split()
    scheduler = start([*module, "distributed.cli.dask_scheduler", *address])
    like = (
        f"--scheduler-file {told} --nthreads 1 --no-nanny --no-dashboard --local-directory {tmp_path}".split()
    )
    worker = start([*module, "distributed.cli.dask_worker", *like])
    try:
        appears(told, scheduler)
        with distributed.Client(scheduler_file=str(told), set_as_default=False) as client:

            def dies() -> None:
                appears(tmp_path / "only", scheduler, worker)
                stop(scheduler)

            killer = threading.Thread(target=dies)
            killer.start()
            with pytest.raises(RuntimeError, match="the scheduler is gone; what was computed is kept"):
                sweep(cell, Grid(power=[2.0], seed=range(9)), path, client=client, batch=2, progress=False)
            killer.join()
    finally:
        stop(worker, scheduler)
    assert load(path).done.sum() < 9
    ends = sweep(cell, Grid(power=[2.0], seed=range(9)), path, batch=2, progress=False)
    plain = partial(excess, width=0.5)
    same(
        ends, sweep(plain, Grid(power=[2.0], seed=range(9)), tmp_path / "here.zarr", batch=2, progress=False)
    )


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
    # Nobody listens there; somebody does, and says nothing; a worker.
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        distributed.LocalCluster(
            n_workers=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
        ) as local,
    ):
        unused = "tcp://127.0.0.1:1"
        listens = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        # The clock of Dask or ours, whichever rings first.
        refused = dict.fromkeys((unused, listens), r"(no answer within|Timed out .* after) 0\.2 s")
        refused[local.workers[0].address] = "this is a Worker"
        for address, why in refused.items():
            seconds = "0.2 s" if address in (unused, listens) else "30 s"
            with (
                dask.config.set({"distributed.comm.timeouts.connect": seconds}),
                pytest.raises(SystemExit) as end,
            ):
                main([str(tmp_path / "none.zarr"), "--scheduler", address])
            assert end.value.code == 2 and re.search(f"got {address}: {why}", capsys.readouterr().err)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "none.zarr"), "--scheduler", "tcp://127.0.0.1:1"])
    assert end.value.code == 2 and "--scheduler needs dask.distributed" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
