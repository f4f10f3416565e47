"""Where learning ends, against the flow over one sample, and its three measures against the laws."""

import jax
import numpy as np
import pytest

from nmn.experiments.localization.lengths import end
from nmn.hypercube import Task, flow, laws, measures, ring
from tests.defaults import defaults


def test_ends_are_those_of_the_flow_over_one_sample() -> None:
    assert defaults(end) == {"n": 40, "seeds": 6}
    found = end(xi0=0.6, xi1=1.5, n=8, seeds=2)
    with jax.enable_x64(False):
        one, zero = (laws.NLGP(ring.correlation(8, xi), np.inf) for xi in (1.5, 0.6))
        first, signals = jax.random.split(jax.random.split(jax.random.key(0), 2)[1])
        start = 0.01 * jax.random.normal(first, (8,))
        path = flow.sampled(signals, start, Task(one, zero), steps=1500, step=0.2, every=1500, samples=8192)
        np.testing.assert_allclose(found.weights[1], path[-1], rtol=0, atol=1e-3)
        # Over signals that no run has seen.
        heard = np.abs(np.asarray(one.sample(jax.random.key(1), 1 << 15), float) @ found.weights.T)
    np.testing.assert_allclose(found.flatness, heard.mean(0) ** 2 / np.mean(heard**2, 0), rtol=1e-6)
    np.testing.assert_allclose(found.locality, measures.inverse_participation(found.weights), rtol=1e-5)
    for w, contrast in zip(found.weights, found.contrast, strict=True):
        shares = [w @ np.asarray(law.covariance(), float) @ w for law in (one, zero)]
        assert contrast == pytest.approx(shares[0] / sum(shares), rel=1e-5)


def test_no_run_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="seeds must be a whole number >= 1, got 0"):
        end(xi0=1.0, xi1=2.0, seeds=0)
