"""Simulated flows against the exact ones: one sample, fresh batches, adaptive steps, effective dynamics."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Int
from scipy.special import erf

from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.field import field
from nmn.hypercube.flow.amplifier import alignment


def signals(n: int, gain: float, lengths: tuple[float, float] = (3.0, 1.0)) -> tuple[laws.NLGP, laws.NLGP]:
    positive, negative = (laws.NLGP(ring.correlation(n, length), gain) for length in lengths)
    return positive, negative


def gaussians(n: int) -> tuple[laws.Gaussian, laws.Gaussian]:
    return laws.Gaussian(ring.correlation(n, 2.5)), laws.Gaussian(ring.correlation(n, 1.0))


def test_march_keeps_every_few_states_and_counts_the_steps() -> None:
    def advance(state: tuple[Array, Array], i: Int[Array, ""]) -> tuple[Array, Array]:
        return state[0] + i, state[1] * 2

    sums, powers = flow.march(advance, (jnp.asarray(0), jnp.asarray(1)), steps=6, every=3)
    np.testing.assert_array_equal(sums, [0, 0 + 1 + 2, 0 + 1 + 2 + 3 + 4 + 5])
    np.testing.assert_array_equal(powers, [1, 8, 64])
    with pytest.raises(ValueError, match="steps must be a multiple of every"):
        flow.march(advance, (jnp.asarray(0), jnp.asarray(1)), steps=5, every=3)


def test_the_drift_over_all_corners_is_the_exact_one() -> None:
    law, other = laws.UniformCube(6), laws.IsingRing(6, 0.5)
    corners = jnp.array(list(itertools.product([-1.0, 1.0], repeat=6)))
    for w in (np.random.default_rng(0).normal(size=6), np.array([1.0, -1, 2, 0, 1, 1])):
        found = flow.sampled_drift(jnp.asarray(w), corners, Task(law, other).pull())
        np.testing.assert_allclose(found, flow.drift(w, Task(law, other)), atol=1e-13)


def test_one_sample_follows_the_exact_path() -> None:
    positive, negative = laws.IsingRing.from_length(6, 3.0), laws.IsingRing.from_length(6, 1.0)
    w = np.random.default_rng(0).normal(size=6)
    exact = flow.hops(w, Task(positive, negative))
    options = {"steps": 1000, "step": 0.02, "every": 50}
    for method in ("euler", "heun"):
        found = flow.sampled(jax.random.key(0), w, Task(positive, negative), method=method, **options)
        np.testing.assert_allclose(found, exact(np.arange(21.0)), atol=0.02)
        np.testing.assert_array_equal(found[0], w)


def test_heun_is_of_second_order_within_a_cone() -> None:
    law = laws.UniformCube(4)
    w, end = np.array([3.0, 0.1, 0.2, 0.3]), 1.0
    exact = flow.hops(w, Task(law, law))
    found = [
        flow.sampled(jax.random.key(1), w, Task(law, law), steps=k, step=end / k, every=k, method="heun")[-1]
        for k in (8, 16, 512)
    ]
    first, second = (float(jnp.abs(one - found[2]).max()) for one in found[:2])
    assert 3.8 < first / second < 4.4
    assert np.abs(found[2] - exact(end)).max() < 0.01


def test_batches_of_seeds_and_of_laws_are_the_runs_one_by_one() -> None:
    options = {"steps": 20, "step": 0.5, "every": 10, "samples": 256}
    keys = jax.random.split(jax.random.key(0), 3)
    w, gains = jax.random.normal(jax.random.key(1), (3, 8)), jnp.array([0.2, 1.0, 5.0])

    def run(key: Array, w: Array, gain: Array) -> Array:
        return flow.sampled(key, w, Task(*signals(8, gain)), **options)

    together = jax.vmap(run)(keys, w, gains)
    for k in (0, 2):
        np.testing.assert_allclose(together[k], run(keys[k], w[k], gains[k]), atol=1e-12)

    def learn(key: Array, w: Array) -> Array:
        start = flow.Neurons.mean(w)
        law = laws.UniformCube(8)
        return flow.online(key, start, Task(law, law), steps=20, step=0.5, batch=64, every=10).weights

    together = jax.vmap(learn)(keys, w)
    np.testing.assert_allclose(together[2], learn(keys[2], w[2]), atol=1e-12)
    assert together.shape == (3, 3, 1, 8)


def test_the_mean_step_of_online_descent_is_the_flow() -> None:
    positive, negative = laws.IsingRing.from_length(6, 3.0), laws.IsingRing.from_length(6, 1.0)
    w, rate = np.random.default_rng(1).normal(size=6), 0.1

    def step(key: Array) -> Array:
        start = flow.Neurons.mean(w)
        ends = flow.online(key, start, Task(positive, negative), steps=1, step=rate, batch=32)
        return (ends.weights[1, 0] - w) / rate

    steps = np.asarray(jax.vmap(step)(jax.random.split(jax.random.key(0), 20_000)))
    spread = steps.std(0) / np.sqrt(len(steps))
    assert np.abs((steps.mean(0) - flow.drift(w, Task(positive, negative))) / spread).max() < 4.5
    note = field(w, positive).value / 2 - np.asarray(positive.covariance() + negative.covariance()) @ w / 2
    assert np.abs((steps.mean(0) - note) / spread).max() > 20, "equation (4) as printed"


def test_each_step_draws_a_fresh_batch() -> None:
    law, start = laws.UniformCube(5), flow.Neurons.mean(np.ones(5))
    ends = flow.online(jax.random.key(0), start, Task(law, law), steps=2, step=1e-6, batch=16)
    first, second = np.diff(ends.weights[:, 0], axis=0)
    assert np.abs(first - second).max() > 1e-3 * np.abs(first).max()


def test_the_two_classes_are_drawn_apart() -> None:
    """One coin of each class, w = 2: −2 dw is 1 if the positive coin passes, plus 2 if the other one does."""
    law, start = laws.UniformCube(1), flow.Neurons.mean([2.0])

    def step(key: Array) -> Array:
        return flow.online(key, start, Task(law, law), steps=1, step=1.0, batch=2).weights[1, 0, 0] - 2

    found = jax.vmap(step)(jax.random.split(jax.random.key(0), 200))
    np.testing.assert_allclose(np.unique(-2 * np.asarray(found)), [0, 1, 2, 3], atol=1e-12)


def test_several_neurons_with_a_fixed_and_a_trained_readout() -> None:
    positive, negative = laws.UniformCube(10), laws.Gaussian(ring.correlation(10, 2.0))
    start = flow.Neurons.mean(np.random.default_rng(0).normal(size=(3, 10)))
    np.testing.assert_allclose(start.readout, 1 / 3)
    options = {"steps": 300, "step": 0.2, "batch": 128, "every": 100}
    fixed = flow.online(jax.random.key(0), start, Task(positive, negative), **options)
    trained = flow.online(jax.random.key(0), start, Task(positive, negative), train_readout=True, **options)
    assert fixed.weights.shape == (4, 3, 10) and fixed.readout.shape == (4, 3)
    np.testing.assert_allclose(fixed.readout, 1 / 3)
    assert np.abs(trained.readout[-1] - 1 / 3).max() > 0.05
    ones, zeros = positive.sample(jax.random.key(8), 4096), negative.sample(jax.random.key(9), 4096)
    before, by_fixed, by_trained = (
        float(flow.batch_loss(one, ones, zeros))
        for one in (start, *(flow.Neurons(run.weights[-1], run.readout[-1]) for run in (fixed, trained)))
    )
    assert by_fixed < before - 0.02 and by_trained < before - 0.02


def test_the_loss_of_a_batch_is_half_the_mean_square() -> None:
    rng = np.random.default_rng(0)
    neurons = flow.Neurons(jnp.asarray(rng.normal(size=(2, 3))), jnp.asarray(rng.normal(size=2)))
    ones, zeros = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    x, y = np.concatenate([ones, zeros]), np.repeat([1.0, 0.0], 4)
    output = sum(a * np.maximum(x @ w, 0) for w, a in zip(*map(np.asarray, neurons), strict=True))
    expected = 0.5 * np.mean((output - y) ** 2)
    np.testing.assert_allclose(flow.batch_loss(neurons, jnp.asarray(ones), jnp.asarray(zeros)), expected)


@pytest.mark.parametrize("kind", ["Gaussian", "Student"])
def test_elliptical_flow_ends_in_the_wave_that_nothing_else_grows_in(kind: str) -> None:
    (plain, negative), n = gaussians(12), 12
    positive = {"Gaussian": plain, "Student": laws.Student(plain.row, 5.0)}[kind]
    w = flow.smooth(np.random.default_rng(0).normal(size=n), Task(positive, negative), [0.0, 1.0, 3000.0])
    np.testing.assert_allclose(flow.drift(w[-1], Task(positive, negative)), 0, atol=1e-6)
    share = measures.power_spectrum(w[-1])
    mode = int(np.argmax(share))
    assert share[mode] > 1 - 1e-6
    assert np.linalg.norm(w[-1]) == pytest.approx(flow.amplitude(Task(positive, negative))[mode], rel=1e-5)
    stable = [k for k in range(n // 2 + 1) if (flow.growth(Task(positive, negative), k) <= 0).all()]
    assert stable == [mode]


def test_growth_at_rest_is_the_slope_of_the_flow() -> None:
    (positive, negative), n, mode = gaussians(7), 7, 1
    wave = np.cos(2 * np.pi * mode * np.arange(n) / n)
    w = wave / np.linalg.norm(wave) * flow.amplitude(Task(positive, negative))[mode]
    np.testing.assert_allclose(flow.drift(w, Task(positive, negative)), 0, atol=1e-14)
    expected = flow.growth(Task(positive, negative), mode)
    for j in (0, 2, 3):
        trace = 1e-5 * np.cos(2 * np.pi * j * np.arange(n) / n + 0.4)
        change = (
            flow.drift(w + trace, Task(positive, negative)) - flow.drift(w - trace, Task(positive, negative))
        ) / 2
        np.testing.assert_allclose(change, expected[j] * trace, atol=1e-11)
    assert (expected > 0).any() and (expected < 0).any() and expected[mode] == expected[-mode] == 0
    turn = 1e-6 * np.sin(2 * np.pi * mode * np.arange(n) / n)
    np.testing.assert_allclose(flow.drift(w + turn, Task(positive, negative)), 0, atol=1e-11)


def test_the_smooth_path_against_small_steps() -> None:
    positive, negative = gaussians(6)
    w = np.random.default_rng(2).normal(size=6)
    found = flow.smooth(w, Task(positive, negative), [2.0])[0]
    for _ in range(1000):
        w = w + 2e-3 * flow.drift(w, Task(positive, negative))
    np.testing.assert_allclose(found, w, atol=2e-3)


def test_localization_needs_signals_near_the_corners() -> None:
    """Five seeds each: large gain looks at one place, small gain does not (noise has 3/22 = 0.14)."""
    keys = jax.random.split(jax.random.key(0), 5)
    starts = 0.1 * jax.random.normal(jax.random.key(1), (5, 20))

    def run(key: Array, w: Array, gain: Array) -> Array:
        options = {"steps": 300, "step": 0.5, "every": 300, "samples": 1 << 12}
        return measures.inverse_participation(flow.sampled(key, w, Task(*signals(20, gain)), **options)[-1])

    seeds = jax.vmap(run, (0, 0, None))
    large, small = jax.vmap(seeds, (None, None, 0))(keys, starts, jnp.array([20.0, 0.05]))
    assert large.min() > 0.4
    assert small.max() < 0.2


def test_response_of_a_gaussian_and_of_a_sign() -> None:
    a = np.linspace(-0.99, 0.99, 23)
    row = np.eye(4)[0]
    np.testing.assert_allclose(flow.response(a, laws.Gaussian(row)), np.sqrt(2 / np.pi) * a, atol=1e-9)
    np.testing.assert_allclose(flow.response(a, laws.NLGP(row, 1e-3)), np.sqrt(2 / np.pi) * a, atol=1e-5)
    sign = erf(a / np.sqrt(2 * (1 - a**2)))
    for law in (laws.UniformCube(4), laws.NLGP(row, jnp.inf), laws.Copula(row, laws.Ternary(1.0))):
        np.testing.assert_allclose(flow.response(a, law), sign, atol=1e-12)
    for law in (laws.Copula(row, laws.Laplace()), laws.Copula(row, laws.Ternary(0.2)), laws.NLGP(row, 3.0)):
        x = np.asarray(law.sample(jax.random.key(0), 20_000)).ravel()
        drawn = x * erf(0.9 * x / np.sqrt(2 * (1 - 0.9**2)))
        assert abs(flow.response(0.9, law) - drawn.mean()) < 5 * drawn.std() / np.sqrt(len(x) / 4)
    with pytest.raises(ValueError, match="law must be on the cube, Gaussian or a Copula"):
        flow.response(0.5, laws.Shell(row))


def test_effective_dynamics_agree_early_and_depart_once_few_pixels_decide() -> None:
    positive, negative = signals(40, jnp.inf)
    w, covariance = 0.3 * np.random.default_rng(0).normal(size=40), positive.covariance()
    times = np.array([0.0, 0.5, 1.0, 30.0])
    approximate = flow.effective(w, Task(positive, negative), times)
    taken = flow.sampled(
        jax.random.key(0), w, Task(positive, negative), steps=300, step=0.1, every=5, samples=1 << 14
    )
    true = taken[np.array([0, 1, 2, 60])]

    def off(w: Array) -> float:
        f = field(w, positive).value
        return float(
            np.linalg.norm(f - flow.response(alignment(w, covariance), positive) / 2) / np.linalg.norm(f)
        )

    assert off(true[0]) < 0.07
    assert off(true[3]) > 0.1
    cosine = (
        np.sum(approximate * true, 1) / np.linalg.norm(approximate, axis=1) / np.linalg.norm(true, axis=1)
    )
    assert cosine[:3].min() > 0.999 and cosine[3] < 0.97
    narrow, wide = measures.inverse_participation(true[3]), measures.inverse_participation(approximate[3])
    assert narrow > 0.5 and wide < 0.35, "the effective dynamics localize less"


def test_effective_dynamics_of_gaussian_signals_are_exact() -> None:
    positive, negative = gaussians(8)
    w, times = np.random.default_rng(0).normal(size=8), [0.0, 1.0, 5.0]
    exact = flow.smooth(w, Task(positive, negative), times)
    np.testing.assert_allclose(flow.effective(w, Task(positive, negative), times), exact, atol=1e-6)


@pytest.mark.parametrize("method", ["euler", "heun"])
def test_steps_over_one_sample_are_those_of_its_key(method: str) -> None:
    positive, negative = signals(6, 2.0)
    key, w = jax.random.key(5), np.random.default_rng(5).normal(size=6)
    x = np.asarray(positive.sample(key, 50))
    pull = np.asarray(positive.covariance() + negative.covariance()) / 4

    def drift(w: np.ndarray) -> np.ndarray:
        return np.sign(x @ w) @ x / (4 * 50) - pull @ w

    path = [w]
    for _ in range(4):
        w = path[-1]
        ahead = drift(w) if method == "euler" else (drift(w) + drift(w + 0.3 * drift(w))) / 2
        path.append(w + 0.3 * ahead)
    options = {"steps": 4, "step": 0.3, "samples": 50, "method": method}
    found = flow.sampled(key, path[0], Task(positive, negative), **options)
    np.testing.assert_allclose(found, path, atol=1e-12)


@pytest.mark.parametrize("free", [False, True], ids=["fixed", "trained"])
def test_steps_over_fresh_batches_are_those_of_their_keys(free: bool) -> None:
    positive, negative = signals(6, 2.0)
    key, rng = jax.random.key(6), np.random.default_rng(6)
    w, a = rng.normal(size=(2, 6)), rng.normal(size=2)
    start = flow.Neurons(jnp.asarray(w), jnp.asarray(a))
    found = flow.online(
        key, start, Task(positive, negative), steps=3, step=0.2, batch=10, every=3, train_readout=free
    )
    for i in range(3):
        one, zero = jax.random.split(jax.random.fold_in(key, i))
        x = np.concatenate([positive.sample(one, 5), negative.sample(zero, 5)])
        heard = np.maximum(x @ w.T, 0)
        off = (heard @ a - np.repeat([1.0, 0.0], 5)) / 10
        w, a = w - 0.2 * ((off[:, None] * (heard > 0)) * a).T @ x, a - 0.2 * free * off @ heard
    np.testing.assert_allclose(found.weights, [start.weights, w], atol=1e-12)
    np.testing.assert_allclose(found.readout, [start.readout, a], atol=1e-12)


@pytest.mark.parametrize(("x64", "error"), [(True, 1e-7), (False, 1e-4)])
def test_one_wave_grows_to_its_length_as_the_formula_says(x64: bool, error: float) -> None:
    """d|w|/dt = ½ c √λ₁ − ¼(λ₀ + λ₁)|w| along a wave."""
    times = np.array([0.0, 0.3, 2.0, 9.0])
    with jax.enable_x64(x64):
        positive, negative = laws.Gaussian(ring.correlation(6, 1.5)), laws.Gaussian(ring.correlation(6, 0.7))
        wave = np.cos(2 * np.pi * np.arange(6) / 6)
        found = flow.smooth(wave, Task(positive, negative), times)
        assert found.dtype == (np.float64 if x64 else np.float32)
        one, zero = (np.fft.fft(law.correlation()).real[1] for law in (positive, negative))
    first, rate = np.linalg.norm(wave), (one + zero) / 4
    end = np.sqrt(one / (2 * np.pi)) / 2 / rate
    expected = end + (first - end) * np.exp(-rate * times)
    np.testing.assert_allclose(found, expected[:, None] * wave / first, atol=error)


@pytest.mark.parametrize(
    ("steps", "every"), [(0, 1), (1, 0), (-2, 1), (2, -1), (3, 2), (2.0, 1), (2, 1.0), ("2", 1)]
)
def test_steps_that_cannot_be_taken_are_refused(steps: object, every: object) -> None:
    with pytest.raises(
        ValueError, match=r"steps must be a multiple of every|(steps|every) must be a whole number"
    ):
        flow.march(lambda state, i: state, jnp.zeros(1), steps=steps, every=every)


@pytest.mark.parametrize("times", [[], [-0.1, 1.0], [0.0, 0.0], [1.0, 0.5], [[0.0, 1.0]], 1.0])
def test_times_that_do_not_rise_from_zero_are_refused(times: object) -> None:
    with pytest.raises(ValueError, match="times must be one axis of rising numbers"):
        flow.smooth(np.ones(4), Task(GAUSS, LAW), times)


def test_batches_and_correlations_at_the_ends_of_their_range() -> None:
    start = flow.Neurons.mean(np.ones(4))
    assert flow.online(KEY, start, Task(LAW, LAW), steps=1, step=1.0, batch=2).weights.shape == (2, 1, 4)
    for batch in (0, 1, -2):
        with pytest.raises(ValueError, match="batch must be"):
            flow.online(KEY, start, Task(LAW, LAW), steps=1, step=1.0, batch=batch)
    np.testing.assert_array_equal(flow.response([-1.0, 0.0, 1.0], LAW), [-1, 0, 1])
    for a in (1 + 1e-9, -1 - 1e-9):
        with pytest.raises(ValueError, match="a must be a correlation"):
            flow.response([0.0, a], LAW)


@pytest.mark.parametrize("shape", [(0,), (0, 4), (2, 0), (), (1, 1, 4)])
def test_weights_of_no_neurons_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights must have shape"):
        flow.Neurons.mean(np.ones(shape))


LAW = laws.UniformCube(4)
GAUSS = laws.Gaussian(ring.correlation(4, 1.0))
KEY = jax.random.key(0)
BAD = {
    "w must have shape": lambda: flow.sampled(KEY, np.ones(3), Task(LAW, LAW), steps=1, step=1.0),
    "method must be one of euler, heun": lambda: flow.sampled(
        KEY, np.ones(4), Task(LAW, LAW), steps=1, step=1.0, method="rk4"
    ),
    "samples must be a whole number": lambda: flow.sampled(
        KEY, np.ones(4), Task(LAW, LAW), steps=1, step=1.0, samples=0
    ),
    "step must be a finite number > 0": lambda: flow.sampled(
        KEY, np.ones(4), Task(LAW, LAW), steps=1, step=0.0
    ),
    "start must have weights": lambda: flow.online(
        KEY, flow.Neurons.mean(np.ones(3)), Task(LAW, LAW), steps=1, step=1.0, batch=2
    ),
    r"start must be flow.Neurons, as flow.Neurons.mean\(w\)": lambda: flow.online(
        KEY, np.ones((1, 4)), Task(LAW, LAW), steps=1, step=1.0, batch=2
    ),
    "w must be finite and not all 0: at 0": lambda: flow.sampled(
        KEY, np.zeros(4), Task(LAW, LAW), steps=1, step=1.0
    ),
    "steps must be a whole number": lambda: flow.sampled(
        KEY, np.ones(4), Task(LAW, LAW), steps=1.5, step=1.0
    ),
    "a must be a correlation": lambda: flow.response(1.5, LAW),
    "ones and zeros must be signals of 4 pixels": lambda: flow.batch_loss(
        flow.Neurons.mean(np.ones(4)), np.ones((2, 4)), np.ones((2, 3))
    ),
    "batch must be even": lambda: flow.online(
        KEY, flow.Neurons.mean(np.ones(4)), Task(LAW, LAW), steps=1, step=1.0, batch=3
    ),
    "weights must have shape": lambda: flow.Neurons.mean(np.ones((1, 1, 4))),
    "positive must be Gaussian, Student or Shell": lambda: flow.smooth(np.ones(4), Task(LAW, LAW), [1.0]),
    "times must be one axis of rising numbers": lambda: flow.smooth(np.ones(4), Task(GAUSS, LAW), [1.0, 0.5]),
    "w must be finite and not all 0": lambda: flow.smooth(np.zeros(4), Task(GAUSS, LAW), [1.0]),
    "mode must be a whole number from 0 to 3": lambda: flow.growth(Task(GAUSS, LAW), 4),
    "mode must be a whole number from 0 to 3, got 1.5": lambda: flow.growth(Task(GAUSS, LAW), 1.5),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BAD[message]()
