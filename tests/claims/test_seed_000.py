"""Seeds 000 and 001, stable learning: what the chapter on both gradients settles, one test a claim."""

import jax
import numpy as np
import pytest
import sympy as sp

from nmn import product

W, EPS = np.array([1.5, -2.0, 0.5]), 0.1
RHO = float(np.linalg.norm(W))


pytestmark = pytest.mark.usefixtures("float64")


def _directions(n: int, seed: int = 0, d: int = 3) -> np.ndarray:
    u = np.random.default_rng(seed).normal(size=(n, d))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)


def _linear(w, x):
    return w @ x


def _relu(w, x):
    return jax.nn.relu(w @ x)


def test_g_eli5_far_feedback() -> None:
    u = _directions(200)
    nudge = _length(product.grad_x(W, 1e6 * u, eps=EPS))
    lesson = _length(product.grad_w(W, 1e6 * u, eps=EPS))
    assert nudge.max() < 1e-4
    np.testing.assert_allclose(lesson, 2 * np.abs(u @ W), atol=1e-4)


def test_g_eli5_only_nearby() -> None:
    x = _directions(5000, seed=1) * 10.0 ** np.random.default_rng(1).uniform(-1, 8, size=(5000, 1))
    assert np.all(_length(product.grad_w(W, x, eps=EPS)) > 0)
    sideways = x - (x @ W)[:, None] * W / RHO**2
    assert np.all(_length(product.grad_w(W, sideways, eps=EPS)) < 1e-12 * _length(x) ** 2)
    half = (1 + np.array([1, -1]) * np.sqrt(1 - 4 * EPS / RHO**2)) / 2
    np.testing.assert_allclose(product.grad_w(W, half[:, None] * W, eps=EPS), 0, atol=1e-12)
    # With a bias, the points on the line are the roots of the cubic in the proof.
    b = 0.3
    roots = np.roots([RHO**2, -(RHO**2), b + EPS, -b])
    real = roots[np.abs(roots.imag) < 1e-12].real
    assert 1 <= len(real) <= 3
    np.testing.assert_allclose(product.grad_w(W, real[:, None] * W, eps=EPS, bias=b), 0, atol=1e-9)


def test_g_linear_constant() -> None:
    near, far = W + 0.1, 1e6 * (W + 0.1)
    np.testing.assert_array_equal(jax.grad(_linear, 1)(W, near), jax.grad(_linear, 1)(W, far))
    assert _length(jax.grad(_linear)(W, far)) == pytest.approx(1e6 * _length(jax.grad(_linear)(W, near)))


def test_g_relu_binary() -> None:
    in_x, in_w = jax.grad(_relu, 1), jax.grad(_relu)
    for k in (1.0, 1e6):
        np.testing.assert_array_equal(in_x(W, k * W), W)
        np.testing.assert_array_equal(in_w(W, k * W), k * W)
        assert not in_x(W, -k * W).any() and not in_w(W, -k * W).any()


def test_g_every_example_every_weight() -> None:
    x = _directions(2000, seed=2)
    moved = _length(jax.vmap(jax.grad(_relu), (None, 0))(W, x)) > 0
    assert 0.4 < moved.mean() < 0.6
    assert np.all(_length(product.grad_w(W, x, eps=EPS)) > 0)


def test_g_limit() -> None:
    """The bound of the proof holds everywhere, tends to 0, and rests on an identity."""
    s0, eps, D, rho2 = sp.symbols("s0 epsilon D rho2", positive=True)
    g2 = rho2 - 2 * s0 * s0 / D + (s0 / D) ** 2 * (D - eps)
    assert sp.expand(g2 - (rho2 - s0**2 / D - eps * s0**2 / D**2)) == 0
    x = W + _directions(5000, seed=3) * 10.0 ** np.random.default_rng(3).uniform(-3, 7, size=(5000, 1))
    for bias in (-40.0, -(RHO**2), 0.0, 3.0):
        m, R = RHO**2 + bias, np.sqrt(_length(x - W) ** 2 + EPS)
        bound = RHO**2 / R + 2 * np.sqrt(2) * RHO * abs(m) / R**2 + 2 * m**2 / R**3
        size = _length(product.grad_x(W, x, eps=EPS, bias=bias))
        assert np.all(size <= bound * (1 + 1e-12))
        assert size[R > 1e6].max() < 2e-5


def test_g_rate() -> None:
    u = _directions(300, seed=4)
    cosine = u @ W / RHO
    constant = RHO**2 * 2 * np.abs(cosine) * np.sqrt(1 - cosine**2)
    np.testing.assert_allclose(1e7 * _length(product.grad_x(W, 1e7 * u, eps=EPS)), constant, atol=1e-4)
    along = _length(product.grad_x(W, np.array([[1e3], [-1e3]]) * W / RHO, eps=EPS))
    np.testing.assert_allclose(along * 1e6, 2 * RHO**3, rtol=2e-2)
    assert not np.any(product.grad_x(W, [2e3, 1.5e3, 0.0], eps=EPS))


def test_g_growth_argument() -> None:
    """Both terms have order 1 in every slanted direction; along w their difference has order 2."""

    def orders(u: np.ndarray) -> np.ndarray:
        sizes = []
        for k in (1e3, 1e5):
            q = W @ (k * u) / (_length(k * u - W) ** 2 + EPS)
            first, second = 2 * q * W, 2 * q**2 * (k * u - W)
            sizes.append(_length(np.stack([first, second, first - second])))
        return np.log10(sizes[0] / sizes[1]) / 2

    np.testing.assert_allclose(orders(np.array([1.0, 0.0, 0.0])), [1, 1, 1], atol=0.01)
    np.testing.assert_allclose(orders(W / RHO), [1, 1, 2], atol=0.01)


def _owner(x: np.ndarray, w: np.ndarray, eps: float) -> np.ndarray:
    return np.argmax(product.pairwise(x, w, eps=eps), axis=1)


def test_g_territory() -> None:
    w = np.array([[1.0, 0.0], [2.0, 1.0], [0.5, 0.4]])
    u = _directions(2000, seed=5, d=2)
    far = _owner(1e7 * u, w, EPS)
    np.testing.assert_array_equal(far, np.argmax(np.abs(u @ w.T), axis=1))
    np.testing.assert_array_equal(far, _owner(-1e7 * u, w, EPS))
    assert 2 not in far and 0 in far  # the third lies in the hull of the others and their opposites
    assert _owner(1e7 * w[:1], w, EPS) == 1  # the far direction of the first belongs to the second
    gaps = _length(w[:, None] - w) ** 2 + np.eye(3) * 1e9
    enough = np.min(_length(w)[:, None] ** 2 * gaps / _length(w) ** 2)
    np.testing.assert_array_equal(_owner(w, w, 0.99 * enough), [0, 1, 2])


def test_g_only_nearby_contribute() -> None:
    x = _directions(4000, seed=6) * np.geomspace(1e3, 1e7, 4000)[:, None]
    assert _length(product.grad_w(W, x, eps=EPS)).max() < 2.1 * RHO  # above 2 rho: a bounded region
    ray = np.geomspace(1e3, 1e7, 50)[:, None] * W
    assert _length(product.grad_w(W, ray, eps=EPS)).min() > 1.9 * RHO  # below: out to infinity


def test_g_smooth() -> None:
    """Derivatives of high order exist and are those of the geometric series, at the scale of root eps."""
    t, eps = sp.symbols("t epsilon", positive=True)
    for j in range(6):
        derivative = sp.diff(1 / (t**2 + eps), t, 2 * j).subs(t, 0)
        assert sp.simplify(derivative - (-1) ** j * sp.factorial(2 * j) / eps ** (j + 1)) == 0
    across = np.array([2.0, 1.5, 0.0]) / 2.5

    def value(t: float) -> jax.Array:
        return product.yat(W, W + t * across, eps=EPS)

    for order in range(1, 5):
        value = jax.jacfwd(value)
        series = (-1) ** (order // 2) * sp.factorial(order) * RHO**4 / EPS ** (order // 2 + 1)
        expected = 0.0 if order % 2 else float(series)
        scale = float(sp.factorial(order)) * RHO**4 / EPS ** (order / 2 + 1)
        assert float(value(0.0)) == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


def test_g_lipschitz_gradient() -> None:
    rng = np.random.default_rng(7)
    x = W + np.sqrt(EPS) * np.tan(rng.uniform(-1.5, 1.5, size=(4000, 1))) * _directions(4000, seed=8)
    y = x + 10.0 ** rng.uniform(-4, 2, size=(4000, 1)) * _directions(4000, seed=9)
    constant = float(product.gradient_lipschitz(W, eps=EPS))
    change = _length(product.grad_x(W, x, eps=EPS) - product.grad_x(W, y, eps=EPS))
    assert np.all(change <= constant * _length(x - y) * (1 + 1e-9))
    beta = np.arctan(np.sqrt(EPS) / RHO)
    worst = W * (1 + np.sqrt(EPS) * np.tan(beta / 2) / RHO)
    hessian = jax.hessian(lambda x: product.yat(W, x, eps=EPS))(worst)
    assert np.abs(np.linalg.eigvalsh(hessian)).max() == pytest.approx(constant, rel=1e-9)
    assert float(product.gradient_lipschitz(100 * W, eps=EPS)) > 1e7 * constant  # none for all w


def test_g_optimization_guarantee() -> None:
    assert 1.9e10 < float(product.gradient_lipschitz([1.0], eps=1e-5)) < 2.1e10
    x, y = np.array([1.0, 0.5]), 0.7
    top, slope, curve = (
        float(f(x, eps=EPS)) for f in (product.supremum, product.lipschitz, product.gradient_lipschitz)
    )
    step = 1 / (slope**2 + max(y, top - y) * curve)

    def loss(a: float, w: np.ndarray) -> jax.Array:
        return 0.5 * (a * product.yat(w, x, eps=EPS) - y) ** 2

    w = x + _directions(50, seed=10, d=2) * np.geomspace(1e-3, 10, 50)[:, None]
    many = jax.jit(jax.vmap(jax.value_and_grad(loss, 1), (None, 0)))
    before, gradient = many(1.0, w)
    after, _ = many(1.0, w - step * gradient)
    assert np.all(after <= before * (1 + 1e-12) - step / 2 * np.sum(gradient**2, axis=1))
    curvature = [np.abs(jax.hessian(loss, 1)(a, x + 0.2)).max() for a in (1.0, 1e3)]
    assert curvature[1] > 1e5 * curvature[0]  # with an output weight a: no constant


def test_g_outlier_gradients_vanish() -> None:
    def loss(w: np.ndarray, x: np.ndarray, y: float) -> jax.Array:
        return 0.5 * (product.yat(w, x, eps=EPS) - y) ** 2

    u = _directions(20, seed=11)
    for y in (0.0, -3.0, 1e4):
        limit = (2 * ((u @ W) ** 2 - y) * (u @ W))[:, None] * u
        found = jax.vmap(jax.grad(loss), (None, 0, None))(W, 1e8 * u, y)
        np.testing.assert_allclose(found, limit, rtol=1e-5, atol=1e-5)


def test_g_spatial_awareness() -> None:
    k = np.geomspace(1.0, 1e6, 400)[:, None] * RHO
    u = np.array([0.6, -0.8, 0.0])
    volume = _length(product.grad_w(W, k * u, eps=EPS))
    assert volume.max() > 3 * RHO and k[volume > 3 * RHO].max() < 20 * RHO
    assert volume[-1] == pytest.approx(2 * abs(W @ u), rel=1e-4) and volume.min() > 0.9 * volume[-1]


def test_g_unlike_linear_relu() -> None:
    far, farther = 1e4 * W, 1e7 * W
    for neuron in (_linear, _relu):
        ratio = _length(jax.grad(neuron)(W, farther)) / _length(jax.grad(neuron)(W, far))
        assert ratio == pytest.approx(1e3)
    ours = [_length(product.grad_w(W, x, eps=EPS)) for x in (far, farther)]
    np.testing.assert_allclose(ours, 2 * RHO, rtol=1e-3)
