"""The ⵟ-product and both of its gradients, one pair of vectors at a time; ``pairwise`` is for whole batches.

The result has the dtype of w and x; inside, 16 bits are summed in float32.
"""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, Real

from nmn.arguments import constant, matched, positive, ranked, result_dtype, vectors
from nmn.product.batches import pairwise
from nmn.product.definition import definition, scaled
from nmn.product.meshes import on_any_mesh


def yat(
    w: Real[ArrayLike, "*#batch d"],
    x: Real[ArrayLike, "*#batch d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "*batch"]:
    """ⵟ_b(w, x) = (w·x + b)² / (‖w − x‖² + ε): alignment over proximity.

    Leading axes of ``w`` and ``x`` broadcast; ``eps`` and ``bias`` broadcast to the result.
    Differentiable to any order, forward and backward. What has a value that the dtype can hold is computed,
    however long w and x are. ValueError: lengths that differ, eps <= 0. A NaN is passed on.
    Source: 001, definition; the bias is the one of a neuron, inside the square.
    """
    dtype, (w, x, eps, bias) = result_dtype(w, x), _arguments(w, x, eps, bias)
    return definition(w, x, eps, bias).astype(dtype)


def grad_x(
    w: Real[ArrayLike, "*#batch d"],
    x: Real[ArrayLike, "*#batch d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "*batch d"]:
    """∇ₓ ⵟ_b = 2 (s/D) w − 2 (s/D)² (x − w), with s = w·x + b and D = ‖w − x‖² + ε.

    Shapes and errors as in ``yat``, the result with a last axis of length d. Source: 001, the gradient.
    """
    dtype, (w, x, eps, bias) = result_dtype(w, x), _arguments(w, x, eps, bias)
    return _gradient(w, x, eps, bias).astype(dtype)


def grad_w(
    w: Real[ArrayLike, "*#batch d"],
    x: Real[ArrayLike, "*#batch d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
) -> Float[Array, "*batch d"]:
    """∇_w ⵟ_b = 2 (s/D) x − 2 (s/D)² (w − x): the gradient a neuron learns by.

    It is ``grad_x`` with w and x swapped, since ⵟ_b is symmetric. Shapes and errors as there.
    """
    dtype, (w, x, eps, bias) = result_dtype(w, x), _arguments(w, x, eps, bias)
    return _gradient(x, w, eps, bias).astype(dtype)


def gram(x: Real[ArrayLike, "n d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0) -> Float[Array, "n n"]:
    """G_ij = ⵟ_b(x_i, x_j) = (x_i·x_j + b)² / (‖x_i − x_j‖² + ε), symmetric to the last bit.

    The diagonal is (‖x_i‖² + b)² / ε. ``bias`` and ``eps`` are single numbers. Errors as in ``pairwise``.
    """
    dtype, x = result_dtype(x), vectors("x", x, axes=2, nan=True)
    bias = constant("bias", bias, (), x.dtype, nan=True)
    eps = positive("eps", eps, (), x.dtype)
    return on_any_mesh(_gram, x, eps, bias, like=(x, x)).astype(dtype)


def _gram(x: Array, eps: Array, bias: Array) -> Array:
    G = pairwise(x, x, eps=eps, bias=bias)
    own = jnp.eye(x.shape[0], dtype=bool)
    return jnp.where(own, yat(x, x, eps=eps, bias=bias)[:, None], (G + G.T) / 2)


def _arguments(
    w: ArrayLike, x: ArrayLike, eps: ArrayLike, bias: ArrayLike
) -> tuple[Array, Array, Array, Array]:
    w, x = matched(("w", vectors("w", w, nan=True)), ("x", vectors("x", x, nan=True)))
    try:
        shape = jnp.broadcast_shapes(w.shape, x.shape)[:-1]
    except ValueError as error:
        raise ValueError(
            f"w and x must broadcast along their leading axes, got shapes {w.shape} and {x.shape}"
        ) from error
    w, x = (ranked(each, len(shape) + 1) for each in (w, x))
    return w, x, positive("eps", eps, shape, x.dtype), constant("bias", bias, shape, x.dtype, nan=True)


def _gradient(w: Array, x: Array, eps: Array, bias: Array) -> Array:
    """With respect to the second vector."""
    s, D, gap, scale = scaled(w, x, eps, bias)
    q = (s / D)[..., None]
    return 2 * q * (scale * (w - q * gap))
