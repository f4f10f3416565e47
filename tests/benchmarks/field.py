"""``python -m tests.benchmarks.field [rounds]``: the exact f(w) on long rings, checked and timed.

Each method is first held against another that shares no step with it, and what separates the two is printed.
Times are wall clock and processor time of this process, the best of the rounds; the load of the machine is
printed with them.
"""

import os
import sys
import time
from collections.abc import Callable

import jax
import numpy as np

from nmn.hypercube import laws
from nmn.hypercube.field import Field, field
from nmn.hypercube.field.cycle import cycle
from nmn.hypercube.field.transfer import faded

LAWS: dict[str, Callable[[int], laws.Law]] = {
    "uniform cube": laws.UniformCube,
    "Ising ring, J = 1": lambda n: laws.IsingRing(n, 1.0),
}
BARS = ((30, "meet", 1.0), (40, "meet", 45.0), (100, "transfer", 1.0))


def weights(n: int) -> np.ndarray:
    return np.random.default_rng(n).normal(size=n)


def gap(one: Field, other: Field) -> float:
    return float(np.abs(one.value - other.value).max())


def check_agreement() -> None:
    """Stop unless methods that share no step agree, each within what it states."""
    for name, make in LAWS.items():
        w = weights(23)
        exact, other = field(w, make(23), method="meet"), field(w, make(23), method="enumeration")
        report(f"{name}, n = 23: meet and enumeration", gap(exact, other), 1e-13)
        w = np.random.default_rng(0).integers(-9, 10, size=40).astype(float)
        exact, other = field(w, make(40), method="meet"), field(w, make(40), method="integer")
        report(f"{name}, n = 40, whole numbers: meet and integer", gap(exact, other), 1e-12)
        exact, other = (
            field(weights(40), make(40), method="meet"),
            field(weights(40), make(40), method="transfer"),
        )
        report(f"{name}, n = 40: meet and transfer (smooth)", gap(exact, other), other.worst())
        w = np.random.default_rng(1).integers(-9, 10, size=100).astype(float)
        exact, other = field(w, make(100), method="integer"), faded(cycle(w, make(100)), 1 << 14)
        report(f"{name}, n = 100, whole numbers: integer and smooth transfer", gap(exact, other), 1e-12)


def report(what: str, off: float, bound: float) -> None:
    print(f"  {what}: {off:.1e} apart, at most {bound:.1e}", flush=True)
    if not off <= bound:
        sys.exit("they do not compute the same function")


def show_speed(rounds: int) -> None:
    print("seconds: wall, processor; bar; what the method states of its error")
    for n, method, bar in BARS:
        for name, make in LAWS.items():
            law, w, times = make(n), weights(n), []
            for _ in range(rounds):
                wall, own = time.perf_counter(), time.process_time()
                found = field(w, law, method=method)
                times.append((time.perf_counter() - wall, time.process_time() - own))
            wall, own = np.min(times, 0)
            print(
                f"  n = {n:<4d}{method:9} {name:18} {wall:6.2f} {own:6.2f}  < {bar:g}  {found.worst():.0e}",
                flush=True,
            )


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    print(f"numpy {np.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    check_agreement()
    show_speed(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 3)
