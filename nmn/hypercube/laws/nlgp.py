"""The nonlinear Gaussian process: a Gaussian signal pushed towards ±1, pixel by pixel."""

import jax.numpy as jnp
from jax.scipy.special import erf
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import concrete, constant
from nmn.hypercube.laws.base import Law
from nmn.hypercube.laws.elliptical import Gaussian
from nmn.hypercube.laws.quadrature import half_line


class NLGP(Law):
    """X_i = erf(g Z_i)/√𝒵 with Z ~ N(0, Σ) and 𝒵 = (2/π) arcsin(2g²/(1 + 2g²)), so that Var X_i = 1.

    For g → 0 it tends to Z; ``gain=inf`` is the sign of Z, on the corners of the cube.
    ValueError: g <= 0 (for the limit 0 use ``Gaussian``), NaN, ``row`` no correlation.
    Source: seed 003, equation (7); Ingrosso and Goldt 2022.
    """

    gaussian: Gaussian
    gain: Float[Array, ""]

    def __init__(self, row: Float[ArrayLike, " n"], gain: ArrayLike):
        self.gaussian = Gaussian(row)
        self.gain = constant("gain", gain, (), self.gaussian.row.dtype)
        seen = concrete(self.gain)
        if seen is not None and not seen > 0:
            raise ValueError(f"gain must be > 0, inf included, got {gain!r}")

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.gaussian.n

    def _saturation(self) -> Float[Array, ""]:
        """2g²/(1 + 2g²), in a form that holds at g = ∞."""
        return 1 / (1 + 1 / (2 * self.gain**2))

    def pixel(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        # A float32 z is exactly 0 now and then, and inf · 0 is NaN: either sign will do there.
        z = jnp.where((z == 0) & jnp.isinf(self.gain), 1.0, z)
        return erf(self.gain * z) / jnp.sqrt(2 / jnp.pi * jnp.arcsin(self._saturation()))

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """A Gaussian signal, pixel by pixel through the error function."""
        return self.pixel(self.gaussian.sample(key, count))

    def correlation(self) -> Float[Array, " n"]:
        """arcsin(s c_k)/arcsin(s) with s = 2g²/(1 + 2g²) and c_k the correlation of Z: not that of Z."""
        s = self._saturation()
        return (jnp.arcsin(s * self.gaussian.row) / jnp.arcsin(s)).at[0].set(1.0)

    def kurtosis(self) -> Float[Array, ""]:
        """E[X⁴] − 3 by quadrature in one dimension; −2 at g = ∞."""
        z, weight = half_line(self.gain)
        return jnp.sum(weight * self.pixel(z) ** 4) - 3
