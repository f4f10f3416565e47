"""How far one example moves one neuron: the exact gradient step, with no training at all."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from nmn.experiments.models import units_of


def push(
    kind: str, w: Float[Array, " d"], x: Float[Array, "n d"], y: Float[Array, " n"], *, knob: ArrayLike = 0.1
) -> Float[Array, " n"]:
    """‖∇_w ½ (φ(x; w, s) − y)²‖ for each example alone: the step of gradient descent at rate 1.

    s is 0 for linear, ReLU and ⵟ, and 1 for RBF.
    """
    s = jnp.ones(1) if kind == "rbf" else jnp.zeros(1)

    def one(x: Array, y: Array) -> Array:
        loss = lambda w: 0.5 * (units_of(kind, w[None], s, x[None], knob)[0, 0] - y) ** 2  # noqa: E731
        return jnp.linalg.norm(jax.grad(loss)(w))

    return jax.vmap(one)(x, y)


def reach(
    kind: str, w: Float[Array, " d"], x: Float[Array, "n d"], *, knob: ArrayLike = 0.1
) -> Float[Array, " n"]:
    """‖∇_w φ(x; w, s)‖: the same step with the residual held at 1."""
    s = jnp.ones(1) if kind == "rbf" else jnp.zeros(1)
    slope = jax.grad(lambda w, x: units_of(kind, w[None], s, x[None], knob)[0, 0])
    return jnp.linalg.norm(jax.vmap(slope, (None, 0))(w, x), axis=1)
