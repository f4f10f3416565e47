"""The landscape without a browser: its mathematics in node against nmn."""

import numpy as np
import pytest

from nmn import product
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")


def pairs(dimension: int, count: int = 300) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(w, x, eps): random over the whole range, then the cases where a formula breaks first."""
    rng = np.random.default_rng(dimension)

    def vector() -> np.ndarray:
        return rng.normal(size=dimension) * 10 ** rng.uniform(-3, 3)

    drawn = [(vector(), vector(), 10 ** rng.uniform(-6, 1)) for _ in range(count)]
    w = vector()
    across = np.roll(w, 1) * ([-1, 1] + [0] * (dimension - 2))[:dimension] if dimension > 1 else 0 * w
    near = w * (1 + 1e-9) + 1e-12
    special = [(w, w, 1e-6), (w, -w, 1e-6), (0 * w, w, 0.1), (w, 0 * w, 0.1), (0 * w, 0 * w, 1.0)]
    return drawn + special + [(w, across, 1e-6), (w, near, 1e-6), (w * 1e-3, w * 1e3, 1e-6)]


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_landscape_shows_the_product_and_its_gradients(dimension):
    cases = pairs(dimension)
    shown = node("landscape", "([w, x, eps]) => field(w, x, eps)", [[*map(list, c[:2]), c[2]] for c in cases])
    for (w, x, eps), js in zip(cases, shown, strict=True):
        gap = float(np.linalg.norm(x - w))
        q = float(np.abs(w) @ np.abs(x)) / (gap**2 + eps)
        assert abs(js["value"] - float(product.yat(w, x, eps=eps))) <= 1e-6 * q * float(np.abs(w) @ np.abs(x))
        for key, true, other in (("gradX", product.grad_x, w), ("gradW", product.grad_w, x)):
            scale = 2 * q * (float(np.linalg.norm(other)) + q * gap)
            error = np.linalg.norm(np.array(js[key]) - np.asarray(true(w, x, eps=eps)))
            assert error <= 1e-6 * scale, (key, w, x, eps)
        assert js["supremum"] == pytest.approx(float(product.supremum(w, eps=eps)), rel=1e-6)


def test_the_mean_arrow_at_the_edge_is_the_mean_gradient_there():
    rng = np.random.default_rng(0)
    cases = [[list(rng.uniform(-3, 3, 2)), float(10 ** rng.uniform(-2, 0.6))] for _ in range(20)]
    expression = "([w, eps]) => [edge(w, eps, gradX), edge(w, eps, gradW)]"
    turn = np.deg2rad(np.arange(360))
    rim = np.stack([np.cos(turn), np.sin(turn)], -1)
    rim *= 6 / np.max(np.abs(rim), -1, keepdims=True)
    for (w, eps), js in zip(cases, node("landscape", expression, cases), strict=True):
        for found, gradient in zip(js, (product.grad_x, product.grad_w), strict=True):
            mean = np.linalg.norm(gradient(np.array(w), rim, eps=eps), axis=-1).mean()
            assert found == pytest.approx(float(mean), rel=1e-6)
