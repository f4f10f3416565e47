"""The ⵟ-product by its definition, for vectors of any length.

The distance is always the sum of squared differences, never ‖x‖² + ‖w‖² − 2 w·x, so no digit is lost when x
comes close to w. Squares of long vectors would overflow where the value does not, so these are first made
shorter by a power of two, which changes no digit: with r(v) = 1 where ‖v‖∞ ≤ ``long``, else about 1/‖v‖∞, and
r the smaller of r(w) and r(x), the value is t² / D for t = r (w·x + b) and D = r² (‖w − x‖² + ε).
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float


def long(dtype: jnp.dtype) -> float:
    """The largest entry that is left as it is: the fourth root of the largest number, 2³² or 2²⁵⁶."""
    return 2.0 ** (jnp.finfo(dtype).maxexp // 4)


def scaled(
    w: Float[Array, "*#batch d"],
    x: Float[Array, "*#batch d"],
    eps: Float[Array, "*#batch"],
    bias: Float[Array, "*#batch"],
) -> tuple[
    Float[Array, "*batch"], Float[Array, "*batch"], Float[Array, "*batch d"], Float[Array, "*batch 1"]
]:
    """t and D, one a pair; r (x − w), and r."""
    of_w, of_x = _shorter(w), _shorter(x)
    each = jnp.minimum(of_w, of_x)
    r, gap = each[..., 0], each * x - each * w
    t = jnp.sum((of_w * w) * (of_x * x), -1) / jnp.maximum(of_w, of_x)[..., 0] + r * bias
    # Products, not quotients: a compiler may make one division by r² of two by r. Where nothing is left of ε,
    # something still keeps 0/0 away.
    tiny, eps = jnp.finfo(w.dtype).tiny, r * (r * eps)
    return t, jnp.sum(gap * gap, -1) + jnp.where(eps >= tiny, eps, tiny), gap, each


def definition(w: Array, x: Array, eps: Array, bias: Array) -> Array:
    """(w·x + b)² / (‖w − x‖² + ε); arguments as in ``scaled``."""
    t, D, _, _ = scaled(w, x, eps, bias)
    return t * (t / D)


def _shorter(v: Float[Array, "*batch d"]) -> Float[Array, "*batch 1"]:
    """r(v), a power of two; a constant to whoever differentiates, as the value does not depend on it."""
    top = jnp.max(jnp.abs(jax.lax.stop_gradient(v)), -1, keepdims=True)
    # At most so that r is a number of full precision, too.
    exponent = jnp.minimum(jnp.frexp(top)[1], jnp.finfo(v.dtype).maxexp - 2)
    return jnp.where(top > long(v.dtype), jnp.ldexp(jnp.ones_like(top), -exponent), jnp.ones_like(top))
