"""Close pairs: ‖x‖² + ‖w‖² − 2 x·w loses the digits of their distance, so they are taken by differences.

A round takes one close prototype of every row. When some row has more of them than rounds are worth, all
pairs are computed by blocks of coordinates.

Loops start from zeros that are written as ``jnp.where(False, what is summed, 0)``: under ``shard_map`` the
type of an array tells whether it differs from device to device, and a loop must begin with the type it keeps.
"""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

T = TypeVar("T")

# A pair is close when ‖x − w‖² < CLOSE (‖x‖² + ‖w‖²): beyond, cancellation multiplies the rounding of the
# matrix product by 1/CLOSE at most.
CLOSE = 1 / 8
# A round costs about a tenth of a matrix product, all pairs by differences about five products.
ROUNDS = 32
# Coordinates summed in one pass over a (batch, units) array: fewer would be bound by memory.
BLOCK = 16


def is_close(
    dot: Float[Array, "batch units"], nx: Float[Array, " batch"], nw: Float[Array, " units"]
) -> Bool[Array, "batch units"]:
    """Which pairs are close, from x·w, ‖x‖² and ‖w‖². Two zero vectors are not: their distance is exact."""
    return 2 * dot - (1 - CLOSE) * nw[None] > (1 - CLOSE) * nx[:, None]


def any_close(
    dot: Float[Array, "batch units"], nx: Float[Array, " batch"], nw: Float[Array, " units"]
) -> Bool[Array, ""]:
    """Whether any pair is close, up to rounding: by row maxima, the cheapest pass there is. NaN: perhaps."""
    return ~jnp.all(jnp.max(2 * dot - (1 - CLOSE) * nw[None], 1) <= (1 - CLOSE) * nx)


def once(needed: Bool[Array, ""], step: Callable[[T], T], state: T) -> T:
    """``step(state)`` if ``needed``, else ``state``.

    A loop of one turn or none: unlike ``cond`` it works in place, and under ``vmap`` it still skips the
    work that nobody needs.
    """
    return jax.lax.while_loop(lambda c: c[0], lambda c: (jnp.zeros_like(c[0]), step(c[1])), (needed, state))[
        1
    ]


def repair(
    close: Bool[Array, "batch units"],
    visit: Callable[[Int[Array, " batch"], Int[Array, " batch"], T], T],
    every: Callable[[T], T],
    state: T,
) -> T:
    """Fold ``visit(rows, columns, state)`` over the close pairs, or ``every(state)`` when a row has too many.

    A round visits one pair of each row; a row that has none left has column ``units``, out of range.
    """
    most = jnp.max(jnp.sum(close, 1))
    few = most <= ROUNDS
    batch, units = close.shape
    row, column = jnp.arange(batch), jnp.arange(units)

    def step(_: Array, carry: tuple[Array, T]) -> tuple[Array, T]:
        before, state = carry
        last = jnp.max(jnp.where(close & (column[None] < before[:, None]), column[None], -1), 1)
        return last, visit(row, jnp.where(last < 0, units, last), state)

    start = jnp.where(False, jnp.sum(close, 1), units), state
    state = jax.lax.fori_loop(0, jnp.where(few, most, 0), step, start)[1]
    return once(~few, every, state)


def all_distances(x: Float[Array, "batch d"], w: Float[Array, "units d"]) -> Float[Array, "batch units"]:
    """‖x_i − w_j‖² of every pair by differences, BLOCK coordinates a pass."""

    def step(total: Array, block: tuple[Array, Array]) -> tuple[Array, None]:
        for a, b in zip(*block, strict=True):
            total = total + (a[:, None] - b[None]) ** 2
        return total, None

    start = jnp.where(False, x[:, :1] + w[None, :, 0], 0)
    return jax.lax.scan(step, start, (_blocks(x.T), _blocks(w.T)))[0]


def all_changes(
    x: Float[Array, "batch d"],
    w: Float[Array, "units d"],
    dx: Float[Array, "batch d"],
    dw: Float[Array, "units d"],
) -> Float[Array, "batch units"]:
    """(x_i − w_j)·(dx_i − dw_j) of every pair by differences: half of how ‖x_i − w_j‖² changes."""

    def step(total: Array, block: tuple[Array, ...]) -> tuple[Array, None]:
        for a, b, da, db in zip(*block, strict=True):
            total = total + (a[:, None] - b[None]) * (da[:, None] - db[None])
        return total, None

    start = jnp.where(False, (x + dx)[:, :1] + (w + dw)[None, :, 0], 0)
    return jax.lax.scan(step, start, tuple(_blocks(a.T) for a in (x, w, dx, dw)))[0]


def all_pulls(
    C: Float[Array, "batch units"], x: Float[Array, "batch d"], w: Float[Array, "units d"]
) -> Float[Array, "batch d"]:
    """Σ_j C_ij (x_i − w_j) for every row, BLOCK units a pass.

    The difference comes first: C may be 10²⁰, and Σ C x − Σ C w would hold no digit of the result.
    """

    def step(total: Array, block: tuple[Array, Array]) -> tuple[Array, None]:
        for c, b in zip(*block, strict=True):
            total = total + c[:, None] * (x - b[None])
        return total, None

    return jax.lax.scan(step, jnp.where(False, C[:, :1] + x + w[:1], 0), (_blocks(C.T), _blocks(w)))[0]


def _blocks(a: Array) -> Array:
    """Rows in groups of BLOCK, the last one filled with zeros: (n, m) to (⌈n / BLOCK⌉, BLOCK, m)."""
    rows, columns = a.shape
    groups = 1 + (rows - 1) // BLOCK
    return jnp.pad(a, ((0, groups * BLOCK - rows), (0, 0))).reshape(groups, BLOCK, columns)
