"""Speed and generalization: every kind of unit on every task, each at its own best setting."""

from functools import cache, partial
from itertools import product as grid
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.experiments.memory import kept
from nmn.experiments.models import KNOBS, Network
from nmn.experiments.tasks import Sample, draw
from nmn.experiments.training import RATES, Trained, error, train

GOAL = 0.1
TUNING_SEEDS = 4


class Settings(NamedTuple):
    """The (rate, knob) with the least held-out error, and the one that reached the goal first."""

    accurate: tuple[float, float]
    fast: tuple[float, float]


class Runs(NamedTuple):
    """Many runs of one kind of network at one setting, and the problems they were given."""

    trained: Trained
    sample: Sample
    rate: float
    knob: float
    test: Float[np.ndarray, " runs"]


@partial(jax.jit, static_argnums=(0, 1, 2))
def problems(task: str, seed: int, count: int) -> tuple[Array, Sample]:
    """``count`` keys and the problem of each: the same for every kind of network."""
    keys = jax.random.split(jax.random.key(seed), count)
    return keys, jax.vmap(lambda key: draw(key, task))(keys)


@partial(jax.jit, static_argnums=0)
def test_errors(
    kind: str, net: Network, sample: Sample, knob: Float[Array | np.ndarray, " runs"]
) -> Float[Array, " runs"]:
    """Mean squared error on noise-free inputs that were not trained on."""
    return jax.vmap(lambda *one: error(kind, *one))(net, sample.test_x, sample.test_y, knob)


def run(
    kind: str,
    posed: tuple[Array, Sample],
    settings: list[tuple[float, float]],
    *,
    huber: float | None = None,
) -> list[Runs]:
    """Every setting (rate, knob) on every problem."""
    keys, sample = posed
    count = len(keys)
    every = np.tile(np.arange(count), len(settings))
    columns = zip(*settings, strict=True)
    rate, knob = (np.repeat(np.asarray(column, sample.y.dtype), count) for column in columns)
    trained = train(keys[every], sample.x[every], sample.y[every], rate, knob, kind=kind, huber=huber)

    def part(i: int) -> Runs:
        own = jax.tree.map(lambda leaf: leaf[i * count : (i + 1) * count], trained)
        test = np.asarray(test_errors(kind, own.net, sample, knob[i * count : (i + 1) * count]))
        return Runs(own, sample, *settings[i], test)

    return [part(i) for i in range(len(settings))]


def steps_to(errors: Float[Array, "... steps"], goal: float = GOAL) -> np.ndarray:
    """The first step with a training error below ``goal``; infinite when there is none."""
    reached = np.asarray(errors) < goal
    return np.where(reached.any(-1), reached.argmax(-1), np.inf)


@cache
@kept
def tune(kind: str, task: str, *, huber: float | None = None) -> Settings:
    """The best of nine settings, three rates and three knobs, on problems that no result is reported on."""
    settings = list(grid(RATES, KNOBS[kind]))
    tried = run(kind, problems(task, 99, TUNING_SEEDS), settings, huber=huber)
    held_out = [float(np.median(np.nan_to_num(one.test, nan=np.inf))) for one in tried]
    # Where a run does not reach the goal it counts as all its steps, and its last error breaks the tie.
    slow = [
        float(np.mean(np.minimum(steps_to(one.trained.errors), one.trained.errors.shape[1])))
        + float(np.mean(one.trained.errors[:, -1]))
        for one in tried
    ]
    return Settings(settings[int(np.argmin(held_out))], settings[int(np.nanargmin(slow))])


@kept
def compare(kind: str, task: str, *, seeds: int = 20) -> tuple[Runs, Runs]:
    """Runs at the most accurate and at the fastest setting of one kind of network on one task."""
    chosen = tune(kind, task)
    found = run(kind, problems(task, 0, seeds), list(dict.fromkeys(chosen)))
    return found[0], found[-1]


def ratio(
    errors: Float[ArrayLike, " seeds"], others: Float[ArrayLike, " seeds"], *, level: float = 0.95
) -> tuple[float, float, float]:
    """The median of errors/others, paired seed by seed, between the ends of its interval of this level.

    The interval is that of the percentiles over 10000 bootstrap samples of the pairs: the same each time.
    ValueError: different numbers of seeds, none, an error that is not above 0 and finite.
    """
    pair = np.asarray(errors, float), np.asarray(others, float)
    if pair[0].ndim != 1 or pair[0].shape != pair[1].shape or not pair[0].size:
        raise ValueError(f"errors and others must be one a seed, got shapes {pair[0].shape}, {pair[1].shape}")
    if not all((np.isfinite(part) & (part > 0)).all() for part in pair):
        raise ValueError("errors and others must be finite and above 0")
    found = pair[0] / pair[1]
    drawn = np.random.default_rng(0).integers(0, found.size, (10_000, found.size))
    low, high = np.quantile(np.median(found[drawn], axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(np.median(found)), float(high)
