"""The ⵟ-product of every row with every prototype."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from nmn.product.arguments import constant, matched, positive, vectors


def pairwise(
    x: Float[ArrayLike, "batch d"],
    w: Float[ArrayLike, "units d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "batch units"]:
    """Y_ij = (x_i·w_j + b_j)² / (‖x_i − w_j‖² + ε)."""
    x, w = matched(("x", vectors("x", x, axes=2)), ("w", vectors("w", w, axes=2)))
    eps = positive("eps", eps, (), x.dtype)
    bias = constant("bias", bias, w.shape[:1], x.dtype)

    def row(one: Array) -> Array:
        s = jnp.sum(one * w, -1) + bias
        return s * (s / (jnp.sum((one - w) ** 2, -1) + eps))

    return jax.lax.map(row, x)
