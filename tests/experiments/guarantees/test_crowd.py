"""The crowd around one neuron: evenly spread, and its shares between none and all."""

import numpy as np

from nmn.experiments.guarantees.crowd import disc, far_share, volume
from tests.defaults import defaults


def test_the_disc_is_evenly_filled():
    x = disc(40_000, 3.0, np.random.default_rng(0))
    square = np.sum(x**2, axis=1)
    assert square.max() <= 9 and abs(square.mean() - 4.5) < 0.05
    assert np.all(np.abs(x.mean(axis=0)) < 0.05)


def test_shares_fall_with_the_distance_asked_for():
    seeds = range(3)
    shares = [far_share(seeds, eps=0.1, n=500, beyond=b) for b in (0.0, 10.0, 50.0, 100.0)]
    np.testing.assert_allclose(shares[0], 1)
    assert np.all(np.diff(shares, axis=0) < 0) and not shares[-1].any()


def test_shares_are_those_of_the_gradients_written_out():
    assert defaults(far_share) == {"n": 4000, "radius": 100.0, "beyond": 10.0}
    x = disc(4000, 100.0, np.random.default_rng(5))
    square, along = np.sum((x - [1, 0]) ** 2, axis=1), x[:, 0]
    q = (along / (square + 0.1))[:, None]
    volume = np.linalg.norm(2 * q * x - 2 * q**2 * ([1, 0] - x), axis=1)
    expected = volume[np.linalg.norm(x, axis=1) > 10].sum() / volume.sum()
    np.testing.assert_allclose(far_share(range(5, 6), eps=0.1), [expected], rtol=1e-5)


def test_a_seed_gives_one_crowd():
    both = far_share(range(2), eps=0.1, n=500)
    np.testing.assert_array_equal(both[1:], far_share(range(1, 2), eps=0.1, n=500))
    assert both[0] != both[1]


def test_the_volume_of_rings_is_the_integral():
    """Far out ‖∇_w‖ is 2|cos θ|: from r to R that is 4(R² − r²). Next to the prototype, ε small: π²/√ε."""
    far = volume((0, 0), np.linspace(1e4, 2e4, 50), eps=0.1)
    np.testing.assert_allclose(far, 4 * 3e8, rtol=1e-3)
    near = volume((1, 0), np.geomspace(1e-8, 0.01, 3000), eps=1e-10)
    np.testing.assert_allclose(near, np.pi**2 / 1e-5, rtol=5e-3)
