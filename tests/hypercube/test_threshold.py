"""Who decides the sign of w·x: against enumeration of all corners."""

import itertools
import math

import cvxpy
import numpy as np
import pytest

from nmn.hypercube import laws, threshold

RNG = np.random.default_rng(5)
WEIGHTS = {
    "random": RNG.normal(size=9),
    "integer": np.array([5.0, 4.0, 3.0, 3.0, 2.0, 1.0, 1.0]),
    "tied": np.ones(6),
    "bump": np.exp(-((np.arange(9) - 4.0) ** 2) / 4),
    "dictator": np.array([9.0, 1.0, -2.0, 0.5]),
    "sparse": np.array([0.0, 2.0, 0.0, -1.0, 0.0]),
    "one": np.array([-3.0]),
}


def corners(n: int) -> np.ndarray:
    return np.array(list(itertools.product([-1.0, 1.0], repeat=n)))


@pytest.mark.parametrize("name", WEIGHTS)
def test_chow_and_influence_against_their_definitions(name: str) -> None:
    w = WEIGHTS[name]
    x = corners(len(w))
    # Entries here are sums of few digits or far from ties, so the sign of the computed sum is right.
    total = np.round(x @ w, 12)
    np.testing.assert_allclose(threshold.chow(w), np.mean(np.sign(total)[:, None] * x, 0), atol=1e-12)
    flip = 1 - 2 * np.eye(len(w))
    flipped = np.stack([np.round((x * flip[j]) @ w, 12) for j in range(len(w))])
    np.testing.assert_allclose(threshold.influence(w), np.mean((total >= 0) != (flipped >= 0), 1), atol=1e-12)


def test_chow_under_another_law() -> None:
    law, w = laws.IsingRing(6, 0.4), RNG.normal(size=6)
    x = corners(6)
    weight = np.exp(np.asarray(law.log_probability(x)))
    expected = (np.sign(x @ w) * weight) @ x
    np.testing.assert_allclose(threshold.chow(w, law), expected, atol=1e-12)


@pytest.mark.parametrize("name", WEIGHTS)
def test_gap_and_its_bounds(name: str) -> None:
    w = WEIGHTS[name]
    least = np.abs(corners(len(w)) @ w).min()
    assert abs(threshold.gap(w) - least) < 1e-12
    assert threshold.relaxed_gap(w) <= least + 1e-12 <= threshold.differencing(w) + 2e-12


@pytest.mark.parametrize("name", WEIGHTS)
def test_differencing_replaces_the_two_largest_until_one_is_left(name: str) -> None:
    for w in (WEIGHTS[name], WEIGHTS[name][::-1], np.sort(np.abs(WEIGHTS[name]))):
        sizes = sorted(np.abs(w))
        while len(sizes) > 1:
            *rest, second, first = sizes
            sizes = sorted([*rest, first - second])
        assert threshold.differencing(w) == pytest.approx(sizes[0], abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 15])
def test_gap_on_random_weights(size: int) -> None:
    w = np.random.default_rng(size).normal(size=size)
    assert abs(threshold.gap(w) - np.abs(corners(size) @ w).min()) < 1e-12
    assert threshold.gap(1e3 * w) == pytest.approx(1e3 * threshold.gap(w), rel=1e-6)


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_closed_form_is_the_value_of_the_semidefinite_program(name: str) -> None:
    """√ min { wᵀ S w : S positive semidefinite, S_ii = 1 }: seed 003, section SDP."""
    w = WEIGHTS[name] / np.abs(WEIGHTS[name]).max()
    S = cvxpy.Variable((len(w), len(w)), PSD=True)
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.trace(np.outer(w, w) @ S)), [cvxpy.diag(S) == 1])
    problem.solve(solver=cvxpy.CLARABEL)
    assert problem.status == "optimal"
    # The value may be the root of a solver's tolerance.
    assert abs(np.sqrt(max(problem.value, 0.0)) - threshold.relaxed_gap(w)) < 3e-3


@pytest.mark.parametrize("name", WEIGHTS)
def test_deciding_weights_decide_and_one_fewer_does_not_suffice_for_the_condition(name: str) -> None:
    w = WEIGHTS[name]
    k, x = threshold.deciding(w), corners(len(w))
    order = np.argsort(-np.abs(w), kind="stable")
    if k <= len(w):
        head = x[:, order[:k]] @ w[order[:k]]
        assert np.array_equal(np.sign(head), np.sign(np.round(x @ w, 12)))
    else:
        assert np.abs(x @ w).min() < 1e-12
    for less in range(1, min(k, len(w) + 1)):
        sizes = np.abs(w[order])
        assert np.abs(corners(less) @ sizes[:less]).min() <= sizes[less:].sum() + 1e-12


@pytest.mark.parametrize(("n", "count"), [(1, 2), (2, 4), (3, 14), (4, 104), (5, 1882)])
def test_number_of_cones(n: int, count: int) -> None:
    assert threshold.cones(n) == count


@pytest.mark.parametrize("n", [2, 3, 4])
def test_cones_are_met_by_random_weights(n: int) -> None:
    x = corners(n)
    signs = np.random.default_rng(0).normal(size=(60_000, n)) @ x.T > 0
    assert len(np.unique(signs, axis=0)) == threshold.cones(n)


def test_critical_index() -> None:
    assert threshold.critical_index(np.ones(100), 0.2) == 1
    assert threshold.critical_index([100.0, 30.0, *[1.0] * 100], 0.2) == 3
    assert threshold.critical_index([4.0, 2.0, 1.0], 0.5) == 4


@pytest.mark.parametrize("tau", [0.2, 0.45, 0.7, 0.9])
@pytest.mark.parametrize("name", WEIGHTS)
def test_critical_index_is_the_first_that_its_definition_allows(name: str, tau: float) -> None:
    sizes = sorted(np.abs(WEIGHTS[name]), reverse=True)
    even = [i for i in range(len(sizes)) if sizes[i] <= tau * math.hypot(*sizes[i:])]
    assert threshold.critical_index(WEIGHTS[name], tau) == min(even, default=len(sizes)) + 1


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: threshold.cones(7), "n must be at most 6"),
        (lambda: threshold.gap(np.ones(45)), "at most 44"),
        (lambda: threshold.gap([]), "w must"),
        (lambda: threshold.differencing([1.0, np.nan]), "w must"),
        (lambda: threshold.relaxed_gap([[1.0]]), "w must"),
        (lambda: threshold.critical_index([1.0], 0.0), "tau must"),
        (lambda: threshold.critical_index([1.0], 1.0), "tau must"),
        (lambda: threshold.critical_index([np.nan], 0.5), "w must"),
        (lambda: threshold.critical_index([], 0.5), "w must"),
        (lambda: threshold.critical_index([1.0], "half"), "tau must"),
        (lambda: threshold.gap([1.0 + 2.0j]), "w must be real"),
        (lambda: threshold.chow(1.0), "w must be one axis"),
        (lambda: threshold.influence("abc"), "w must be an array of numbers"),
    ],
)
def test_bad_input(call, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        call()
