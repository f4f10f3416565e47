"""What every law of a signal on the ring can do."""

import abc

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from nmn.hypercube import ring


class Law(eqx.Module):
    """A translation-invariant law of a signal X in R^n with X and −X alike, each pixel of variance 1."""

    @property
    @abc.abstractmethod
    def n(self) -> int:
        """The number of pixels."""

    @abc.abstractmethod
    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """``count`` independent signals. ValueError: count no whole number >= 1."""

    @abc.abstractmethod
    def correlation(self) -> Float[Array, " n"]:
        """E[X_0 X_k] for k = 0 … n − 1, exact: the first row of the covariance."""

    @abc.abstractmethod
    def kurtosis(self) -> Float[Array, ""]:
        """The excess kurtosis E[X_0⁴] − 3 of one pixel: 0 for a Gaussian, −2 for a sign; may be infinite."""

    def covariance(self) -> Float[Array, "n n"]:
        """Cov X = E[X Xᵀ], a circulant matrix with ones on its diagonal."""
        return ring.circulant(self.correlation())


class CubeLaw(Law):
    """A law on the corners {−1, 1}^n with exact probabilities."""

    @abc.abstractmethod
    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """log P(X = x) for corners x. Other points are not looked for: their value means nothing."""

    def kurtosis(self) -> Float[Array, ""]:
        """−2, the least there is."""
        return jnp.asarray(-2.0)


def signals(name: str, count: int) -> int:
    """``count`` as a number of signals. ValueError, with ``name``: not a whole number >= 1."""
    if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < 1:
        raise ValueError(f"{name} must be a whole number of signals >= 1, got {count!r}")
    return int(count)
