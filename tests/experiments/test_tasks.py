"""The targets have the shapes that their names say, and a problem is made of them as it is told."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.experiments import tasks
from tests.defaults import defaults

pytestmark = pytest.mark.usefixtures("float32")

KEYS = jax.random.split(jax.random.key(1), 400)


def slopes(target, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Value and gradient at 0, one row a key."""
    found = jax.vmap(lambda key: jax.value_and_grad(lambda x: target(key, x[None])[0])(jnp.zeros(d)))(KEYS)
    return tuple(map(np.asarray, found))


def test_a_plane_is_linear_along_a_random_direction() -> None:
    values, along = slopes(tasks.plane, 3)
    assert not values.any() and abs(along.std() - 1) < 0.05 and abs(along.mean()) < 0.1
    x = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(tasks.plane(KEYS[0], x), x @ along[0], rtol=1e-4)


def test_a_wave_has_one_frequency_and_any_phase() -> None:
    values, along = slopes(tasks.wave, 3)
    # sin φ and 3 cos φ u.
    phase = np.arctan2(values, np.sign(along[:, 0]) * np.linalg.norm(along, axis=1) / 3) % np.pi
    np.testing.assert_allclose(values**2 + np.sum(along**2, 1) / 9, 1, rtol=1e-4)
    assert np.all(np.histogram(phase, 8, (0, np.pi))[0] > 25) and abs(values.mean()) < 0.15
    x = np.random.default_rng(0).normal(size=(9, 3))
    slope = np.linalg.norm(along[0])
    turn = 3 * x @ along[0] / slope
    expected = values[0] * np.cos(turn) + slope / 3 * np.sin(turn)
    np.testing.assert_allclose(tasks.wave(KEYS[0], x), expected, atol=1e-4)


@pytest.mark.parametrize("d", [2, 8])
def test_bumps_are_six_gaussians_as_wide_as_the_cube_asks(d: int) -> None:
    where, height = jax.random.split(KEYS[3])
    centres = np.asarray(jax.random.uniform(where, (6, d), minval=-0.8, maxval=0.8))
    heights = np.asarray(jax.random.normal(height, (6,)))
    x = np.random.default_rng(0).uniform(-1, 1, size=(7, d))
    width = 0.18 * np.sqrt(d)
    away = np.linalg.norm(x[:, None] - centres, axis=-1)
    expected = np.exp(-(away**2) / (2 * width**2)) @ heights
    np.testing.assert_allclose(tasks.bumps(KEYS[3], x), expected, rtol=1e-4, atol=1e-6)


def test_a_task_tells_its_target_and_its_dimension() -> None:
    told = {f"{target.__name__}_{d}d" for target, d in tasks.TARGETS.values()}
    assert told == set(tasks.TARGETS) and len(told) == 5


@pytest.mark.parametrize("task", ["bumps_2d", "wave_8d"])
def test_a_problem_is_its_target_standardised_with_noise_to_train_on(task: str) -> None:
    target, d = tasks.TARGETS[task]
    assert defaults(tasks.draw) == {"train": 200, "test": 400}
    sample = tasks.draw(KEYS[0], task)
    assert sample.x.shape == (200, d) and sample.test_x.shape == (400, d)
    x = np.concatenate([sample.x, sample.test_x])
    np.testing.assert_allclose([x.min(), x.max()], [-1, 1], atol=0.02)
    of_target, _, of_noise = jax.random.split(KEYS[0], 3)
    clean = np.asarray(target(of_target, x))
    clean = (clean - clean.mean()) / clean.std()
    np.testing.assert_allclose(sample.test_y, clean[200:], rtol=1e-3, atol=1e-4)
    noise = 0.1 * jax.random.normal(of_noise, (200,))
    np.testing.assert_allclose(sample.y - clean[:200], noise, atol=1e-4)
