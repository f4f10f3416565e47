"""Product: its formula, its special cases, its use as a layer, where it is local and where not."""

import re
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.multiplicative import Bump, Gaussian, Product, Sigmoid, Tanh, quasi_interpolant

KEY = jax.random.key(0)
KINDS = (Gaussian, Bump, Sigmoid, Tanh)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("d", "factors"), [(1, 1), (3, 2), (2, 5)])
def test_formula(kind: type, d: int, factors: int) -> None:
    layer = Product(d, 4, factors=factors, factor=kind(), key=KEY)
    x = 0.3 * jax.random.normal(jax.random.key(1), (2, 6, d))
    z = np.einsum("ukd,abd->abuk", np.asarray(layer.weight, float), np.asarray(x, float)) + layer.bias
    true = np.prod(np.asarray(kind()(jnp.asarray(z))), -1)
    np.testing.assert_allclose(layer(x), true, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(jax.vmap(layer)(x[0]), true[0], rtol=1e-4, atol=1e-6)
    assert (layer.in_features, layer.out_features, layer.bias.shape) == (d, 4, (4, factors))


def test_as_many_gaussian_factors_as_coordinates_are_an_rbf_unit() -> None:
    places, x = np.array([[0.5, -1.0], [0.0, 2.0]]), np.array([[0.3, 0.1], [-4.0, 0.0]])
    layer = Product.coordinates(places, 0.7)
    squares = ((x[:, None] - places) ** 2).sum(-1)
    np.testing.assert_allclose(layer(x), np.exp(-squares / 0.49), rtol=1e-5, atol=1e-30)
    uneven = Product.coordinates(places, [1.0, 2.0], factor=Tanh())
    np.testing.assert_allclose(
        uneven(x), np.prod(np.tanh((x[:, None] - places) / [1.0, 2.0]), -1), rtol=1e-5, atol=1e-7
    )


def test_a_fresh_unit_stands_in_the_cube() -> None:
    """All its factors are 0 in z at one place, which lies in [−1, 1]^d; slopes have the size that is said."""
    layer = Product(3, 400, factors=3, width=0.25, key=KEY)
    places = -np.linalg.solve(np.asarray(layer.weight, float), np.asarray(layer.bias, float)[..., None])[
        ..., 0
    ]
    assert (np.abs(places) < 1 + 1e-3).all() and np.abs(places.mean()) < 0.1
    assert np.mean(np.asarray(layer.weight) ** 2) == pytest.approx(16 / 3, rel=0.1)


@pytest.mark.parametrize(
    ("kind", "factors", "fades"),
    [(Gaussian, 2, True), (Gaussian, 1, False), (Bump, 2, True), (Tanh, 2, False)],
)
def test_where_a_unit_fades_in_every_direction(kind: type, factors: int, fades: bool) -> None:
    layer = Product(2, 20, factors=factors, factor=kind(), key=KEY)
    angles = np.linspace(0, 2 * np.pi, 100_001)
    far = np.abs(layer(1e3 * np.stack([np.cos(angles), np.sin(angles)], -1)))
    assert (far.max(0) < 1e-6).all() == fades
    assert fades or (far.max(0) > 0.01).all()


def test_a_layer_among_others() -> None:
    def stack(key: Any) -> eqx.nn.Sequential:
        first, second = jax.random.split(key)
        return eqx.nn.Sequential([Product(2, 8, key=first), eqx.nn.Linear(8, 1, key=second)])

    x = jnp.ones((5, 2)) / 3
    ensemble = eqx.filter_vmap(stack)(jax.random.split(KEY, 3))
    assert eqx.filter_vmap(lambda one: jax.vmap(one)(x))(ensemble).shape == (3, 5, 1)
    slopes = eqx.filter_grad(lambda net: jnp.sum(jax.vmap(net)(x)))(stack(KEY))
    assert all(np.isfinite(leaf).all() and np.abs(leaf).max() > 0 for leaf in jax.tree.leaves(slopes))
    low = Product(2, 3, key=KEY, dtype=jnp.bfloat16)
    assert low(x.astype(jnp.bfloat16)).dtype == jnp.bfloat16
    wide = eqx.tree_at(lambda m: (m.weight, m.bias), low, (low.weight.astype(float), low.bias.astype(float)))
    np.testing.assert_allclose(low(x.astype(jnp.bfloat16)).astype(float), wide(x), rtol=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Product(0, 1, key=KEY), "in_features must be a whole number >= 1"),
        (lambda: Product(2, 1, factors=0, key=KEY), "factors must be a whole number >= 1"),
        (lambda: Product(2, 1, width=0.0, key=KEY), "width must be a finite number > 0"),
        (
            lambda: Product(2, 1, factor="tanh", key=KEY),
            "factor must be one such as multiplicative.Gaussian()",
        ),
        (lambda: Product(2, 1, key=KEY)(jnp.ones((4, 3))), "x must have 2 features, got shape (4, 3)"),
        (lambda: Product.coordinates([[0.0, 1.0]], -1.0), "widths must be a finite number > 0"),
        (lambda: Product.coordinates([0.0, 1.0], 1.0), "places must have 2 axes"),
    ],
)
def test_what_makes_no_layer_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def wave(x: Any) -> Any:
    """Smooth, and nearly 0 at the ends of [−3, 3]^d."""
    return jnp.exp(-2 * jnp.sum(x**2, -1)) * jnp.cos(2 * x[:, 0])


# The compact bump needs more points under each: its waves fade slowly.
@pytest.mark.parametrize(("factor", "d", "points"), [(Gaussian(), 1, 1), (Gaussian(), 2, 1), (Bump(), 1, 10)])
def test_the_interpolant_comes_closer_as_the_square_of_the_width(factor: Any, d: int, points: int) -> None:
    x, errors = np.random.default_rng(0).uniform(-1, 1, (100, d)), []
    with jax.enable_x64(True):
        for width in (0.2, 0.1):
            ends = [-2.5] * d, [2.5] * d
            net = quasi_interpolant(wave, *ends, spacing=width / points, width=width, factor=factor)
            units, out = net.layers
            errors.append(float(np.abs(units(x) @ out.weight[0] - wave(x)).max()))
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_the_error_of_the_gaussian_is_a_quarter_of_the_laplacian() -> None:
    width = 0.05
    with jax.enable_x64(True):
        net = quasi_interpolant(lambda x: jnp.cos(x[:, 0]), [-9.0], [9.0], spacing=width / 2, width=width)
        gap = float(net(jnp.array([0.4]))[0] - np.cos(0.4))
        coarse = quasi_interpolant(lambda x: jnp.ones(len(x)), [-9.0], [9.0], spacing=width, width=width)
        grid = float(coarse(jnp.array([0.0]))[0] - 1)
    assert gap == pytest.approx(-np.cos(0.4) * width**2 / 4, rel=1e-2)
    assert grid == pytest.approx(2 * np.exp(-(np.pi**2)), rel=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0.0}, "spacing and width must be > 0 and finite"),
        ({"spacing": -1.0}, "spacing and width must be > 0 and finite"),
        ({"factor": Tanh()}, "factor must have an integral over the line, Tanh has none"),
        ({"low": [4.0]}, "low and high must be one number a coordinate, low <= high"),
        ({"low": [], "high": []}, "low and high must be one number a coordinate"),
        ({"f": lambda x: x}, "f must give one value a point, got shape (7, 1) for 7 points"),
    ],
)
def test_what_makes_no_interpolant_is_refused(options: dict, message: str) -> None:
    given = {"f": wave, "low": [-3.0], "high": [3.0], "spacing": 1.0, "width": 1.0} | options
    f, low, high = (given.pop(name) for name in ("f", "low", "high"))
    with pytest.raises(ValueError, match=re.escape(message)):
        quasi_interpolant(f, low, high, **given)
