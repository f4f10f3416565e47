"""Elliptical signals X = R Σ^{1/2} U: a Gaussian, Student's t, and the uniform law on an ellipsoid's shell.

They differ only in the length R, so f(w) = E[1(w·X >= 0) X] points along Σ w for all of them.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import concrete, positive
from nmn.hypercube import ring
from nmn.hypercube.laws.base import Law, signals


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
