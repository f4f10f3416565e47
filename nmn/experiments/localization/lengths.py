"""Where one neuron ends for signs of two correlation lengths: how local, how flat, how telling."""

import functools
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from nmn.arguments import whole
from nmn.experiments.memory import kept
from nmn.hypercube import Task, flow, laws, measures, ring

# The largest eigenvalue of ¼(Σ₀ + Σ₁) is about 2 at lengths (3, 3): Euler is stable there for steps below 1.
_STEPS, _STEP, _SAMPLES = 1500, 0.2, 1 << 13


class End(NamedTuple):
    """Where learning stopped, seed by seed, and the two factors of ``flow.ray`` there."""

    weights: Float[np.ndarray, "seeds n"]
    locality: Float[np.ndarray, " seeds"]
    """IPR."""
    flatness: Float[np.ndarray, " seeds"]
    """ρ = (E₁|w·X|)² / E₁(w·X)², over a sample that learning never saw."""
    contrast: Float[np.ndarray, " seeds"]
    """R = wᵀΣ₁w / wᵀ(Σ₀ + Σ₁)w, exact for the weights found."""


@kept
def end(*, xi0: float, xi1: float, n: int = 40, seeds: int = 6) -> End:
    """The flow of one neuron for sign(Z), Z of length ξ₀ (negative class) or ξ₁ (positive class).

    From noise of size 0.01 to time 300, by Euler steps over one sample of 2^13 signals (``flow.sampled``).
    A run over-fits its sample: for n = 40, ξ₀ = 3 and ξ₁ = 1 five of six stop at waves, where 2^16 signals or
    fresh batches (``learning.watch``) take most runs on to one pixel.
    In float32 whatever the setting, so that it draws the same signals.
    ValueError: a length that is no length of a ring of n pixels, seeds < 1.
    """
    whole("seeds", seeds)
    with jax.enable_x64(False):
        task = Task(*(laws.NLGP(ring.correlation(n, xi), np.inf) for xi in (xi1, xi0)))
        w = np.asarray(_runs(task, seeds), float)
        # Another key than any run has: signals that no run has seen.
        x = np.asarray(task.positive.sample(jax.random.key(1), 1 << 15), float)
        Σ1, Σ0 = (np.asarray(law.covariance(), float) for law in (task.positive, task.negative))
    heard = np.abs(x @ w.T)
    share = np.einsum("si,ij,sj->s", w, Σ1, w) / np.einsum("si,ij,sj->s", w, Σ0 + Σ1, w)
    flatness = heard.mean(0) ** 2 / (heard**2).mean(0)
    return End(w, np.asarray(measures.inverse_participation(w)), flatness, share)


@functools.partial(jax.jit, static_argnums=1)
def _runs(task: Task, seeds: int) -> Float[Array, "seeds n"]:
    def run(key: PRNGKeyArray) -> Float[Array, " n"]:
        first, signals = jax.random.split(key)
        w = 0.01 * jax.random.normal(first, (task.n,))
        path = flow.sampled(signals, w, task, steps=_STEPS, step=_STEP, every=_STEPS, samples=_SAMPLES)
        return path[-1]

    return jax.vmap(run)(jax.random.split(jax.random.key(0), seeds))
