"""Who owns a place, on cases that can be told at sight."""

import numpy as np
import pytest

from nmn.experiments.guarantees.owners import RULES, owners

LONG, SHORT = np.array([4.0, 0.0]), np.array([0.5, 0.5])


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        # Behind the long prototype: ⵟ does not mind the sign, the dot product does, nearness neither.
        ([-6.0, 0.0], {"yat": 0, "linear": 1, "rbf": 1}),
        # Beside the short one.
        ([0.5, 0.6], {"yat": 1, "linear": 0, "rbf": 1}),
        # At the long one.
        ([4.0, 0.1], {"yat": 0, "linear": 0, "rbf": 0}),
    ],
)
def test_each_rule_has_its_owner(x: list[float], expected: dict[str, int]) -> None:
    points = np.stack([LONG, SHORT])
    assert {rule: int(owners(points, np.array(x), rule=rule, eps=0.1)) for rule in RULES} == expected


def test_places_keep_their_shape_and_the_first_wins_a_tie() -> None:
    points = np.stack([SHORT, SHORT])
    assert owners(points, np.ones((3, 4, 2)), rule="rbf", eps=1.0).tolist() == [[0] * 4] * 3


def test_another_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="one of yat, linear, rbf; got 'relu'"):
        owners(np.stack([LONG, SHORT]), LONG, rule="relu", eps=1.0)
