"""f by dynamic programming over the value of the sum, for weights that are whole numbers on some scale."""

import numpy as np
from jaxtyping import Float

from nmn.hypercube.field.cycle import Cycle
from nmn.hypercube.field.result import EPS, Field

MOST_CELLS = 1 << 25


def cells(cycle: Cycle) -> int:
    """How many numbers the tables hold: a² m (2 reach + 1) for a values a pixel."""
    return len(cycle.values) ** 2 * cycle.m * (2 * cycle.reach + 1)


def integer(cycle: Cycle) -> Field:
    """Z E[sgn(S) x_i] = Σ_s F_i(s) x_i B_i(s): F all ways to come to the sum s at pixel i, B all ways on.

    w = q k with whole numbers k of no common divisor, found from the floats: 0.1, 0.2 is 1, 2 but 0.1, 0.3
    is not 1, 3, for the float 0.3 is not three times the float 0.1. ValueError: more than 2^25 cells.
    """
    if cells(cycle) > MOST_CELLS:
        raise ValueError(
            f"method 'integer' takes weights that are small whole numbers on some scale, at most 2^25 cells; "
            f"these need {cells(cycle):.3g}: take 'meet', 'transfer' or 'auto', or round w"
        )
    k = cycle.whole
    ways = _forward(cycle, k)
    most = cycle.reach
    sign = np.sign(np.arange(-most, most + 1))
    # onward[x0, x, s]: what follows pixel x, whose sum is s, up to the step back to pixel x0.
    onward = cycle.steps[-1].T[:, :, None] * sign
    products = np.zeros(cycle.m)
    for i in range(cycle.m - 1, -1, -1):
        products[i] = np.einsum("xys,y,xys->", ways[i], cycle.values, onward)
        if i:
            moved = _moved(onward, -k[i], cycle.values)
            onward = np.einsum("yz,xzs->xys", cycle.steps[i - 1], moved)
    return Field(cycle.field(products), EPS * 2 * cycle.m, "integer", True)


def _forward(cycle: Cycle, k: list[int]) -> Float[np.ndarray, "m a a sums"]:
    """ways[i, x0, x, s]: the weight of all beginnings x0 … x_i = x with sum s."""
    count, most = len(cycle.values), cycle.reach
    ways = np.zeros((cycle.m, count, count, 2 * most + 1))
    start = np.zeros((count, count, 2 * most + 1))
    start[np.arange(count), np.arange(count), most] = 1.0
    ways[0] = _moved(start, k[0], cycle.values)
    for i in range(1, cycle.m):
        ways[i] = _moved(np.einsum("xys,yz->xzs", ways[i - 1], cycle.steps[i - 1]), k[i], cycle.values)
    return ways


def _moved(
    table: Float[np.ndarray, "a a sums"], k: int, values: Float[np.ndarray, " a"]
) -> Float[np.ndarray, "a a sums"]:
    """table[x0, x, s − k x]. What leaves the table is 0, or is never reached."""
    shifted = np.zeros_like(table)
    for x, value in enumerate(values):
        by = k * int(value)
        size = table.shape[-1] - abs(by)
        shifted[:, x, max(by, 0) : max(by, 0) + size] = table[:, x, max(-by, 0) : max(-by, 0) + size]
    return shifted
