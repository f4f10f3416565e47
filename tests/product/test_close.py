"""Close pairs: which are, whether there are any, and the two sums by differences."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.product.close import CLOSE, all_distances, all_pulls, any_close, is_close

pytestmark = pytest.mark.usefixtures("float64")


@pytest.mark.parametrize("length", [0.02, 1.0, 50.0])
@pytest.mark.parametrize("apart", [0.0, 0.4, 0.6, 0.8, 2.0])
def test_a_pair_is_close_by_the_size_of_both(apart: float, length: float) -> None:
    """‖x − w‖² < CLOSE (‖x‖² + ‖w‖²); the pair in question has neither the longest nor the shortest row."""
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(5, 6)) * [[1], [length], [9], [0.1], [1]], rng.normal(size=(4, 6)) * 3
    w[2] = x[1] * (1 + apart)
    dot, nx, nw = x @ w.T, np.sum(x**2, 1), np.sum(w**2, 1)
    distances = np.sum((x[:, None] - w) ** 2, -1)
    true = distances < CLOSE * (nx[:, None] + nw)
    assert true[1, 2] == (apart < 0.7)
    np.testing.assert_array_equal(is_close(dot, nx, nw), true)
    assert bool(any_close(dot, nx, nw)) == true.any()


def test_what_is_not_a_number_may_be_close() -> None:
    dot, n = jnp.array([[0.0, jnp.nan]]), jnp.ones(1)
    assert any_close(dot, n, jnp.ones(2)) and not any_close(0 * n[:, None], n, n)


@pytest.mark.parametrize(("batch", "units", "d"), [(1, 1, 1), (3, 5, 16), (5, 17, 40)])
def test_sums_by_differences_keep_their_digits(batch: int, units: int, d: int) -> None:
    keys = jax.random.split(jax.random.key(d), 3)
    # Far from the origin: the expanded square would hold no digit.
    x, w = (1e8 + jax.random.normal(key, (n, d)) for key, n in zip(keys, (batch, units), strict=False))
    c = 1e12 * jax.random.normal(keys[2], (batch, units))
    x, w, c = map(np.asarray, (x, w, c))
    gaps = x[:, None] - w
    np.testing.assert_allclose(all_distances(x, w), np.sum(gaps**2, -1), rtol=1e-12)
    pulls = np.sum(c[..., None] * gaps, 1)
    np.testing.assert_allclose(all_pulls(c, x, w), pulls, rtol=0, atol=1e-12 * np.abs(c).max() * units * 10)
