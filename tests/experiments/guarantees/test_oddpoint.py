"""One odd example: the fits are best, and over the whole range it does what the chapter says."""

import numpy as np
import pytest

from nmn.experiments.guarantees.oddpoint import (
    CORNER,
    HEIGHTS,
    KINDS,
    NEAR,
    PLACES,
    curve,
    moved,
    rows,
    weights,
)

pytestmark = pytest.mark.usefixtures("float64")
RANGE = np.r_[np.linspace(-1, 1.5, 11), np.geomspace(2, 100, 6)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_weights_are_stationary_which_is_best_for_a_convex_sum(kind):
    for x in RANGE:
        for y in (-1.0, 0.3, 1.7, 3.0):
            phi, target = rows(kind, np.append(NEAR, x)), np.append(HEIGHTS, y)
            for huber, cut in ((False, np.inf), (True, CORNER)):
                pull = np.clip(phi @ weights(phi, target, huber=huber) - target, -cut, cut)
                assert np.max(np.abs(phi.T @ pull)) < 1e-7 * max(1, abs(x))


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_moves_the_fits_by_squares_by_its_column_of_the_hat_matrix(kind):
    for x in RANGE:
        phi = rows(kind, np.append(NEAR, x))
        hat = phi @ np.linalg.pinv(phi)
        shift = curve(kind, (x, 2.5), NEAR, huber=False) - curve(kind, (x, 0.5), NEAR, huber=False)
        assert shift == pytest.approx(2 * hat[:-1, -1], abs=1e-8)


def test_a_far_input_becomes_the_vote_that_the_proposition_names():
    y = np.append(HEIGHTS, 0.3)
    for kind, vote in (("yat", PLACES**2), ("rbf", 0 * PLACES)):
        limit = weights(np.vstack([rows(kind, NEAR), [1, *vote]]), y, huber=False)
        gaps = [
            np.max(np.abs(curve(kind, (k, 0.3), NEAR, huber=False) - rows(kind, NEAR) @ limit))
            for k in (1e2, 1e6)
        ]
        assert gaps[1] < 1e-5 and gaps[1] <= gaps[0]
    slope = np.diff(curve("linear", (1e6, 0.3), np.array([0.0, 1.0]), huber=False))
    assert abs(slope.item()) < 1e-5


def moves(kind: str, x: float, heights: tuple[float, ...], *, huber: bool = False) -> float:
    """The most that the odd one moves a fit, over these heights."""
    return max(moved(kind, (x, y), huber=huber) for y in heights)


def test_what_the_page_says_of_the_picture_holds_over_the_whole_range():
    fair = (min(HEIGHTS), 0.0, 0.3, max(HEIGHTS))
    # Far off at a fair height.
    for x in (3.0, 10.0, 30.0, 100.0):
        assert max(moves(kind, x, fair) for kind in ("rbf", "yat")) < 0.1
        assert min(moves(kind, x, fair) for kind in ("linear", "relu")) > 0.25
    # Worst at the edge of the cloud, for ⵟ and RBF as for ReLU.
    for kind in ("relu", "rbf", "yat"):
        harm = {x: moves(kind, x, fair) for x in RANGE}
        assert 0.9 <= abs(max(harm, key=harm.__getitem__)) <= 1.5 and max(harm.values()) > 0.25
    # Wild, in the cloud: squares, then Huber's loss. At the edge Huber's loss does not hold it.
    for x in (-0.6, -0.2, 0.2, 0.6):
        assert min(moved(kind, (x, 3.0), huber=False) for kind in ("relu", "rbf", "yat")) > 0.4
        assert max(moved(kind, (x, 3.0), huber=True) for kind in KINDS) < 0.1
    assert min(moved(kind, (1.2, 3.0), huber=True) for kind in ("relu", "rbf", "yat")) > 0.15
    # Far and wild: every fit by squares, and the lines with Huber's loss too.
    assert min(moved(kind, (100.0, 3.0), huber=False) for kind in KINDS) > 0.1
    assert min(moved(kind, (100.0, 3.0), huber=True) for kind in ("linear", "relu")) > 0.2


def test_a_kind_that_is_none_is_named():
    with pytest.raises(ValueError, match="kind must be one of linear, relu, rbf, yat, got 'tanh'"):
        rows("tanh", NEAR)
