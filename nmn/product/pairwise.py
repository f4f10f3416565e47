"""The ⵟ-product of every row with every prototype, at the price of a matrix product and with no digit lost.

With s = x·w + b, D = ‖x − w‖² + ε and q = s/D, the value is s q and, for a cotangent g,

    dx_i = Σ_j 2 g q w_j − 2 g q² (x_i − w_j),    dw_j = Σ_i 2 g q x_i − 2 g q² (w_j − x_i).

The distance is ‖x‖² + ‖w‖² − 2 x·w and the sums are matrix products, except for the pairs that this
would ruin: see ``nmn.product.close``. Backward keeps one (batch, units) array, x·w.
"""

import jax
import jax.numpy as jnp
from jax.custom_batching import sequential_vmap
from jaxtyping import Array, ArrayLike, Float, Real

from nmn.product.arguments import constant, matched, positive, vectors
from nmn.product.close import any_close, close_pairs, distances, pulls


def pairwise(
    x: Real[ArrayLike, "batch d"],
    w: Real[ArrayLike, "units d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "batch units"]:
    """Y_ij = (x_i·w_j + b_j)² / (‖x_i − w_j‖² + ε).

    ``eps`` is one number > 0; ``bias`` one number or one a unit. All four arguments have gradients.
    Works under ``jit``, ``vmap`` and ``grad``, and ``jacrev`` of ``grad``; second derivatives are exact but
    cost a scan over the rows. Forward mode (``jvp``, ``jacfwd``, ``hessian``) is not offered: use ``yat``.
    ValueError: not two axes, lengths that differ, eps <= 0, a bias of another shape, NaN.
    """
    x, w = matched(("x", vectors("x", x, axes=2)), ("w", vectors("w", w, axes=2)))
    eps = positive("eps", eps, (), x.dtype)
    bias = constant("bias", bias, w.shape[:1], x.dtype)
    return _forward(x, w, eps, jnp.broadcast_to(bias, w.shape[:1]))[0]


@jax.custom_vjp
def _forward(x: Array, w: Array, eps: Array, bias: Array) -> tuple[Array, Array]:
    """Values, and x·w for the way back."""
    dot = _product(x, w.T)
    return _values(dot, x, w, eps, bias), dot


@jax.custom_vjp
def _backward(x: Array, w: Array, eps: Array, bias: Array, dot: Array, g: Array) -> tuple[Array, ...]:
    """Cotangents of x, w, eps and bias."""
    return _gradients(dot, x, w, eps, bias, g)


@jax.jit  # else each call outside jit would compile the branches anew
@sequential_vmap  # under a plain vmap, cond would always take both of its branches
def _values(dot: Array, x: Array, w: Array, eps: Array, bias: Array) -> Array:
    nx, nw = _squares(x), _squares(w)

    def value(D: Array) -> Array:
        s = dot + bias
        return s * (s / (D + eps))

    def careful() -> Array:
        return value(distances(_rough(dot, nx, nw), close_pairs(dot, nx, nw), x, w))

    return jax.lax.cond(any_close(dot, nx, nw), careful, lambda: value(_rough(dot, nx, nw)))


@jax.jit
@sequential_vmap
def _gradients(dot: Array, x: Array, w: Array, eps: Array, bias: Array, g: Array) -> tuple[Array, ...]:
    nx, nw = _squares(x), _squares(w)

    def parts(D: Array) -> tuple[Array, Array]:
        q = (dot + bias) / (D + eps)
        A = 2 * g * q
        return A, A * q

    def joined(A: Array, C: Array, far: Array) -> tuple[Array, ...]:
        """Everything but the pulls of close pairs. ``far`` is C without them."""
        M = A + far
        dx = _product(M, w) - jnp.sum(far, 1)[:, None] * x
        dw = _product(M.T, x) - jnp.sum(far, 0)[:, None] * w
        return dx, dw, -jnp.sum(jnp.sum(C, 1)) / 2, jnp.sum(A, 0)

    def careful() -> tuple[Array, ...]:
        close = close_pairs(dot, nx, nw)
        A, C = parts(distances(_rough(dot, nx, nw), close, x, w))
        dx, dw, deps, dbias = joined(A, C, jnp.where(close, 0, C))
        on_x, on_w = pulls(C, close, x, w)
        return dx - on_x, dw - on_w, deps, dbias

    def plain() -> tuple[Array, ...]:
        A, C = parts(_rough(dot, nx, nw))
        return joined(A, C, C)

    return jax.lax.cond(any_close(dot, nx, nw), careful, plain)


def _rough(dot: Array, nx: Array, nw: Array) -> Array:
    return nx[:, None] + nw - 2 * dot


def _squares(a: Array) -> Array:
    return jnp.sum(a * a, 1)


def _product(a: Array, b: Array) -> Array:
    """A matrix product in the precision of its arguments, on accelerators too."""
    return jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST)


def _by_rows(x: Array, w: Array, eps: Array, bias: Array) -> Array:
    """The definition, row by row: slow, exact, and differentiable as often as one likes."""

    @jax.checkpoint
    def row(one: Array) -> Array:
        s, gap = jnp.sum(one * w, 1) + bias, one - w
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
