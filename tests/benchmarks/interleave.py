"""Two functions timed in turn: a ratio is taken inside each round, so a passing load hits both sides.

It needs JAX and NumPy only, for it also runs inside a peer's environment.
"""

import time
from collections.abc import Callable

import jax
import numpy as np


def both_ways(f: Callable) -> dict[str, Callable]:
    """``f(x, w)`` forward, and with the pullback of a cotangent g: jitted, called with (x, w, g)."""

    def both(x, w, g):
        y, pull = jax.vjp(f, x, w)
        return y, *pull(g)

    return {"forward": jax.jit(lambda x, w, g: f(x, w)), "both": jax.jit(both)}


PLAIN = both_ways(lambda x, w: x @ w.T)


def seconds(f: Callable, arguments: tuple) -> float:
    start = time.perf_counter()
    jax.block_until_ready(f(*arguments))
    return time.perf_counter() - start


def ratios(plain: Callable, ours: Callable, arguments: tuple, rounds: int) -> np.ndarray:
    """Time of ``ours`` over time of ``plain``, one number a round; who goes first alternates."""
    arguments = tuple(map(jax.numpy.asarray, arguments))
    for f in (plain, ours, plain, ours):
        seconds(f, arguments)
    found = []
    for turn in range(rounds):
        order = (plain, ours) if turn % 2 else (ours, plain)
        spent = {f: seconds(f, arguments) for f in order}
        found.append(spent[ours] / spent[plain])
    return np.array(found)


def spread(many: np.ndarray) -> str:
    low, middle, high = np.percentile(many, (25, 50, 75))
    return f"{middle:5.2f} [{low:.2f}, {high:.2f}]"
