"""Signals on the corners of the hypercube with exact probabilities: fair coins, and the Ising ring."""

import math

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray
from scipy.special import expit

from nmn.arguments import concrete, constant, number
from nmn.hypercube import ring
from nmn.hypercube.laws.answers import Maker
from nmn.hypercube.laws.base import CubeLaw, points, signals


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
        return jnp.full(points(x, self.n).shape[:-1], -self.n * math.log(2))

    def bonds(self) -> Float[np.ndarray, "2 2"]:
        """Each sign follows each with the chance ½."""
        return np.full((2, 2), 0.5)

    def maker(self) -> Maker:
        """The side of ½."""
        return Maker(self.n, lambda u: np.sign(u - 0.5))


# Beyond |J| = 40, e^{−2|J|} < 2e-35 changes no digit of what follows, in float32 or float64.
_STRONG = 40.0


class IsingRing(CubeLaw):
    """P(X = x) = exp(J Σ_i x_i x_{i+1}) / ((2 cosh J)^n + (2 sinh J)^n), indices around the ring.

    With t = tanh J, E[X_0 X_k] = (t^k + t^{n−k}) / (1 + t^n). ``coupling`` J may have either sign and be
    infinite. J = ∞: all pixels agree. J = −∞: neighbours differ; where n is odd one bond cannot, every bond
    with the same chance, and E[X_0 X_k] = (−1)^k (1 − 2k/n).
    ValueError: n < 2, J NaN. Source: Ising 1925, by transfer matrices.
    """

    size: int = eqx.field(static=True)
    coupling: Float[Array, ""]

    def __init__(self, n: int, coupling: ArrayLike):
        if ring.pixels(n) < 2:
            raise ValueError(f"n must be at least 2 on an Ising ring, got {n}")
        self.size = int(n)
        self.coupling = constant("coupling", coupling, (), jnp.result_type(float))

    @classmethod
    def from_length(cls, n: int, xi: ArrayLike) -> "IsingRing":
        """The ring whose correlation falls by e in ξ pixels on a long ring: tanh J = exp(−1/ξ).

        ξ = ∞: all pixels agree. ValueError: ξ <= 0.
        """
        # artanh(exp(−1/ξ)), without the digits that 1 − exp(−1/ξ) would lose at a large ξ.
        if concrete(xi) is None:
            length = constant("xi", xi, (), jnp.result_type(float))
            return cls(n, -jnp.log(jnp.tanh(1 / (2 * length))) / 2)
        if not number("xi", xi) > 0:
            raise ValueError(f"xi must be a number > 0, got {xi!r}")
        # Numbers at hand are worked on in float64, also where JAX has single precision.
        with np.errstate(divide="ignore"):
            return cls(n, float(-np.log(np.tanh(1 / (2 * number("xi", xi)))) / 2))

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.size

    def strength(self) -> Float[Array, ""]:
        """J cut to ±40, which changes no digit: finite where J is not."""
        return jnp.clip(self.coupling, -_STRONG, _STRONG)

    def _parts(self) -> tuple[Float[Array, ""], Float[Array, ""], Array]:
        """q = e^{−2|J|}; |t|; and whether a bond must be broken: J < 0 and n odd."""
        q = jnp.exp(-2 * jnp.abs(self.strength()))
        return q, jnp.tanh(jnp.abs(self.strength())), (self.coupling < 0) & (self.n % 2 == 1)

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """``count`` corners, each exact and in n steps.

        A bond X_i X_{i+1} is kept where it has the sign of J, else broken. Bonds are independent coins with
        the odds 1 : q, q = e^{−2|J|}, given that their product is 1. They are drawn in turn: with s = 1 where
        the m bonds that are left may all be kept after this one is, else s = −1, kept and broken have the
        odds 1 + s|t|^m : q (1 − s|t|^m).
        """
        return self._walk(key, signals("count", count))

    @eqx.filter_jit
    def _walk(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        first, rest = jax.random.split(key)
        q, t, _ = self._parts()
        sign = jnp.where(self.coupling < 0, -1.0, 1.0)
        left = jnp.arange(self.n - 1, 0, -1)  # bonds that are still free after this one

        def draw(product: Array, given: tuple[Array, Array]) -> tuple[Array, Array]:
            uniform, m = given
            s = product * sign ** (m + 1)
            kept = jnp.where(s > 0, 1 + t**m, _rest(q, m))
            broken = jnp.where(s > 0, q * q * _rest(q, m), 1 + t**m)
            bond = jnp.where(uniform * (kept + broken) < kept, sign, -sign)
            return product * bond, bond

        uniforms = jax.random.uniform(rest, (self.n - 1, count))
        _, bonds = jax.lax.scan(draw, jnp.ones(count), (uniforms, left))
        start = jax.random.rademacher(first, (1, count), float)
        return jnp.cumprod(jnp.concatenate([start, bonds]), 0).T

    @eqx.filter_jit
    def correlation(self) -> Float[Array, " n"]:
        """(t^k + t^{n−k}) / (1 + t^n); where a bond must be broken, each a difference near 0."""
        q, t, forced = self._parts()
        k = jnp.arange(self.n)
        sign = jnp.where(self.coupling < 0, -1.0, 1.0) ** k
        near, far = jnp.minimum(k, self.n - k), jnp.maximum(k, self.n - k)
        free = sign * (t**near + t**far) / (1 + t**self.n)
        # t^k − t^{n−k} = t^near (1 − t^{far−near}), with the sign of the even one of k and n − k.
        parity = jnp.where(near == k, sign, -sign)
        bound = parity * t**near * _rest(q, far - near) / _rest(q, self.n)
        # A quotient of equals need not be 1 in the last bit, once compiled.
        return jnp.where(forced, bound, free).at[0].set(1)

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """J Σ x_i x_{i+1} − log((2 cosh J)^n + (2 sinh J)^n), by the number of broken bonds.

        −∞ for a corner that J = ±∞ forbids.
        """
        return self._log_probability(points(x, self.n).astype(float))

    @eqx.filter_jit
    def _log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        J = self.coupling
        q, t, forced = self._parts()
        bonds = x * jnp.roll(x, -1, -1)
        broken = jnp.sum(bonds * jnp.where(J < 0, -1.0, 1.0) < 0, -1) - forced.astype(int)
        total = jnp.where(forced, _rest(q, self.n), 1 + t**self.n)
        cost = jnp.where(broken == 0, 0.0, -2 * jnp.abs(J) * broken)
        return cost - self.n * jnp.log1p(q) - jnp.log(total)

    def bonds(self) -> Float[np.ndarray, "2 2"]:
        """e^{±J}/(2 cosh J)."""
        same, other = expit(2 * float(self.strength())), expit(-2 * float(self.strength()))
        return np.array([[same, other], [other, same]])

    def maker(self) -> Maker:
        """Pixel after pixel, each given the one before it and the first, to which the ring comes back."""
        # bridge[i, s, t]: the weight with which t follows s, i steps on.
        step = self.bonds()
        bridge = np.array([np.linalg.matrix_power(step, i) for i in range(self.n + 1)])

        def signals(u: Float[np.ndarray, "count n"]) -> Float[np.ndarray, "count n"]:
            state = np.zeros(u.shape, int)
            state[:, 0] = u[:, 0] > 0.5
            for i in range(1, self.n):
                before, first = state[:, i - 1], state[:, 0]
                up = bridge[1, before, 1] * bridge[self.n - i, 1, first]
                down = bridge[1, before, 0] * bridge[self.n - i, 0, first]
                state[:, i] = u[:, i] * (up + down) < up
            return 2.0 * state - 1

        return Maker(self.n, signals)


def _rest(q: Float[Array, ""], m: Array | int) -> Float[Array, "..."]:
    """(1 − |t|^m)/q with |t| = (1 − q)/(1 + q): about 2m for a small q, where 1 − |t|^m has no digit left."""
    # log |t| = −2 artanh q; at q = 1 it is −∞, which no power of 0 may meet.
    eps = jnp.finfo(q.dtype).eps
    # Next to q = 0 by its series: the quotient's slope would be one of two numbers that a float cannot hold.
    small = m * q < eps**0.5 / 4
    safe = jnp.where(small, 0.5, jnp.minimum(q, 1 - eps))
    quotient = -jnp.expm1(-2 * m * jnp.arctanh(safe)) / jnp.where(small, 1, q)
    return jnp.where(small, 2 * m - 2 * m**2 * q, quotient)
