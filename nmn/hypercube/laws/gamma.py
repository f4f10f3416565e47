"""Γ(x + ½)/Γ(x), half a step of the gamma function: the mean lengths of elliptical signals."""

from fractions import Fraction
from typing import TypeVar

from jaxtyping import Array, Float

Number = TypeVar("Number", float, Float[Array, ""])

# Steps up from x, and the series of y^{−1/2} Γ(y + ¾)/Γ(y + ¼) in 1/y²: enough for float64.
_UP = 12
_SERIES = (
    Fraction(1),
    Fraction(1, 64),
    Fraction(-19, 8192),
    Fraction(631, 524288),
    Fraction(-174317, 134217728),
    Fraction(20491783, 8589934592),
)


def half_step(x: Number) -> Number:
    """Γ(x + ½)/Γ(x) for x >= ½, a number or a traced one; in float64 to 1e-15 of it.

    No logarithms of Γ, whose difference has few digits at a large x: with y = x − ¼ it is √y times a series
    in 1/y², and a small x is first brought up by Γ(x + 1) = x Γ(x). Source: Tricomi and Erdélyi 1951.
    """
    y = x + _UP - 0.25
    falls, series = y**0.5, 0 * y
    for i in range(_UP):
        falls = falls * ((x + i) / (x + i + 0.5))
    for coefficient in reversed(_SERIES):
        series = series / (y * y) + float(coefficient)
    return falls * series
