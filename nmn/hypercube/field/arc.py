"""Tables over all states of a few neighbouring pixels; the last pixel runs fastest."""

import numpy as np
from jaxtyping import Float, Int


def sums(parts: Float[np.ndarray, "K k"], values: Float[np.ndarray, " a"]) -> Float[np.ndarray, "K states"]:
    """Σ_i parts[:, i] x_i for every state x."""
    table = np.zeros((len(parts), 1))
    for part in parts.T:
        table = (table[:, :, None] + (part[:, None] * values)[:, None, :]).reshape(len(parts), -1)
    return table


def weights(steps: Float[np.ndarray, "bonds a a"], count: int) -> Float[np.ndarray, " states"]:
    """Π steps_i[x_i, x_{i+1}] along the arc, for every state of its k pixels of ``count`` values each."""
    table = np.ones(count)
    for step in steps:
        table = (table.reshape(-1, count)[:, :, None] * step).ravel()
    return table


def ends(states: int, count: int) -> tuple[Int[np.ndarray, " states"], Int[np.ndarray, " states"]]:
    """The first and the last pixel of every state, as places among the ``count`` values."""
    index = np.arange(states)
    return index // (states // count), index % count


def products(
    table: Float[np.ndarray, " states"], values: Float[np.ndarray, " a"], pixels: int
) -> Float[np.ndarray, " k"]:
    """Σ_x table(x) x_i for every pixel i."""
    count = len(values)
    return np.array([table.reshape(count**i, count, -1).sum((0, 2)) @ values for i in range(pixels)])
