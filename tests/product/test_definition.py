"""Long vectors: squares that no float holds stand between inputs and a value that it holds."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.layers import Dense
from nmn.product import grad_w, grad_x, gram, pairwise, yat
from nmn.product.definition import long

pytestmark = pytest.mark.usefixtures("float32")

# Pairs (w, x) of which one is long or both are; their values, seen from float64, fit into a float32.
RNG = np.random.default_rng(5)
SIZES = [(1e19, 1.0), (1.0, 1e19), (3e38, 1.0), (1e25, 1e12), (1e30, 1e3), (1e-10, 2e37), (3e19, 4e18)]
PAIRS = [tuple(np.float32(size * RNG.normal(size=3) / 4) for size in sizes) for sizes in SIZES]
EPS, BIAS = np.float32(0.5), np.float32(2.0)


def exactly(w, x, eps=EPS, bias=BIAS):
    """Value, its slopes along w and x, in float64."""
    w, x, eps, bias = (np.asarray(a, np.float64) for a in (w, x, eps, bias))
    s, D = w @ x + bias, np.sum((x - w) ** 2) + eps
    q = s / D
    return s * q, 2 * q * (x - q * (w - x)), 2 * q * (w - q * (x - w))


def near(found, true):
    # Below the smallest number of full precision a float32 holds zero.
    np.testing.assert_allclose(found, true, rtol=1e-5, atol=1e-6 * np.max(np.abs(true)) + 2e-38)


def test_finite_inputs_with_a_finite_value_do_not_overflow() -> None:
    assert yat([3e19], [1.0]) == 1.0
    assert yat([1.0], [3e38]) == 1.0
    np.testing.assert_allclose(pairwise([[3e19, 0.0]], [[1.0, 0.0]]), 1.0)
    assert np.isinf(pairwise([[3e19, 0.0]], [[3e19, 1.0]]))  # 10⁷⁸ is more than a float32 holds
    assert yat([1e25, 1e25], [1e25, -1e25]) == 0  # at right angles
    # An ε that counts beside the length is made smaller as often as the square.
    assert yat([2.0**34], [2.0**34], eps=2.0**68) == 2.0**68
    assert pairwise([[2.0**34]], [[2.0**34]], eps=2.0**68)[0, 0] == 2.0**68
    # With a bias that cancels at the prototype itself, nothing is left of either.
    assert yat([2.0**40], [2.0**40], bias=-(2.0**80)) == 0


@pytest.mark.parametrize(("w", "x"), PAIRS)
def test_values_and_gradients_of_long_vectors(w: np.ndarray, x: np.ndarray) -> None:
    value, by_w, by_x = exactly(w, x)
    assert np.all(np.abs(np.concatenate([[value], by_w, by_x])) < 3e38)
    near(yat(w, x, eps=EPS, bias=BIAS), value)
    near(grad_w(w, x, eps=EPS, bias=BIAS), by_w)
    near(grad_x(w, x, eps=EPS, bias=BIAS), by_x)
    found = jax.grad(lambda *pair: yat(*pair, eps=EPS, bias=BIAS), (0, 1))(w, x)
    near(found[0], by_w)
    near(found[1], by_x)


@pytest.mark.parametrize(("w", "x"), PAIRS)
def test_a_batch_with_one_long_row(w: np.ndarray, x: np.ndarray) -> None:
    rows, units = np.stack([x, np.float32([1, 2, 3])]), w[None]

    def batch(rows, units, eps, bias):
        return pairwise(rows, units, eps=eps, bias=bias)

    true = [exactly(w, row) for row in rows]
    given = (rows, units, EPS, BIAS)
    found, back = jax.vjp(batch, *given)
    near(found[0], true[0][0])
    near(found[1], true[1][0])
    for number, (_, by_w, by_x) in enumerate(true):
        by_rows, by_units, by_eps, by_bias = back(jnp.zeros((2, 1)).at[number].set(1))
        near(by_rows[number], by_x)
        near(by_units[0], by_w)
        s, D = np.float64(w) @ rows[number] + BIAS, np.sum((np.float64(w) - rows[number]) ** 2) + EPS
        near(by_eps, -((s / D) ** 2))
        near(by_bias, 2 * s / D)
        # Along the unit vectors the change is the slope.
        for k, unit in enumerate(np.eye(3, dtype=np.float32)):
            move = np.zeros_like(rows)
            move[number] = unit
            _, change = jax.jvp(lambda rows: batch(rows, units, EPS, BIAS), (rows,), (move,))
            atol = 1e-5 * np.max(np.abs(by_x)) + 2e-38
            np.testing.assert_allclose(change[number, 0], by_x[k], rtol=1e-4, atol=atol)


def test_where_scaling_begins_nothing_jumps() -> None:
    edge = np.float32(long(jnp.float32))
    direction = np.float32([0.3, -0.7, 1.0])
    other = np.float32([0.5, 1.0, -2.0])
    sides = [np.float32(edge * factor) * direction for factor in (0.999, 1.0, 1.001, 1.999, 2.001)]
    for row in sides:
        near(yat(other, row, eps=EPS, bias=BIAS), exactly(other, row)[0])
        near(pairwise(row[None], other[None], eps=EPS, bias=BIAS)[0, 0], exactly(other, row)[0])


def test_layers_and_gram_take_long_rows_too() -> None:
    layer = Dense(3, 2, key=jax.random.key(0))
    row = np.float32([1e25, -2e24, 3e20])
    scale = layer(row) / jnp.stack([yat(w, row, eps=layer.eps) for w in layer.weight])
    np.testing.assert_allclose(scale, scale[0], rtol=1e-5)
    assert np.isfinite(scale).all()
    rows = np.float32([[1e20, 0], [3, 4]])
    np.testing.assert_allclose(gram(rows)[0, 1], 9.0, rtol=1e-6)
