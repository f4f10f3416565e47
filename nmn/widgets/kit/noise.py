"""Noise that the browser and Python draw alike."""

import numpy as np
from jaxtyping import Float

_MASK = 2**32 - 1


def noise(draw: int, n: int) -> Float[np.ndarray, " n"]:
    """Standard normal noise of the ``draw``-th signal, the same as in nlgp.js.

    Box and Muller's pairs from a 32-bit counter that is scrambled (mulberry32, by T. Ettinger).
    """
    uniform = [_scrambled(draw * 0x9E3779B9 + (k + 1) * 0x6D2B79F5) / 2**32 for k in range(n + n % 2)]
    u, v = np.array(uniform).reshape(-1, 2).T
    r = np.sqrt(-2 * np.log1p(-u))
    return np.stack([r * np.cos(2 * np.pi * v), r * np.sin(2 * np.pi * v)], 1).ravel()[:n]


def _scrambled(counter: int) -> int:
    a = counter & _MASK
    t = (a ^ a >> 15) * (a | 1) & _MASK
    t ^= t + (t ^ t >> 7) * (t | 61) & _MASK
    return t ^ t >> 14
