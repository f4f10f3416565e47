"""Differences and moduli against closed forms: polynomials, waves; every axis, direction and sign."""

import re
from math import factorial

import numpy as np
import pytest

from nmn.regularity import difference, modulus

LINE = np.arange(-6.0, 7.0)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("step", [1, 2, -1, -2])
def test_a_difference_takes_a_power_to_its_factorial(order: int, step: int) -> None:
    found = difference(LINE**order, [step], order=order)
    assert found.shape == (13 - order * abs(step),)
    np.testing.assert_allclose(found, factorial(order) * step**order, rtol=1e-12)
    np.testing.assert_allclose(difference(LINE ** (order - 1), [step], order=order), 0, atol=1e-9)


def test_points_stand_where_the_first_step_begins() -> None:
    forward, back = difference(LINE**2, [1], order=1), difference(LINE**2, [-1], order=1)
    np.testing.assert_array_equal(forward, 2 * LINE[:-1] + 1)
    np.testing.assert_array_equal(back, -2 * LINE[1:] + 1)


def test_a_step_goes_along_its_own_direction() -> None:
    x, y = np.meshgrid(np.arange(7.0), np.arange(9.0), indexing="ij")
    np.testing.assert_array_equal(difference(x + 100 * y, [1, 0], order=1), np.ones((6, 9)))
    np.testing.assert_array_equal(difference(x + 100 * y, [1, -2], order=1), np.full((6, 7), -199.0))
    np.testing.assert_array_equal(difference(x * y, [1, -1], order=2), np.full((5, 7), -2.0))
    np.testing.assert_array_equal(difference(x * y, [1, 1], order=2), np.full((5, 7), 2.0))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_torus_closes(order: int) -> None:
    n, k = 24, 3
    wave = np.exp(2j * np.pi * k * np.arange(n) / n)
    turned = (np.exp(2j * np.pi * k * 5 / n) - 1) ** order * wave
    np.testing.assert_allclose(
        difference(wave.real, [5], order=order, periodic=True), turned.real, atol=1e-12
    )


def test_the_modulus_of_a_wave_is_known() -> None:
    n = 64
    x = np.arange(n) / n
    found = modulus(np.cos(2 * np.pi * x), order=2, spacing=1 / n, periodic=True)
    np.testing.assert_allclose(found.lengths, 2.0 ** np.arange(6) / n)
    np.testing.assert_allclose(found.values, (2 * np.sin(np.pi * found.lengths)) ** 2, rtol=1e-12)


def test_steps_of_one_length_share_one_value() -> None:
    x, y = np.meshgrid(np.arange(9.0), np.arange(9.0), indexing="ij")
    found = modulus(x + 10 * y, order=1, scales=[1])
    np.testing.assert_allclose(found.lengths, [1, np.sqrt(2)])
    np.testing.assert_allclose(found.values, [10, 11])
    wide = modulus(x + 10 * y, order=1, scales=[1], spacing=(1.0, 3.0))
    np.testing.assert_allclose(wide.lengths, [1, 3, np.sqrt(10)])
    np.testing.assert_allclose(wide.values, [1, 10, 11])
    assert modulus(x - 10 * y, order=1, scales=[1]).values[1] == 11
    np.testing.assert_allclose(modulus(x - 10 * y, order=1, scales=[1], directions=[(1, 1)]).values, [9])


def test_all_axes_and_diagonals_are_gone_through_in_space() -> None:
    assert len(modulus(np.zeros((5, 5, 5)), order=1, scales=[1]).lengths) == 3
    x, y, z = np.meshgrid(*[np.arange(5.0)] * 3, indexing="ij")
    assert modulus(x - y - z, order=1, scales=[1]).values.max() == 3
    assert modulus(y - z, order=1, scales=[1]).values.max() == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: difference(LINE, [0], order=1), "step must be 1 whole numbers, not all 0"),
        (lambda: difference(LINE, [1, 1], order=1), "step must be 1 whole numbers"),
        (lambda: difference(LINE, [1.5], order=1), "step must be a whole number"),
        (lambda: difference(LINE, [7], order=2), "step must fit 2 times into the grid of shape (13,)"),
        (lambda: difference(LINE, [1], order=0), "order must be a whole number >= 1"),
        (
            lambda: difference(LINE + 1j, [1], order=1),
            "values must be real numbers on a grid, got complex128",
        ),
        (lambda: difference(3.0, [1], order=1), "values must be real numbers on a grid"),
        (lambda: difference(np.r_[LINE, np.nan], [1], order=1), "values must be finite, got 1 that are not"),
        (lambda: modulus(LINE, order=1, spacing=0.0), "spacing must be > 0, one number or one an axis (1)"),
        (lambda: modulus(LINE, order=1, spacing=[1.0, 1.0]), "spacing must be > 0"),
        (lambda: modulus(LINE, order=13), "scales must hold one that fits 13 times"),
        (lambda: modulus(LINE, order=1, scales=[]), "scales must hold one"),
        (lambda: modulus(LINE, order=1, scales=[0]), "scales must be a whole number >= 1"),
    ],
)
def test_what_is_no_grid_or_step_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
