"""Seed 002, the claims on the kernel, by exact fractions where a sign counts."""

from fractions import Fraction

import numpy as np
import sympy as sp

from nmn import product
from nmn.product.kernel import series

POINTS = [(1, 2), (-1, -2), (2, 4), (0, 1), (3, -1), (1, 1)]


def _gram(points: list[tuple[int, ...]], bias: int = 0) -> sp.Matrix:
    def value(x: tuple[int, ...], y: tuple[int, ...]) -> sp.Rational:
        dot, far = (
            sum(p * q for p, q in zip(x, y, strict=True)),
            sum((p - q) ** 2 for p, q in zip(x, y, strict=True)),
        )
        whole = Fraction((dot + bias) ** 2) / (far + Fraction(1, 3))
        return sp.Rational(whole.numerator, whole.denominator)

    return sp.Matrix([[value(x, y) for y in points] for x in points])


def test_m_positive_semidefinite() -> None:
    assert _gram(POINTS).is_positive_definite and _gram(POINTS, 2).is_positive_definite
    np.testing.assert_allclose(
        product.gram(np.array(POINTS, float), eps=1 / 3), np.array(_gram(POINTS), float), rtol=1e-5
    )
    # With the point 0, or a point twice, it is semidefinite and no more; a negative bias breaks it.
    for more in ((0, 0), (1, 2)):
        whole = _gram([*POINTS, more])
        assert whole.is_positive_semidefinite and whole.rank() == len(POINTS)
    assert not _gram([(1, 0), (0, 0)], -1).is_positive_semidefinite


def test_m_feature_space() -> None:
    """On the sphere the features are x^⊗(n+2) with weights 2^n / (2 + ε)^(n+1): written out, they give ⵟ."""
    angle = np.linspace(0.1, 2.9, 7)
    x = np.c_[np.cos(angle), np.sin(angle)]
    power, features = np.einsum("ni,nj->nij", x, x).reshape(7, -1), []
    for n in range(11):
        features.append(power * np.sqrt(2.0**n / 4.0 ** (n + 1)))
        power = np.einsum("ni,nj->nij", power, x).reshape(7, -1)
    table = np.concatenate(features, 1)
    np.testing.assert_allclose(table @ table.T, series(x, x, 11, eps=2.0), atol=1e-5)
    np.testing.assert_allclose(table @ table.T, product.gram(x, eps=2.0), atol=1e-3)
    # No finite space is enough: the rank of the Gram matrix is the number of points.
    assert all(_gram([(k, 1) for k in range(size)]).rank() == size for size in (2, 5, 8))


def test_m_kernel_theory() -> None:
    """f = Σ c_i K(x_i, ·) has f(x)² ≤ ‖f‖² K(x, x) with ‖f‖² = cᵀKc; f = K(x, ·) reaches it."""
    rng = np.random.default_rng(0)
    whole = np.array(_gram(POINTS), float)
    for c in rng.normal(size=(200, len(POINTS))):
        assert np.all((whole @ c) ** 2 <= (c @ whole @ c) * np.diag(whole) * (1 + 1e-9))
    for c in np.eye(len(POINTS)):
        share = (whole @ c) ** 2 / ((c @ whole @ c) * np.diag(whole))
        np.testing.assert_allclose(share.max(), 1)


def test_m_eli5_fits_everything() -> None:
    """Not invariant under shifts, no finite features, and all functions of its space are 0 at the origin."""
    there = _gram([(0, 0), (1, 0)])
    shifted = _gram([(1, 0), (2, 0)])
    assert there != shifted
    assert there.row(0) == sp.zeros(1, 2) and shifted.row(0) != sp.zeros(1, 2)
    assert _gram([(k, 1) for k in range(8)]).rank() == 8
    # What asks for positive semidefiniteness alone is served: a fit through any values.
    y = sp.Matrix(range(len(POINTS)))
    assert _gram(POINTS) * _gram(POINTS).LUsolve(y) == y
