"""A small sweep of NLGP learning, from Python and a shell; programs that tests start, files they leave."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from nmn.hypercube.sweep import Grid, Learning
from tests import limit

GRID = Grid(xi0=[1.0], xi1=[2.0, 3.0], gain=[1.0, np.inf], seed=[0, 1, 2, 7, 9])
TINY = Learning(n=8, samples=512, steps=300, tolerance=1e-3)
BATCH = 3
ROOT = Path(__file__).parents[2]
# The same for all, so that a cell of theirs is found by name.
PATHS = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


def options(*more: str) -> list[str]:
    """The small sweep's options."""
    axes = [p for name, values in GRID.items() for p in (f"--{name}", *map(str, values))]
    names = ("n", "samples", "steps", "tolerance")
    numbers = [p for name in names for p in (f"--{name}", str(getattr(TINY, name)))]
    return [*axes, *numbers, "--batch", str(BATCH), *more]


def command(path: Path, *more: str) -> list[str]:
    """The small sweep from a shell."""
    return [sys.executable, "-m", "nmn.hypercube.sweep", str(path), *options(*more)]


STAYING = """
import signal
import sys
import time
from pathlib import Path
from nmn.hypercube.sweep import __main__, run

class Bar(run.tqdm):
    def update(self, count):
        super().update(count)
        if self.n >= 6:
            Path(sys.argv[1]).touch()
            time.sleep(int(sys.argv[2]))

run.tqdm = Bar
# Whoever starts a program in the background may have it ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(__main__.main(sys.argv[3:]))
"""


def staying(file: Path, path: Path, *more: str) -> list[str]:
    """The small sweep from a shell, which makes a file and stays where it is once six cells are done."""
    return [sys.executable, "-c", STAYING, str(file), str(limit.SECONDS), str(path), *options(*more)]


def start(
    line: list[str], devices: int = 1, x64: bool = True, cwd: Path | None = None
) -> subprocess.Popen[str]:
    """A program of its own; how many devices there are is settled when JAX starts."""
    flags = f"--xla_force_host_platform_device_count={devices}"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_ENABLE_X64": str(int(x64)), "JAX_PLATFORMS": "cpu"}
    environment["PYTHONPATH"] = PATHS
    pipe = subprocess.PIPE
    return subprocess.Popen(line, env=environment, cwd=cwd, stdout=pipe, stderr=pipe, text=True)


def finish(*children: subprocess.Popen[str]) -> list[tuple[str, str]]:
    """Output and errors of each, all of them ended well."""
    said = []
    try:
        for child in children:
            said.append(child.communicate(timeout=limit.SECONDS))
            assert child.returncode == 0, said[-1][1]
    finally:
        stop(*children)
    return said


def stop(*children: subprocess.Popen[str]) -> None:
    """End programs, whatever they do."""
    for child in children:
        child.kill()
        child.communicate()


def appears(path: Path, *children: subprocess.Popen[str], given_up: threading.Event | None = None) -> bool:
    """Wait until a file is there, for as long as those run who might write it; False when given up."""
    last = time.monotonic() + limit.SECONDS
    while not path.exists():
        if given_up and given_up.is_set():
            return False
        assert time.monotonic() < last and all(child.poll() is None for child in children), f"no {path}"
        time.sleep(0.01)
    return True


@contextmanager
def killing(*files: Path) -> Iterator[None]:
    """In here, each process that leaves its number in a file is killed; after it, nobody waits for one."""
    over = threading.Event()

    def kill() -> None:
        for file in files:
            if appears(file, given_up=over):
                os.kill(int(file.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def same(left: xr.Dataset, right: xr.Dataset) -> None:
    """All arrays of two results, to the last bit."""
    assert set(left.data_vars) == set(right.data_vars)
    for name in left.data_vars:
        xr.testing.assert_identical(left[name], right[name])


def files(path: Path) -> dict[str, tuple[int, int]]:
    """Every file of a store: a file written again has another inode or time."""
    found = [file for file in path.rglob("*") if file.is_file()]
    return {str(f.relative_to(path)): (f.stat().st_ino, f.stat().st_mtime_ns) for f in found}
