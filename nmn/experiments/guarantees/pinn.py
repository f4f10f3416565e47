"""A small physics-informed network: −u″ = f on [0, 1] with u(0) = u(1) = 0, for four kinds of unit."""

from functools import cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.experiments.memory import kept
from nmn.experiments.training import in_batches
from nmn.experiments.tuning import Setting, Tuned, tune
from nmn.product import yat

# The grids that the search for the best setting starts from: the tuner widens them where it has to.
PINN_RATES = (0.01, 0.03, 0.09)
PINN_KNOBS = {
    "tanh": (1.25, 2.5, 5.0),
    "relu": (1.25, 2.5, 5.0),
    "rbf": (0.2, 0.4, 0.8),
    "yat": (0.15, 0.3, 0.6),
}
# The second derivative of ReLU is 0, so that the equation teaches it nothing at any setting.
UNTAUGHT = {"relu": (0.03, 2.5)}
TUNING_SEEDS = 8
EDGE_WEIGHT = 100.0


class Units(NamedTuple):
    """Parameters of u(x) = c + Σ_j a_j φ(x; w_j, s_j) in one dimension."""

    w: Float[Array, " units"]
    s: Float[Array, " units"]
    a: Float[Array, " units"]
    c: Float[Array, ""]


def smooth(x: Float[Array, ""]) -> Float[Array, ""]:
    """u = sin 2πx: the same everywhere."""
    return jnp.sin(2 * jnp.pi * x)


def narrow(x: Float[Array, ""]) -> Float[Array, ""]:
    """u = exp(−(x − 0.6)² / 2·0.08²): a local solution, zero at both ends but for 1e-6."""
    return jnp.exp(-((x - 0.6) ** 2) / (2 * 0.08**2))


SOLUTIONS = {"smooth": smooth, "narrow": narrow}


def solution(kind: str, net: Units, x: Float[Array, ""], knob: ArrayLike) -> Float[Array, ""]:
    """u(x): inputs are moved to [−1, 1] first, and ⵟ takes ε from ``knob``."""
    z = 2 * x - 1
    if kind == "yat":
        units = yat(net.w[:, None], z[None], eps=knob, bias=net.s)
    elif kind == "rbf":
        units = jnp.exp(-(net.s**2) * (z - net.w) ** 2)
    else:
        units = (jnp.tanh if kind == "tanh" else jax.nn.relu)(net.w * z + net.s)
    return net.c + net.a @ units


def start_pinn(key: PRNGKeyArray, kind: str, knob: ArrayLike, units: int) -> Units:
    """Units spread over [−1, 1] at random, as in ``nmn.experiments.models``."""
    of_place, of_sign, of_out = jax.random.split(key, 3)
    place = jax.random.uniform(of_place, (units,), minval=-1.0, maxval=1.0)
    steep = jnp.asarray(knob) * jax.random.rademacher(of_sign, (units,), dtype=jnp.float32)
    w, s = {
        "yat": (place, jnp.sqrt(jnp.asarray(knob)) - place**2),
        "rbf": (place, jnp.full(units, 1 / jnp.asarray(knob))),
    }.get(kind, (steep, -steep * place))
    return Units(w, s, jax.random.normal(of_out, (units,)) / jnp.sqrt(units), jnp.zeros(()))


@partial(jax.jit, static_argnames=("kind", "units", "steps"))
def solve(
    keys: PRNGKeyArray,
    rate: Float[Array, " runs"],
    knob: Float[Array, " runs"],
    truth: Float[Array, " points"],
    bend: Float[Array, " points"],
    *,
    kind: str,
    units: int = 16,
    steps: int = 1500,
) -> Float[Array, " runs"]:
    """Relative error of u (root mean square) after training on the equation alone; ``truth`` only judges.

    Minimised: mean (u″ − bend)² / mean bend² + 100 mean of u(0)², u(1)², at the middles of equal intervals.
    """
    x = (jnp.arange(len(bend)) + 0.5) / len(bend)

    def second(net: Units, x: Array, knob: Array) -> Array:
        def slope(x: Array) -> Array:
            return jax.jvp(lambda x: solution(kind, net, x, knob), (x,), (jnp.ones(()),))[1]

        return jax.jvp(slope, (x,), (jnp.ones(()),))[1]

    def cost(net: Units, knob: Array) -> Array:
        ends = jax.vmap(lambda x: solution(kind, net, x, knob))(jnp.array([0.0, 1.0]))
        inside = jax.vmap(lambda x: second(net, x, knob))(x) - bend
        return jnp.mean(inside**2) / jnp.mean(bend**2) + EDGE_WEIGHT * jnp.mean(ends**2)

    adam = optax.scale_by_adam()

    def one(key: Array, rate: Array, knob: Array) -> Array:
        net = start_pinn(key, kind, knob, units)

        def step(state: tuple, i: Array) -> tuple[tuple, None]:
            net, memory = state
            move, memory = adam.update(jax.grad(cost)(net, knob), memory)
            # The rate falls to zero along a cosine: a PINN is judged by its last digits.
            now = rate * 0.5 * (1 + jnp.cos(jnp.pi * i / steps))
            return (jax.tree.map(lambda p, m: p - now * m, net, move), memory), None

        (net, _), _ = jax.lax.scan(step, (net, adam.init(net)), jnp.arange(steps))
        found = jax.vmap(lambda x: solution(kind, net, x, knob))(x)
        return jnp.sqrt(jnp.mean((found - truth) ** 2) / jnp.mean(truth**2))

    return jax.vmap(one)(keys, rate, knob)


@cache
@kept
def pinn_tuned(kind: str, problem: str, *, points: int = 64) -> Tuned:
    """The (rate, knob) with the least median error over seeds that no result is reported on."""
    tries = jax.random.split(jax.random.key(99), TUNING_SEEDS)

    def judge(settings: list[Setting]) -> np.ndarray:
        each = np.repeat(np.asarray(settings), TUNING_SEEDS, 0)
        found = _errors(kind, problem, tries[np.arange(len(each)) % TUNING_SEEDS], each, points)
        return np.median(np.nan_to_num(found, nan=np.inf).reshape(-1, TUNING_SEEDS), 1)

    return tune(judge, {"rate": PINN_RATES, "knob": PINN_KNOBS[kind]})


@kept
def pinn_errors(kind: str, problem: str, *, seeds: int = 20, points: int = 64) -> Float[np.ndarray, " seeds"]:
    """Relative errors of u at the setting that was best on ``TUNING_SEEDS`` other seeds."""
    tuned = UNTAUGHT.get(kind) or pinn_tuned(kind, problem, points=points).chosen.values()
    keys = jax.random.split(jax.random.key(0), seeds)
    return _errors(kind, problem, keys, np.tile(list(tuned), (seeds, 1)), points)


def _errors(
    kind: str, problem: str, keys: PRNGKeyArray, settings: Float[np.ndarray, "runs 2"], points: int
) -> Float[np.ndarray, " runs"]:
    """The errors of runs, each at its own setting."""
    exact = SOLUTIONS[problem]
    x = (jnp.arange(points) + 0.5) / points
    truth, bend = jax.vmap(exact)(x), jax.vmap(jax.grad(jax.grad(exact)))(x)
    rate, knob = settings.T.astype(x.dtype)
    return in_batches(lambda *part: solve(*part, truth, bend, kind=kind), keys, rate, knob)
