"""The margins of measured claims: what passes, what is too thin, and that every measured row has them."""

import ast
from pathlib import Path

import claim_evidence
import claim_rows
import numpy as np
import pytest

from tests.claims import margin

ROOT = Path(__file__).parents[2]
SEEDS = np.random.default_rng(1).normal(10.0, 1.0, size=20)
MEASURED = [claim for claim in claim_rows.load(ROOT / "book") if claim.verdict == "measured"]


def arms(compare, *arguments, **options) -> float:
    compare(*arguments, **options)
    return margin.noted[-1].arms


def test_a_clear_difference_passes_and_more_of_it_is_more() -> None:
    thin, wide = (arms(margin.check_above, SEEDS, threshold) for threshold in (9.0, 5.0))
    assert 1 < thin < 5 < wide
    # The interval of the median, told from the order statistics with ranks 6 and 15 of 20.
    low = np.sort(SEEDS)[5]
    assert wide == pytest.approx((np.median(SEEDS) - 5) / (np.median(SEEDS) - low), rel=0.2)
    assert margin.noted[-1].measured == np.median(SEEDS)


@pytest.mark.parametrize(
    "threshold", [11.0, np.median(SEEDS) + 1e-9, np.median(SEEDS), np.median(SEEDS) - 0.05]
)
def test_a_thin_difference_is_refused_on_either_side(threshold: float) -> None:
    with pytest.raises(AssertionError, match="too thin"):
        margin.check_above(SEEDS, threshold)
    with pytest.raises(AssertionError, match="too thin"):
        margin.check_below(-SEEDS, -threshold)


def test_measurements_are_compared_seed_by_seed() -> None:
    # Seeds differ by much more than the two do: only pairs show it.
    easy = 100 * SEEDS
    margin.check_above(easy + 5, easy)
    margin.check_below(easy, easy + 5)
    with pytest.raises(AssertionError, match="too thin"):
        margin.check_above(easy + 5, easy[::-1])


def test_a_factor_belongs_to_the_threshold() -> None:
    margin.check_above(3.1 * SEEDS, SEEDS, times=3)
    with pytest.raises(AssertionError, match="too thin"):
        margin.check_above(2.9 * SEEDS, SEEDS, times=3)


def test_runs_that_never_arrive_count_as_worst() -> None:
    never = np.full(20, np.inf)
    margin.check_above(never, SEEDS)
    for wrong in ((never, never), (SEEDS, never), (np.full(20, np.nan), SEEDS)):
        with pytest.raises(AssertionError, match="too thin"):
            margin.check_above(*wrong)


def test_a_single_number_has_no_margin() -> None:
    for few in (3.0, [3.0], [3.0, 3.0]):
        with pytest.raises(ValueError, match="one number a seed"):
            margin.check_above(few, 1.0)


@pytest.mark.parametrize("claim", MEASURED, ids=lambda claim: claim.id)
def test_every_measured_claim_is_held_by_margins(claim: claim_rows.Claim) -> None:
    _, function = claim_evidence.test_of(claim, ROOT / "tests" / "claims")
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    assert {"margin.check_above", "margin.check_below"} & set(calls)
    # And by nothing else: a bare comparison tells nobody how thin it is.
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(function))
