"""What every law of a signal on the ring can do, and what some know of themselves beyond that."""

import abc
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import concrete, whole
from nmn.hypercube import ring
from nmn.hypercube.laws.answers import SIGNS, Levels, Maker, keep_own, owns

ANSWERS = ("is_sign", "elliptical", "levels", "bonds", "log_probability", "sizes", "maker")
"""What a law may say of itself by methods that answer None in ``Law``."""


class Law(eqx.Module):
    """A translation-invariant law of a signal X in R^n with X and −X alike, each pixel of variance 1.

    A law of one's own states ``n``, ``sample``, ``correlation`` and ``kurtosis``, and is served by all that
    samples. What it knows beyond that it says by the methods that answer None here; whoever computes asks
    these, and never for a class's name. Who subclasses a law that knows more and draws other signals (its own
    ``sample``) inherits none of those answers, since they are another law's; ``correlation`` and ``kurtosis``
    are inherited, and to be stated again where they differ.

    >>> class Pair(laws.Law):                       # all pixels ±1, as one coin falls
    ...     n: int = 2
    ...     def sample(self, key, count):
    ...         return jnp.tile(jax.random.rademacher(key, (count, 1), float), self.n)
    ...     def correlation(self):
    ...         return jnp.ones(self.n)
    ...     def kurtosis(self):
    ...         return -2.0
    >>> field([2.0, 1.0], Pair()).value
    array([0.5, 0.5])
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        keep_own(cls, Law, "sample", ANSWERS)

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

    def spectrum(self) -> Float[np.ndarray, " n"]:
        """The eigenvalues of Cov X in the order of ``numpy.fft.fft``, in float64, none below 0."""
        return np.maximum(np.fft.fft(np.asarray(self.correlation(), float)).real, 0)

    def is_sign(self) -> bool:
        """Whether every pixel is −1 or 1: E X⁴ = 1 where E X² = 1 says that X² is 1.

        Not by a ``kurtosis`` that is inherited from a law of other signals.
        """
        if not owns(type(self), "kurtosis", "sample"):
            return False
        # What holds no traced number is known inside ``jit``, too.
        with jax.ensure_compile_time_eval():
            seen = concrete(self.kurtosis())
        return seen is not None and bool(seen == -2)

    def elliptical(self) -> Float[Array, ""] | float | None:
        """E|X_0|, where X = R Σ^{1/2} U with U uniform on the sphere and R >= 0 independent of it."""
        return None

    def levels(self) -> Levels | None:
        """The values of a pixel and their chances, where it takes few, whole numbers on some scale."""
        return SIGNS if self.is_sign() else None

    def bonds(self) -> Float[np.ndarray, "a a"] | None:
        """The matrix of the bonds, where P(X = x) = Π_i bonds[x_i, x_{i+1}] / Z over ``levels``.

        Rows and columns in the order of ``levels``, on any scale, since Z takes that out.
        """
        return None

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"] | None:
        """log P(X = x) for x of ``levels``. ValueError: not ``n`` pixels along the last axis."""
        return None

    def sizes(self) -> tuple[Float[Array, " k"], Float[Array, " k"]] | None:
        """Sizes and chances with E h(X_0) = Σ chance h(size) for even h, h(0) = 0: a pixel, for ``response``.

        None also where the sum over the other pixels is far from Gaussian once X_0 is known.
        """
        levels = self.levels()
        return None if levels is None else levels.sizes()

    def maker(self) -> Maker | None:
        """How uniform points become signals."""
        return None


class CubeLaw(Law):
    """A law on the corners {−1, 1}^n with exact probabilities."""

    @abc.abstractmethod
    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        """log P(X = x) for corners x. Other points are not looked for: their value means nothing.

        ValueError: not ``n`` pixels along the last axis.
        """

    def kurtosis(self) -> Float[Array, ""]:
        """−2, the least there is."""
        return jnp.asarray(-2.0)

    def is_sign(self) -> bool:
        """True."""
        return True


def signals(name: str, count: int) -> int:
    """``count`` as a number of signals. ValueError, with ``name``: not a whole number >= 1."""
    return whole(name, count, "of signals")


def points(x: Float[ArrayLike, "*batch n"], n: int) -> Float[Array, "*batch n"]:
    """``x`` as an array. ValueError: not ``n`` pixels along its last axis."""
    x = jnp.asarray(x)
    if not x.ndim or x.shape[-1] != n:
        raise ValueError(f"x must have {n} pixels along its last axis, got shape {x.shape}")
    return x
