"""``python -m tests.benchmarks.product [rounds]``: pairwise beside the plain matrix product, and a peer.

With PEER_PYTHON naming the python of an environment that holds PyPI's ``nmn``, that package runs on the same
inputs in its own process; it is never imported here. Agreement far from collisions is checked first.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jax
import numpy as np

from nmn.product import pairwise
from tests.benchmarks.interleave import PLAIN, both_ways, ratios, spread
from tests.product.difference_form import difference_form, worst_error

SIZES = ((1024, 512, 512), (4096, 1024, 1024))
BARS = {
    ("forward", "clean"): "1.15, aim 1.10",
    ("forward", "half close"): "1.5",
    ("both", "clean"): "1.25, aim 1.15",
    ("both", "half close"): "1.5",
}
EPS = 1e-5
OURS = both_ways(lambda x, w: pairwise(x, w, eps=EPS))
FAR = 30.0

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def inputs(batch: int, units: int, d: int, case: str) -> Arrays:
    """N(0, I) rows, prototypes and cotangent; if "half close", every other row 1e-3 from a prototype."""
    rng = np.random.default_rng(batch)
    x, w, g = (rng.standard_normal(shape) for shape in ((batch, d), (units, d), (batch, units)))
    if case == "half close":
        x[::2] = w[rng.integers(0, units, batch // 2)] + 1e-3 * directions(rng, batch // 2, d)
    return tuple(a.astype(np.float32) for a in (x, w, g))


def near(distance: float) -> Arrays:
    """64 rows, each ``distance`` from its own prototype of length 22.6 in 512 dimensions."""
    rng = np.random.default_rng(1)
    w = 22.6 * directions(rng, 64, 512)
    x = w + distance * directions(rng, 64, 512)
    return tuple(a.astype(np.float32) for a in (x, w, rng.standard_normal((64, 64))))


def directions(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    v = rng.standard_normal((n, d))
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def peer(arguments: Arrays, rounds: int = 0) -> list[np.ndarray] | None:
    """Value and gradients of the peer on the same arrays, by way of files; None when it is not there."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, array in zip("xwg", arguments, strict=True):
            np.save(Path(folder, f"{name}.npy"), array)
        program = Path(__file__).with_name("peer.py")
        subprocess.run([python, "-I", program, folder, str(EPS), str(rounds)], check=True, cwd=folder)
        return [np.load(Path(folder, f"out{i}.npy")) for i in range(3)]


def check_agreement() -> None:
    """Stop unless ours and the peer compute the same function where no pair is close."""
    for size in ((256, 128, 64), SIZES[0]):
        arguments = inputs(*size, "clean")
        theirs = peer(arguments)
        if theirs is None:
            print("no PEER_PYTHON: the plain product is the only company")
            return
        for name, a, b in zip(("values", "by x", "by w"), OURS["both"](*arguments), theirs, strict=True):
            gap = np.max(np.abs(a - b)) / np.max(np.abs(a))
            if not gap < 1e-4:
                sys.exit(f"far from collisions ours and the peer differ in {name} by {gap:.1e}")
    print("far from collisions ours and the peer agree: the same function")


def show_accuracy() -> None:
    print("worst error near a prototype (scales: tests/product/difference_form.py): value, by x, by w;")
    print("and the value of a row with its own prototype, relative: median, worst")
    for distance in (FAR, 1.0, 1e-1, 1e-2, 1e-3, 0.0):
        arguments = near(distance)
        found = {"ours": [np.asarray(a) for a in OURS["both"](*arguments)], "peer": peer(arguments)}
        for name, parts in found.items():
            if parts is not None:
                print(f"  distance {distance:<6g} {name}  {describe(parts, arguments)}")


def describe(parts: list[np.ndarray], arguments: Arrays) -> str:
    truth, _ = difference_form(*arguments, EPS, 0.0)
    error = worst_error((*parts, truth.eps, truth.bias), *arguments, EPS, 0.0)
    own = np.abs(np.diag(parts[0]) / np.diag(truth.value) - 1)
    return "  ".join(f"{e:.1e}" for e in (*error[:3], np.median(own), own.max()))


def show_speed(rounds: int) -> None:
    print("time over the plain product's: median [quartiles] of paired rounds, bar")
    for size in SIZES:
        for (kind, case), bar in BARS.items():
            many = ratios(PLAIN[kind], OURS[kind], inputs(*size, case), rounds)
            print(f"  {'x'.join(map(str, size)):15} {kind:8} {case:10} {spread(many)}  {bar}", flush=True)
        peer(inputs(*size, "clean"), rounds)


if __name__ == "__main__":
    print(f"jax {jax.__version__}, {jax.devices()[0].platform}, {os.cpu_count()} cores, float32, eps {EPS}")
    check_agreement()
    show_accuracy()
    show_speed(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 31)
