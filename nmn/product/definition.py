"""The ⵟ-product by its definition, for vectors of any length.

The distance is always the sum of squared differences, never ‖x‖² + ‖w‖² − 2 w·x, so no digit is lost when x
comes close to w. Squares of long vectors would overflow where the value does not, so these are first made
shorter by a power of two, which changes no digit: 1 where ‖v‖∞ ≤ ``long``, else about 1/‖v‖∞.
``scale`` is the smaller one of a pair. With s = scale (w·x + b) and D = scale² (‖w − x‖² + ε) the value is
s² / D; with q = s/D and gap = scale (x − w), q gap is (x − w) (w·x + b) / (‖w − x‖² + ε).
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
    """s, D, gap and scale, the last two with an axis of coordinates."""
    of_w, of_x = _shorter(w), _shorter(x)
    scale = jnp.minimum(of_w, of_x)
    one, gap = scale[..., 0], scale * x - scale * w
    s = jnp.sum((of_w * w) * (of_x * x), -1) / jnp.maximum(of_w, of_x)[..., 0] + one * bias
    # Products, not quotients: a compiler may make one division by a square of two divisions. Where nothing is
    # left of ε, something still keeps 0/0 away.
    tiny, eps = jnp.finfo(w.dtype).tiny, one * (one * eps)
    return s, jnp.sum(gap * gap, -1) + jnp.where(eps >= tiny, eps, tiny), gap, scale


def definition(w: Array, x: Array, eps: Array, bias: Array) -> Array:
    """(w·x + b)² / (‖w − x‖² + ε); arguments as in ``scaled``."""
    s, D, _, _ = scaled(w, x, eps, bias)
    return s * (s / D)


def _shorter(v: Float[Array, "*batch d"]) -> Float[Array, "*batch 1"]:
    """A power of two for v; a constant to whoever differentiates, as the value does not depend on it."""
    top = jnp.max(jnp.abs(jax.lax.stop_gradient(v)), -1, keepdims=True)
    # So that the power is a number of full precision, too.
    exponent = jnp.minimum(jnp.frexp(top)[1], jnp.finfo(v.dtype).maxexp - 2)
    return jnp.where(top > long(v.dtype), jnp.ldexp(jnp.ones_like(top), -exponent), jnp.ones_like(top))
