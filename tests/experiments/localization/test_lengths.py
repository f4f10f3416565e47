"""Where learning ends, against the flow over one sample, and its three measures against the laws."""

import jax
import numpy as np
import pytest

from nmn.experiments.localization.lengths import end
from nmn.hypercube import flow, laws, measures, ring
from tests.defaults import defaults


def test_ends_are_those_of_the_flow_over_one_sample() -> None:
    assert defaults(end) == {"n": 40, "seeds": 6}
    found = end(0.6, 1.5, n=8, seeds=2)
    with jax.enable_x64(False):
        one, zero = (laws.NLGP(ring.correlation(8, xi), np.inf) for xi in (1.5, 0.6))
        for key, w in zip(jax.random.split(jax.random.key(0), 2), found.weights, strict=True):
            first, signals = jax.random.split(key)
            start = 0.01 * jax.random.normal(first, (8,))
            path = flow.sampled(signals, start, one, zero, steps=1500, step=0.2, every=1500, samples=8192)
            np.testing.assert_allclose(w, path[-1], rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.locality, measures.inverse_participation(found.weights), rtol=1e-5)
    for w, flatness, contrast in zip(found.weights, found.flatness, found.contrast, strict=True):
        best = flow.ray(w, one, zero)
        assert contrast == pytest.approx(best.contrast, rel=1e-5)
        assert flatness == pytest.approx(best.flatness, rel=0.02)


def test_the_sample_that_judges_is_one_that_no_run_has_seen() -> None:
    found = end(0.6, 1.5, n=8, seeds=1)
    with jax.enable_x64(False):
        law = laws.NLGP(ring.correlation(8, 1.5), np.inf)
        heard = np.abs(np.asarray(law.sample(jax.random.key(1), 1 << 15), float) @ found.weights[0])
    assert found.flatness[0] == pytest.approx(heard.mean() ** 2 / np.mean(heard**2), rel=1e-6)


def test_no_run_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="seeds must be at least 1, got 0"):
        end(1.0, 2.0, seeds=0)
