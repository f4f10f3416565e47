"""Masses in growing boxes against a closed form, and their orders."""

import jax
import numpy as np
import pytest

from nmn.experiments.multiplicative import growth


def test_the_mass_of_gaussian_products_is_the_sum_over_pairs() -> None:
    """∫ exp(−‖A x + a‖² − ‖B x + b‖²) in closed form, for all pairs of units."""
    key = jax.random.split(jax.random.key(0), 3)[2]
    of_layer, of_heights = jax.random.split(key)
    layer = growth.LAYERS["product_gaussian"](8, of_layer)
    heights = np.asarray(jax.random.normal(of_heights, (8,)), float)
    w, b = np.asarray(layer.weight, float), np.asarray(layer.bias, float)
    total = 0.0
    for i in range(8):
        for j in range(8):
            rows, shift = np.vstack([w[i], w[j]]), np.r_[b[i], b[j]]
            gram = rows.T @ rows
            rest = shift @ shift - shift @ rows @ np.linalg.solve(gram, rows.T @ shift)
            total += heights[i] * heights[j] * np.pi / np.sqrt(np.linalg.det(gram)) * np.exp(-rest)
    found = growth.masses("product_gaussian", [32.0], seeds=3)[2, 0]
    assert found == pytest.approx(total, rel=1e-4)


def test_orders_are_those_of_powers() -> None:
    radii = [1.0, 2.0, 8.0]
    assert growth.orders(np.array([[1.0, 4.0, 64.0], [5.0, 5.0, 5.0]]), radii) == pytest.approx([2, 0])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of sum_gaussian, "):
        growth.network("relu", jax.random.key(0))
