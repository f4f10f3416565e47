"""Laws of a signal on the ring: how it is drawn, and its exact covariance, kurtosis and probabilities."""

from nmn.hypercube.laws.answers import Levels, Maker
from nmn.hypercube.laws.base import CubeLaw, Law
from nmn.hypercube.laws.copula import Algebraic, Copula, Erf, Laplace, Marginal, Ternary, Uniform
from nmn.hypercube.laws.cube import IsingRing, UniformCube
from nmn.hypercube.laws.elliptical import Gaussian, Shell, Student
from nmn.hypercube.laws.nlgp import NLGP

__all__ = [
    "NLGP",
    "Algebraic",
    "Copula",
    "CubeLaw",
    "Erf",
    "Gaussian",
    "IsingRing",
    "Laplace",
    "Law",
    "Levels",
    "Maker",
    "Marginal",
    "Shell",
    "Student",
    "Ternary",
    "Uniform",
    "UniformCube",
]
