"""A task is looked at once, when it is made; every flow takes one and nothing else."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws, ring

KEY, W, STEPS = jax.random.key(0), np.array([0.5, -0.3, 0.2, 0.9]), {"steps": 1, "step": 0.1}
ONE = flow.Neurons(jnp.asarray(W)[None], jnp.ones(1))
ROW = ring.correlation(4, 1.0)
CUBE, CURVED = Task(laws.IsingRing(4, 0.6), laws.UniformCube(4)), Task(laws.Gaussian(ROW), laws.Shell(ROW))
FLOWS: dict[str, Callable] = {
    "loss": lambda task: flow.loss(W, task),
    "drift": lambda task: flow.drift(W, task),
    "ray": lambda task: flow.ray(W, task),
    "hops": lambda task: flow.hops(W, task),
    "settle": lambda task: flow.settle(W, task),
    "pixel_state": lambda task: flow.pixel_state(task),
    "effective": lambda task: flow.effective(W, task, [1.0]),
    "sampled": lambda task: flow.sampled(KEY, W, task, samples=8, **STEPS),
    "online": lambda task: flow.online(KEY, ONE, task, batch=2, **STEPS),
    "network_loss": lambda task: flow.network_loss(ONE, task),
    "network_drift": lambda task: flow.network_drift(ONE, task),
    "network_steps": lambda task: flow.network_steps(ONE, task, **STEPS),
    "network_sampled": lambda task: flow.network_sampled(KEY, ONE, task, samples=8, **STEPS),
    "smooth": lambda task: flow.smooth(W, task, [1.0]),
    "amplitude": lambda task: flow.amplitude(task),
    "growth": lambda task: flow.growth(task, 0),
    "network_smooth": lambda task: flow.network_smooth(ONE, task, [1.0]),
}
ELLIPTICAL = ("smooth", "amplitude", "growth", "network_smooth")


@pytest.mark.parametrize("name", FLOWS)
def test_what_is_no_task_is_refused(name: str) -> None:
    FLOWS[name](CURVED if name in ELLIPTICAL else CUBE)
    for other in (CUBE.positive, (CUBE.positive, CUBE.negative), None):
        with pytest.raises(ValueError, match="task must be a Task"):
            FLOWS[name](other)


@pytest.mark.parametrize("call", [flow.loss, flow.drift, flow.ray, flow.settle, flow.network_loss])
def test_two_laws_in_a_row_are_no_task(call: Callable) -> None:
    """As these were called once; nothing may take the second law for something else."""
    with pytest.raises((TypeError, ValueError)):
        call(W, CUBE.positive, CUBE.negative)


def test_two_laws_are_looked_at_once() -> None:
    four, five = laws.UniformCube(4), laws.UniformCube(5)
    with pytest.raises(ValueError, match=r"negative must be a law of a signal such as .*, got 3"):
        Task(four, 3)
    with pytest.raises(ValueError, match=r"positive must be a law of a signal such as .*, got 'coins'"):
        Task("coins", four)
    with pytest.raises(ValueError, match="as many pixels, got n = 4 and 5"):
        Task(four, five)
    assert Task(positive=five, negative=five).n == 5


def test_the_pull_its_spectrum_and_what_it_does_to_w_are_those_of_both_classes() -> None:
    rng = np.random.default_rng(0)
    positive, negative = laws.NLGP(ring.correlation(9, 2.0), 3.0), laws.IsingRing(9, -0.4)
    task, w = Task(positive, negative), rng.normal(size=9)
    pull = sum(np.asarray(law.covariance(), float) for law in (positive, negative)) / 4
    np.testing.assert_allclose(task.pull(), pull, atol=1e-7)
    np.testing.assert_allclose(task.pulled(w), pull @ w, atol=1e-7)
    waves = np.fft.fft(np.eye(9), axis=0) / 3
    np.testing.assert_allclose(np.diag(waves @ pull @ waves.conj().T).real, task.spectrum(), atol=1e-7)
    swapped = Task(positive=negative, negative=positive)
    np.testing.assert_array_equal(swapped.pull(), task.pull())
    assert flow.loss(w, swapped) != pytest.approx(flow.loss(w, task), rel=1e-3)


@pytest.mark.parametrize("made", [lambda J: laws.IsingRing(4, J), lambda nu: laws.Student(ROW, 4 + nu)])
def test_tasks_are_mapped_over_as_any_tree(made: Callable) -> None:
    steepness = jnp.array([0.3, 0.8])
    tasks = jax.vmap(lambda one: Task(made(one), laws.Gaussian(ROW)))(steepness)
    found = jax.jit(jax.vmap(flow.network_loss, (None, 0)))(ONE, tasks)
    each = [float(flow.network_loss(ONE, Task(made(one), laws.Gaussian(ROW)))) for one in steepness]
    np.testing.assert_allclose(found, each, rtol=1e-5)
    assert abs(each[0] - each[1]) > 1e-4
