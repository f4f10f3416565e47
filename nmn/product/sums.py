"""The sums behind ``pairwise``: all values, their change along a direction, and the way back of that.

With s = x·w + b, D = ‖x − w‖² + ε and q = s/D, the value is s q. Its change is 2 q ds − q² dD, and for a
cotangent g,

    dx_i = Σ_j 2 g q w_j − 2 g q² (x_i − w_j),    dw_j = Σ_i 2 g q x_i − 2 g q² (w_j − x_i).

The distance is ‖x‖² + ‖w‖² − 2 x·w and the sums are matrix products, except for the pairs that this
would ruin: see ``nmn.product.close``; and where squares would overflow, all is computed by ``by_rows``.
``eps`` and ``bias`` are one number a unit, ``dot`` is x·w.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array

from nmn.product.close import all_changes, all_distances, all_pulls, any_close, is_close, once, repair
from nmn.product.definition import definition, long, scaled


def all_values(x: Array, w: Array, eps: Array, bias: Array) -> tuple[Array, Array]:
    """All values, and x·w."""
    # Close pairs are marked by −1 and then computed by differences.

    def visit(row: Array, col: Array, values: Array) -> Array:
        _, _, s, D = _pairs(x, w, eps, bias, col)
        return values.at[row, col].set(s * (s / D), mode="drop")

    def every(values: Array) -> Array:
        s = _product(x, w.T) + bias[None]
        return jnp.where(values < 0, s * (s / (all_distances(x, w) + eps[None])), values)

    dot, nx, nw = _product(x, w.T), _squares(x), _squares(w)
    s = dot + bias[None]
    marked = jnp.where(is_close(dot, nx, nw), -1, s * (s / (_rough(dot, nx, nw) + eps[None])))
    # A row's minimum is the cheapest pass there is. A NaN hides what it is the minimum of: look there too.
    needed = ~jnp.all(jnp.min(marked, 1) >= 0)
    values = once(needed, lambda values: repair(values < 0, visit, every, values), marked)
    return once(_overflows(nx, nw), lambda _: by_rows(x, w, eps, bias), values), dot


def all_tangents(
    x: Array, w: Array, eps: Array, bias: Array, dot: Array, dx: Array, dw: Array, deps: Array, dbias: Array
) -> Array:
    """How the values change along (dx, dw, deps, dbias)."""

    def change(s: Array, D: Array, ds: Array, dD: Array) -> Array:
        q = s / D
        return q * (2 * ds - q * dD)

    def visit(row: Array, col: Array, changes: Array) -> Array:
        near, gap, s, D = _pairs(x, w, eps, bias, col)
        dnear, deps_near, dbias_near = (a.at[col].get(mode="clip") for a in (dw, deps, dbias))
        ds = jnp.sum(dx * near + x * dnear, 1) + dbias_near
        dD = 2 * jnp.sum(gap * (dx - dnear), 1) + deps_near
        return changes.at[row, col].set(change(s, D, ds, dD), mode="drop")

    def every(changes: Array) -> Array:
        D, dD = all_distances(x, w) + eps[None], 2 * all_changes(x, w, dx, dw) + deps[None]
        return jnp.where(close, change(s, D, ds, dD), changes)

    nx, nw, ddot = _squares(x), _squares(w), _product(dx, w.T) + _product(x, dw.T)
    s, ds, D = dot + bias[None], ddot + dbias[None], _rough(dot, nx, nw) + eps[None]
    dD = 2 * (jnp.sum(x * dx, 1)[:, None] + jnp.sum(w * dw, 1)[None] - ddot) + deps[None]
    close = is_close(dot, nx, nw)
    found = once(any_close(dot, nx, nw), lambda c: repair(close, visit, every, c), change(s, D, ds, dD))

    def slowly(_: Array) -> Array:
        return jax.jvp(by_rows, (x, w, eps, bias), (dx, dw, deps, dbias))[1]

    return once(_overflows(nx, nw), slowly, found)


def all_cotangents(
    x: Array, w: Array, eps: Array, bias: Array, dot: Array, g: Array
) -> tuple[Array, Array, Array, Array]:
    """Cotangents of x, w, eps and bias: by matrix products, then those of close pairs on top."""

    def visit(row: Array, col: Array, sums: tuple[Array, ...]) -> tuple[Array, ...]:
        near, gap, s, D = _pairs(x, w, eps, bias, col)
        A, C = _slopes(s, D, g.at[row, col].get(mode="fill", fill_value=0))
        dx, dw, deps, dbias = sums
        pull = C[:, None] * gap
        dx = dx + (A[:, None] * near - pull)
        dw = dw.at[col].add(A[:, None] * x + pull, mode="drop")
        return dx, dw, deps.at[col].add(-C / 2, mode="drop"), dbias.at[col].add(A, mode="drop")

    def every(close: Array, sums: tuple[Array, ...]) -> tuple[Array, ...]:
        A, C = (jnp.where(close, a, 0) for a in _slopes(dot + bias[None], all_distances(x, w) + eps[None], g))
        dx, dw, deps, dbias = sums
        dx = dx + (_product(A, w) - all_pulls(C, x, w))
        dw = dw + (_product(A.T, x) - all_pulls(C.T, w, x))
        return dx, dw, deps - jnp.sum(C, 0) / 2, dbias + jnp.sum(A, 0)

    def joined(A: Array, C: Array) -> tuple[Array, ...]:
        M, to_x, to_w = A + C, jnp.sum(C, 1), jnp.sum(C, 0)
        dx = _product(M, w) - to_x[:, None] * x
        dw = _product(M.T, x) - to_w[:, None] * w
        return dx, dw, -to_w / 2, jnp.sum(A, 0)

    nx, nw = _squares(x), _squares(w)

    def slopes() -> tuple[Array, Array]:
        return _slopes(dot + bias[None], _rough(dot, nx, nw) + eps[None], g)

    def careful() -> tuple[Array, ...]:
        close = is_close(dot, nx, nw)
        far = (jnp.where(close, 0, a) for a in slopes())
        return repair(close, visit, partial(every, close), joined(*far))

    def slowly() -> tuple[Array, ...]:
        def step(sums: tuple[Array, ...], row: tuple[Array, Array]) -> tuple[tuple[Array, ...], Array]:
            one, g = row
            s, D, gap, scale = scaled(w, one[None], eps, bias)
            q, each = s / D, scale[:, 0]
            A, turn = 2 * g * q, q[:, None] * gap
            dw, deps, dbias = sums
            dw = dw + A[:, None] * (scale * (one[None] + turn))
            dx = jnp.sum(A[:, None] * (scale * (w - turn)), 0)
            return (dw, deps - (each * A) * (each * q) / 2, dbias + each * A), dx

        start = tuple(jnp.where(False, a + jnp.sum(x) + jnp.sum(g), 0) for a in (w, eps, bias))
        sums, dx = jax.lax.scan(step, start, (x, g))
        return dx, *sums

    # 0: no close pair; 1: some; 2: too large for squares.
    way = jnp.where(_overflows(nx, nw), 2, any_close(dot, nx, nw).astype(int))
    return jax.lax.switch(way, (lambda: joined(*slopes()), careful, slowly))


def _slopes(s: Array, D: Array, g: Array) -> tuple[Array, Array]:
    """g times the derivative of the value by s, and minus twice that by D."""
    q = s / D
    A = 2 * g * q
    return A, A * q


def _pairs(x: Array, w: Array, eps: Array, bias: Array, col: Array) -> tuple[Array, Array, Array, Array]:
    """Every row with its prototype ``col``: that prototype, the difference, s and D."""
    near = w.at[col].get(mode="clip")
    gap = x - near
    s = jnp.sum(x * near, 1) + bias.at[col].get(mode="clip")
    return near, gap, s, jnp.sum(gap * gap, 1) + eps.at[col].get(mode="clip")


def _rough(dot: Array, nx: Array, nw: Array) -> Array:
    """‖x − w‖² from x·w: not good enough for close pairs."""
    return nx[:, None] + nw[None] - 2 * dot


def _overflows(nx: Array, nw: Array) -> Array:
    """Whether some vector is longer than the definition lets pass unscaled."""
    most = long(nx.dtype) ** 2
    return jnp.any(nx > most) | jnp.any(nw > most)


def _squares(a: Array) -> Array:
    return jnp.sum(a * a, 1)


def _product(a: Array, b: Array) -> Array:
    """A matrix product in the precision of its arguments, on accelerators too."""
    return jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST)


def by_rows(x: Array, w: Array, eps: Array, bias: Array) -> Array:
    """The definition, row by row: slow, exact, and differentiable as often as one likes."""

    @jax.checkpoint
    def row(one: Array) -> Array:
        return definition(w, one[None], eps, bias)

    return jax.lax.map(row, x)
