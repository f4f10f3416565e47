"""Results of experiments that take seconds, kept on disk for whoever asks the same again, if told to.

Where the environment variable NMN_RESULTS names a folder, a function marked ``kept`` looks there first. A
result is found again only by the same function of the same sources on the same arguments, packages, precision
and processor, so it is what computing it again would give, bit for bit. Without the variable nothing is
written.
"""

import functools
import hashlib
import inspect
import os
import pickle
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import jax
import numpy as np

from nmn import sources

P = ParamSpec("P")
R = TypeVar("R")
SETTINGS = (
    "jax_default_matmul_precision",
    "jax_default_prng_impl",
    "jax_disable_jit",
    "jax_threefry_partitionable",
)


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, computed once for all processes that share the folder NMN_RESULTS."""

    @functools.wraps(function)
    def remembering(*given: P.args, **named: P.kwargs) -> R:
        folder = os.environ.get("NMN_RESULTS")
        if not folder:
            return function(*given, **named)
        path = Path(folder) / f"{function.__name__}-{_key(function, given, named)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whoever comes second waits for the first, and then reads.
        with _alone(path.with_suffix(".lock")):
            found = _read(path)
            if not found:
                found = [jax.block_until_ready(function(*given, **named))]
                _write(path, found)
        return found[0]

    return remembering


def _key(function: Callable, given: tuple, named: dict[str, Any]) -> str:
    """A name for a call: a hash of all that its result may depend on."""
    call = inspect.signature(function).bind(*given, **named)
    call.apply_defaults()
    leaves, tree = jax.tree.flatten(dict(call.arguments))
    what = [sources.digest(function.__module__), function.__qualname__, str(tree), *map(_exactly, leaves)]
    return hashlib.sha256("\0".join([*what, *_surroundings()]).encode()).hexdigest()[:32]


def _exactly(leaf: object) -> str:
    """An argument, to the last bit."""
    if isinstance(leaf, jax.Array | np.ndarray):
        array = np.asarray(leaf)
        return f"{array.dtype} {array.shape} {hashlib.sha256(array.tobytes()).hexdigest()}"
    return repr(leaf)


def _surroundings() -> list[str]:
    """Packages, precision, flags and processor."""
    packages = [f"{name} {number}" for name, number in sources.versions().items()]
    settings = [f"{name} {getattr(jax.config, name)}" for name in SETTINGS]
    precision = str(jax.dtypes.canonicalize_dtype(float))
    return [sys.version, *packages, *settings, precision, os.environ.get("XLA_FLAGS", ""), *_processor()]


@functools.cache
def _processor() -> list[str]:
    """Compiled code is made for a kind of processor, and rounds as that kind does."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text("utf8").splitlines() if described.is_file() else []
    kinds = {line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))}
    return [platform.platform(), platform.processor(), *sorted(kinds), jax.devices()[0].device_kind]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process at a time is in here; the system lets the next one in when a process dies."""
    # Not on every system, and needed on none where nobody asks for results to be kept.
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> list | None:
    """The result in a list; None where there is none, or a damaged one."""
    if not path.is_file():
        return None
    checksum, _, content = path.read_bytes().partition(b"\n")
    if checksum.decode("ascii", "replace") != hashlib.sha256(content).hexdigest():
        return None
    return pickle.loads(content)


def _write(path: Path, found: list) -> None:
    """A file that is there is whole."""
    content = pickle.dumps(found)
    new = path.with_suffix(".new")
    new.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    new.replace(path)
