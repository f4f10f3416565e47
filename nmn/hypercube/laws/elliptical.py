"""Elliptical signals X = R Σ^{1/2} U: a Gaussian, Student's t, and the uniform law on an ellipsoid's shell.

They differ only in the length R, so f(w) = E[1(w·X >= 0) X] points along Σ w for all of them.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray
from scipy.special import gammaincinv, ndtri

from nmn.arguments import concrete, positive
from nmn.hypercube import ring
from nmn.hypercube.laws.answers import Maker
from nmn.hypercube.laws.base import Law, signals
from nmn.hypercube.laws.gamma import Number, half_step
from nmn.hypercube.laws.quadrature import half_line


class Gaussian(Law):
    """X ~ N(0, Σ), Σ the circulant correlation matrix with first row ``row``. ValueError: no correlation."""

    row: Float[Array, " n"]

    def __init__(self, row: Float[ArrayLike, " n"]):
        self.row = ring.valid_correlation(row)

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.row.shape[-1]

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """Σ^{1/2} times white noise."""
        return jax.random.normal(key, (signals("count", count), self.n)) @ ring.root(self.row)

    def correlation(self) -> Float[Array, " n"]:
        """``row``."""
        return self.row

    def kurtosis(self) -> Float[Array, ""]:
        """0."""
        return jnp.asarray(0.0)

    def elliptical(self) -> float:
        """√(2/π)."""
        return math.sqrt(2 / math.pi)

    def sizes(self) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
        """A rule of quadrature for |Z|."""
        return half_line()

    def maker(self) -> Maker:
        """Σ^{1/2} times normal quantiles."""
        root = np.asarray(ring.root(self.row), float)
        return Maker(self.n, lambda u: ndtri(u) @ root)


class Student(Law):
    """X = √((ν − 2)/V) Z with Z ~ N(0, Σ) and V ~ χ²_ν: Student's t with ν degrees of freedom, variance 1.

    ValueError: ν <= 2 (there is no variance), ``row`` no correlation.
    """

    gaussian: Gaussian
    dof: Float[Array, ""]

    def __init__(self, row: Float[ArrayLike, " n"], dof: ArrayLike):
        self.gaussian = Gaussian(row)
        self.dof = positive("dof", dof, (), self.gaussian.row.dtype)
        seen = concrete(self.dof)
        if seen is not None and seen <= 2:
            raise ValueError(f"dof must be more than 2, or a pixel has no variance, got {float(seen)}")

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.gaussian.n

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """A Gaussian signal over a common random length."""
        direction, length = jax.random.split(key)
        V = 2 * jax.random.gamma(length, self.dof / 2, (signals("count", count), 1))
        return jnp.sqrt((self.dof - 2) / V) * self.gaussian.sample(direction, count)

    def correlation(self) -> Float[Array, " n"]:
        """``row``."""
        return self.gaussian.row

    def kurtosis(self) -> Float[Array, ""]:
        """6/(ν − 4), infinite for ν <= 4."""
        return jnp.where(self.dof > 4, 6 / jnp.where(self.dof > 4, self.dof - 4, 1), jnp.inf)

    def elliptical(self) -> Float[Array, ""] | float:
        """2 √((ν − 2)/π) Γ((ν + 1)/2) / ((ν − 1) Γ(ν/2))."""
        seen = concrete(self.dof)
        # A number at hand is worked on in float64, also where JAX has single precision.
        return _mean_size(self.dof) if seen is None else _mean_size(float(seen))

    def maker(self) -> Maker:
        """A Gaussian signal, and one more coordinate for its length."""
        n, gaussian = self.gaussian.maker()
        dof = float(self.dof)

        def signals(u: Float[np.ndarray, "count m"]) -> Float[np.ndarray, "count n"]:
            length = np.sqrt((dof - 2) / (2 * gammaincinv(dof / 2, u[:, n:])))
            return length * gaussian(u[:, :n])

        return Maker(n + 1, signals)


class Shell(Law):
    """X = √n Σ^{1/2} U with U uniform on the unit sphere of R^n: every signal has Xᵀ Σ^{−1} X = n.

    ValueError: ``row`` no correlation.
    """

    gaussian: Gaussian

    def __init__(self, row: Float[ArrayLike, " n"]):
        self.gaussian = Gaussian(row)

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.gaussian.n

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """Σ^{1/2} times white noise brought to the length √n."""
        noise = jax.random.normal(key, (signals("count", count), self.n))
        noise *= jnp.sqrt(self.n) / jnp.linalg.norm(noise, axis=1, keepdims=True)
        return noise @ ring.root(self.gaussian.row)

    def correlation(self) -> Float[Array, " n"]:
        """``row``."""
        return self.gaussian.row

    def kurtosis(self) -> Float[Array, ""]:
        """−6/(n + 2): E[(a·U)⁴] = 3/(n(n + 2)) for every unit vector a, and a pixel is n^{1/2} a·U."""
        return jnp.asarray(-6 / (self.n + 2))

    def elliptical(self) -> float:
        """√(n/π) Γ(n/2)/Γ((n + 1)/2)."""
        return math.sqrt(self.n / math.pi) / half_step(self.n / 2)

    def maker(self) -> Maker:
        """Normal quantiles brought to the length √n, then Σ^{1/2}."""
        root = np.asarray(ring.root(self.gaussian.row), float)

        def signals(u: Float[np.ndarray, "count n"]) -> Float[np.ndarray, "count n"]:
            noise = ndtri(u)
            return math.sqrt(self.n) * noise / np.linalg.norm(noise, axis=1, keepdims=True) @ root

        return Maker(self.n, signals)


def _mean_size(dof: Number) -> Number:
    return 2 * ((dof - 2) / math.pi) ** 0.5 * half_step(dof / 2) / (dof - 1)
