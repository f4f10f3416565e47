"""Training against Optax's own loop, and runs in batches, however many there are."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nmn.experiments import comparison, models, training
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")


def close(found: models.Network, expected: models.Network) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_training_is_adam_on_the_cost() -> None:
    assert defaults(training.train) == {"units": 16, "steps": 600}
    keys, sample = comparison.problems("wave_2d", 5, 2)
    x, y, rates, knobs = sample.x[:, :20], sample.y[:, :20], np.float32([0.02, 0.05]), np.float32([0.5, 1.5])
    found = training.train(keys, x, y, rates, knobs, kind="yat", units=3, steps=32, huber=0.3)
    assert found.errors.shape == (2, 32)
    adam = optax.inject_hyperparams(optax.adam)(learning_rate=0.0)

    @jax.jit
    def step(net, state, x, y, knob):
        slope = jax.grad(lambda net: training.cost("yat", net, x, y, knob, 0.3))(net)
        move, state = adam.update(slope, state)
        return optax.apply_updates(net, move), state

    for run in range(2):
        net = models.start(keys[run], "yat", 2, knobs[run], units=3)
        state = adam.init(net)
        state.hyperparams["learning_rate"] = jnp.asarray(rates[run])
        for count in range(32):
            if count == 30:
                close(jax.tree.map(lambda leaf, run=run: leaf[run], found.early), net)
            error = np.mean((models.predict("yat", net, x[run], knobs[run]) - y[run]) ** 2)
            np.testing.assert_allclose(found.errors[run, count], error, rtol=1e-3)
            net, state = step(net, state, x[run], y[run], knobs[run])
        close(jax.tree.map(lambda leaf, run=run: leaf[run], found.net), net)


@pytest.mark.parametrize("runs", [1, 19, 20, 21, 41])
def test_every_batch_has_as_many_runs(runs: int) -> None:
    keys, numbers = jax.random.split(jax.random.key(0), runs), np.arange(2.0 * runs).reshape(runs, 2)
    sizes = []

    def function(keys: jax.Array, numbers: np.ndarray) -> dict[str, jax.Array]:
        sizes.append((len(keys), len(numbers)))
        return {"drawn": jax.vmap(jax.random.uniform)(keys), "sum": jnp.sum(numbers, 1)}

    found = training.in_batches(function, keys, numbers)
    assert sizes == [(20, 20)] * -(-runs // 20)
    assert {type(leaf) for leaf in found.values()} == {np.ndarray}
    np.testing.assert_array_equal(found["sum"], numbers.sum(1))
    np.testing.assert_array_equal(found["drawn"], jax.vmap(jax.random.uniform)(keys))
