"""Signals with a chosen law of one pixel and the dependence of a Gaussian signal: X_i = q(Z_i).

q is the quantile function of the pixel after Φ, the distribution function of Z_i: a Gaussian copula.
"""

import abc
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf, log_ndtr, ndtr
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray
from scipy.optimize import brentq
from scipy.special import beta, ndtri

from nmn.arguments import concrete, constant, number, result_dtype
from nmn.hypercube.laws.answers import SIGNS, Levels, Maker, keep_own
from nmn.hypercube.laws.base import Law, points
from nmn.hypercube.laws.elliptical import Gaussian
from nmn.hypercube.laws.quadrature import half_line, product_mean

OWN = ("kurtosis", "product_mean", "steepness", "is_sign", "is_gaussian", "levels")
"""What a marginal says of its own ``pixel``, and nobody inherits with another one."""


class Marginal(eqx.Module):
    """The law of one pixel, symmetric and of variance 1.

    One of one's own states ``pixel``; what it leaves out is computed by quadrature, good for a q that is
    smooth on z > 0.

    >>> class Cubic(laws.Marginal):                 # heavy tails: z³, of variance 15
    ...     def pixel(self, z):
    ...         return z**3 / np.sqrt(15)
    >>> round(float(laws.Copula(ring.correlation(9, 2.0), Cubic()).kurtosis()), 1)
    43.2
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        keep_own(cls, Marginal, "pixel", OWN)

    @abc.abstractmethod
    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """q(z): the pixel for a standard Gaussian z, odd and increasing."""

    def steepness(self) -> Float[Array, ""] | float:
        """q may bend on the scale 1/steepness near 0."""
        return 1.0

    def kurtosis(self) -> Float[Array, ""] | float:
        """E[X_i⁴] − 3."""
        levels = self.levels()
        if levels is not None:
            return levels.kurtosis()
        z, chances = half_line(self.steepness())
        return jnp.sum(chances * self.pixel(z) ** 4) - 3

    def product_mean(self, correlation: Float[Array, " n"]) -> Float[Array, " n"]:
        """E[q(Y) q(Z)] for standard Gaussians Y and Z of each correlation."""
        return product_mean(self.pixel, correlation)

    def is_sign(self) -> bool:
        """Whether the pixel is −1 or 1: an increasing q is, that is 1 next to 0 and far out."""
        with jax.ensure_compile_time_eval():
            seen = concrete(self.pixel(jnp.array([1e-30, 1.0, 8.0])))
        return seen is not None and bool((seen == 1).all())

    def is_gaussian(self) -> bool:
        """Whether q(z) is z at each node of the quadrature by which all else is computed."""
        with jax.ensure_compile_time_eval():
            z, _ = half_line()
            seen = concrete(self.pixel(z))
            return seen is not None and bool((seen == np.asarray(z)).all())

    def levels(self) -> Levels | None:
        """The values and their chances, where these are few, whole numbers on some scale; else None."""
        return SIGNS if self.is_sign() else None


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


class Erf(Marginal):
    """erf(g z)/√𝒵 with 𝒵 = (2/π) arcsin(2g²/(1 + 2g²)): near z for a small gain g, the sign for ``gain=inf``.

    ValueError: g < 1e-9, NaN. Source: 003, equation (7); Ingrosso and Goldt 2022.
    """

    gain: Float[Array, ""]

    def __init__(self, gain: ArrayLike):
        self.gain = constant("gain", gain, (), result_dtype(gain))
        seen = concrete(self.gain)
        # Smaller ones have a square that float32 counts as 0, and are z to all digits.
        if seen is not None and not seen >= 1e-9:
            raise ValueError(f"gain must be > 0 (at least 1e-9), inf included, got {float(seen)}")

    def _gain(self) -> Float[Array, ""]:
        """g in a precision that JAX has now: it may have been made under another one."""
        return self.gain.astype(jax.dtypes.canonicalize_dtype(self.gain.dtype))

    def _saturation(self) -> Float[Array, ""]:
        """2g²/(1 + 2g²) for a finite g."""
        g = self._gain()
        # Not at ∞, where each factor of the slope 0 would be 0 · ∞.
        return 1 / (1 + 1 / (2 * jnp.where(jnp.isinf(g), 1, g) ** 2))

    def _angle(self) -> Float[Array, ""]:
        """arcsin(2g²/(1 + 2g²)), π/2 at g = ∞."""
        return jnp.where(jnp.isinf(self._gain()), jnp.pi / 2, jnp.arcsin(self._saturation()))

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """erf(g z)/√𝒵."""
        # A float32 z is exactly 0 now and then, and inf · 0 is NaN: either sign will do there.
        z = jnp.where((z == 0) & jnp.isinf(self._gain()), 1.0, z)
        return erf(self._gain() * z) / jnp.sqrt(2 / jnp.pi * self._angle())

    def steepness(self) -> Float[Array, ""]:
        """g."""
        return self._gain()

    def product_mean(self, correlation: Float[Array, " n"]) -> Float[Array, " n"]:
        """arcsin(s c)/arcsin(s) with s = 2g²/(1 + 2g²), which is 1 at g = ∞."""
        sign = jnp.isinf(self._gain())
        bent = jnp.arcsin(jnp.where(sign, correlation, self._saturation() * correlation))
        return bent / self._angle()

    def is_sign(self) -> bool:
        """g = ∞."""
        seen = concrete(self.gain)
        return seen is not None and bool(np.isinf(seen))


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

    def levels(self) -> Levels:
        """−1, 0, 1 on the scale 1/√p."""
        if self.p == 1:
            return SIGNS
        chances = np.array([self.p / 2, 1 - self.p, self.p / 2])
        return Levels(np.array([-1.0, 0.0, 1.0]), chances, self.p**-0.5)

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
        if self.marginal.is_gaussian():
            return self.gaussian.correlation()
        return self.marginal.product_mean(self.gaussian.row).at[0].set(1.0)

    def kurtosis(self) -> Float[Array, ""]:
        """That of the marginal."""
        return jnp.asarray(self.marginal.kurtosis())

    def is_sign(self) -> bool:
        """As the marginal is."""
        return self.marginal.is_sign()

    def elliptical(self) -> float | None:
        """That of the Gaussian, where q changes nothing."""
        return self.gaussian.elliptical() if self.marginal.is_gaussian() else None

    def levels(self) -> Levels | None:
        """Those of the marginal."""
        return self.marginal.levels()

    def _independent(self) -> Levels | None:
        """``levels``, where pixels are known to be independent."""
        seen = concrete(self.gaussian.row)
        return None if seen is None or seen[1:].any() else self.levels()

    def bonds(self) -> Float[np.ndarray, "a a"] | None:
        """The chances of the levels whatever came before, where pixels are independent."""
        levels = self._independent()
        return None if levels is None else np.tile(levels.chances, (len(levels.values), 1))

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"] | None:
        """The sum of the logarithms of the pixels' chances, where pixels are independent and of few levels.

        −∞ for what is no level. None where pixels depend: probabilities of orthants have no formula.
        """
        levels = self._independent()
        if levels is None:
            return None
        distance = jnp.abs(points(x, self.n)[..., None] / levels.scale - levels.values)
        chances = jnp.where(
            jnp.min(distance, -1) < 1e-3, jnp.asarray(levels.chances)[jnp.argmin(distance, -1)], 0
        )
        return jnp.sum(jnp.log(chances), -1)

    def sizes(self) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
        """The levels, or a rule of quadrature."""
        levels = self.levels()
        if levels is not None:
            return levels.sizes()
        z, chances = half_line(self.marginal.steepness())
        return self.marginal.pixel(z), chances

    def maker(self) -> Maker:
        """A Gaussian signal, pixel by pixel through q."""
        dimension, gaussian = self.gaussian.maker()
        return Maker(dimension, lambda u: np.asarray(self.marginal.pixel(jnp.asarray(gaussian(u))), float))


def _algebraic_moment(r: int, k: float) -> float:
    return float(beta((r + 1) / k, 1 - r / k) / k)


def _algebraic_kurtosis(k: float) -> float:
    return _algebraic_moment(4, k) / _algebraic_moment(2, k) ** 2 - 3
