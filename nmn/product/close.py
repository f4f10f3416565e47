"""Close pairs: their squared distance loses its digits in ‖x‖² + ‖w‖² − 2 x·w, and gets them back here.

Only such pairs are computed again, by differences. Each round takes one close prototype of every row;
when some row has more of them than rounds are worth, all pairs are taken by blocks of coordinates.
"""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

T = TypeVar("T")

# A pair is close when ‖x − w‖² < CLOSE (‖x‖² + ‖w‖²). Beyond, cancellation multiplies the rounding
# of the matrix product by 1 / CLOSE at most.
CLOSE = 1 / 8
# A round costs about a twentieth of a matrix product, all pairs by differences about five products.
ROUNDS = 32
# Coordinates summed in one pass over a (batch, units) array: fewer would be bound by memory.
BLOCK = 16


def any_close(
    dot: Float[Array, "batch units"], nx: Float[Array, " batch"], nw: Float[Array, " units"]
) -> Bool[Array, ""]:
    """Whether any pair is close, from x·w, ‖x‖² and ‖w‖². A row maximum: the cheapest pass there is."""
    return jnp.any(jnp.max(2 * dot - (1 - CLOSE) * nw, 1) > (1 - CLOSE) * nx)


def close_pairs(
    dot: Float[Array, "batch units"], nx: Float[Array, " batch"], nw: Float[Array, " units"]
) -> Bool[Array, "batch units"]:
    """Which pairs are close. Two zero vectors are not: their distance is exact."""
    return 2 * dot - (1 - CLOSE) * nw > (1 - CLOSE) * nx[:, None]


def distances(
    rough: Float[Array, "batch units"],
    close: Bool[Array, "batch units"],
    x: Float[Array, "batch d"],
    w: Float[Array, "units d"],
) -> Float[Array, "batch units"]:
    """‖x_i − w_j‖² of every pair: ``rough`` where the pair is not close, by differences where it is."""

    def visit(row: Int[Array, " batch"], col: Int[Array, " batch"], D: Array) -> Array:
        gap = x - w.at[col].get(mode="clip")
        return D.at[row, col].set(jnp.sum(gap * gap, 1), mode="drop")

    most = jnp.max(jnp.sum(close, 1))
    return jax.lax.cond(
        most <= ROUNDS,
        lambda: _rounds(visit, close, most, rough),
        lambda: jnp.where(close, _all_distances(x, w), rough),
    )


def pulls(
    C: Float[Array, "batch units"],
    close: Bool[Array, "batch units"],
    x: Float[Array, "batch d"],
    w: Float[Array, "units d"],
) -> tuple[Float[Array, "batch d"], Float[Array, "units d"]]:
    """Σ_j C_ij (x_i − w_j) for every row i and Σ_i C_ij (w_j − x_i) for every unit j, over the close pairs.

    The difference comes first: C may be 10²⁰ and Σ C x − Σ C w would hold no digit of the result.
    """

    def visit(row: Array, col: Array, sums: tuple[Array, Array]) -> tuple[Array, Array]:
        on_x, on_w = sums
        pull = C.at[row, col].get(mode="fill", fill_value=0)[:, None] * (x - w.at[col].get(mode="clip"))
        return on_x + pull, on_w.at[col].add(-pull, mode="drop")

    most = jnp.max(jnp.sum(close, 1))
    held = jnp.where(close, C, 0)
    return jax.lax.cond(
        most <= ROUNDS,
        lambda: _rounds(visit, close, most, (jnp.zeros_like(x), jnp.zeros_like(w))),
        lambda: (_all_pulls(held, x, w), _all_pulls(held.T, w, x)),
    )


def _rounds(visit: Callable[[Array, Array, T], T], close: Array, most: Array, state: T) -> T:
    """Fold ``visit`` over the close pairs, the last of each row first; column ``units`` means none."""
    batch, units = close.shape
    row, column = jnp.arange(batch), jnp.arange(units)

    def step(_: Array, carry: tuple[Array, T]) -> tuple[Array, T]:
        before, state = carry
        last = jnp.max(jnp.where(close & (column < before[:, None]), column, -1), 1)
        return last, visit(row, jnp.where(last < 0, units, last), state)

    return jax.lax.fori_loop(0, most, step, (jnp.full(batch, units), state))[1]


def _all_distances(x: Array, w: Array) -> Array:
    """‖x_i − w_j‖², BLOCK coordinates a pass."""
    xs, ws = _blocks(x.T), _blocks(w.T)

    def step(total: Array, block: tuple[Array, Array]) -> tuple[Array, None]:
        for a, b in zip(*block, strict=True):
            total = total + (a[:, None] - b) ** 2
        return total, None

    return jax.lax.scan(step, jnp.zeros((len(x), len(w)), x.dtype), (xs, ws))[0]


def _all_pulls(C: Array, x: Array, w: Array) -> Array:
    """Σ_j C_ij (x_i − w_j), BLOCK units a pass."""

    def step(total: Array, block: tuple[Array, Array]) -> tuple[Array, None]:
        for c, b in zip(*block, strict=True):
            total = total + c[:, None] * (x - b)
        return total, None

    return jax.lax.scan(step, jnp.zeros_like(x), (_blocks(C.T), _blocks(w)))[0]


def _blocks(a: Array) -> Array:
    """Rows in groups of BLOCK, the last one filled with zeros: (n, m) to (⌈n / BLOCK⌉, BLOCK, m)."""
    return jnp.pad(a, ((0, -len(a) % BLOCK), (0, 0))).reshape(-1, BLOCK, a.shape[1])
