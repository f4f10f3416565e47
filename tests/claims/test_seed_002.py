"""Seed 002, the guarantees: the claims on the size of ⵟ that the chapter on the ⵟ-product settles."""

import numpy as np
import pytest
import sympy as sp

from nmn import product

W = np.array([1.5, -2.0, 0.5])
EPS = 0.1


def _direction(rng: np.random.Generator, d: int, n: int) -> np.ndarray:
    u = rng.normal(size=(n, d))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def _gap_to_the_bound() -> sp.Expr:
    """(‖ω‖² − ⵟ_b) times the denominator, in the two variables t and r."""
    rho, m, t, r = sp.symbols("rho m t r", real=True)
    eps = sp.Symbol("epsilon", positive=True)
    top = rho**2 + m**2 / eps
    squares = (eps * rho - m * t) ** 2 / eps + top * r**2
    return sp.expand(top * (t**2 + r**2 + eps) - (rho * t + m) ** 2 - squares)


def test_m_symmetric() -> None:
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(2, 500, 4)) * 10.0 ** rng.uniform(-2, 2, size=(2, 500, 1))
    there, back = product.yat(w, x, eps=EPS, bias=0.7), product.yat(x, w, eps=EPS, bias=0.7)
    np.testing.assert_allclose(there, back, rtol=1e-5)


@pytest.mark.parametrize("eps", [1e-3, 0.1, 10.0])
def test_m_globally_bounded(eps: float) -> None:
    assert _gap_to_the_bound() == 0  # the bound minus ⵟ is a sum of two squares
    rng = np.random.default_rng(1)
    x = W + _direction(rng, 3, 4000) * 10.0 ** rng.uniform(-4, 6, size=(4000, 1))
    assert np.max(product.yat(W, x, eps=eps)) <= (W @ W + (W @ W) ** 2 / eps) * (1 + 1e-5)


def test_m_bounded_as_inputs_grow() -> None:
    u = _direction(np.random.default_rng(2), 3, 500)
    for k in (1e2, 1e4, 1e6):
        assert np.max(product.yat(W, k * u, eps=EPS)) <= (W @ W + (W @ W) ** 2 / EPS) * (1 + 1e-5)


def test_m_limit_exists() -> None:
    rho = np.linalg.norm(W)
    along, across = W / rho, np.array([2.0, 1.5, 0.0]) / 2.5
    assert abs(W @ across) < 1e-12
    # Two roads to infinity, two limits: ‖w‖² and 0.
    np.testing.assert_allclose(product.yat(W, 1e5 * along, eps=EPS), rho**2, rtol=1e-3)
    np.testing.assert_allclose(product.yat(W, 1e5 * across, eps=EPS), 0, atol=1e-3)
    # In one dimension, and only there, all roads agree.
    line = product.yat([2.0], [[1e6], [-1e6]], eps=EPS)
    np.testing.assert_allclose(line, 4, rtol=1e-4)


def test_m_limit_bound() -> None:
    u = _direction(np.random.default_rng(3), 3, 500)
    rho2, k = W @ W, 1e3
    gap = np.abs(np.asarray(product.yat(W, k * u, eps=EPS)) - (u @ W) ** 2)
    rate = 8 * rho2**1.5 / k + 4 * rho2 * (rho2 + EPS) / k**2
    assert np.max(gap) <= rate + 1e-5 * rho2  # the limit along u is (w·u)², never above ‖w‖²
    np.testing.assert_allclose(product.yat(W, [1e6 * W, -1e6 * W], eps=EPS), rho2, rtol=1e-4)
    # On the way there ⵟ does pass the limit: it is a bound of the far field only.
    assert product.yat(W, 10 * W, eps=EPS) > rho2


@pytest.mark.parametrize("eps", [0.01, 0.1, 10.0])
def test_m_maximum(eps: float) -> None:
    assert _gap_to_the_bound() == 0
    rho2 = W @ W
    claimed, true = rho2**2 / eps, rho2 + rho2**2 / eps
    peak = (1 + eps / rho2) * W
    np.testing.assert_allclose(product.yat(W, peak, eps=eps), true, rtol=1e-5)
    np.testing.assert_allclose(product.yat(W, W, eps=eps), claimed, rtol=1e-5)  # it is the value at w
    assert product.yat(W, peak, eps=eps) - product.yat(W, W, eps=eps) > 0.9 * rho2
    around = peak + np.random.default_rng(4).normal(size=(2000, 3)) * eps
    assert np.max(product.yat(W, around, eps=eps)) <= true * (1 + 1e-5)


def test_m_relu_unbounded() -> None:
    k = np.array([1e0, 1e2, 1e4])
    relu = np.maximum(k * (W @ W), 0)
    bound = W @ W + (W @ W) ** 2 / EPS
    assert relu[-1] > bound > np.max(product.yat(W, k[:, None] * W, eps=EPS))
    np.testing.assert_allclose(relu[1:] / relu[:-1], 100)  # grows with the input, for ever
