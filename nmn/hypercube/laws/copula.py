"""Signals with a chosen law of one pixel and the dependence of a Gaussian signal: X_i = q(Z_i).

q is the quantile function of the pixel after Φ, the distribution function of Z_i: a Gaussian copula.
"""

import abc

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf, log_ndtr, ndtr
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray
from scipy.optimize import brentq
from scipy.special import beta, ndtri

from nmn.arguments import concrete, number
from nmn.hypercube.laws.base import Law
from nmn.hypercube.laws.elliptical import Gaussian
from nmn.hypercube.laws.quadrature import product_mean


class Marginal(eqx.Module):
    """The law of one pixel, symmetric and of variance 1."""

    @abc.abstractmethod
    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """q(z): the pixel for a standard Gaussian z, odd and increasing."""

    @abc.abstractmethod
    def kurtosis(self) -> float:
        """E[X_i⁴] − 3."""

    def product_mean(self, correlation: Float[Array, " n"]) -> Float[Array, " n"]:
        """E[q(Y) q(Z)] for standard Gaussians Y and Z of each correlation."""
        return product_mean(self.pixel, correlation)


class Uniform(Marginal):
    """Uniform on (−√3, √3)."""

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """√3 (2Φ(z) − 1): also NLGP with gain 1/√2."""
        return jnp.sqrt(3.0) * erf(z / jnp.sqrt(2.0))

    def kurtosis(self) -> float:
        """−6/5."""
        return -1.2


class Laplace(Marginal):
    """Density exp(−√2 |x|)/√2."""

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """sign(z) (−log(2Φ(−|z|)))/√2."""
        return -jnp.sign(z) * (jnp.log(2.0) + log_ndtr(-jnp.abs(z))) / jnp.sqrt(2.0)

    def kurtosis(self) -> float:
        """3."""
        return 3.0


class Ternary(Marginal):
    """0 with probability 1 − p, and ±1/√p with probability p/2 each. p = 1 is a sign.

    ValueError: p outside (0, 1].
    """

    p: float = eqx.field(static=True)

    def __init__(self, p: float):
        if not 0 < number("p", p) <= 1:
            raise ValueError(f"p must be in (0, 1], the probability of a pixel that is not 0, got {p!r}")
        self.p = float(p)

    def _edge(self) -> float:
        """P(|Z| > t) = p."""
        return float(-ndtri(self.p / 2))

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """±1/√p beyond the edge t, 0 within."""
        return jnp.where(jnp.abs(z) > self._edge(), jnp.sign(z), 0.0) / np.sqrt(self.p)

    def kurtosis(self) -> float:
        """1/p − 3: it passes through 0 at p = 1/3."""
        return 1 / self.p - 3

    def product_mean(self, correlation: Float[Array, " n"]) -> Float[Array, " n"]:
        """(1/(πp)) ∫ exp(−t²/(1 + sin θ)) dθ over |θ| < arcsin c: smooth, by Plackett's identity."""
        nodes, weights = np.polynomial.legendre.leggauss(200)
        half = jnp.arcsin(jnp.clip(correlation, -1, 1))[:, None]
        theta = half * nodes
        inner = jnp.exp(-(self._edge() ** 2) / (1 + jnp.sin(theta)))
        return jnp.sum(weights * half * inner, 1) / (np.pi * self.p)


class Algebraic(Marginal):
    """Distribution function (1 + y (1 + |y|^k)^{−1/k})/2, scaled to variance 1; k is set by the kurtosis.

    E|Y|^r = B((r + 1)/k, 1 − r/k)/k. Tails |y|^{−k−1}; the kurtosis falls from ∞ at k = 4 towards −6/5, the
    uniform law, at k = ∞. ValueError: a kurtosis outside (−1.19, 1000).
    """

    power: float = eqx.field(static=True)

    def __init__(self, kurtosis: float):
        if not -1.19 < number("kurtosis", kurtosis) < 1000:
            raise ValueError(
                "kurtosis must be in (-1.19, 1000); -1.2 is the uniform law and no member of the family goes "
                f"below, got {kurtosis!r}"
            )
        self.power = float(brentq(lambda k: _algebraic_kurtosis(k) - kurtosis, 4 + 1e-4, 500.0, xtol=1e-14))

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """u (1 − |u|^k)^{−1/k} over the standard deviation, with u = 2Φ(z) − 1."""
        size = jnp.abs(z)
        u = erf(size / jnp.sqrt(2.0))
        # 1 − u^k without cancellation where u is near 1: log u = log(1 − 2Φ(−|z|)).
        gap = -jnp.expm1(self.power * jnp.log1p(-2 * ndtr(-size)))
        safe = jnp.where(size > 0, gap, 1.0)
        return jnp.sign(z) * u * safe ** (-1 / self.power) / np.sqrt(_algebraic_moment(2, self.power))

    def kurtosis(self) -> float:
        """E|Y|⁴/(E|Y|²)² − 3."""
        return float(_algebraic_kurtosis(self.power))


class Copula(Law):
    """X_i = q(Z_i) with Z ~ N(0, Σ) and q of ``marginal``. A ``row`` of 1, 0, …, 0: independent pixels.

    ValueError: ``row`` no correlation, ``marginal`` no ``Marginal``.
    """

    gaussian: Gaussian
    marginal: Marginal

    def __init__(self, row: Float[ArrayLike, " n"], marginal: Marginal):
        if not isinstance(marginal, Marginal):
            raise ValueError(f"marginal must be a law of one pixel such as laws.Laplace(), got {marginal!r}")
        self.gaussian, self.marginal = Gaussian(row), marginal

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.gaussian.n

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """A Gaussian signal, pixel by pixel through q."""
        return self.marginal.pixel(self.gaussian.sample(key, count))

    def correlation(self) -> Float[Array, " n"]:
        """E[q(Y) q(Z)] at the correlations of Z: by quadrature, to about 1e-10."""
        return self.marginal.product_mean(self.gaussian.row).at[0].set(1.0)

    def kurtosis(self) -> Float[Array, ""]:
        """That of the marginal."""
        return jnp.asarray(self.marginal.kurtosis())

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """log P(X = x) for pixels 0 and ±1/√p, where pixels are independent and ``Ternary``: p/2, 1 − p, p/2.

        Other values are not looked for: of x it counts what is not 0. ValueError: other marginals, which have
        no probabilities but densities; dependent pixels, whose probabilities have no formula.
        """
        seen = concrete(self.gaussian.row)
        if not isinstance(self.marginal, Ternary) or (seen is not None and seen[1:].any()):
            raise ValueError(
                "marginal must be Ternary and row 1, 0, …, 0 for exact probabilities, "
                f"got {type(self.marginal).__name__} and row {seen}"
            )
        p = self.marginal.p
        return jnp.sum(jnp.where(jnp.asarray(x) != 0, jnp.log(p / 2), jnp.log1p(-p)), -1)


def _algebraic_moment(r: int, k: float) -> float:
    return float(beta((r + 1) / k, 1 - r / k) / k)


def _algebraic_kurtosis(k: float) -> float:
    return _algebraic_moment(4, k) / _algebraic_moment(2, k) ** 2 - 3
