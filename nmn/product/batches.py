"""The ⵟ-product of every row with every prototype for a matrix product's price; close pairs keep digits."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, Real

from nmn.arguments import constant, matched, positive, result_dtype, vectors
from nmn.product.meshes import on_any_mesh
from nmn.product.rules import values


def pairwise(
    rows: Real[ArrayLike, "m d"],
    columns: Real[ArrayLike, "k d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "m k"]:
    """Y_ij = ⵟ_b(rows_i, columns_j) = (rows_i·columns_j + b)² / (‖rows_i − columns_j‖² + ε).

    The axes of the result come in the order of the arguments: ``pairwise(u, v)`` is
    ``yat(u[:, None], v[None])`` at the price of a matrix product. ⵟ_b is symmetric, so either may hold the
    prototypes; ``pairwise(x, w)`` has a row for each input, a column for each unit.
    ``eps`` is one number > 0; ``bias`` broadcasts to the result: one number, one a column, shape (k,), or
    one a row, shape (m, 1). Differentiable in all four, to any order: forward (``jvp``, ``jacfwd``),
    backward (``grad``, ``jacrev``), both (``hessian``), and by ``jet``. First derivatives cost matrix
    products; higher ones are exact, by a scan over the rows, and ``jet`` holds (batch, units, d) numbers.
    Works under ``jit``, ``shard_map`` and ``jax.export``, and on every mesh. ``vmap`` over rows, also single
    ones, is one call on all of them, and so over prototypes; over both, one call after another.
    float32 errs by about 3·10⁻⁶ of (Σ|x_i w_i| + |b|)² / D, at most 2·10⁻⁵ just outside ``CLOSE`` (d ≤ 1024).
    The time is a matrix product's as long as no row is close to more than a few prototypes. Vectors of any
    length: from 2³² on (in float64 from 2²⁵⁶), where squares may overflow, all is computed row by row, slowly
    (``jet`` alone needs squares that do not). The result has the dtype of x and w; float16 and bfloat16 are
    computed in float32 and rounded once.
    ValueError: not two axes, lengths that differ, eps <= 0, a bias of another shape. Of the data, NaN
    is not looked for and passed on.

    >>> x, w = jnp.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]), jnp.array([[1.0, 1.0], [2.0, 0.0]])
    >>> product.pairwise(x, w, eps=1.0)
    Array([[ 4.5      ,  0.6666667],
           [ 0.5      ,  0.       ],
           [ 1.5      , 18.       ]], dtype=float32)
    """
    dtype = result_dtype(rows, columns)
    x, w = matched(
        ("rows", vectors("rows", rows, axes=2, nan=True)),
        ("columns", vectors("columns", columns, axes=2, nan=True)),
    )
    eps = positive("eps", eps, (), x.dtype)
    bias = constant("bias", bias, (x.shape[0], w.shape[0]), x.dtype, nan=True)
    if bias.ndim and bias.shape[0] != 1:
        if bias.shape[1] != 1:
            raise ValueError(f"bias must be one number, one a column or one a row, got shape {bias.shape}")
        return checked(w, x, eps, bias[:, 0]).T.astype(dtype)
    return checked(x, w, eps, bias[0] if bias.ndim else bias).astype(dtype)


def checked(
    x: Float[Array, "batch d"], w: Float[Array, "units d"], eps: Float[Array, ""], bias: Float[Array, "..."]
) -> Float[Array, "batch units"]:
    """``pairwise`` of arguments that were looked at: float arrays of one dtype, ``bias`` () or (units,)."""
    if 0 in (x.shape[0], w.shape[0]):
        return jnp.zeros((x.shape[0], w.shape[0]), x.dtype)
    each = (jnp.broadcast_to(one, w.shape[:1]) for one in (eps, bias))
    return on_any_mesh(values, x, w, *each, like=(x, w))
