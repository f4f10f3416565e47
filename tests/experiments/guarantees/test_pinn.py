"""The physics-informed network against Optax's loop, and its problems against their equation."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nmn.experiments.guarantees import pinn
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")
KEY = jax.random.key(2)


def test_the_solutions_are_what_they_are_called() -> None:
    x = np.linspace(0, 1, 11)
    np.testing.assert_allclose(pinn.smooth(x), np.sin(2 * np.pi * x), atol=1e-6)
    np.testing.assert_allclose(pinn.narrow(x), np.exp(-((x - 0.6) ** 2) / 0.0128), atol=1e-6)
    assert {"smooth": pinn.smooth, "narrow": pinn.narrow} == pinn.SOLUTIONS


@pytest.mark.parametrize("kind", pinn.PINN_KNOBS)
def test_a_start_has_its_places_and_its_knob(kind: str) -> None:
    knob = 0.3
    net = pinn.start_pinn(KEY, kind, knob, 2000)
    of_place, of_sign, of_out = jax.random.split(KEY, 3)
    np.testing.assert_allclose(net.a, jax.random.normal(of_out, (2000,)) / np.sqrt(2000), rtol=1e-5)
    assert net.c == 0
    place = net.w if kind in ("rbf", "yat") else -net.s / net.w
    np.testing.assert_allclose(place, jax.random.uniform(of_place, (2000,), minval=-1, maxval=1), atol=1e-6)
    if kind == "rbf":
        np.testing.assert_allclose(net.s, 1 / knob, rtol=1e-5)
    elif kind == "yat":
        np.testing.assert_allclose(net.s + net.w**2, np.sqrt(knob), rtol=1e-4)
    else:
        np.testing.assert_allclose(net.w, knob * jax.random.rademacher(of_sign, (2000,)), rtol=1e-5)


def test_it_is_adam_on_the_equation_and_the_ends() -> None:
    rates, knobs, keys = np.float32([0.05, 0.02]), np.float32([0.3, 2.0]), jax.random.split(KEY, 2)
    x = (np.arange(8, dtype=np.float32) + 0.5) / 8
    truth, bend = np.sin(2 * np.pi * x), np.cos(5 * x)
    found = pinn.solve(keys, rates, knobs, truth, bend, kind="tanh", units=3, steps=5)

    def u(net: pinn.Units, x: jax.Array) -> jax.Array:
        return pinn.solution("tanh", net, x, 0.0)

    def cost(net: pinn.Units) -> jax.Array:
        second = jax.vmap(jax.grad(jax.grad(u, 1), 1), (None, 0))(net, x)
        ends = jnp.stack([u(net, jnp.zeros(())), u(net, jnp.ones(()))])
        return jnp.mean((second - bend) ** 2) / np.mean(bend**2) + 50 * jnp.sum(ends**2)

    slope = jax.jit(jax.grad(cost))
    for key, rate, knob, error in zip(keys, rates, knobs, found, strict=True):
        adam = optax.adam(optax.cosine_decay_schedule(float(rate), 5))
        net = pinn.start_pinn(key, "tanh", knob, 3)
        state = adam.init(net)
        for _ in range(5):
            move, state = adam.update(slope(net), state)
            net = optax.apply_updates(net, move)
        off = np.array([u(net, one) for one in x]) - truth
        np.testing.assert_allclose(error, np.linalg.norm(off) / np.linalg.norm(truth), rtol=1e-3)


@pytest.mark.parametrize("kind", ["tanh", "rbf", "yat"])
def test_the_setting_is_the_best_of_a_grid_that_reaches_beyond_it(kind: str) -> None:
    tuned = pinn.pinn_tuned(kind, "smooth")
    rates, knobs = (sorted(set(axis)) for axis in zip(*tuned.table, strict=True))
    assert rates[0] < tuned.chosen["rate"] < rates[-1]
    assert knobs[0] < tuned.chosen["knob"] < knobs[-1]
    assert tuned.score == min(tuned.table.values())


def test_settings_are_judged_on_eight_seeds_of_their_own() -> None:
    assert pinn.TUNING_SEEDS == 8
    assert defaults(pinn.pinn_errors) == {"seeds": 20, "points": 64}
    assert defaults(pinn.solve) == {"units": 16, "steps": 1500}
    x = (jnp.arange(64) + 0.5) / 64
    judge = jax.vmap(pinn.narrow)(x), jax.vmap(jax.grad(jax.grad(pinn.narrow)))(x)
    tuned = pinn.pinn_tuned("rbf", "narrow")
    chosen = np.float32(list(tuned.chosen.values()))
    tries, keys = jax.random.split(jax.random.key(99), 8), jax.random.split(jax.random.key(0), 20)
    again = pinn.solve(tries, *np.tile(chosen, (8, 1)).T, *judge, kind="rbf")
    # The last digits of a trained network depend on how many are trained at once.
    np.testing.assert_allclose(np.median(again), tuned.score, rtol=0.2)
    expected = pinn.solve(keys, *np.tile(chosen, (20, 1)).T, *judge, kind="rbf")
    np.testing.assert_allclose(np.median(pinn.pinn_errors("rbf", "narrow")), np.median(expected), rtol=0.2)


def test_what_learns_nothing_is_not_tuned() -> None:
    assert pinn.UNTAUGHT == {"relu": (0.03, 2.5)}
    net = pinn.start_pinn(KEY, "relu", 2.5, 16)
    u = jax.grad(jax.grad(lambda x: pinn.solution("relu", net, x, 2.5)))
    np.testing.assert_array_equal(jax.vmap(u)(jnp.linspace(0.01, 0.99, 50)), 0)
