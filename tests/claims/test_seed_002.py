"""Seed 002, the guarantees: the claims that the chapters on the ⵟ-product and on stable learning settle."""

import jax
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


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("eps", [1e-3, 0.1, 10.0])
def test_m_stable_gradient(eps: float) -> None:
    rho = np.linalg.norm(W)
    k = 10.0 ** np.linspace(np.log10(6 * rho), 7, 60)[:, None, None]
    size = np.linalg.norm(
        product.grad_x(W, k * _direction(np.random.default_rng(5), 3, 300), eps=eps), axis=-1
    )
    # Below a bound that tends to 0, in all directions at once, whatever ε is; and no faster bound holds.
    assert np.all(size <= 2 * rho**2 / k[..., 0])
    slanted = (W / rho + np.array([2.0, 1.5, 0.0]) / 2.5) / np.sqrt(2)
    far = np.linalg.norm(product.grad_x(W, 1e6 * slanted, eps=eps))
    assert far * 1e6 == pytest.approx(rho**2, rel=1e-4)


def _steepest(w: np.ndarray, eps: float) -> np.ndarray:
    """Where ⵟ is steepest: on the line through w, as the proof of the constant finds it."""
    beta = np.arctan(np.sqrt(eps) / np.linalg.norm(w))
    return w * (1 + np.sqrt(eps) * np.tan((2 * beta - np.pi / 2) / 3) / np.linalg.norm(w))


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("eps", [1e-3, 0.1, 10.0])
def test_m_lipschitz(eps: float) -> None:
    rng, best = np.random.default_rng(6), float(product.lipschitz(W, eps=eps))
    x = W + np.sqrt(eps) * np.tan(rng.uniform(-1.5, 1.5, size=(4000, 1))) * _direction(rng, 3, 4000)
    y = x + 10.0 ** rng.uniform(-4, 2, size=(4000, 1)) * _direction(rng, 3, 4000)
    change = np.abs(product.yat(W, x, eps=eps) - product.yat(W, y, eps=eps))
    assert np.all(change <= best * np.linalg.norm(x - y, axis=1) * (1 + 1e-9))
    # It is attained, so nothing smaller serves; and a longer w needs more, without end.
    assert np.linalg.norm(product.grad_x(W, _steepest(W, eps), eps=eps)) == pytest.approx(best, rel=1e-9)
    more = [float(product.lipschitz(k * W, eps=eps)) for k in (1e3, 1e4)]
    assert more[1] / more[0] == pytest.approx(1e4, rel=1e-2)
    assert more[1] == pytest.approx(3 * np.sqrt(3) / 8 * (1e8 * W @ W) ** 2 * eps**-1.5, rel=1e-2)


@pytest.mark.usefixtures("float64")
def test_m_small_change() -> None:
    w, eps = np.array([0.6, -0.8]), 1e-5
    assert float(product.lipschitz(w, eps=eps)) == pytest.approx(2.06e7, rel=2e-3)
    x = _steepest(w, eps)
    assert np.abs(product.yat(w, x + 1e-7 * w, eps=eps) - product.yat(w, x, eps=eps)) > 2


LETTERS = sp.symbols("w0 w1 x0 x1", real=True)
QUOTIENT = (LETTERS[0] * LETTERS[2] + LETTERS[1] * LETTERS[3]) ** 2 / (
    (LETTERS[0] - LETTERS[2]) ** 2 + (LETTERS[1] - LETTERS[3]) ** 2 + sp.Rational(1, 10)
)
"""ⵟ(w, x) in the plane at ε = 1/10: polynomials, and a denominator that is never below ε."""
POINTS = np.array(
    [[0.5, -1.0, 0.5, -1.0], [0.5, -1.0, 0.75, -0.5], [0.0, 0.0, 0.0, 0.0], [2.0, 0.0, -1.0, 3.0]]
)


def _joint(at: np.ndarray) -> jax.Array:
    return product.yat(at[:2], at[2:], eps=0.1)


@pytest.mark.usefixtures("float64")
def test_m_smooth_jointly() -> None:
    """Along lines on which both arguments move, every derivative up to the fifth is the quotient's."""
    way, t = np.array([1.0, 0.5, -0.25, 2.0]), sp.Symbol("t", real=True)
    for point in POINTS:
        line = {
            one: sp.nsimplify(p) + t * sp.nsimplify(v) for one, p, v in zip(LETTERS, point, way, strict=True)
        }
        exact = sp.together(QUOTIENT.subs(line, simultaneous=True))
        assert sp.Poly(sp.denom(exact), t).count_roots() == 0

        def value(t: float, point: np.ndarray = point) -> jax.Array:
            return _joint(point + t * way)

        for _ in range(5):
            exact, value = sp.diff(exact, t), jax.jacfwd(value)
            assert float(value(0.0)) == pytest.approx(float(exact.subs(t, 0)), rel=1e-8, abs=1e-8)


@pytest.mark.usefixtures("float64")
def test_m_all_partial_derivatives() -> None:
    """All of order three are the quotient's, in any order, and continuous, also at x = w."""
    third = jax.jit(jax.jacfwd(jax.hessian(_joint)))
    exact = sp.lambdify(
        LETTERS, [[[sp.diff(QUOTIENT, a, b, c) for c in LETTERS] for b in LETTERS] for a in LETTERS]
    )
    for point in POINTS:
        found = np.asarray(third(point))
        np.testing.assert_allclose(found, exact(*point), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found, found.transpose(2, 0, 1), rtol=1e-9, atol=1e-9)
        near = np.asarray(third(point + 1e-7))
        np.testing.assert_allclose(near, found, atol=1e-4 * max(1, np.abs(found).max()))


def _teaching(k: float, u: np.ndarray) -> np.ndarray:
    """‖∇_w ⵟ‖ at k u."""
    return np.linalg.norm(product.grad_w(W, k * u, eps=EPS), axis=-1)


@pytest.mark.usefixtures("float64")
def test_m_gradient_localization() -> None:
    u = _direction(np.random.default_rng(7), 3, 300)
    cosine = np.abs(u @ W) / np.linalg.norm(W)
    np.testing.assert_allclose(_teaching(1e7, u), 2 * np.linalg.norm(W) * cosine, atol=1e-4)
    # The one that does vanish is another gradient.
    assert np.linalg.norm(product.grad_x(W, 1e7 * u, eps=EPS), axis=-1).max() < 1e-5


@pytest.mark.usefixtures("float64")
def test_m_focus_on_nearby() -> None:
    rho, across = np.linalg.norm(W), np.array([2.0, 1.5, 0.0]) / 2.5
    # Near, on the plane w·x = 0, nothing is learned; a million away along w, almost the most there is.
    assert max(_teaching(1e-3, across), _teaching(1.0, across)) < 1e-12
    assert _teaching(1e6, W / rho) == pytest.approx(2 * rho, rel=1e-4)
