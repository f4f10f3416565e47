"""One neuron learns to tell two correlation lengths apart, filmed: one start, several laws of the signal."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from nmn.arguments import whole
from nmn.experiments.memory import kept
from nmn.hypercube import Task, flow, laws, ring

FAMILIES: dict[str, Callable[[int, float], laws.Law]] = {
    "gaussian": lambda n, xi: laws.Gaussian(ring.correlation(n, xi)),
    "student": lambda n, xi: laws.Student(ring.correlation(n, xi), 6),
    "laplace": lambda n, xi: laws.Copula(ring.correlation(n, xi), laws.Laplace()),
    "ternary": lambda n, xi: laws.Copula(ring.correlation(n, xi), laws.Ternary(1 / 3)),
    "uniform": lambda n, xi: laws.Copula(ring.correlation(n, xi), laws.Uniform()),
    "nlgp_1": lambda n, xi: laws.NLGP(ring.correlation(n, xi), 1.0),
    "nlgp_3": lambda n, xi: laws.NLGP(ring.correlation(n, xi), 3.0),
    "nlgp_inf": lambda n, xi: laws.NLGP(ring.correlation(n, xi), np.inf),
    "ising": laws.IsingRing.from_length,
}
"""Laws of one pixel and the length ξ. In excess kurtosis: 0, 3, 3, 0, −1.2, and on to −2 for signs."""

FILMED = tuple(name for name in FAMILIES if name not in ("student", "nlgp_1"))
"""Student's t is elliptical and ends as a Gaussian does; the uniform law is NLGP of gain 1/√2, near to 1."""

START = 0.02
"""Standard deviation of the initial weights: |w| starts near 0.02 √n, well below where it ends."""


class Films(NamedTuple):
    """What online descent did, frame by frame; seed s starts from the same weights under every law."""

    times: Float[np.ndarray, " frames"]
    """Learning rate times steps, the time of the flow; the first is 0."""
    weights: dict[str, Float[np.ndarray, "seeds frames n"]]
    losses: dict[str, Float[np.ndarray, "seeds frames"]]
    """L(w), with E₁|w·X| over 16384 signals that were not learned from."""
    tasks: dict[str, Task]


@kept
def watch(
    *,
    n: int = 40,
    xi0: float = 1.0,
    xi1: float = 3.0,
    seeds: int = 3,
    names: Sequence[str] = FILMED,
    frames: int = 60,
    steps: int = 2000,
    step: float = 0.1,
    batch: int = 800,
) -> Films:
    """Online descent from N(0, ``START``²) weights under each law of ``FAMILIES`` named; fresh batches.

    ``xi0`` is ξ₀ of the negative and ``xi1`` ξ₁ of the positive class. Frames: step 0, and then about
    ``frames`` − 1 steps, each a constant factor after the one before (small whole numbers fall together).
    In float32 whatever the setting, so that it draws the same signals. About 25 s of processor time.
    ValueError: an unknown name, none or one twice, seeds < 1, frames < 2, steps < 1; as the laws, as
    ``flow.online``.
    """
    if not names or len(set(names)) < len(names) or not set(names) <= set(FAMILIES):
        raise ValueError(f"names must be some of {', '.join(FAMILIES)}, each once, got {names!r}")
    for what, count, least in (("seeds", seeds, 1), ("frames", frames, 2), ("steps", steps, 1)):
        whole(what, count, least=least)
    if not 0 < step < np.inf:
        raise ValueError(f"step must be a number > 0, got {step!r}")
    tasks = {name: _task(name, n, xi0, xi1) for name in names}
    kept = np.unique(np.concatenate([[0], np.geomspace(1, steps, frames - 1).round().astype(int)]))
    weights, losses = {}, {}
    with jax.enable_x64(False):
        for name in names:
            # Not the tasks above: those may be in float64.
            task = _task(name, n, xi0, xi1)
            film, loss = _film(task, seeds, tuple(kept.tolist()), step=step, batch=batch)
            weights[name], losses[name] = np.asarray(film), np.asarray(loss)
    return Films(kept * step, weights, losses, tasks)


def _task(name: str, n: int, xi0: float, xi1: float) -> Task:
    return Task(positive=FAMILIES[name](n, xi1), negative=FAMILIES[name](n, xi0))


@functools.partial(jax.jit, static_argnums=(1, 2), static_argnames=("step", "batch"))
def _film(
    task: Task, seeds: int, kept: tuple[int, ...], *, step: float, batch: int
) -> tuple[Float[Array, "seeds kept n"], Float[Array, "seeds kept"]]:
    """The weights after the ``kept`` steps, and their losses. A seed's run is its own, whoever else runs."""

    def one(seed: Array) -> Array:
        first, signals = jax.random.split(jax.random.fold_in(jax.random.key(0), seed))
        start = flow.Neurons.mean(START * jax.random.normal(first, (task.n,)))
        return flow.online(signals, start, task, steps=kept[-1], step=step, batch=batch).weights[kept, 0]

    w = jax.vmap(one)(jnp.arange(seeds))
    return w, _losses(w, task)


def _losses(w: Float[Array, "*kept n"], task: Task, count: int = 1 << 14) -> Float[Array, "*kept"]:
    """¼ + ½ wᵀMw − ¼ E₁|w·X| with the exact pull M = ¼(Σ₀ + Σ₁)."""
    x = task.positive.sample(jax.random.key(1), count)
    square = jnp.sum(w * (w @ task.pull()), -1)
    return 0.25 + square / 2 - jnp.mean(jnp.abs(w @ x.T), -1) / 4
