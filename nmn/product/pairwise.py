"""The ⵟ-product of every row with every prototype, at the price of a matrix product and with no digit lost.

With s = x·w + b, D = ‖x − w‖² + ε and q = s/D, the value is s q and, for a cotangent g,

    dx_i = Σ_j 2 g q w_j − 2 g q² (x_i − w_j),    dw_j = Σ_i 2 g q x_i − 2 g q² (w_j − x_i).

The distance is ‖x‖² + ‖w‖² − 2 x·w and the sums are matrix products, except for the pairs that this
would ruin: see ``nmn.product.close``. Backward keeps one (batch, units) array, x·w.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax.custom_batching import sequential_vmap
from jaxtyping import Array, ArrayLike, Float, Real

from nmn.arguments import constant, matched, positive, result_dtype, vectors
from nmn.product.close import all_distances, all_pulls, any_close, is_close, once, repair
from nmn.product.meshes import on_any_mesh


def pairwise(
    x: Real[ArrayLike, "batch d"],
    w: Real[ArrayLike, "units d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "batch units"]:
    """Y_ij = (x_i·w_j + b_j)² / (‖x_i − w_j‖² + ε).

    ``eps`` is one number > 0; ``bias`` one number or one a unit. All four arguments have gradients.
    Works under ``jit``, ``vmap``, ``grad``, ``shard_map`` and ``jax.export``, on every mesh, and under
    ``jacrev`` of ``grad``; second derivatives are exact but cost a scan over the rows. Give it whole batches:
    ``vmap`` over single rows is right but much slower.
    float32 errs by about 3·10⁻⁶ of (Σ|x_i w_i| + |b|)² / D, at most 2·10⁻⁵ just outside ``CLOSE`` (d ≤ 1024).
    The time is a matrix product's as long as no row is close to more than a few prototypes. The result has
    the dtype of x and w; float16 and bfloat16 are computed in float32 and rounded once.
    Forward mode (``jvp``, ``jacfwd``, ``hessian``) is not offered: use ``yat``.
    ValueError: not two axes, lengths that differ, eps <= 0, a bias of another shape, NaN.
    """
    dtype = result_dtype(x, w)
    x, w = matched(("x", vectors("x", x, axes=2)), ("w", vectors("w", w, axes=2)))
    eps = positive("eps", eps, (), x.dtype)
    bias = constant("bias", bias, w.shape[:1], x.dtype)
    if 0 in (x.shape[0], w.shape[0]):
        return jnp.zeros((x.shape[0], w.shape[0]), dtype)
    arguments = x, w, eps, jnp.broadcast_to(bias, w.shape[:1])
    return on_any_mesh(_outputs, *arguments, like=(x, w)).astype(dtype)


def _outputs(x: Array, w: Array, eps: Array, bias: Array) -> Array:
    return _forward(x, w, eps, bias)[0]


@jax.custom_vjp
def _forward(x: Array, w: Array, eps: Array, bias: Array) -> tuple[Array, Array]:
    """Values, and x·w for the way back."""
    dot = _product(x, w.T)
    return _values(dot, x, w, eps, bias), dot


@jax.custom_vjp
def _backward(x: Array, w: Array, eps: Array, bias: Array, dot: Array, g: Array) -> tuple[Array, ...]:
    """Cotangents of x, w, eps and bias."""
    return _gradients(dot, x, w, eps, bias, g)


@jax.jit  # else each call outside jit would compile the loops anew
def _values(dot: Array, x: Array, w: Array, eps: Array, bias: Array) -> Array:
    """Values from x·w, those of close pairs marked by −1 and then computed by differences."""

    def visit(row: Array, col: Array, values: Array) -> Array:
        _, _, s, D = _pairs(x, w, eps, bias, col)
        return values.at[row, col].set(s * (s / D), mode="drop")

    def every(values: Array) -> Array:
        s = _product(x, w.T) + bias[None]
        return jnp.where(values < 0, s * (s / (all_distances(x, w) + eps)), values)

    nx, nw, s = _squares(x), _squares(w), dot + bias[None]
    marked = jnp.where(is_close(dot, nx, nw), -1, s * (s / (_rough(dot, nx, nw) + eps)))
    # A row's minimum is the cheapest pass there is. A NaN hides what it is the minimum of: look there too.
    needed = ~jnp.all(jnp.min(marked, 1) >= 0)
    return once(needed, lambda values: repair(values < 0, visit, every, values), marked)


@jax.jit
@sequential_vmap  # a plain vmap would take both branches of cond
def _gradients(dot: Array, x: Array, w: Array, eps: Array, bias: Array, g: Array) -> tuple[Array, ...]:
    """Cotangents of x, w, eps and bias: by matrix products, then those of close pairs on top."""

    def visit(row: Array, col: Array, sums: tuple[Array, ...]) -> tuple[Array, ...]:
        near, gap, s, D = _pairs(x, w, eps, bias, col)
        A, C = _slopes(s, D, g.at[row, col].get(mode="fill", fill_value=0))
        dx, dw, deps, dbias = sums
        pull = C[:, None] * gap
        dx = dx + (A[:, None] * near - pull)
        dw = dw.at[col].add(A[:, None] * x + pull, mode="drop")
        return dx, dw, deps - jnp.sum(C) / 2, dbias.at[col].add(A, mode="drop")

    def every(close: Array, sums: tuple[Array, ...]) -> tuple[Array, ...]:
        A, C = (jnp.where(close, a, 0) for a in _slopes(dot + bias[None], all_distances(x, w) + eps, g))
        dx, dw, deps, dbias = sums
        dx = dx + (_product(A, w) - all_pulls(C, x, w))
        dw = dw + (_product(A.T, x) - all_pulls(C.T, w, x))
        return dx, dw, deps - jnp.sum(jnp.sum(C, 1)) / 2, dbias + jnp.sum(A, 0)

    def joined(A: Array, C: Array) -> tuple[Array, ...]:
        M, to_x, to_w = A + C, jnp.sum(C, 1), jnp.sum(C, 0)
        dx = _product(M, w) - to_x[:, None] * x
        dw = _product(M.T, x) - to_w[:, None] * w
        return dx, dw, -jnp.sum(to_x) / 2, jnp.sum(A, 0)

    nx, nw = _squares(x), _squares(w)

    def slopes() -> tuple[Array, Array]:
        return _slopes(dot + bias[None], _rough(dot, nx, nw) + eps, g)

    def careful() -> tuple[Array, ...]:
        close = is_close(dot, nx, nw)
        far = (jnp.where(close, 0, a) for a in slopes())
        return repair(close, visit, partial(every, close), joined(*far))

    return jax.lax.cond(any_close(dot, nx, nw), careful, lambda: joined(*slopes()))


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
    return near, gap, s, jnp.sum(gap * gap, 1) + eps


def _rough(dot: Array, nx: Array, nw: Array) -> Array:
    """‖x − w‖² from x·w: not good enough for close pairs."""
    return nx[:, None] + nw[None] - 2 * dot


def _squares(a: Array) -> Array:
    return jnp.sum(a * a, 1)


def _product(a: Array, b: Array) -> Array:
    """A matrix product in the precision of its arguments, on accelerators too."""
    return jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST)


def _by_rows(x: Array, w: Array, eps: Array, bias: Array) -> Array:
    """The definition, row by row: slow, exact, and differentiable as often as one likes."""

    @jax.checkpoint
    def row(one: Array) -> Array:
        s, gap = jnp.sum(one[None] * w, 1) + bias, one[None] - w
        return s * (s / (jnp.sum(gap * gap, 1) + eps))

    return jax.lax.map(row, x)


def _forward_rule(*arguments: Array) -> tuple[tuple[Array, Array], tuple[Array, ...]]:
    # The call is to the function with the rule, so that this line has derivatives itself.
    values, dot = _forward(*arguments)
    return (values, dot), (*arguments, dot)


def _forward_back(kept: tuple[Array, ...], cotangents: tuple[Array, Array]) -> tuple[Array, ...]:
    # x·w leaves ``_forward`` for ``_backward`` only, which sends no cotangent back for it.
    return _backward(*kept, cotangents[0])


def _backward_rule(*arguments: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    return _backward(*arguments), arguments


def _backward_back(kept: tuple[Array, ...], cotangents: tuple[Array, ...]) -> tuple[Array, ...]:
    *arguments, dot, g = kept

    def gradients(*primals: Array) -> tuple[Array, ...]:
        *inner, g = primals
        return jax.vjp(_by_rows, *inner)[1](g)

    *found, on_g = jax.vjp(gradients, *arguments, g)[1](cotangents)
    return *found, jnp.zeros_like(dot), on_g


_forward.defvjp(_forward_rule, _forward_back)
_backward.defvjp(_backward_rule, _backward_back)
