"""How smooth a function on a grid is, and where it is not: seminorms, Bessel potential norms, error maps.

Arrays hold the values of a function at the points of a regular grid, one axis a dimension; all is computed
in float64, with NumPy.
"""

from nmn.regularity.bessel import bessel_norm
from nmn.regularity.box import box_norm
from nmn.regularity.differences import difference, modulus
from nmn.regularity.near import Split, split
from nmn.regularity.seminorms import holder, zygmund

__all__ = ["Split", "bessel_norm", "box_norm", "difference", "holder", "modulus", "split", "zygmund"]
