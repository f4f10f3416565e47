"""The odd point without a browser: its fits in node against nmn, and what its words and its axis say."""

import numpy as np
import pytest

from nmn.experiments.guarantees.oddpoint import HEIGHTS, KINDS, NEAR, curve, moved
from nmn.widgets.oddpoint.still import bend, unbend
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")
AXIS = np.r_[np.linspace(-1.2, 1.6, 29), np.geomspace(2, 120, 10)]
# In the cloud, at its edge, where Huber's loss takes longest, and far out.
PLACES = [
    (-1.0, -1.0),
    (0.1, 3.0),
    (0.5, 0.8),
    (-0.5, -0.7),
    (0.95, 0.0),
    (1.2, 2.0),
    (1.3, 2.25),
    (3.0, 0.3),
    (30.0, 0.3),
    (100.0, 3.0),
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_fit_is_that_of_nmn(kind):
    cases = [(odd, huber) for odd in [None, *PLACES] for huber in (False, True)]
    expression = f"([odd, huber]) => {AXIS.tolist()}.map(fitted({kind!r}, odd, huber))"
    for (odd, huber), seen in zip(cases, node("oddpoint", expression, cases), strict=True):
        true = curve(kind, odd, AXIS, huber=huber)
        assert np.max(np.abs(np.array(seen) - true) / (1 + np.abs(true))) < 1e-6, (odd, huber)


def test_the_bars_and_the_words_are_those_of_the_fits():
    cases = [(odd, huber) for odd in PLACES for huber in (False, True)]
    shown = node("oddpoint", "([odd, huber]) => [moved(odd, huber), story(odd, moved(odd, huber))]", cases)
    names = {"linear": "the straight line", "relu": "the bent line", "rbf": "the bumps", "yat": "ⵟ"}
    for (odd, huber), (shifts, words) in zip(cases, shown, strict=True):
        assert shifts == pytest.approx({kind: moved(kind, odd, huber=huber) for kind in KINDS}, abs=1e-6)
        go = [kind for kind in KINDS if shifts[kind] > 0.1]
        assert ("no fit moves much" in words) == (not go) and ("every fit is moved" in words) == (
            len(go) == 4
        )
        if 0 < len(go) < 4:
            moving, staying = words.split(": ")[1].split("; ")
            for kind, name in names.items():
                assert (name in moving) == (kind in go) != (name in staying)
        far = abs(odd[0])
        assert words.startswith("Among its friends" if far <= 1 else "Just outside" if far < 3 else "Far off")
        high, low = odd[1] > max(HEIGHTS), odd[1] < min(HEIGHTS)
        assert [say in words for say in ("too high", "too low", "at a fair height")] == [
            high,
            low,
            not high | low,
        ]


def test_the_squeezed_axis_is_that_of_the_still_picture_and_can_be_read_back():
    far = [-1.0, 0.0, 1.5, 1.6, 3.0, 30.0, 100.0]
    there = node("oddpoint", "bend", far)
    assert there == pytest.approx(list(bend(np.array(far))))
    assert node("oddpoint", "unbend", there) == pytest.approx(far) == list(unbend(bend(np.array(far))))
    assert np.all(np.diff(there) > 0) and bend(NEAR).tolist() == NEAR.tolist()
