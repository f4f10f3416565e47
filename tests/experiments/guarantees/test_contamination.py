"""Harm done by outliers, against training on data spoiled by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments import comparison
from nmn.experiments.guarantees import contamination
from nmn.experiments.tasks import Sample
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")
TASK, SIZES = "plane_2d", (3.0, 10.0)


def test_harm_is_the_error_of_training_on_spoiled_data() -> None:
    """At the setting that was best on clean data, with Huber's corner at three deviations of the noise."""
    full = {"huber": False, "fraction": 0.1, "seeds": 20, "outliers": ("leverage", "label", "both")}
    assert defaults(contamination.harm) == full
    assert defaults(contamination.trial) == {"outliers": full["outliers"]}
    outliers = ("both", "label")
    found = contamination.trial("linear_huber", TASK, SIZES, outliers=outliers)
    assert list(found) == list(outliers) and {rows.shape for rows in found.values()} == {(3, 20)}
    setting = comparison.tune("linear", TASK, huber=0.3).accurate
    keys, sample = comparison.problems(TASK, 0, 20)
    spoiled = [
        contamination.contaminate(keys[seed], sample.x[seed], sample.y[seed], kind, k)
        for kind, k in (("label", 0.0), *((kind, k) for kind in outliers for k in SIZES))
        for seed in (0, 19)
    ]
    x, y = map(jnp.stack, zip(*spoiled, strict=True))
    which = np.tile([0, 19], 5)
    posed = keys[which], Sample(x, y, sample.test_x[which], sample.test_y[which])
    clean, *errors = comparison.run("linear", posed, [setting], huber=0.3)[0].test.reshape(5, 2)
    for kind, rows in zip(outliers, (errors[:2], errors[2:]), strict=True):
        np.testing.assert_allclose(found[kind][:, [0, 19]], [clean, *rows], rtol=1e-3)


def test_a_run_that_diverged_is_infinitely_bad() -> None:
    errors = np.array([[1.0, np.nan, 3.0, 2.0, 9.0], [np.nan, np.nan, 1.0, np.nan, 1.0]])
    np.testing.assert_array_equal(contamination.median(errors), [3, np.inf])


def test_a_tenth_of_the_examples_is_spoiled_unless_told_otherwise() -> None:
    assert defaults(contamination.contaminate) == {"fraction": 0.1}
    x, y = jnp.ones((40, 3)), jnp.zeros(40)
    found = contamination.contaminate(jax.random.key(0), x, y, "both", 5.0)
    assert [int(jnp.sum(found[1] == 5)), int(jnp.sum(jnp.any(found[0] != 1, 1)))] == [4, 4]
    for fraction in (0.0, 1.0):
        _, y = contamination.contaminate(jax.random.key(0), x, y, "label", 1.0, fraction)
    np.testing.assert_array_equal(y, 1)


@pytest.mark.parametrize("name", ["yat, Huber", "yat_", "yat_huber_huber", "tanh", ""])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name must be one of linear, relu, rbf, yat, alone or with _huber"):
        contamination.trial(name, TASK, SIZES)
