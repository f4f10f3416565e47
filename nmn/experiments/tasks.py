"""Targets to learn: local ones (a sum of bumps) and global ones (a wave along one direction, a plane)."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

NOISE = 0.1
BUMPS = 6


class Sample(NamedTuple):
    """Inputs and targets of one regression problem: noisy to train on, noise-free to be judged by."""

    x: Float[Array, "n d"]
    y: Float[Array, " n"]
    test_x: Float[Array, "test d"]
    test_y: Float[Array, " test"]


def bumps(key: PRNGKeyArray, x: Float[Array, "n d"]) -> Float[Array, " n"]:
    """Σ_j h_j exp(−‖x − c_j‖² / 2s²), random centres and signs; s grows as √d, as distances in a cube do."""
    where, height = jax.random.split(key)
    d = x.shape[1]
    centres = jax.random.uniform(where, (BUMPS, d), minval=-0.8, maxval=0.8)
    signs = jax.random.normal(height, (BUMPS,))
    squares = jnp.sum((x[:, None] - centres) ** 2, -1)
    return jnp.exp(-squares / (2 * 0.18**2 * d)) @ signs


def wave(key: PRNGKeyArray, x: Float[Array, "n d"]) -> Float[Array, " n"]:
    """sin(3 u·x + φ) for one random direction u and phase φ: the same pattern over the whole input space."""
    along, phase = jax.random.split(key)
    u = jax.random.normal(along, (x.shape[1],))
    return jnp.sin(3 * x @ (u / jnp.linalg.norm(u)) + jax.random.uniform(phase, maxval=2 * jnp.pi))


def plane(key: PRNGKeyArray, x: Float[Array, "n d"]) -> Float[Array, " n"]:
    """u·x for one random direction u."""
    return x @ jax.random.normal(key, (x.shape[1],))


TARGETS: dict[str, tuple[Callable[..., Array], int]] = {
    "bumps_2d": (bumps, 2),
    "wave_2d": (wave, 2),
    "plane_2d": (plane, 2),
    "bumps_8d": (bumps, 8),
    "wave_8d": (wave, 8),
}


def draw(key: PRNGKeyArray, task: str, *, train: int = 200, test: int = 400) -> Sample:
    """One problem of ``task``: inputs uniform in [−1, 1]^d, targets of unit variance, noise of deviation 0.1.

    Every key has its own target, inputs and noise. ValueError: a task that is not in ``TARGETS``.
    """
    if task not in TARGETS:
        raise ValueError(f"task must be one of {', '.join(map(repr, TARGETS))}, got {task!r}")
    target, d = TARGETS[task]
    of_target, of_x, of_noise = jax.random.split(key, 3)
    x = jax.random.uniform(of_x, (train + test, d), minval=-1.0, maxval=1.0)
    y = target(of_target, x)
    y = (y - y.mean()) / y.std()
    noisy = y[:train] + NOISE * jax.random.normal(of_noise, (train,))
    return Sample(x[:train], noisy, x[train:], y[train:])
