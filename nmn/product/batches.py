"""The ⵟ-product of every row with every prototype, at the price of a matrix product, with no digit lost."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, Real

from nmn.arguments import constant, matched, positive, result_dtype, vectors
from nmn.product.meshes import on_any_mesh
from nmn.product.rules import values


def pairwise(
    x: Real[ArrayLike, "batch d"],
    w: Real[ArrayLike, "units d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "batch units"]:
    """Y_ij = (x_i·w_j + b_j)² / (‖x_i − w_j‖² + ε).

    ``eps`` is one number > 0; ``bias`` one number or one a unit. Differentiable in all four, to any order:
    forward (``jvp``, ``jacfwd``), backward (``grad``, ``jacrev``), both (``hessian``), and by ``jet``. First
    derivatives cost matrix products; higher ones are exact, by a scan over the rows, and ``jet`` holds
    (batch, units, d) numbers.
    Works under ``jit``, ``shard_map`` and ``jax.export``, and on every mesh. ``vmap`` over rows, also single
    ones, is one call on all of them, and so over prototypes; over both, one call after another.
    float32 errs by about 3·10⁻⁶ of (Σ|x_i w_i| + |b|)² / D, at most 2·10⁻⁵ just outside ``CLOSE`` (d ≤ 1024).
    The time is a matrix product's as long as no row is close to more than a few prototypes. Vectors of any
    length: from 2³² on (in float64 from 2²⁵⁶), where squares may overflow, all is computed row by row, slowly
    (``jet`` alone needs squares that do not). The result has the dtype of x and w; float16 and bfloat16 are
    computed in float32 and rounded once.
    ValueError: not two axes, lengths that differ, eps <= 0, a bias of another shape. Of the data, NaN
    is not looked for and passed on.
    """
    dtype = result_dtype(x, w)
    x, w = matched(("x", vectors("x", x, axes=2, nan=True)), ("w", vectors("w", w, axes=2, nan=True)))
    eps = positive("eps", eps, (), x.dtype)
    bias = constant("bias", bias, w.shape[:1], x.dtype, nan=True)
    return checked(x, w, eps, bias).astype(dtype)


def checked(
    x: Float[Array, "batch d"], w: Float[Array, "units d"], eps: Float[Array, ""], bias: Float[Array, "..."]
) -> Float[Array, "batch units"]:
    """``pairwise`` of arguments that were looked at: float arrays of one dtype, ``bias`` () or (units,)."""
    if 0 in (x.shape[0], w.shape[0]):
        return jnp.zeros((x.shape[0], w.shape[0]), x.dtype)
    each = (jnp.broadcast_to(one, w.shape[:1]) for one in (eps, bias))
    return on_any_mesh(values, x, w, *each, like=(x, w))
