"""The tuner on functions whose best setting is known."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from nmn.experiments.tuning import Setting, Tuned, tune

START = {"rate": (0.01, 0.1, 1.0), "knob": (0.5, 1.0, 2.0)}


def bowl(*best: float) -> Callable[[list[Setting]], list[float]]:
    """The squared distance from the best setting, in logarithms."""
    return lambda settings: [float(np.sum(np.log(np.divide(at, best)) ** 2)) for at in settings]


def test_a_best_inside_is_found_at_once() -> None:
    found = tune(bowl(0.1, 1.0), START)
    assert found.chosen == {"rate": 0.1, "knob": 1.0} and found.score == 0
    assert set(found.table) == set(itertools.product(*START.values()))
    assert str(found) == "rate 0.1, knob 1 (score 0, the best of 9 settings)"


@pytest.mark.parametrize("best", [(100.0, 0.03125), (1e-5, 16.0), (0.1, 64.0)])
def test_a_best_far_outside_is_walked_to(best: tuple[float, float]) -> None:
    found = tune(bowl(*best), START)
    np.testing.assert_allclose(list(found.chosen.values()), best, rtol=1e-9)
    for at, values in enumerate(zip(*found.table, strict=True)):
        assert min(values) < list(found.chosen.values())[at] < max(values)


def test_every_setting_is_judged_once() -> None:
    asked: list[Setting] = []

    def judge(settings: list[Setting]) -> list[float]:
        asked.extend(settings)
        return bowl(100.0, 1.0)(settings)

    found = tune(judge, START)
    assert len(asked) == len(set(asked)) == len(found.table)


@pytest.mark.parametrize("sign", [1, -1])
def test_what_only_falls_is_refused(sign: int) -> None:
    with pytest.raises(ValueError, match=r"the best rate, .* lies on the edge"):
        tune(lambda settings: [rate**sign for rate, _ in settings], START)


def test_limits_and_rounds_stop_the_widening() -> None:
    # The best is 10, so that 100 must be tried.
    assert tune(bowl(10.0, 1.0), START, limits={"rate": (0.01, 101.0)}).chosen["rate"] == pytest.approx(10)
    with pytest.raises(ValueError, match=r"the best rate, 10, .* 0.01 to 10"):
        tune(bowl(10.0, 1.0), START, limits={"rate": (0.01, 99.0)})
    with pytest.raises(ValueError, match=r"the best knob, 0.5, lies on the edge"):
        tune(bowl(0.1, 0.5), START, limits={"knob": (0.3, 9.0)})
    assert tune(bowl(1.0, 1.0), START, rounds=1).chosen["rate"] == 1
    with pytest.raises(ValueError, match=r"the best rate, 1, lies on the edge"):
        tune(bowl(1.0, 1.0), START, rounds=0)


def test_of_ties_one_inside_is_taken() -> None:
    assert tune(lambda settings: [1.0] * len(settings), START).chosen == {"rate": 0.1, "knob": 1.0}
    # A plateau that starts at the edge and does not reach inside is walked along.
    found = tune(lambda settings: [float(not 0.9 < rate < 11) for rate, _ in settings], START)
    assert found.chosen == {"rate": 1.0, "knob": 1.0}


def test_what_is_no_number_is_never_chosen() -> None:
    judge = bowl(0.1, 1.0)
    spoiled = lambda settings: [np.nan if at[0] == 0.1 else s for at, s in zip(settings, judge(settings))]  # noqa: B905, E731
    found = tune(spoiled, START)
    assert isinstance(found, Tuned) and found.chosen["rate"] != 0.1 and np.isfinite(found.score)
    assert found.table[0.1, 1.0] == np.inf
    with pytest.raises(ValueError, match="no setting of 9 has a finite score"):
        tune(lambda settings: [np.nan] * len(settings), START)


@pytest.mark.parametrize(
    ("start", "why"),
    [
        ({"rate": (0.1, 1.0)}, "at least 3"),
        ({"rate": (1.0, 0.1, 0.01)}, "rising"),
        ({"rate": (0.0, 1.0, 2.0)}, "above 0"),
        ({"rate": (1.0, 2.0, 3.0)}, "one factor"),
        ({"rate": (1.0, 2.0, np.nan)}, "at least 3"),
        ({}, "start must name the axes"),
    ],
)
def test_a_grid_that_is_none_is_refused(start: dict, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        tune(lambda settings: [0.0] * len(settings), start)


def test_other_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="limits only these"):
        tune(bowl(0.1, 1.0), START, limits={"width": (0.0, 1.0)})
    with pytest.raises(ValueError, match="judge must score each of 9 settings, got 1"):
        tune(lambda settings: [0.0], START)
