"""The films of learning: the mean step is the flow's, frames lie where they say, the ends differ by law."""

import itertools

import jax
import numpy as np
import pytest

from nmn.experiments.localization import learning
from nmn.hypercube import flow, measures
from tests.defaults import defaults


def small(**options):
    return learning.watch(
        **{"n": 12, "xi0": 0.6, "xi1": 1.5, "seeds": 2, "steps": 300, "batch": 200} | options
    )


@pytest.fixture(scope="module")
def ends():
    """Weights at rest of a law that stays spread and of one that does not."""
    films = small(names=["gaussian", "nlgp_inf"], n=16, xi0=0.6, xi1=2.0, steps=1200, batch=400)
    return films, {name: w[:, -1] for name, w in films.weights.items()}


def test_every_step_is_its_time_times_drift():
    sizes = {"n": 40, "seeds": 3, "frames": 60, "steps": 2000, "batch": 800}
    rest = {"xi0": 1.0, "xi1": 3.0, "names": learning.FILMED, "step": 0.1}
    assert defaults(learning.watch) == sizes | rest
    films = small(names=["gaussian"], steps=3, frames=9, step=0.05, batch=200_000, seeds=1)
    np.testing.assert_allclose(films.times, [0, 0.05, 0.1, 0.15])
    path = films.weights["gaussian"][0]
    for before, after in itertools.pairwise(path):
        drift = flow.drift(before, films.tasks["gaussian"])
        np.testing.assert_allclose((after - before) / 0.05, drift, atol=0.005)
        assert np.abs(drift).max() > 0.1


def test_frames_are_the_weights_at_their_times():
    many, few = small(names=["gaussian"], steps=20, frames=400), small(names=["gaussian"], steps=20, frames=4)
    np.testing.assert_allclose(many.times, 0.1 * np.arange(21))
    np.testing.assert_allclose(few.times, [0, 0.1, 0.4, 2])
    np.testing.assert_allclose(few.weights["gaussian"], many.weights["gaussian"][:, [0, 1, 4, 20]], rtol=1e-5)
    default = small(names=["gaussian"], steps=2000, batch=2)
    assert default.times[0] == 0 and default.times[-1] == 200 and (np.diff(default.times) > 0).all()
    assert np.diff(np.log(default.times[-20:])).std() < 0.01


def test_the_families_have_the_kurtosis_and_the_length_that_are_told():
    told = {
        "gaussian": 0,
        "student": 3,
        "laplace": 3,
        "ternary": 0,
        "uniform": -1.2,
        "nlgp_inf": -2,
        "ising": -2,
    }
    made = {name: learning._task(name, 40, 1.0, 2.0).positive for name in learning.FAMILIES}
    found = {name: float(law.kurtosis()) for name, law in made.items()}
    assert {name: found[name] for name in told} == pytest.approx(told, abs=1e-4)
    # The uniform law is a gain of 1/√2; gains 1 and 3 lie between it and signs.
    assert -2 < found["nlgp_3"] < found["nlgp_1"] < -1.2
    assert [made[f"nlgp_{gain}"].gain for gain in (1, 3)] == [1, 3]
    near = np.arange(4) / 2.0
    np.testing.assert_allclose(made.pop("ising").correlation()[:4], np.exp(-near), rtol=1e-4)
    for name, law in made.items():
        row = getattr(law, "gaussian", law).row
        np.testing.assert_allclose(row[:4], np.exp(-(near**2)), rtol=1e-4, err_msg=name)
    filmed = [name for name in told if name != "student"][:-2]
    assert [*learning.FILMED] == [*filmed, "nlgp_3", "nlgp_inf", "ising"]


def test_one_start_for_every_law_and_one_run_for_every_seed():
    films = small(names=["gaussian", "uniform"], seeds=3, steps=5)
    first = films.weights["gaussian"][:, 0]
    np.testing.assert_array_equal(first, films.weights["uniform"][:, 0])
    assert 0.5 < first.std() / learning.START < 1.5 and not np.allclose(first[0], first[1])
    alone = small(names=["gaussian"], seeds=1, steps=5)
    np.testing.assert_allclose(alone.weights["gaussian"], films.weights["gaussian"][:1], rtol=1e-4, atol=1e-6)


def test_it_is_the_same_under_x64():
    with jax.enable_x64(True):
        wide = small(names=["gaussian"], steps=10)
    plain = small(names=["gaussian"], steps=10)
    np.testing.assert_array_equal(wide.weights["gaussian"], plain.weights["gaussian"])
    assert plain.weights["gaussian"].dtype == np.float32


def test_a_gaussian_ends_as_the_best_wave_and_signs_in_one_place(ends):
    films, last = ends
    assert abs(films.times[-1] - 120) < 1e-9 and np.diff(np.log(films.times[-20:])).std() < 0.01
    task = films.tasks["gaussian"]
    one, zero = (np.fft.rfft(law.correlation()).real for law in (task.positive, task.negative))
    best = int(np.argmax(one / (one + zero)))
    assert (np.asarray(measures.power_spectrum(last["gaussian"]))[:, best] > 0.8).all()
    length = np.linalg.norm(last["gaussian"], axis=1) / np.sqrt(16)
    np.testing.assert_allclose(length, flow.amplitude(task)[best] / np.sqrt(16), rtol=0.1)
    assert (np.asarray(measures.inverse_participation(last["nlgp_inf"])) > 0.4).all()
    assert (np.asarray(measures.inverse_participation(last["gaussian"])) < 0.12).all()


def test_losses_are_those_of_the_flow(ends):
    films, last = ends
    exact = [flow.loss(w, films.tasks["gaussian"]) for w in last["gaussian"]]
    np.testing.assert_allclose(films.losses["gaussian"][:, -1], exact, atol=0.003)
    for name, losses in films.losses.items():
        assert losses.shape == films.weights[name].shape[:2]
        assert (losses[:, -1] < losses[:, 0] - 0.02).all()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"names": ["gauss"]}, "names must be some of gaussian"),
        ({"names": []}, "names"),
        ({"names": ["gaussian", "gaussian"]}, "each once"),
        ({"seeds": 0}, "seeds must be a whole number >= 1"),
        ({"seeds": 1.5}, "seeds"),
        ({"frames": 1}, "frames must be a whole number >= 2"),
        ({"steps": 0}, "steps"),
        ({"n": 0}, "n must be"),
        ({"xi1": 13.0}, "xi must be at most n"),
        ({"batch": 3}, "batch must be even"),
        ({"step": 0.0}, "step"),
        ({"step": np.inf}, "step"),
    ],
)
def test_bad_input_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        small(**({"names": ["gaussian"]} | bad))
