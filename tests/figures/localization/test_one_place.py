"""The figures of the chapter on localization show what it says; so does the experiment on lengths."""

import jax
import numpy as np
import pytest

from nmn.experiments.localization import lengths
from nmn.experiments.localization.learning import Films
from nmn.figures.localization import one_place as draw
from nmn.hypercube import Task, flow, laws, ring


def heights(ax):
    return np.array([bar.get_height() for bar in ax.patches])


def test_only_one_kid_who_shouts_yes_or_no_is_steady():
    steady = [np.ptp(heights(ax)) == 0 for ax in draw.kids().axes]
    assert steady == [True, False, False, False]
    # "When they do not agree, you hear nothing": that happens, with all ten, in the first game only.
    silent = [np.any(heights(ax) == 0) for ax in draw.kids().axes]
    assert silent == [False, True, False, False]


def test_rest_and_run_are_turned_to_the_same_place():
    exact = np.roll([0.1, 0.9, 0.2, 0, 0, 0], 2)
    line, dots = (
        np.asarray(drawn.get_ydata()) for drawn in draw.at_rest(exact, -np.roll(exact, 1)).axes[0].lines[1:]
    )
    np.testing.assert_array_equal(line, dots)
    assert line[3] == 0.9 and line[2] == 0.1


def test_weights_that_all_faded_are_drawn_at_zero():
    faded = draw.at_rest(np.zeros(6), np.zeros(6)).axes[0].lines[-1]
    np.testing.assert_array_equal(faded.get_ydata(), 0)


def test_locality_draws_every_seed_of_every_law():
    w = np.random.default_rng(1).normal(size=(2, 6, 10))
    films = Films(np.r_[0, np.geomspace(0.1, 10, 5)], {"gaussian": w, "ising": 2 * w[::-1]}, {}, {})
    ax = draw.locality(films).axes[0]
    expected = (w**4).sum(-1) / (w**2).sum(-1) ** 2
    np.testing.assert_allclose(
        [line.get_ydata() for line in ax.lines[:4]], [*expected, *expected[::-1]], rtol=1e-5
    )
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"Gaussian", "Ising ring"}


def test_without_a_difference_signs_end_on_one_pixel():
    found = lengths.end(xi0=1.0, xi1=1.0, n=16, seeds=3)
    assert found.locality.min() > 0.9 and found.contrast == pytest.approx(0.5, abs=1e-6)
    # Flatness and share, from their definitions, and the rest state that the theorem names.
    law = laws.NLGP(ring.correlation(16, 1.0), np.inf)
    for w, flat in zip(found.weights, found.flatness, strict=True):
        value = flow.ray(w, Task(law, law))
        assert flat == pytest.approx(value.flatness, abs=0.01)
        assert np.abs(w).max() == pytest.approx(0.5, abs=0.03)


def test_each_seed_has_its_own_start_and_sample():
    few, many = lengths.end(xi0=1.0, xi1=2.0, n=8, seeds=1), lengths.end(xi0=1.0, xi1=2.0, n=8, seeds=3)
    assert not np.allclose(many.weights[0], many.weights[1])
    assert few.weights.shape == (1, 8) and many.locality.shape == (3,)


def test_lengths_refuse_what_is_no_run():
    with pytest.raises(ValueError, match="seeds must be a whole number >= 1, got 0"):
        lengths.end(xi0=1.0, xi1=1.0, seeds=0)
    with pytest.raises(ValueError, match="xi"):
        lengths.end(xi0=-1.0, xi1=1.0)


def test_the_same_call_gives_the_same_numbers_in_either_precision():
    plain = lengths.end(xi0=1.0, xi1=2.0, n=8, seeds=2)
    with jax.enable_x64(True):
        double = lengths.end(xi0=1.0, xi1=2.0, n=8, seeds=2)
    np.testing.assert_array_equal(plain.weights, double.weights)
