"""The loss of K neurons ŷ(x) = Σ_k a_k relu(w_k·x) over the whole population, and its slope.

relu(u) = ½(u + |u|), so ŷ has an odd part ½ v·x with v = Σ_k a_k w_k, and an even one ½ s(x) with
s(x) = Σ_k a_k |w_k·x|. For even laws the two do not mix, and of the odd one only Σ₀ and Σ₁ matter:

    L = ½ E(ŷ − Y)² = ¼ + (1/16) [vᵀ(Σ₀ + Σ₁)v + E₀ s² + E₁ s²] − ¼ E₁ s.

L is continuous. Its slope jumps where a neuron meets a plane w_k·x = 0; between these planes of the corners
of the cube, L is a polynomial of degree 4 in all w_k and a_k. Each of the three ways to know E s and E s² is
a sum of squares, so that L >= 0 for all of them.
"""

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from nmn.hypercube import laws
from nmn.hypercube.field.enumeration import corners
from nmn.hypercube.flow.neurons import Neurons, checked
from nmn.hypercube.flow.path import MOST_PIXELS
from nmn.hypercube.task import Task, tasked

Moments = tuple[Float[Array, ""], Float[Array, ""]]
# Neurons ↦ (E s, E s²) under some law.
Even = Callable[[Neurons], Moments]


def network_loss(neurons: Neurons, task: Task) -> Float[Array, ""]:
    """L(w, a), exact: a function of JAX, for ``jit``, ``vmap`` and ``grad``. L(0) = ¼.

    On the cube by all corners, to n = 16; in closed form for Gaussian, Student and Shell; one class may be
    of the one kind and one of the other. ValueError: other laws, no ``Task``, bad shapes.
    """
    neurons = checked("neurons", neurons, tasked(task).n)
    return objective(neurons, *population(task))


def network_drift(neurons: Neurons, task: Task) -> Neurons:
    """−∂L/∂w and −∂L/∂a, exact, with sgn 0 = 0. For one neuron of readout 1 the first is ``drift``.

    Where a w_k is 0 or lies on a plane the slope is not unique, and this is the mean of both sides.
    ValueError: as ``network_loss``.
    """
    return descent(checked("neurons", neurons, tasked(task).n), *population(task))


def population(task: Task) -> tuple[Float[Array, "n n"], Even, Even]:
    """What ``objective`` needs, exact. ValueError: as ``network_loss``."""
    return task.pull(), exact("positive", task.positive), exact("negative", task.negative)


@eqx.filter_jit
def objective(neurons: Neurons, pull: Float[Array, "n n"], ones: Even, zeros: Even) -> Float[Array, ""]:
    """L, from ``pull`` = ¼(Σ₀ + Σ₁) and the even parts of both classes."""
    v = neurons.readout @ neurons.weights
    (mean, one), (_, zero) = ones(neurons), zeros(neurons)
    return 0.25 + v @ pull @ v / 4 + (one + zero) / 16 - mean / 4


@eqx.filter_jit
def descent(neurons: Neurons, pull: Float[Array, "n n"], ones: Even, zeros: Even) -> Neurons:
    """−∂L/∂(w, a)."""
    return jax.tree.map(jnp.negative, jax.grad(objective)(neurons, pull, ones, zeros))


class Points(eqx.Module):
    """E s and E s² for a law of the points x, each with its negative."""

    x: Float[Array, "points n"]
    chances: Float[Array, " points"]
    """Of x and −x together."""

    def __call__(self, neurons: Neurons) -> Moments:
        s = jnp.abs(self.x @ neurons.weights.T) @ neurons.readout
        return self.chances @ s, self.chances @ s**2


class ArcCosine(eqx.Module):
    """E s and E s² for elliptical X, by E|u| = ``size`` σ_u and E|u v| = (2/π) σ_u σ_v g(corr(u, v)).

    u v is of second degree in the length of X, of which Σ fixes the mean square: the same for all elliptical
    laws of one Σ. Source: Cho and Saul 2009 (their kernel of degree 1, with |·| in place of relu).
    """

    covariance: Float[Array, "n n"]
    size: Float[Array, ""]
    """E|X_0| of one pixel."""

    def __call__(self, neurons: Neurons) -> Moments:
        w, a = neurons
        products = w @ self.covariance @ w.T
        variances = jnp.diagonal(products)
        # Where w·X is always 0 the root has no slope: 0 is the mean of both sides.
        alive = variances > 0
        unit = jnp.sqrt(jnp.where(alive, variances, 1.0))
        σ = jnp.where(alive, unit, 0.0)
        kernel = 2 / jnp.pi * jnp.outer(σ, σ) * _g(products / jnp.outer(unit, unit))
        return self.size * a @ σ, a @ kernel @ a


def exact(name: str, law: laws.Law) -> Even:
    """The moments of a law on the cube or of an elliptical one. ValueError: another law, n > 16."""
    size = law.elliptical()
    if size is not None:
        return ArcCosine(law.covariance(), jnp.asarray(size))
    if not law.is_sign() or law.n > MOST_PIXELS:
        logs = None
    else:
        half = jnp.asarray(corners(law.n)[: 2 ** (law.n - 1)])
        logs = law.log_probability(half)
    if logs is None:
        raise ValueError(
            f"{name} must be Gaussian, Student or Shell, or have exact probabilities on the cube and at most "
            f"{MOST_PIXELS} pixels, got {type(law).__name__} of {law.n}: take flow.network_sampled"
        )
    return Points(half, 2 * jnp.exp(logs))


@jax.custom_jvp
def _g(c: Float[Array, "..."]) -> Float[Array, "..."]:
    """√(1 − c²) + c arcsin c, from 1 at c = 0 to π/2 at ±1."""
    c = jnp.clip(c, -1, 1)
    return jnp.sqrt((1 - c) * (1 + c)) + c * jnp.arcsin(c)


@_g.defjvp
def _g_jvp(
    primals: tuple[Float[Array, "..."]], tangents: tuple[Float[Array, "..."]]
) -> tuple[Float[Array, "..."], Float[Array, "..."]]:
    """g′ = arcsin c. Term by term it would be ∞ − ∞ at ±1, where each neuron meets itself."""
    (c,), (dc,) = primals, tangents
    return _g(c), jnp.arcsin(jnp.clip(c, -1, 1)) * dc
