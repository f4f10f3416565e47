"""Two independent pixels: the worth of each direction against closed forms, and the best ones."""

import math

import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws
from nmn.hypercube.twopixels import flatness

pytestmark = pytest.mark.usefixtures("float64")
ANGLES = np.deg2rad(np.array([-170, -90, -20, 0, 1, 13, 26, 44.9, 45, 46, 77, 90, 200, 315]))
QUARTER = np.deg2rad(np.arange(0, 46))
GAINS = (0.05, 0.3, 0.6, 1 / math.sqrt(2), 0.8, 1.0, 2.0, 7.0, 60.0)


def ways(angle):
    """The larger and the smaller size of the two entries of d."""
    return np.sort(np.abs([np.cos(angle), np.sin(angle)]), 0)[::-1]


def test_it_is_what_can_be_written_down():
    c, s = ways(ANGLES)
    assert flatness(ANGLES, laws.Erf(math.inf)) == pytest.approx(c**2)
    assert flatness(ANGLES, laws.Uniform()) == pytest.approx(3 * (c / 2 + s**2 / (6 * c)) ** 2, abs=1e-11)
    assert flatness(ANGLES, laws.Laplace()) == pytest.approx((1 + c * s) ** 2 / (1 + 2 * c * s) / 2, abs=1e-9)
    assert flatness(ANGLES, laws.Erf(1e-9)) == pytest.approx(2 / np.pi, abs=1e-11)
    for p in (1.0, 0.7, 1 / 3, 0.05):
        assert flatness(ANGLES, laws.Ternary(p)) == pytest.approx(p * (c + (1 - p) * s) ** 2)
    assert flatness(0.3, laws.Uniform()).shape == () and flatness([[0.3], [1]], laws.Uniform()).shape == (
        2,
        1,
    )


@pytest.mark.parametrize(("marginal", "close"), [(laws.Ternary(0.4), 1e-9), (laws.Erf(1.0), 1e-4)])
def test_it_is_the_flatness_of_the_ray(marginal, close):
    law = laws.Copula([1.0, 0.0], marginal)
    for angle in (0.0, 0.4, 2.5):
        true = flow.ray([math.cos(angle), math.sin(angle)], Task(law, law)).flatness
        assert float(flatness(angle, marginal)) == pytest.approx(true, abs=close)


@pytest.mark.parametrize("gain", [*GAINS, math.inf])
def test_every_gain_prefers_one_pixel_and_likes_equal_shares_least(gain):
    assert np.all(np.diff(flatness(QUARTER, laws.Erf(gain))) < 0)


def test_laplace_prefers_equal_shares():
    assert np.all(np.diff(flatness(QUARTER, laws.Laplace())) > 0)


@pytest.mark.parametrize("zeros", [0.1, 0.4, math.sqrt(2) - 1, 0.43, 0.8, 0.97])
def test_pixels_that_are_often_zero_prefer_neither(zeros):
    marginal, turn = laws.Ternary(1 - zeros), math.atan(zeros)
    best = float(flatness(turn, marginal))
    assert best == pytest.approx((1 - zeros) * (1 + zeros**2))
    assert np.all(flatness(np.linspace(0, np.pi / 2, 999), marginal) <= best)
    one, both = flatness([0, np.pi / 4], marginal)
    assert one < best > both
    # Of these two, equal shares are the better from √2 − 1 on.
    assert np.sign(round(both - one, 12)) == np.sign(round(zeros - math.sqrt(2) + 1, 12))
