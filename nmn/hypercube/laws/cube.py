"""Signals on the corners of the hypercube with exact probabilities: fair coins, and the Ising ring."""

import math

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import concrete, constant, number
from nmn.hypercube import ring
from nmn.hypercube.laws.base import CubeLaw, signals


class UniformCube(CubeLaw):
    """Independent fair signs: P(X = x) = 2^−n. ValueError: n < 1."""

    size: int = eqx.field(static=True)

    def __init__(self, n: int):
        self.size = ring.pixels(n)

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.size

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """``count`` corners."""
        return jax.random.rademacher(key, (signals("count", count), self.n), float)

    def correlation(self) -> Float[Array, " n"]:
        """1 at distance 0, 0 elsewhere."""
        return jnp.zeros(self.n).at[0].set(1.0)

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """−n log 2."""
        return jnp.full(jnp.shape(x)[:-1], -self.n * math.log(2))


class IsingRing(CubeLaw):
    """P(X = x) = exp(J Σ_i x_i x_{i+1}) / ((2 cosh J)^n + (2 sinh J)^n), indices around the ring.

    With t = tanh J, E[X_0 X_k] = (t^k + t^{n−k}) / (1 + t^n). ``coupling`` J may be negative for even n and
    odd n alike. ValueError: n < 2, J not finite. Source: Ising 1925, by transfer matrices.
    """

    size: int = eqx.field(static=True)
    coupling: Float[Array, ""]

    def __init__(self, n: int, coupling: ArrayLike):
        if ring.pixels(n) < 2:
            raise ValueError(f"n must be at least 2 on an Ising ring, got {n}")
        self.size = int(n)
        self.coupling = constant("coupling", coupling, (), jnp.result_type(float))
        seen = concrete(self.coupling)
        if seen is not None and not math.isfinite(seen):
            raise ValueError(f"coupling must be finite, got {coupling!r}")

    @classmethod
    def from_length(cls, n: int, xi: float) -> "IsingRing":
        """The ring whose correlation falls by e in ξ pixels on a long ring: tanh J = exp(−1/ξ)."""
        if not number("xi", xi) > 0:
            raise ValueError(f"xi must be a number > 0, got {xi!r}")
        return cls(n, math.atanh(math.exp(-1 / xi)))

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.size

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """``count`` corners, each exact and in n steps.

        The n bonds X_i X_{i+1} are independent coins of mean t, given that their product is 1. They are drawn
        in turn: m free bonds have the product s with probability (1 + s t^m)/2.
        """
        count = signals("count", count)
        first, rest = jax.random.split(key)
        t = jnp.tanh(self.coupling)
        left = jnp.arange(self.n - 1, 0, -1)  # bonds that are still free after this one

        def draw(product: Array, given: tuple[Array, Array]) -> tuple[Array, Array]:
            uniform, m = given
            # Both outcomes must leave the rest with the product that closes the ring.
            up = (1 + t) * (1 + product * t**m)
            down = (1 - t) * (1 - product * t**m)
            bond = jnp.where(uniform * (up + down) < up, 1.0, -1.0)
            return product * bond, bond

        uniforms = jax.random.uniform(rest, (self.n - 1, count))
        _, bonds = jax.lax.scan(draw, jnp.ones(count), (uniforms, left))
        start = jax.random.rademacher(first, (1, count), float)
        return jnp.cumprod(jnp.concatenate([start, bonds]), 0).T

    def correlation(self) -> Float[Array, " n"]:
        """(t^k + t^{n−k}) / (1 + t^n)."""
        t, k = jnp.tanh(self.coupling), jnp.arange(self.n)
        return (t**k + t ** (self.n - k)) / (1 + t**self.n)

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """J Σ x_i x_{i+1} − log((2 cosh J)^n + (2 sinh J)^n)."""
        x, J = jnp.asarray(x, float), self.coupling
        ratio = jnp.tanh(J) ** self.n
        log_cosh = jnp.logaddexp(J, -J)
        return J * jnp.sum(x * jnp.roll(x, -1, -1), -1) - self.n * log_cosh - jnp.log1p(ratio)
