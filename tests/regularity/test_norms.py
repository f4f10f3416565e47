"""Norms and splits against closed forms: waves, Gaussians, steps; what has no norm is refused."""

import re

import numpy as np
import pytest
from scipy.special import erf

from nmn.regularity import bessel_norm, box_norm, split


@pytest.mark.parametrize("gamma", [-1.5, 0.0, 1.0, 2.5])
@pytest.mark.parametrize("p", [1.0, 2.0, 4.0, np.inf])
def test_a_wave_counts_by_its_frequency(gamma: float, p: float) -> None:
    lengths, k = (2.0, 3.0), (2, 5)
    x, y = np.meshgrid(np.arange(32) / 16, np.arange(48) / 16, indexing="ij")
    wave = np.cos(2 * np.pi * (k[0] * x / 2 + k[1] * y / 3))
    xi = 2 * np.pi * np.hypot(k[0] / 2, k[1] / 3)
    # ‖cos‖_p over a whole number of periods: the mean of |cos|^p, on the points of the grid.
    size = np.abs(wave).max() if p == np.inf else (6 * np.mean(np.abs(wave) ** p)) ** (1 / p)
    assert bessel_norm(wave, gamma, p=p, lengths=lengths) == pytest.approx((1 + xi**2) ** (gamma / 2) * size)
    if p == 2:
        assert size == pytest.approx(np.sqrt(3))


@pytest.mark.parametrize("n", [63, 64])
def test_order_two_is_the_function_minus_its_laplacian(n: int) -> None:
    x = 2 * np.pi * np.arange(n) / n
    f, minus = np.exp(np.cos(x)), np.exp(np.cos(x)) * (1 + np.cos(x) - np.sin(x) ** 2)
    for p in (1.0, 3.0):
        expected = (2 * np.pi * np.mean(np.abs(minus) ** p)) ** (1 / p)
        assert bessel_norm(f, 2, p=p, lengths=2 * np.pi) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_a_norm_neither_overflows_nor_vanishes(scale: float) -> None:
    assert bessel_norm(np.full(8, scale), 1.0, p=3) == pytest.approx(scale)
    assert box_norm(lambda x: np.full(len(x), scale), 0.5, d=2, p=3) == pytest.approx(scale)


def test_nothing_has_norm_zero() -> None:
    assert bessel_norm(np.zeros(8), 1.0) == 0 == box_norm(lambda x: np.zeros(len(x)), 1.0, d=1)


@pytest.mark.parametrize("p", [1.0, 2.0, 3.5])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_mass_of_a_gaussian_in_a_box(d: int, p: float) -> None:
    found = box_norm(lambda x: np.exp(-(x**2).sum(1)), 1.5, d=d, p=p, panels=4)
    one = np.sqrt(np.pi / p) * erf(1.5 * np.sqrt(p))
    assert found == pytest.approx(one ** (d / p), rel=1e-9)


def test_a_ridge_grows_with_the_box_and_a_bump_does_not() -> None:
    ridge, bump = (lambda x: 1 / (1 + x[:, 0] ** 2)), (lambda x: np.exp(-(x**2).sum(1)))
    for f, growth in ((ridge, 2.0), (bump, 1.0)):
        near, far = (box_norm(f, radius, d=2, panels=64) ** 2 for radius in (20.0, 40.0))
        assert far / near == pytest.approx(growth, rel=1e-3)
    assert box_norm(lambda x: x[:, 0], 3.0, d=2, p=np.inf) == pytest.approx(3, rel=0.01)


def test_an_error_is_split_by_its_place() -> None:
    distance = np.array([[0.0, 0.1, 0.2], [0.3, 0.4, 0.5]])
    found = split([[3.0, -3, 1], [1, -1, 1]], distance, 0.1)
    assert found == pytest.approx((3, 1, 18 / 22, 1 / 3))
    assert split(np.full((2, 3), -7.0), distance, 0.25).share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bessel_norm(np.ones(4), 1, p=0.5), "p must be at least 1"),
        (lambda: bessel_norm(np.ones(4), 1, lengths=0), "lengths must be > 0"),
        (lambda: bessel_norm(np.ones(4), np.nan), "gamma must not hold NaN"),
        (lambda: bessel_norm([1.0, np.inf], 1), "values must be finite"),
        (lambda: box_norm(np.ravel, 1.0, d=2), "f must give one value a point, got shape (32768,) for 16384"),
        (lambda: box_norm(np.ravel, np.inf, d=1), "radius must be > 0 and finite"),
        (lambda: box_norm(np.ravel, 1.0, d=1, p=0), "p must be at least 1"),
        (lambda: box_norm(lambda x: x[:, 0] / 0, 1.0, d=1), "f must be finite"),
        (lambda: split(np.ones(3), np.ones(2), 1), "distance must be >= 0, of shape (3,), got shape (2,)"),
        (lambda: split(np.ones(2), [-1.0, 1], 1), "distance must be >= 0"),
        (lambda: split(np.ones(2), [0.0, 1], 1), "width must leave points on both sides, got 1: 2 are near"),
        (lambda: split(np.ones(2), [0.5, 1], 0.1), "width must leave points on both sides"),
        (lambda: split(np.ones(2), [0.5, 1], -1), "width must be >= 0"),
        (lambda: split(np.zeros(2), [0.5, 1], 0.7), "error must not be 0 everywhere"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_has_no_norm_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
