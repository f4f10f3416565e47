"""The parts of the measured comparisons, against closed forms: data, networks, training, measures."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments import comparison, models, tasks, training
from nmn.experiments.guarantees import conflict, contamination, influence, pinn, territory

pytestmark = pytest.mark.usefixtures("float32")


KEY = jax.random.key(3)
X = jax.random.uniform(KEY, (50, 2), minval=-1.0, maxval=1.0)
Y = jnp.arange(50.0)


def test_every_kind_has_the_same_number_of_parameters() -> None:
    count = {sum(leaf.size for leaf in models.start(KEY, kind, 3, 0.5, units=7)) for kind in models.KINDS}
    assert count == {7 * (3 + 2) + 1}


def test_a_unit_starts_at_its_peak_kink_or_centre() -> None:
    rbf, yat = (models.start(KEY, kind, 2, 0.1, units=5) for kind in ("rbf", "yat"))
    np.testing.assert_allclose(jnp.diag(models.units_of("rbf", rbf.w, rbf.s, rbf.w, 0.1)), 1, rtol=1e-6)
    np.testing.assert_allclose(jnp.diag(models.units_of("yat", yat.w, yat.s, yat.w, 0.1)), 1, rtol=1e-4)
    relu = models.start(KEY, "relu", 2, 1.5, units=5)
    np.testing.assert_allclose(jnp.linalg.norm(relu.w, axis=1), 1.5, rtol=1e-5)


@pytest.mark.parametrize("d", [2, 8])
def test_a_start_follows_the_dimension_and_the_knob(d: int) -> None:
    linear, relu, rbf, yat = (models.start(KEY, kind, d, 0.3, units=4000) for kind in models.KINDS)
    np.testing.assert_allclose(rbf.s, 1 / (0.3 * np.sqrt(d)), rtol=1e-5)
    np.testing.assert_allclose(yat.s + jnp.sum(yat.w**2, 1), np.sqrt(0.3 * d), rtol=1e-4)
    for net in (rbf, yat):
        np.testing.assert_allclose([net.w.min(), net.w.max()], [-1, 1], atol=0.01)
    for net in (linear, relu):
        np.testing.assert_allclose(jnp.linalg.norm(net.w, axis=1), 0.3, rtol=1e-5)
        # A kink w·p + s = 0 through a place p of the cube: E[s²] = |w|²/3 over places and directions.
        np.testing.assert_allclose(jnp.mean(net.s**2), 0.3**2 / 3, rtol=0.1)
    for net in (linear, relu, rbf, yat):
        np.testing.assert_allclose(jnp.std(net.a), 1 / np.sqrt(4000), rtol=0.05)
        assert net.c == 0


def test_bad_names_are_named() -> None:
    with pytest.raises(ValueError, match="kind must be one of linear, relu, rbf, yat, got 'tanh'"):
        models.units_of("tanh", X, X[:, 0], X, 1.0)
    with pytest.raises(ValueError, match=r"task must be one of .* got 'saddle'"):
        tasks.draw(KEY, "saddle")
    with pytest.raises(ValueError, match="kind must be one of leverage, label, both, got 'odd'"):
        contamination.contaminate(KEY, X, Y, "odd", 3.0)
    with pytest.raises(ValueError, match=r"fraction must lie in \[0, 1\], got 1.5"):
        contamination.contaminate(KEY, X, Y, "label", 3.0, 1.5)


@pytest.mark.parametrize("kind", contamination.OUTLIERS)
def test_outliers_are_where_they_should_be(kind: str) -> None:
    x, y = contamination.contaminate(KEY, X, Y, kind, 7.0, 0.2)
    np.testing.assert_array_equal(x[10:], X[10:])
    np.testing.assert_array_equal(y[10:], Y[10:])
    length = jnp.linalg.norm(x[:10], axis=1)
    np.testing.assert_allclose(length, jnp.linalg.norm(X[:10], axis=1) if kind == "label" else 7, rtol=1e-5)
    np.testing.assert_allclose(y[:10], Y[:10] + (0 if kind == "leverage" else 7))


@pytest.mark.parametrize("task", tasks.TARGETS)
def test_targets_have_unit_variance_and_known_noise(task: str) -> None:
    sample = tasks.draw(KEY, task, train=4000, test=10)
    assert sample.x.shape == (4000, tasks.TARGETS[task][1])
    assert abs(float(sample.y.std()) - np.sqrt(1 + tasks.NOISE**2)) < 0.02


def test_training_lowers_the_error_and_any_batch_gives_the_same_run() -> None:
    keys, sample = comparison.problems("plane_2d", 0, 21)  # one run more than a batch holds
    rate, knob = jnp.full(21, 0.05), jnp.full(21, 0.5)
    found = training.train(keys, sample.x, sample.y, rate, knob, kind="relu", units=4, steps=60)
    assert found.errors.shape == (21, 60)
    assert float(jnp.median(found.errors[:, -1] / found.errors[:, 0])) < 0.2
    last = training.train(
        *(a[20:] for a in (keys, sample.x, sample.y, rate, knob)), kind="relu", units=4, steps=60
    )
    np.testing.assert_allclose(found.errors[20], last.errors[0], rtol=1e-4)
    assert not np.allclose(found.early.w, found.net.w)


def test_steps_to_a_goal() -> None:
    errors = np.array([[1, 0.5, 0.05, 0.2], [1, 1, 1, 1]])
    np.testing.assert_array_equal(comparison.steps_to(errors, 0.1), [2, np.inf])


def test_huber_bends_at_its_corner() -> None:
    net = models.Network(jnp.zeros((1, 2)), jnp.zeros(1), jnp.zeros(1), jnp.zeros(()))
    cost = training.cost("relu", net, X[:1], jnp.array([2.0]), 1.0, 0.3)
    np.testing.assert_allclose(cost, 0.3 * (2 - 0.15), rtol=1e-5)
    np.testing.assert_allclose(training.cost("relu", net, X[:1], jnp.array([2.0]), 1.0), 2)


def test_push_of_one_example() -> None:
    w, x = jnp.array([1.0, 0.0]), 1e3 * jnp.array([[0.6, 0.8]])
    np.testing.assert_allclose(influence.reach("linear", w, x), 1e3, rtol=1e-5)
    np.testing.assert_allclose(influence.reach("relu", -w, x), 0)
    np.testing.assert_allclose(influence.reach("rbf", w, x), 0)
    np.testing.assert_allclose(influence.reach("yat", w, x), 2 * 0.6, rtol=1e-2)
    push = influence.push("yat", w, x, jnp.array([-100.0]))
    np.testing.assert_allclose(push, (100 + 0.36) * 1.2, rtol=1e-2)


def test_conflict_of_two_opposite_and_of_two_equal_examples() -> None:
    net = models.Network(jnp.ones((1, 2)), jnp.zeros(1), jnp.ones(1), jnp.zeros(()))
    x = jnp.array([[1.0, 2.0], [1.0, 2.0]])
    for targets, expected in (([0.0, 9.0], 1.0), ([0.0, 1.0], 0.0)):
        found = conflict.opposition("linear", net, x, jnp.array(targets), 1.0)
        np.testing.assert_allclose(found, [expected, expected], atol=1e-5)


def test_ownership_of_a_needle_and_of_a_plain() -> None:
    def shares(width: float) -> dict[str, jax.Array]:
        net = models.Network(jnp.array([[0.2, 0.1]]), jnp.array([1 / width]), jnp.ones(1), jnp.zeros(()))
        x = jax.random.uniform(KEY, (400, 2), minval=-1.0, maxval=1.0)
        return territory.ownership("rbf", net, x, jnp.zeros(400), 1.0)

    assert shares(0.1)["activity_near_w"] > 0.9
    assert shares(100.0)["activity_near_w"] < 0.2
    assert shares(0.1)["activity_best"] >= shares(0.1)["activity_near_w"]


def test_pinn_units_have_the_values_they_should() -> None:
    net = pinn.Units(jnp.array([0.5]), jnp.array([2.0]), jnp.array([3.0]), jnp.array(1.0))
    x = jnp.array(0.9)  # 0.8 on [−1, 1]
    expected = {
        "tanh": np.tanh(0.5 * 0.8 + 2),
        "relu": 2.4,
        "rbf": np.exp(-4 * 0.3**2),
        "yat": 2.4**2 / (0.3**2 + 0.1),
    }
    for kind, value in expected.items():
        np.testing.assert_allclose(pinn.solution(kind, net, x, 0.1), 1 + 3 * value, rtol=1e-5)
