"""The experiment on float32: its pairs are as far apart as it says, and it measures what it names."""

import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments.product import cancellation
from tests.defaults import defaults


@pytest.mark.parametrize("distance", [1e-2, 1.0, 30.0])
def test_pairs_are_at_the_distance_asked_for(distance: float) -> None:
    x, w = cancellation.close_pairs(distance, d=64, n=16)
    assert x.dtype == w.dtype == np.float32
    lengths = np.linalg.norm(x.astype(np.float64) - w, axis=1)
    np.testing.assert_allclose(lengths, distance, rtol=1e-4)


def test_pairs_depend_on_the_seed_only() -> None:
    first, again = (
        cancellation.close_pairs(0.1, d=8, n=4, seed=3),
        cancellation.close_pairs(0.1, d=8, n=4, seed=3),
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[1], cancellation.close_pairs(0.1, d=8, n=4, seed=4)[1])


def test_expanded_is_the_product_far_from_every_prototype() -> None:
    x, w = cancellation.close_pairs(10.0, d=32, n=8)
    values = np.diag(cancellation.expanded(jnp.asarray(x), jnp.asarray(w), eps=0.1))
    np.testing.assert_allclose(values, cancellation.exact(x, w, eps=0.1), rtol=1e-4)


def test_exact_is_the_definition() -> None:
    x, w = np.array([[1.0, 2.0]], np.float32), np.array([[3.0, -1.0]], np.float32)
    np.testing.assert_allclose(cancellation.exact(x, w, eps=0.5), [1 / 13.5], rtol=1e-14)


def test_errors_show_the_loss_and_the_cure() -> None:
    sizes = {"d": 512, "n": 128, "seed": 0}
    assert defaults(cancellation.close_pairs) == sizes
    assert defaults(cancellation.errors) == sizes | {"eps": 1e-5}
    errors = cancellation.errors([1e-2, 10.0], d=512, n=64)
    assert errors.expanded.shape == errors.ours.shape == (2, 64)
    assert np.median(errors.expanded[0]) > 0.2  # most digits gone
    assert errors.expanded[1].max() < 1e-3  # none gone
    assert errors.ours.max() < 1e-5


def test_the_expanded_distance_stays_within_the_proved_bound() -> None:
    for distance in (1e-2, 0.1, 1.0, 10.0):
        x, w = cancellation.close_pairs(distance, d=512, n=64)
        q_hat = np.diag(
            np.asarray(cancellation.expanded_distance(jnp.asarray(x), jnp.asarray(w)), np.float64)
        )
        q = np.sum((x.astype(np.float64) - w) ** 2, axis=1)
        squares = np.sum(x.astype(np.float64) ** 2, axis=1) + np.sum(w.astype(np.float64) ** 2, axis=1)
        gamma = 514 * cancellation.U32 / (1 - 514 * cancellation.U32)
        assert np.all(np.abs(q_hat - q) <= 2 * gamma * squares)
