"""What a direction for two pixels is worth, in node against nmn: curve, best places, claps, words."""

import json
import math

import numpy as np
import pytest
from scipy.special import erf
from scipy.stats import norm

from nmn.hypercube.twopixels import flatness
from nmn.widgets.kit.noise import noise
from nmn.widgets.worth import Worth
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")
SHOUTS = (-1.0, -0.999, -0.97, -0.8, -0.5, -0.3, -0.1, -0.03, -0.004, 0.0, 0.03, 0.3, math.sqrt(2) - 1, 0.8)
ANGLES = (0, 1, 26, 44, 45, 46, 90, 137, 180, 225, 271, 359)


def test_the_curve_is_that_of_nmn():
    shown = node("worth", f"(u) => {list(ANGLES)}.map((t) => worth(t, u))", SHOUTS)
    for shout, values in zip(SHOUTS, shown, strict=True):
        true = flatness(np.deg2rad(ANGLES), Worth(shout=shout).marginal())
        assert values == pytest.approx(true, abs=1e-7), shout
    # From law to law it does not jump.
    assert (
        np.abs(np.diff(node("worth", "(u) => worth(30, u)", np.linspace(-1, 0.8, 400).tolist()))).max() < 0.01
    )


def test_the_dots_are_where_it_is_largest():
    fine = np.linspace(0, 90, 721)
    for shout, ways in zip(SHOUTS, node("worth", "best", SHOUTS), strict=True):
        values = flatness(np.deg2rad(fine), Worth(shout=shout).marginal())
        if shout == -1:
            assert ways == [] and np.ptp(values) < 1e-9
            continue
        most = flatness(np.deg2rad(ways), Worth(shout=shout).marginal())
        assert most == pytest.approx([values.max()] * 2, abs=1e-5) and np.all(values <= most[0] + 1e-12)
        assert np.abs(fine[values.argmax()] - np.array(ways)).min() < 0.1


def test_the_claps_are_draws_of_the_law():
    z = noise(11, 60).reshape(30, 2)
    for shout, shouts in zip(SHOUTS, node("worth", "claps", SHOUTS), strict=True):
        gain = math.inf if shout >= 0 else (1 + shout) / (-shout * math.sqrt(2))
        if shout == -1:
            true = z
        elif shout < 0:
            true = erf(gain * z) / math.sqrt(2 / np.pi * math.asin(2 * gain**2 / (1 + 2 * gain**2)))
        else:
            true = np.sign(z) * (np.abs(z) > -norm.ppf((1 - shout) / 2)) / math.sqrt(1 - shout)
        assert np.array(shouts) == pytest.approx(true, abs=1e-7), shout
    # In the game of yes and no each of the four answers comes up, and one kid is just as loud each time.
    (signs,) = np.array(node("worth", "claps", [0]))
    assert len(np.unique(signs, axis=0)) == 4 and set(np.abs(signs).ravel()) == {1.0}


def test_the_words_say_what_is_true():
    cases = [(0, 0), (90, 0), (1, 0), (45, 0), (30, -1), (0, -0.5), (2, -0.5), (27, 0.5), (63, 0.5), (0, 0.5)]
    told = dict(zip(cases, node("worth", "([t, u]) => story(t, u)", cases), strict=True))
    assert told[0, 0] == told[90, 0] == "One kid alone: each clap is just as loud as the last one."
    assert told[45, 0] == "Both kids alike: loud claps and soft ones. Other arrows are steadier."
    assert told[30, -1].endswith("No arrow is steadier than any other.")
    for angle, shout in cases:
        rho = flatness(np.deg2rad(np.r_[angle, np.arange(0, 90, 0.25)]), Worth(shout=shout).marginal())
        assert ("Other arrows are steadier" in told[angle, shout]) == (rho[0] < rho.max() - 1e-4)
    assert node("worth", "game", [-1, -0.5, 0, 0.25]) == [
        "whispers and screams", "in between (gain 0.71)", "yes or no", "yes, no, 25 % silence",
    ]  # fmt: skip


def test_the_named_games_are_easy_to_hit():
    assert node("worth", "snapped", [-0.98, -0.96, -0.02, 0.02, 0.04, 0.7]) == [-1, -0.96, 0, 0, 0.04, 0.7]


def test_the_default_makes_the_point_and_the_still_shows_it():
    first = Worth()
    assert first.shout == 0 and float(flatness(np.deg2rad(first.angle), first.marginal())) == pytest.approx(
        0.75
    )
    assert json.loads(json.dumps(first.state()))["angle"] == 30 and "30°" in first.alternative()
    (ax,) = Worth(shout=0.5).still().axes
    dots = next(line for line in ax.lines if len(line.get_xdata()) == 8)
    x, y = dots.get_data()
    assert np.hypot(x, y) == pytest.approx([0.625] * 8, abs=1e-4)
    # Alike in all directions: no dots.
    assert len(Worth(shout=-1.0).still().axes[0].lines) == 2
