"""The cell that ships with a command line: a neuron learns NLGP signals, from its start to rest."""

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar, cast

import diffrax
import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from nmn.hypercube import Task, laws, measures, ring
from nmn.hypercube.flow.sample import sampled_drift
from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.settings import Settings

MEANINGS = {
    "w": "receptive field at the end",
    "ipr": "inverse participation ratio of w",
    "position": "pixel around which w² lies",
    "certainty": "how sure the position is, from 0 to 1",
    "loss": "loss of w over fresh signals",
    "fitted": "loss of w over the signals it was learned from: lower, by over-fitting",
    "rest": "‖dw/dt‖/‖w‖ at the end",
    "steps": "steps taken",
    "converged": "came to rest before the steps ran out",
}


def learn(
    xi0: ArrayLike, xi1: ArrayLike, gain: ArrayLike, seed: ArrayLike, settings: Settings
) -> dict[str, Array]:
    """Euler steps of dw/dt = ½ f̂(w) − ¼(Σ₀ + Σ₁)w from noise until w is at rest; keys as ``MEANINGS``.

    With k = ``jax.random.key(seed)``: w starts at ``start`` times a normal draw of fold_in(k, 0), the sample
    is that of ``flow.sampled`` with the key fold_in(k, 1), and fold_in(k, 2) draws as many fresh signals for
    the loss ¼ + ⅛ wᵀ(Σ₀ + Σ₁)w − ¼ mean |w·x|. So a cell depends on its own four values and on nothing else.
    A w that hesitates near a saddle passes for one at rest, if it is as slow there. For use under ``jit`` and
    ``vmap``.
    """
    first, fixed, fresh = (jax.random.fold_in(jax.random.key(seed), i) for i in range(3))
    task = Task(*(laws.NLGP(ring.correlation(settings.n, xi), gain) for xi in (xi1, xi0)))
    pull = task.pull()
    x = task.positive.sample(fixed, settings.samples)

    def drift(w: Array) -> Array:
        return sampled_drift(w, x, pull)

    def speed(w: Array) -> Array:
        return jnp.linalg.norm(drift(w)) / jnp.linalg.norm(w)

    # Time is counted in steps: whole numbers, which floats hold exactly.
    run = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda *at: settings.step * drift(at[1])),
        diffrax.Euler(),
        t0=0.0,
        t1=float(settings.steps),
        dt0=1.0,
        y0=settings.start * jax.random.normal(first, (settings.n,), x.dtype),
        max_steps=settings.steps,
        event=diffrax.Event(lambda *at, **_: speed(at[1]) <= settings.tolerance),
    )
    w = cast(Array, run.ys)[-1]
    rest, (place, certainty) = speed(w), measures.position(w)
    return {
        "w": w,
        "ipr": measures.inverse_participation(w),
        "position": place,
        "certainty": certainty,
        "loss": _loss(w, task.positive.sample(fresh, settings.samples), pull),
        "fitted": _loss(w, x, pull),
        "rest": rest,
        "steps": run.stats["num_steps"],
        "converged": rest <= settings.tolerance,
    }


@dataclasses.dataclass(frozen=True)
class Learning(Settings):
    """``learn`` with these settings, as the cell of a sweep over ``xi0``, ``xi1``, ``gain`` and ``seed``.

    ``sweep(Learning(n=12), Grid(xi0=[1.0], xi1=[2.0, 3.0], gain=[20.0], seed=range(8)), path)``
    """

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = {"w": ("pixel",)}
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __call__(self, xi0: ArrayLike, xi1: ArrayLike, gain: ArrayLike, seed: ArrayLike) -> dict[str, Array]:
        """The ends of one cell: see ``learn``."""
        return learn(xi0, xi1, gain, seed, self)

    def check(self, grid: Grid) -> None:
        """ValueError: a length <= 0 or above n, a gain <= 0, a seed that is not from 0 to 2³¹ − 1."""
        for name in ("xi0", "xi1"):
            if not all(0 < xi < math.inf for xi in grid[name]):
                raise ValueError(f"{name} must be lengths > 0, got {list(grid[name])}")
            for xi in grid[name]:
                try:
                    ring.correlation(self.n, xi)
                except ValueError as error:
                    raise ValueError(f"{name} does not fit n = {self.n}: {error}") from error
        if not all(gain > 0 for gain in grid["gain"]):
            raise ValueError(f"gain must be gains > 0, inf included, got {list(grid['gain'])}")
        if not grid.whole("seed") or not all(0 <= seed < 2**31 for seed in grid["seed"]):
            raise ValueError(f"seed must be whole numbers from 0 to 2³¹ − 1, got {list(grid['seed'])}")


def _loss(w: Float[Array, " n"], x: Float[Array, "samples n"], pull: Float[Array, "n n"]) -> Float[Array, ""]:
    return 0.25 + w @ pull @ w / 2 - jnp.mean(jnp.abs(x @ w)) / 4
