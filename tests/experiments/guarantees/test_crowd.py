"""The crowd around one neuron: evenly spread, and its shares between none and all."""

import numpy as np

from nmn.experiments.guarantees.crowd import disc, far_share


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


def test_a_seed_gives_one_crowd():
    both = far_share(range(2), eps=0.1, n=500)
    np.testing.assert_array_equal(both[1:], far_share(range(1, 2), eps=0.1, n=500))
    assert both[0] != both[1]
