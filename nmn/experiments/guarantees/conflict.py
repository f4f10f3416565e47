"""Do the examples of a data set pull the weights the same way? Measured on the gradient of each example."""

from functools import partial

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, ArrayLike, Float

from nmn.experiments.comparison import Runs
from nmn.experiments.memory import kept
from nmn.experiments.models import Network, predict


@partial(jax.jit, static_argnames="kind")
def opposition(
    kind: str, net: Network, x: Float[Array, "n d"], y: Float[Array, " n"], knob: ArrayLike
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Over all pairs of examples, the cosine of their gradients of ½r²: its negative part, and P(cosine < 0).

    The mean of max(0, −cos) is 0 when no two examples disagree. The share of negative pairs alone says
    little: two gradients that are almost orthogonal count as much as two that are opposite.
    """

    def of_one(x: Array, y: Array) -> Array:
        slope = jax.grad(lambda net: 0.5 * (predict(kind, net, x[None], knob)[0] - y) ** 2)(net)
        flat = ravel_pytree(slope)[0]
        return flat / (jnp.linalg.norm(flat) + 1e-12)

    slopes = jax.vmap(of_one)(x, y)
    cosines = slopes @ slopes.T
    pairs = ~jnp.eye(len(x), dtype=bool)
    return (
        jnp.mean(jnp.maximum(0, -cosines), where=pairs),
        jnp.mean(cosines < 0, where=pairs),
    )


@kept
def conflicts(kind: str, runs: Runs) -> Float[Array, " runs"]:
    """The mean of max(0, −cos) over all pairs of training examples, early in each run."""
    measure = jax.vmap(lambda net, x, y: opposition(kind, net, x, y, runs.knob)[0])
    return measure(runs.trained.early, runs.sample.x, runs.sample.y)
