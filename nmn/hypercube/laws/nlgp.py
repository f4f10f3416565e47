"""The nonlinear Gaussian process: a Gaussian signal pushed towards ±1, pixel by pixel."""

from typing import cast

from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import constant
from nmn.hypercube import ring
from nmn.hypercube.laws.copula import Copula, Erf


class NLGP(Copula):
    """X_i = erf(g Z_i)/√𝒵 with Z ~ N(0, Σ) and 𝒵 = (2/π) arcsin(2g²/(1 + 2g²)), so that Var X_i = 1.

    For g → 0 it tends to Z; ``gain=inf`` is the sign of Z, on the corners of the cube; g = 1/√2 is uniform
    pixels. The same as ``Copula(row, Erf(gain))``.
    ValueError: g < 1e-9 (for the limit 0 use ``Gaussian``), NaN, ``row`` no correlation.
    Source: 003, equation (7); Ingrosso and Goldt 2022.
    """

    def __init__(self, row: Float[ArrayLike, " n"], gain: ArrayLike):
        row = ring.valid_correlation(row)
        super().__init__(row, Erf(constant("gain", gain, (), row.dtype)))

    @property
    def gain(self) -> Float[Array, ""]:
        """g."""
        return cast(Erf, self.marginal).gain
