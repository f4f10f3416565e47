"""Several neurons over the population: the loss and its slope, and the flow with the readout fixed or not."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from nmn.hypercube import Task, flow, laws, ring
from nmn.hypercube.flow.network import Points, objective
from tests.defaults import defaults

Pair = tuple[laws.Law, laws.Law]
ELLIPTICAL = ("Gaussian", "Student", "Shell")


def law(kind: str, length: float, n: int = 6) -> laws.Law:
    """Made within a test: laws keep the precision of where they are made."""
    row = ring.correlation(n, length)
    makers = {
        "Gaussian": lambda: laws.Gaussian(row),
        "Student": lambda: laws.Student(row, 5.0),
        "Shell": lambda: laws.Shell(row),
        "Ising": lambda: laws.IsingRing.from_length(n, length),
        "coins": lambda: laws.UniformCube(n),
        "NLGP": lambda: laws.NLGP(row, 20.0),
    }
    return makers[kind]()


def pair(kind: str, other: str | None = None) -> Pair:
    return law(kind, 3.0), law(other or kind, 1.0)


def neurons(seed: int, count: int = 3, n: int = 6) -> flow.Neurons:
    """Readouts of both signs."""
    rng = np.random.default_rng(seed)
    readout = rng.normal(size=count) * (-1.0) ** np.arange(count)
    return flow.Neurons(jnp.asarray(rng.normal(size=(count, n))), jnp.asarray(readout))


def positive_neurons(seed: int, count: int = 3, n: int = 6) -> flow.Neurons:
    start = neurons(seed, count, n)
    return flow.Neurons(start.weights, jnp.abs(start.readout) + 0.3)


def brute_loss(found: flow.Neurons, positive: laws.CubeLaw, negative: laws.CubeLaw) -> Array:
    """½ E(ŷ − Y)², corner by corner, from the law's couplings."""
    x = jnp.array(list(itertools.product([-1.0, 1.0], repeat=positive.n)))
    output = jax.nn.relu(x @ found.weights.T) @ found.readout
    total = jnp.asarray(0.0)
    for law, label in ((positive, 1.0), (negative, 0.0)):
        p = jnp.exp(getattr(law, "coupling", 0.0) * jnp.sum(x * jnp.roll(x, 1, 1), 1))
        total += p @ (output - label) ** 2 / p.sum() / 4
    return total


def losses(path: flow.Neurons, positive: laws.Law, negative: laws.Law) -> Array:
    return jax.vmap(lambda one: flow.network_loss(one, Task(positive, negative)))(path)


def close(found: flow.Neurons, expected: flow.Neurons, **options: float) -> None:
    np.testing.assert_allclose(found.weights, expected.weights, **options)
    np.testing.assert_allclose(found.readout, expected.readout, **options)


def last(path: flow.Neurons) -> flow.Neurons:
    return flow.Neurons(path.weights[-1], path.readout[-1])


@pytest.mark.parametrize("kind", ["Ising", "coins"])
def test_on_the_cube_against_every_corner(kind: str) -> None:
    two = pair(kind, "Ising")
    for seed in range(3):
        found = neurons(seed)
        value, slope = jax.value_and_grad(brute_loss)(found, *two)
        assert float(flow.network_loss(found, Task(*two))) == pytest.approx(float(value), abs=1e-13)
        close(flow.network_drift(found, Task(*two)), jax.tree.map(jnp.negative, slope), atol=1e-13)


@pytest.mark.parametrize("kind", ELLIPTICAL)
def test_closed_form_against_samples(kind: str) -> None:
    """Each class its own law: the slope and the loss within 5 standard errors, over blocks of signals."""
    found, (positive, negative), blocks = neurons(1), pair(kind, "Shell"), 100

    def drawn(key: Array) -> tuple[Array, flow.Neurons]:
        one, zero = jax.random.split(key)
        x, z = positive.sample(one, 2000), negative.sample(zero, 2000)
        return jax.value_and_grad(flow.batch_loss)(found, x, z)

    means = jax.lax.map(drawn, jax.random.split(jax.random.key(0), blocks))
    down = flow.network_drift(found, Task(positive, negative))
    exact = flow.network_loss(found, Task(positive, negative)), jax.tree.map(jnp.negative, down)
    for many, one in zip(jax.tree.leaves(means), jax.tree.leaves(exact), strict=True):
        error = np.std(many, 0) / np.sqrt(blocks)
        assert np.all(np.abs(np.mean(many, 0) - one) < 5 * error)
        assert np.all(error < 0.1 * (np.abs(one).max() + 0.1))


@pytest.mark.parametrize(
    ("kind", "other"),
    [("Gaussian", "Ising"), ("Student", "Gaussian"), ("Shell", "Ising"), ("Ising", "Gaussian")],
)
def test_one_neuron_has_the_loss_and_the_drift_of_one_neuron(kind: str, other: str) -> None:
    positive, negative = pair(kind, other)
    w = np.random.default_rng(3).normal(size=6)
    one = flow.Neurons.mean(w)
    exact = flow.loss(w, Task(positive, negative))
    assert float(flow.network_loss(one, Task(positive, negative))) == pytest.approx(exact, abs=1e-14)
    found = flow.network_drift(one, Task(positive, negative))
    np.testing.assert_allclose(found.weights[0], flow.drift(w, Task(positive, negative)), atol=1e-14)
    np.testing.assert_allclose(found.readout[0], w @ found.weights[0], atol=1e-14)


def test_a_neuron_split_in_two_is_the_same_network() -> None:
    """Where two neurons are parallel or one is dead, the closed form has 0/0: no NaN, no digits lost."""
    w, other = np.random.default_rng(0).normal(size=(2, 6))
    whole = flow.Neurons(jnp.stack([w, other]), jnp.array([0.7, -0.4]))
    split = flow.Neurons(jnp.stack([w, 3 * w, other, 0 * w]), jnp.array([0.1, 0.2, -0.4, 5.0]))
    for two in (pair("Gaussian"), pair("Ising"), pair("Student", "Ising")):
        first, second = (float(flow.network_loss(one, Task(*two))) for one in (whole, split))
        assert first == pytest.approx(second, abs=1e-14)
        a, b = (flow.network_drift(one, Task(*two)) for one in (whole, split))
        expected = jnp.stack([a.weights[0] / 7, a.weights[0] * 2 / 7, a.weights[1]])
        np.testing.assert_allclose(b.weights[:3], expected, atol=1e-12)
        assert np.isfinite(b.weights).all()


def test_between_the_planes_the_loss_is_a_polynomial_of_degree_four() -> None:
    start, way = neurons(2), neurons(7)
    x = np.array(list(itertools.product([-1.0, 1.0], repeat=6)))
    height = np.abs(x @ np.asarray(start.weights).T).min() / np.abs(x @ np.asarray(way.weights).T).max()
    two = pair("Ising")

    @jax.vmap
    def along(t: Array) -> Array:
        return flow.network_loss(jax.tree.map(lambda at, to: at + t * to, start, way), Task(*two))

    for reach, smooth in ((height, True), (40 * height, False)):
        times = np.linspace(-reach, reach, 9)
        line = np.asarray(along(times))
        fit = np.polynomial.Polynomial.fit(times, line, 4)
        assert (np.abs(fit(times) - line).max() < 1e-13) == smooth


@pytest.mark.parametrize("method", ["euler", "heun"])
def test_one_neuron_by_steps_comes_to_the_exact_path(method: str) -> None:
    """First order through all the jumps: the error falls with the step."""
    w, two = np.random.default_rng(0).normal(size=6), pair("Ising")
    exact = flow.hops(w, Task(*two))
    assert (exact.times < 16).sum() > 6, "there are jumps"

    def error(steps: int) -> float:
        options = {"steps": steps, "step": 16 / steps, "every": steps // 16, "method": method}
        path = flow.network_steps(flow.Neurons.mean(w), Task(*two), **options)
        return float(np.abs(path.weights[:, 0] - exact(np.arange(17.0))).max())

    coarse, fine = error(512), error(8192)
    assert coarse < {"euler": 2e-3, "heun": 5e-4}[method]
    assert fine < coarse / {"euler": 12, "heun": 4}[method]


def test_heun_is_of_second_order_until_the_first_jump() -> None:
    start = flow.Neurons(jnp.eye(2, 6) + 0.02, jnp.array([0.5, 0.2]))
    ends = [
        last(
            flow.network_steps(
                start, Task(*pair("Ising")), steps=k, step=0.5 / k, every=k, method="heun", train_readout=True
            )
        )
        for k in (8, 16, 256)
    ]
    first, second = (float(jnp.abs(one.weights - ends[2].weights).max()) for one in ends[:2])
    assert 3.8 < first / second < 4.5


@pytest.mark.parametrize("free", [False, True], ids=["fixed", "trained"])
def test_several_neurons_by_steps_converge_at_first_order(free: bool) -> None:
    start, two = neurons(4), pair("Ising")

    def end(steps: int) -> Array:
        options = {"steps": steps, "step": 4 / steps, "every": steps, "train_readout": free}
        return last(flow.network_steps(start, Task(*two), **options)).weights

    finest = end(1 << 14)
    errors = [float(jnp.abs(end(steps) - finest).max()) for steps in (64, 256, 1024)]
    assert errors[0] < 0.05
    assert all(2.5 < coarse / fine < 6 for coarse, fine in itertools.pairwise(errors))


@pytest.mark.parametrize(("kind", "free"), [("Gaussian", False), ("Student", True)])
def test_the_smooth_flow_against_small_steps(kind: str, free: bool) -> None:
    start, two, options = positive_neurons(5), pair(kind, "Shell"), {"train_readout": free}
    found = flow.network_smooth(start, Task(*two), [0.0, 1.0, 3.0], **options)
    close(flow.Neurons(found.weights[0], found.readout[0]), start, atol=0)
    steps = flow.network_steps(start, Task(*two), steps=1500, step=2e-3, every=500, method="heun", **options)
    close(last(found), last(steps), atol=2e-5)
    np.testing.assert_allclose(found.weights[1], steps.weights[1], atol=2e-5)
    assert np.ptp(found.readout, 0).max() > 0.05 if free else np.ptp(found.readout, 0).max() == 0


def test_one_neuron_smooth_is_the_smooth_flow() -> None:
    w, times = np.random.default_rng(1).normal(size=6), [0.5, 2.0, 10.0]
    two = pair("Gaussian")
    assert defaults(flow.network_smooth) == {"train_readout": False}
    found = flow.network_smooth(flow.Neurons.mean(w), Task(*two), times)
    np.testing.assert_allclose(found.weights[:, 0], flow.smooth(w, Task(*two), times), atol=1e-6)


def test_equal_neurons_of_readout_one_over_k_follow_one_neuron_k_times_slower() -> None:
    w, k = np.random.default_rng(2).normal(size=6), 4
    start = flow.Neurons.mean(np.tile(w, (k, 1)))
    times = np.array([0.5, 2.0, 6.0])
    two = pair("Gaussian")
    slow = flow.network_smooth(start, Task(*two), k * times)
    expected = np.repeat(flow.smooth(w, Task(*two), times)[:, None], k, 1)
    np.testing.assert_allclose(slow.weights, expected, atol=1e-6)
    two = pair("Ising")
    exact = flow.hops(w, Task(*two))(4.0)
    stepped = last(flow.network_steps(start, Task(*two), steps=2048, step=4 * k / 2048, every=2048))
    np.testing.assert_allclose(stepped.weights, np.tile(exact, (k, 1)), atol=3e-3)


@pytest.mark.parametrize("free", [False, True], ids=["fixed", "trained"])
@pytest.mark.parametrize("kind", ["Gaussian", "Ising"])
def test_the_loss_never_rises_and_training_the_readout_keeps_the_balance(kind: str, free: bool) -> None:
    """a_k² − |w_k|² stays, as relu does not tell (c w, a/c) from (w, a). Both but for the error of steps."""
    start, two = jax.tree.map(lambda leaf: leaf / 2, positive_neurons(6)), pair(kind)
    if kind == "Gaussian":
        path = flow.network_smooth(start, Task(*two), np.arange(0, 40.0), train_readout=free)
    else:
        options = {"steps": 8000, "step": 5e-3, "every": 200, "method": "heun", "train_readout": free}
        path = flow.network_steps(start, Task(*two), **options)
    values = losses(path, *two)
    assert np.diff(values).max() < 1e-7
    assert values[-1] < min(0.2, values[0] - 0.1)
    balance = path.readout**2 - np.sum(path.weights**2, -1)
    assert (np.ptp(balance, 0).max() < 1e-4) == free
    if not free:
        np.testing.assert_array_equal(path.readout, np.tile(start.readout, (len(values), 1)))


def test_a_plane_may_draw_a_neuron_in_from_both_sides() -> None:
    """One pixel, readout −1: |w| falls to 0 and stays; equal steps zigzag within a step of the plane."""
    coin, start = laws.UniformCube(1), flow.Neurons(jnp.array([[1.0]]), jnp.array([-1.0]))
    for step in (0.1, 0.01):
        path = flow.network_steps(start, Task(coin, coin), steps=round(10 / step), step=step).weights[:, 0, 0]
        late = np.asarray(path[-50:])
        assert 0 < np.abs(late).max() <= step and np.all(late[1:] * late[:-1] < 0)
    with pytest.raises(ValueError, match="times must end before a neuron has shrunk to 0"):
        flow.network_smooth(
            flow.Neurons(jnp.ones((1, 6)), jnp.array([-1.0])), Task(*pair("Gaussian")), [50.0]
        )


@pytest.mark.parametrize("kind", ["Gaussian", "Ising"])
def test_the_mean_step_of_online_descent_is_the_flow_of_all_neurons(kind: str) -> None:
    start, two, rate = neurons(8), pair(kind), 0.1

    def step(key: Array) -> flow.Neurons:
        ends = flow.online(key, start, Task(*two), steps=1, step=rate, batch=32, train_readout=True)
        return jax.tree.map(lambda kept: (kept[1] - kept[0]) / rate, ends)

    steps = jax.lax.map(step, jax.random.split(jax.random.key(0), 10_000), batch_size=500)
    for many, down in zip(steps, flow.network_drift(start, Task(*two)), strict=True):
        error = np.std(many, 0) / np.sqrt(len(many))
        assert np.all(np.abs(np.mean(many, 0) - down) < 5 * error)
        assert np.all(error < 0.2 * np.abs(down).max())


def test_a_sample_of_each_class_follows_the_exact_flow() -> None:
    start, options = positive_neurons(9), {"steps": 200, "step": 0.05, "every": 50, "train_readout": True}
    for two in (pair("Ising"), pair("Gaussian")):
        exact = flow.network_steps(start, Task(*two), **options)
        found = flow.network_sampled(jax.random.key(0), start, Task(*two), samples=1 << 14, **options)
        close(found, exact, atol=0.02)
        coarse = flow.network_sampled(jax.random.key(0), start, Task(*two), samples=1 << 7, **options)
        assert np.abs(coarse.weights - exact.weights).max() > 0.06


def test_the_two_classes_are_sampled_apart() -> None:
    """One signal of two coins for each class: |w·x| is 1.5 or 0.5 for each, and the step sees the sum."""
    coins, start = laws.UniformCube(2), flow.Neurons(jnp.array([[1.0, 0.5]]), jnp.ones(1))

    def step(key: Array) -> Array:
        path = flow.network_sampled(key, start, Task(coins, coins), steps=1, step=1.0, samples=1)
        return path.weights[1, 0, 0]

    found = jax.vmap(step)(jax.random.split(jax.random.key(0), 100))
    assert len(np.unique(np.round(np.asarray(found), 9))) == 3


def test_the_sampled_loss_over_all_corners_is_the_exact_one_and_never_negative() -> None:
    x = jnp.array(list(itertools.product([-1.0, 1.0], repeat=6)))
    all_coins, coins = Points(x, jnp.full(64, 1 / 64)), laws.UniformCube(6)
    found, pull = neurons(3), Task(coins, coins).pull()
    exact = flow.network_loss(found, Task(coins, coins))
    np.testing.assert_allclose(objective(found, pull, all_coins, all_coins), exact, atol=1e-13)
    few = [Points(coins.sample(jax.random.key(k), 4), jnp.full(4, 0.25)) for k in range(2)]
    # Two equal neurons that cancel: the first to fall below 0 if squares and products were known unlike.
    for size in (1.0, 100.0):
        twins = flow.Neurons(size * jnp.stack([found.weights[0]] * 2), jnp.array([1.0, -1.0]))
        np.testing.assert_allclose(objective(twins, pull, *few), 0.25, atol=1e-9)


def test_seeds_together_are_the_runs_one_by_one_for_any_law() -> None:
    two = pair("NLGP")
    keys, start = jax.random.split(jax.random.key(0), 3), positive_neurons(0)

    def run(key: Array) -> flow.Neurons:
        return flow.network_sampled(key, start, Task(*two), steps=20, step=0.2, every=10, samples=256)

    together = jax.jit(jax.vmap(run))(keys)
    close(jax.tree.map(lambda leaf: leaf[1], together), run(keys[1]), atol=1e-12)
    assert np.abs(together.weights[0] - together.weights[1]).max() > 1e-3


def test_single_precision_stays_single() -> None:
    start = jax.tree.map(lambda leaf: leaf.astype(jnp.float32), positive_neurons(1))
    two, options = pair("Gaussian"), {"steps": 20, "step": 0.05, "method": "heun", "train_readout": True}
    fine = flow.network_smooth(positive_neurons(1), Task(*two), [1.0], train_readout=True)
    for path, near in (
        (flow.network_smooth(start, Task(*two), [1.0], train_readout=True), 1e-4),
        (flow.network_steps(start, Task(*two), **options), 1e-2),
        (flow.network_sampled(jax.random.key(0), start, Task(*two), **options), 0.1),
    ):
        assert path.weights.dtype == path.readout.dtype == jnp.float32
        close(last(path), last(fine), atol=near)


KEY, STEPS = jax.random.key(0), {"steps": 2, "step": 0.1}
BAD = {
    "positive must be Gaussian, Student or Shell, or have exact probabilities": lambda: flow.network_loss(
        neurons(0), Task(*pair("NLGP", "Ising"))
    ),
    "negative must be Gaussian, Student or Shell, or have exact probabilities": lambda: flow.network_steps(
        neurons(0), Task(*pair("Ising", "NLGP")), **STEPS
    ),
    "at most 16 pixels": lambda: flow.network_loss(
        neurons(0, n=17), Task(laws.UniformCube(17), laws.UniformCube(17))
    ),
    r"neurons must have weights \(K, 6\)": lambda: flow.network_drift(neurons(0, n=5), Task(*pair("Ising"))),
    r"start must have weights \(K, 6\) and readout": lambda: flow.network_smooth(
        neurons(0)._replace(readout=jnp.ones(2)), Task(*pair("Gaussian")), [1.0]
    ),
    "as many pixels": lambda: flow.network_loss(neurons(0), Task(laws.UniformCube(6), laws.UniformCube(5))),
    "weights must be finite, no neuron all 0": lambda: flow.network_steps(
        neurons(0)._replace(weights=jnp.eye(3, 6).at[1].set(0)), Task(*pair("Ising")), **STEPS
    ),
    "positive must be Gaussian, Student or Shell": lambda: flow.network_smooth(
        neurons(0), Task(*pair("Ising", "Gaussian")), [1.0]
    ),
    "negative must be Gaussian, Student or Shell": lambda: flow.network_smooth(
        neurons(0), Task(*pair("Gaussian", "Ising")), [1.0]
    ),
    "times must be one axis of rising": lambda: flow.network_smooth(
        neurons(0), Task(*pair("Gaussian")), [1.0, 0.5]
    ),
    "method must be one of euler, heun": lambda: flow.network_steps(
        neurons(0), Task(*pair("Ising")), method="rk4", **STEPS
    ),
    "samples must be a whole number": lambda: flow.network_sampled(
        KEY, neurons(0), Task(*pair("NLGP")), samples=0, **STEPS
    ),
    "step must be a finite number > 0": lambda: flow.network_steps(
        neurons(0), Task(*pair("Ising")), steps=1, step=0.0
    ),
    "steps must be a multiple of every": lambda: flow.network_steps(
        neurons(0), Task(*pair("Ising")), every=2, steps=3, step=1.0
    ),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BAD[message]()
