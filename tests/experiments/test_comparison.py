"""Runs, their settings and how these are chosen, against the same done one at a time."""

import itertools

import jax
import numpy as np
import pytest

from nmn.experiments import comparison, models, tasks, training
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")


def test_a_problem_depends_on_its_seed_and_its_number() -> None:
    keys, sample = comparison.problems("bumps_2d", 7, 2)
    np.testing.assert_array_equal(
        jax.random.key_data(keys), jax.random.key_data(jax.random.split(jax.random.key(7), 2))
    )
    for number, key in enumerate(keys):
        for part, alone in zip(sample, tasks.draw(key, "bumps_2d"), strict=True):
            np.testing.assert_allclose(part[number], alone, rtol=1e-4, atol=1e-5)


def test_every_setting_is_tried_on_every_problem() -> None:
    posed = keys, sample = comparison.problems("bumps_2d", 1, 2)
    settings = [(0.08, 0.5), (0.005, 4.5), (0.02, 1.5)]
    found = comparison.run("relu", posed, settings)
    for runs, (rate, knob) in zip(found, settings, strict=True):
        assert (runs.rate, runs.knob) == (rate, knob) and runs.sample is sample
        trained = training.train(keys, sample.x, sample.y, np.full(2, rate), np.full(2, knob), kind="relu")
        np.testing.assert_array_equal(runs.trained.errors, trained.errors)
        for number in range(2):
            net = jax.tree.map(lambda leaf, number=number: leaf[number], trained.net)
            off = models.predict("relu", net, sample.test_x[number], knob) - sample.test_y[number]
            np.testing.assert_allclose(runs.test[number], np.mean(off**2), rtol=1e-3)


def test_the_first_step_below_the_goal_counts() -> None:
    assert defaults(comparison.steps_to) == {"goal": 0.1}
    np.testing.assert_array_equal(comparison.steps_to([[0.3, 0.1, 0.09], [0.2, 0.19, 0.11]]), [2, np.inf])


def test_settings_are_chosen_on_problems_of_their_own() -> None:
    """The least median error on inputs not trained on; the fewest steps to the goal, all of them if never."""
    assert training.RATES == (0.005, 0.02, 0.08)
    kinds = {
        "linear": (0.5, 1.5, 4.5),
        "relu": (0.5, 1.5, 4.5),
        "rbf": (0.2, 0.5, 1.2),
        "yat": (0.02, 0.1, 0.5),
    }
    assert kinds == models.KNOBS
    settings = list(itertools.product((0.005, 0.02, 0.08), kinds["relu"]))
    tried = comparison.run("relu", comparison.problems("bumps_2d", 99, 4), settings)
    held_out = [np.median(one.test) for one in tried]
    paces = []
    for one in tried:
        errors = np.asarray(one.trained.errors)
        steps = [next((k for k, e in enumerate(run) if e < 0.1), 600) for run in errors]
        paces.append(np.mean(steps) + errors[:, -1].mean())
    accurate, fast = settings[np.argmin(held_out)], settings[np.argmin(paces)]
    assert accurate != fast
    assert comparison.tune("relu", "bumps_2d") == (accurate, fast)
    assert defaults(comparison.compare) == {"seeds": 20}
    best, first = comparison.compare("relu", "bumps_2d", seeds=2)
    assert ((best.rate, best.knob), (first.rate, first.knob)) == (accurate, fast)
    _, sample = comparison.problems("bumps_2d", 0, 2)
    np.testing.assert_array_equal(best.sample.x, sample.x)


def test_the_ratio_is_paired_and_its_interval_is_that_of_the_median() -> None:
    rng = np.random.default_rng(4)
    # Problems differ a thousandfold, and the first kind makes 0.8 of the other's error on each, within 10 %.
    hard = 10.0 ** rng.uniform(-3, 0, 41)
    low, middle, high = comparison.ratio(0.8 * hard * np.exp(0.1 * rng.normal(size=41)), hard)
    assert 0.75 < low < middle < high < 0.85
    # Not paired, nothing would be seen.
    assert comparison.ratio(0.8 * hard, rng.permutation(hard))[0] < 0.5
    assert comparison.ratio([1.0, 2.0, 9.0], [1.0, 1.0, 1.0])[1] == 2
    # Of normal numbers the interval of the median is that of the sign test; a wider level holds it.
    cover = []
    for _ in range(200):
        logs = rng.normal(size=20)
        low, _, high = comparison.ratio(np.exp(logs), np.ones(20), level=0.9)
        cover.append(low < 1 < high)
    assert 0.84 < np.mean(cover) < 0.97


@pytest.mark.parametrize(
    ("errors", "others", "why"),
    [
        ([1.0], [1.0, 2.0], "one a seed"),
        ([], [], "one a seed"),
        ([[1.0]], [[1.0]], "one a seed"),
        ([1.0, np.nan], [1.0, 1.0], "finite and above 0"),
        ([1.0, 0.0], [1.0, 1.0], "finite and above 0"),
        ([1.0, 1.0], [1.0, np.inf], "finite and above 0"),
    ],
)
def test_a_ratio_of_what_is_no_pair_is_refused(errors: list, others: list, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        comparison.ratio(errors, others)
