"""The flow of K neurons, d(w, a)/dt = −∂L/∂(w, a), with the readout a held fixed or trained.

Over even laws (see ``network``); time as for one neuron: k steps of ``online`` at rate η take the time ηk.
K equal neurons of readout 1/K stay equal and follow the single neuron, K times slower.
While all learn, a_k² − |w_k|² stays as it is for each k: relu does not tell (c w_k, a_k/c) from (w_k, a_k).
"""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.arguments import positive as above_zero
from nmn.hypercube.flow.adaptive import solve
from nmn.hypercube.flow.network import Even, Points, descent, population
from nmn.hypercube.flow.neurons import Neurons, started
from nmn.hypercube.flow.steps import known, march, stepper
from nmn.hypercube.laws.base import signals
from nmn.hypercube.task import Task, tasked

# ¼(Σ₀ + Σ₁) and the moments of both classes.
Parts = tuple[Float[Array, "n n"], Even, Even]


def network_smooth(
    start: Neurons,
    task: Task,
    times: Float[ArrayLike, " times"],
    *,
    train_readout: bool = False,
) -> Neurons:
    """The neurons at ``times``, from ``start`` at time 0, for two elliptical laws: adaptive steps by Diffrax.

    A neuron of readout < 0 may shrink to w_k = 0 in finite time. There the slope jumps, and no smooth solver
    goes on: that is refused, take ``network_steps``.
    ValueError: that; a law that is not elliptical, times not rising from >= 0, a w_k = 0, bad shapes,
    no ``Task``.
    """
    start = started(start, tasked(task).n)
    for name, law in (("positive", task.positive), ("negative", task.negative)):
        if law.elliptical() is None:
            raise ValueError(
                f"{name} must be Gaussian, Student or Shell, got {type(law).__name__}: take "
                "flow.network_steps on the cube, flow.network_sampled for all others"
            )
    parts = population(task)
    try:
        return solve(_drift, (parts, train_readout), start, times)
    except eqx.EquinoxRuntimeError as error:
        raise ValueError(
            "times must end before a neuron has shrunk to 0, where the flow is not smooth: take "
            "flow.network_steps"
        ) from error


def network_steps(
    start: Neurons,
    task: Task,
    *,
    steps: int,
    step: ArrayLike,
    every: int = 1,
    method: str = "euler",
    train_readout: bool = False,
) -> Neurons:
    """The neurons at the times 0, every·step, …: the exact slope of ``network_loss``, equal steps.

    On the cube the slope jumps, so Euler and Heun alike are of first order: half the step, half the error
    (Heun of second order until the first jump). There is no exact path as ``hops`` takes: where other neurons
    answer more than the label, or a_k < 0, a plane draws w_k in from both sides and the flow slides along it;
    equal steps then zigzag about it, within a step. ``jit`` and ``vmap`` over starts and tasks on the cube.
    ValueError: laws as ``network_loss``; steps, step, every, method as ``sampled``; a w_k = 0, bad shapes.
    """
    start = started(start, tasked(task).n)
    parts = population(task)
    return _march(start, parts, step, steps=steps, every=every, method=method, free=train_readout)


def network_sampled(
    key: PRNGKeyArray,
    start: Neurons,
    task: Task,
    *,
    steps: int,
    step: ArrayLike,
    every: int = 1,
    samples: int = 1 << 14,
    method: str = "euler",
    train_readout: bool = False,
) -> Neurons:
    """``network_steps`` for every law: ``samples`` signals of each class, and their negatives, for good.

    The odd part of ŷ is exact: it sees Σ₀ and Σ₁ only. The even part is sampled, products and squares both:
    exact squares (w_k·x)² beside sampled products would be no sum of squares, and let L fall without end.
    That need not add noise: errors of squares and of f̂ go together, and one neuron may end nearer to where
    more signals would take it than by ``sampled``. The same signals come again and again: the neurons
    over-fit them, several more than one.
    ValueError: samples < 1, no ``Task``; steps, step, every, method as ``sampled``; as above.
    """
    start = started(start, tasked(task).n)
    samples = signals("samples", samples)
    chances = jnp.full(samples, 1 / samples)
    ones, zeros = (
        Points(law.sample(one, samples), chances)
        for law, one in zip((task.positive, task.negative), jax.random.split(key), strict=True)
    )
    parts = task.pull(), ones, zeros
    return _march(start, parts, step, steps=steps, every=every, method=method, free=train_readout)


def _drift(neurons: Neurons, parts: Parts, free: bool) -> Neurons:
    down = descent(neurons, *parts)
    return down if free else down._replace(readout=jnp.zeros_like(down.readout))


def _march(
    start: Neurons, parts: Parts, step: ArrayLike, *, steps: int, every: int, method: str, free: bool
) -> Neurons:
    method = known(method)
    step = above_zero("step", step, (), start.weights.dtype)
    return _run(start, parts, step, steps=steps, every=every, method=method, free=free)


@eqx.filter_jit
def _run(
    start: Neurons,
    parts: Parts,
    step: Float[Array, ""],
    *,
    steps: int,
    every: int,
    method: str,
    free: bool,
) -> Neurons:
    advance = stepper(lambda neurons: _drift(neurons, parts, free), step, method)
    return march(advance, start, steps=steps, every=every)
