"""``python -m tests.benchmarks.flow [rounds]``: one ReLU neuron learning NLGP signals, in steps a second.

Plain online descent in JAX (a fresh batch each step) beside the flow over one fixed sample, same start, same
step. First it checks that both end alike, at the work that is then timed, and measures what the fixed sample
costs: over-fitting.
"""

import functools
import os
import sys

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from nmn.hypercube import Task, flow, laws, measures, ring
from tests.benchmarks.interleave import seconds, spread

STEP, GAIN, LENGTHS = 0.1, 20.0, (3.0, 1.0)
SAMPLES = 1 << 16
# n, batch, steps timed of online descent and of the flow, and the most steps/s of the paper's code elsewhere.
WORK = ((40, 5000, 60, 300, 35), (40, 10000, 30, 300, 22), (100, 50000, 3, 60, 1))


def pair(n: int) -> tuple[laws.NLGP, laws.NLGP]:
    positive, negative = (laws.NLGP(ring.correlation(n, length), GAIN) for length in LENGTHS)
    return positive, negative


@functools.partial(jax.jit, static_argnums=(2, 3))
def online(key: Array, w: Array, steps: int, batch: int) -> Array:
    start = flow.Neurons.mean(w)
    ends = flow.online(key, start, Task(*pair(len(w))), steps=steps, step=STEP, batch=batch, every=steps)
    return ends.weights[-1, 0]


@functools.partial(jax.jit, static_argnums=(2, 3))
def fixed(key: Array, w: Array, steps: int, samples: int) -> Array:
    return flow.sampled(key, w, Task(*pair(len(w))), steps=steps, step=STEP, every=steps, samples=samples)[-1]


@jax.jit
def losses(w: Array, x: Array) -> Array:
    """L with E₁|w·X| over the signals x: for fresh ones the population's, for w's own what it fitted."""
    n = w.shape[-1]
    square = jnp.sum(w * (w @ Task(*pair(n)).pull()), -1) / 2
    return 0.25 + square - jnp.mean(jnp.abs(x @ w.T), 0) / 4


def starts(n: int, runs: int) -> tuple[Array, Array]:
    keys = jax.random.split(jax.random.key(0), runs)
    return keys, jax.vmap(lambda key: 0.1 * jax.random.normal(key, (n,)))(keys)


def check_same_end(runs: int = 8, steps: int = 800) -> None:
    """Stop unless one sample ends within the spread of online descent: in IPR and loss, and in shape.

    The spread in IPR and loss is over seeds, the one in shape between two runs from one start that see other
    batches: no way of learning can be nearer to online descent than online descent is.
    """
    n, batch = WORK[0][:2]
    keys, w = starts(n, runs)
    fresh = pair(n)[0].sample(jax.random.key(1), 1 << 17)
    others = jax.vmap(lambda key: jax.random.fold_in(key, 1))(keys)
    descent = jax.vmap(lambda key, w: online(key, w, steps, batch))
    first, again = descent(keys, w), descent(others, w)
    one = jax.vmap(lambda key, w: fixed(key, w, steps, SAMPLES))(keys, w)
    print(f"n = {n}, {runs} seeds, {steps} steps of {STEP}; ± one standard deviation")
    names = f"online, batch {batch}", "online, other batches", f"one sample of {SAMPLES}"
    found = [show_end(name, end, fresh, first) for name, end in zip(names, (first, again, one), strict=True)]
    (mean, spread, _), (_, _, aside), (ours, _, away) = found
    if (np.abs(ours - mean) > spread).any() or away.mean() > aside.max():
        sys.exit("online descent and the flow over one sample do not end alike")
    print("  they end alike")


def show_end(name: str, ends: Array, fresh: Array, reference: Array) -> tuple[np.ndarray, ...]:
    """Mean and deviation of (IPR, loss on fresh signals), and how far each end is from the reference."""
    both = np.array([measures.inverse_participation(ends), losses(ends, fresh)])
    mean, deviation = both.mean(1), both.std(1, ddof=1)
    away, same = map(np.array, zip(*map(apart, ends, reference), strict=True))
    print(
        f"  {name:22} IPR {mean[0]:.4f} ± {deviation[0]:.4f}  loss {mean[1]:.5f} ± {deviation[1]:.5f}  "
        f"from the first row {away.mean():.3f} of its length (at most {away.max():.3f}), {same.sum()} at the "
        "same pixel",
        flush=True,
    )
    return mean, deviation, away


def show_bias(n: int = 40, runs: int = 4, steps: int = 800) -> None:
    """How much a fixed sample is over-fitted: its own loss against the loss on fresh signals."""
    keys, w = starts(n, runs)
    fresh = pair(n)[0].sample(jax.random.key(1), 1 << 17)
    reference = jax.vmap(lambda w: fixed(jax.random.key(2), w, steps, 1 << 17))(w)
    for samples in (1 << 11, 1 << 13, 1 << 15, SAMPLES):
        end = jax.vmap(lambda k, w, samples=samples: fixed(k, w, steps, samples))(keys, w)
        own = jnp.stack(
            [losses(v[None], pair(n)[0].sample(key, samples))[0] for key, v in zip(keys, end, strict=True)]
        )
        ipr = measures.inverse_participation(end)
        away, same = zip(*map(apart, end, reference), strict=True)
        print(
            f"  {samples:6} signals: loss on its own {own.mean():.5f}, on fresh ones "
            f"{losses(end, fresh).mean():.5f}, IPR {ipr.mean():.3f} ± {ipr.std():.3f}; away from the end "
            f"over {1 << 17} by {np.mean(away):.3f} of its length "
            f"(√(n/signals) = {np.sqrt(n / samples):.3f}), "
            f"{sum(same)} of {runs} at the same pixel",
            flush=True,
        )


def apart(w: Array, reference: Array) -> tuple[float, bool]:
    """How far w is from the reference in shape, shift and sign aside, and whether both look at one pixel."""
    signed = np.concatenate([ring.shifts(w), -ring.shifts(w)])
    distance = np.linalg.norm(signed - reference, axis=1).min() / np.linalg.norm(reference)
    return float(distance), bool(jnp.argmax(jnp.abs(w)) == jnp.argmax(jnp.abs(reference)))


def show_speed(rounds: int) -> None:
    print(f"steps a second, median [quartiles]; one sample: {SAMPLES} signals")
    for n, batch, few, many, paper in WORK:
        key, w = jax.random.key(0), jnp.ones(n) / n
        sides = {
            few: lambda key, w, few=few, batch=batch: online(key, w, few, batch),
            many: lambda key, w, many=many: fixed(key, w, many, SAMPLES),
        }
        for f in sides.values():
            seconds(f, (key, w))
        rates = np.array(
            [[steps / seconds(f, (key, w)) for steps, f in sides.items()] for _ in range(rounds)]
        )
        print(
            f"  n {n:3} batch {batch:5}  online {spread(rates[:, 0])}  one sample {spread(rates[:, 1])}  "
            f"ratio {spread(rates[:, 1] / rates[:, 0])}  (the paper's code, elsewhere: {paper} at most, "
            f"{np.median(rates[:, 1]) / paper:.0f} times slower)",
            flush=True,
        )


if __name__ == "__main__":
    print(f"jax {jax.__version__}, {jax.devices()[0].platform}, {os.cpu_count()} cores, float32, gain {GAIN}")
    check_same_end()
    print("what one sample costs: nothing but f is sampled, and the same signals come again")
    show_bias()
    show_speed(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 9)
