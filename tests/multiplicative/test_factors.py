"""Factors: their values, products of many in logarithms, slopes where others give NaN, integrals."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from nmn.multiplicative import Bump, Factor, Gaussian, Sigmoid, Tanh

VALUES = {
    Gaussian: lambda z: np.exp(-(z**2)),
    Sigmoid: lambda z: 1 / (1 + np.exp(-z)),
    Tanh: np.tanh,
    Bump: lambda z: np.exp(1 - 1 / (1 - z**2)) if abs(z) < 1 else 0.0,
}
POINTS = [-3.0, -1.0, -0.99, -0.3, 0.0, 0.5, 1.0, 2.0]


@pytest.mark.parametrize("kind", VALUES)
def test_values_and_products(kind: type[Factor]) -> None:
    sigma = kind()
    expected = np.array([VALUES[kind](z) for z in POINTS])
    np.testing.assert_allclose(sigma(jnp.array(POINTS)), expected, rtol=1e-5, atol=1e-12)
    rows = np.array([POINTS[:4], POINTS[4:], [0.1, -0.2, 0.3, 0.9]])
    products = [np.prod([VALUES[kind](z) for z in row]) for row in rows]
    np.testing.assert_allclose(sigma.product(jnp.array(rows)), products, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize("kind", VALUES)
def test_slopes_are_those_of_the_product(kind: type[Factor]) -> None:
    sigma, row = kind(), jnp.array([0.3, -0.6, 0.0, 0.95])
    found = jax.grad(sigma.product)(row)
    for k in range(4):
        h = 1e-4
        ends = [
            np.prod([VALUES[kind](z) for z in np.asarray(row, float) + sign * h * np.eye(4)[k]])
            for sign in (1, -1)
        ]
        assert found[k] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("z", [0.0, 1.0, -1.0, 40.0, -40.0])
def test_no_slope_is_lost_to_a_number_at_the_edge(kind: type[Factor], z: float) -> None:
    slope = jax.grad(kind().product)(jnp.array([z, 0.5]))
    assert np.isfinite(slope).all()
    assert (slope == 0).all() or kind is not Bump or abs(z) < 1


def test_a_thousand_factors_keep_their_digits() -> None:
    z = jnp.full(1000, 5.0)
    assert Sigmoid().product(z) == pytest.approx(np.exp(-1000 * np.log1p(np.exp(-5.0))), rel=1e-5)
    small = jnp.full(1000, 0.03)
    assert Gaussian().product(small) == pytest.approx(np.exp(-0.9), rel=1e-5)
    assert Bump().product(small) == pytest.approx(np.exp(-1000 * 0.0009 / 0.9991), rel=1e-5)


@pytest.mark.parametrize("kind", VALUES)
def test_the_integral_is_stated_where_there_is_one(kind: type[Factor]) -> None:
    said = kind().integral()
    if kind in (Sigmoid, Tanh):
        assert said is None
    else:
        ends = (-1, 1) if kind is Bump else (-12, 12)
        assert said == pytest.approx(quad(VALUES[kind], *ends)[0], rel=1e-9)
