"""Seminorms against closed forms, and where they grow with the grid: at the order that the function lacks."""

import re

import numpy as np
import pytest

from nmn.regularity import holder, zygmund


def line(n: int) -> np.ndarray:
    """[−1, 1] with 0 on it, in 2n steps."""
    return np.arange(-n, n + 1) / n


@pytest.mark.parametrize("beta", [0.25, 0.5, 1.0, 1.5, 1.75])
def test_the_seminorm_of_a_power_is_two_at_its_own_order(beta: float) -> None:
    """At x = −h the second difference of |x|^β is 2|h|^β, and none is larger."""
    for n in (8, 64):
        assert zygmund(np.abs(line(n)) ** beta, beta, order=2, spacing=1 / n) == pytest.approx(2, rel=1e-9)


@pytest.mark.parametrize("s", [0.4, 0.6])
def test_beyond_its_order_a_power_grows_as_the_grid_gets_finer(s: float) -> None:
    beta = 0.5
    coarse, fine = (holder(np.abs(line(n)) ** beta, s, spacing=1 / n) for n in (64, 256))
    assert fine / coarse == pytest.approx(4 ** max(0, s - beta), rel=1e-6)


def test_at_a_whole_order_zygmund_asks_for_less_than_holder() -> None:
    """x log|x| is a Zygmund function and has no bounded slope."""
    values = [np.where(x == 0, 0, x * np.log(np.abs(np.where(x == 0, 1, x)))) for x in map(line, (64, 1024))]
    soft = [zygmund(one, 1, spacing=1 / n) for one, n in zip(values, (64, 1024), strict=True)]
    hard = [holder(one, 1, spacing=1 / n) for one, n in zip(values, (64, 1024), strict=True)]
    # t log|t| + (t + 2) log|t + 2| − 2(t + 1) log|t + 1| is steepest at t + 1 = 1/√2: 2 arsinh 1 there.
    assert 1.76 < soft[0] <= soft[1] < 2 * np.arcsinh(1) + 1e-9
    assert hard[1] - hard[0] == pytest.approx(np.log(16))


@pytest.mark.parametrize(("s", "order"), [(0.5, 1), (1.0, 2), (1.5, 2), (2.0, 3), (2.7, 4)])
def test_a_wave_on_the_circle(s: float, order: int) -> None:
    n = 128
    x, h = np.arange(n) / n, 2.0 ** np.arange(7) / n
    found = zygmund(np.sin(2 * np.pi * x), s, order=order, spacing=1 / n, periodic=True)
    # An odd difference of a sine is a cosine between points; n is a multiple of 4, so one point is a peak.
    peak = np.abs(np.cos(np.pi * order * h * n % 2 * np.pi / n)) if order % 2 else 1
    assert found == pytest.approx(np.max((2 * np.sin(np.pi * h)) ** order * peak / h**s), rel=1e-3)


def test_holder_of_order_above_one_is_that_of_the_derivative() -> None:
    n = 50
    x = line(n)
    # |x|^{3/2} sign: its slope (3/2)|x|^{1/2} has the Hölder seminorm 3/2 of order ½.
    found = holder(np.sign(x) * np.abs(x) ** 1.5, 1.5, spacing=1 / n)
    finer = holder(np.sign(line(800)) * np.abs(line(800)) ** 1.5, 1.5, spacing=1 / 800)
    assert found < 1.5 and finer < 1.5 and finer > 1.4
    assert holder(x**3, 3, spacing=1 / n) == pytest.approx(6, rel=1e-6)
    assert holder(x**2, 3, spacing=1 / n) == pytest.approx(0, abs=1e-6)


def test_lengths_are_those_of_the_plane() -> None:
    x, y = np.meshgrid(line(16), 3 * line(8), indexing="ij")
    plane = 3 * x + 4 * y
    # The slope along the diagonal (1/16, 3/8), nearly that of y alone.
    diagonal = (3 / 16 + 4 * 3 / 8) / np.hypot(1 / 16, 3 / 8)
    assert holder(plane, 1, spacing=(1 / 16, 3 / 8)) == pytest.approx(diagonal)
    assert holder(plane, 1, spacing=(1 / 16, 3 / 8), directions=[(0, 1)]) == pytest.approx(4)
    assert holder(x * y, 2, spacing=(1 / 16, 3 / 8), directions=[(1, 0)]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: zygmund(line(4), 0), "s must be > 0 and finite, got 0"),
        (lambda: holder(line(4), -1), "s must be > 0"),
        (lambda: holder(line(4), np.inf), "s must be > 0 and finite"),
        (lambda: zygmund(line(4), 1, order=1), "order must be above s = 1, got 1"),
        (lambda: holder(line(4), 1, spacing=-1), "spacing must be > 0"),
    ],
)
def test_orders_that_mean_nothing_are_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
