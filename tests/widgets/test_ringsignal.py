"""The signal on the ring without a browser: its mathematics and its sound in node against nmn."""

import itertools
import json
import math

import numpy as np
import pytest
from jax.numpy import asarray
from scipy.integrate import quad
from scipy.special import erf as true_erf
from scipy.stats import norm

from nmn.hypercube import ring
from nmn.hypercube.laws import NLGP
from nmn.widgets.kit.noise import noise
from nmn.widgets.ringsignal import Signal
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")
N = 40
XIS = (0.3, 0.7, 1.0, 3.0, 6.5, 10.0)
GAINS = (0.1, 0.5, 1.0, 3.0, 20.0, 99.0, 100.0)
STATES = [
    {"draw": draw, "xi": xi, "gain": gain}
    for draw, xi in zip((0, 1, 7, 500, 998, 999), XIS, strict=True)
    for gain in GAINS
]


def law(state):
    """What nmn knows by the state of the widget, in which the gain 100 stands for infinity."""
    gain = math.inf if state["gain"] == 100 else state["gain"]
    return NLGP(ring.correlation(N, state["xi"]), gain)


def test_the_noise_is_the_same_in_both_languages_and_normal():
    draws = [0, 1, 2, 17, 999, 2**31]
    shown = node("ringsignal", "([draw, n]) => noise(draw, n)", [[d, n] for d in draws for n in (40, 7)])
    true = [noise(d, n) for d in draws for n in (40, 7)]
    for js, py in zip(shown, true, strict=True):
        assert js == pytest.approx(py, rel=1e-12, abs=1e-12)
    pool = np.array([noise(d, N) for d in range(1000)])
    assert np.abs(pool.mean(0)).max() < 0.15 and np.abs(np.cov(pool.T) - np.eye(N)).max() < 0.2
    z = np.sort(pool.ravel())
    # Kolmogorov and Smirnov's distance: 1.95/√count would be seen once in a thousand times.
    assert np.abs(norm.cdf(z) - (np.arange(z.size) + 0.5) / z.size).max() < 1.95 / math.sqrt(z.size)


def test_the_signal_and_its_correlations_are_those_of_nmn():
    for state, js in zip(STATES, node("ringsignal", "signal", STATES), strict=True):
        true = law(state)
        z = ring.root(true.gaussian.row) @ noise(state["draw"], N)
        # Rounding alone makes an eigenvalue of 0 one of 1e-17, whose root is 3e-9: z can agree no better.
        for key, values in {"z": z, "x": true.marginal.pixel(z)}.items():
            assert js[key] == pytest.approx(np.asarray(values), abs=1e-6), (key, state)
        exact = {
            "x": true.marginal.pixel(asarray(js["z"])),
            "zRow": true.gaussian.row,
            "xRow": true.correlation(),
        }
        for key, values in exact.items():
            assert js[key] == pytest.approx(np.asarray(values), abs=1e-9), (key, state)
        assert js["kurtosis"] == pytest.approx(float(true.kurtosis()), abs=1e-9), state
        assert js["ceiling"] == pytest.approx(
            float(true.marginal.pixel(asarray(50.0 * (1 + 1 / state["gain"]))))
        )


def test_the_chance_to_be_near_the_ceiling_is_that_of_the_law():
    for state, js in zip(STATES, node("ringsignal", "signal", STATES), strict=True):
        gain = float(law(state).gain)
        if math.isinf(gain):
            assert js["near"] == 1 and js["kurtosis"] == -2
            assert {abs(x) for x in js["x"]} == {1.0}
            continue
        # Where |erf(gZ)| >= 0.9 begins, sought on a fine grid and not by an inverse function.
        z = np.linspace(0, 12 / gain, 2_000_001)
        start = z[np.argmax(true_erf(gain * z) >= 0.9)]
        chance = 2 * quad(norm.pdf, start, start + 12, epsabs=1e-12)[0]
        assert js["near"] == pytest.approx(chance, abs=1e-5), gain


def test_erf_holds_all_its_figures():
    x = np.concatenate([np.linspace(-7, 7, 2001), [1e-300, 5.999999, 6.0, 6.000001, 1e9, 0.0]])
    shown = node("ringsignal", "erf", x.tolist())
    assert shown == pytest.approx(true_erf(x), rel=1e-14, abs=1e-300)


def heard(x, count=200):
    return node("ringsignal", f"(x) => [...oneRound(x, {count})]", [np.asarray(v).tolist() for v in x])


def test_the_tone_is_the_wave_through_all_pixels_less_their_mean():
    rng = np.random.default_rng(0)
    signals = [rng.normal(size=N), np.sign(rng.normal(size=N)), np.cos(np.arange(N)), (-1.0) ** np.arange(N)]
    for x, wave in zip(signals, heard(signals), strict=True):
        at_pixels = np.array(wave)[::5]
        even = x - x.mean()
        assert at_pixels == pytest.approx(even * (at_pixels @ even) / (even @ even), abs=1e-6)
        assert at_pixels @ even > 0
        # Nothing but the ring's own modes.
        power = np.abs(np.fft.rfft(wave)) ** 2
        assert power[0] < 1e-9 and power[21:].max() < 1e-9 * power.sum()


def test_every_setting_sounds_equally_loud_and_never_clips():
    states = [s for s in STATES if s["xi"] < 4]
    signals = [s["x"] for s in node("ringsignal", "signal", states)]
    # All modes in step: the wave that stands highest above its RMS.
    steep = np.cos(2 * np.pi * np.outer(np.arange(1, 21), np.arange(N)) / N).sum(0)
    for count in (200, 218, 436):
        for wave in heard([*signals, steep], count):
            assert np.sqrt(np.mean(np.square(wave))) == pytest.approx(0.12, rel=1e-5)
            assert np.abs(wave).max() <= 0.12 * math.sqrt(40) + 1e-6 < 0.8


def test_pixels_that_all_agree_make_no_sound_and_say_so():
    alike, nearly = [1.0] * N, [*[1.0] * (N - 1), -1.0]
    assert node("ringsignal", "silent", [alike, nearly]) == [True, False]
    assert not np.any(heard([alike])[0]) and np.any(heard([nearly])[0])


def centroid(wave):
    """The mean harmonic, weighted by power."""
    power = np.abs(np.fft.rfft(wave))[1:21] ** 2
    return power @ np.arange(1, 21) / power.sum()


def test_the_hint_is_true_a_long_length_sounds_duller_and_a_gain_brighter():
    hint = Signal().hint
    assert "dull" in hint and "bright" in hint and "buzz" in hint

    def mean(xi, gain):
        states = [{"draw": d, "xi": xi, "gain": gain} for d in range(60)]
        waves = heard(s["x"] for s in node("ringsignal", "signal", states))
        return np.mean([centroid(w) for w in waves if np.any(w)])

    for gain in (0.1, 3.0, 100.0):
        lengths = [mean(xi, gain) for xi in (0.3, 1.0, 3.0, 10.0)]
        assert all(a > 1.2 * b for a, b in itertools.pairwise(lengths)), lengths
    gains = [mean(3.0, gain) for gain in (0.1, 3.0, 100.0)]
    assert gains[2] > 1.2 * gains[1] > 1.2 * 1.2 * gains[0]


def test_the_default_state_makes_the_point_and_can_be_heard_at_every_setting():
    first = Signal()
    state = {"draw": first.draw, "xi": first.xi, "gain": first.gain}
    (shown,) = node("ringsignal", "signal", [state])
    assert shown["kurtosis"] < -1 and np.std(shown["x"]) > 0.8
    ends = [state | {"xi": xi, "gain": gain} for xi in (0.3, 10) for gain in (0.1, 100)]
    for far in node("ringsignal", "signal", ends):
        assert not node("ringsignal", "silent", [far["x"]])[0]


def test_infinity_is_taken_and_travels_as_the_end_of_the_slider():
    widget = Signal(gain=math.inf)
    assert widget.gain == 100 and json.loads(json.dumps(widget.state(), allow_nan=False))["gain"] == 100
    widget.set_state({"gain": 2.0, "xi": 0.3, "draw": 999})
    assert (widget.gain, widget.xi, widget.draw) == (2.0, 0.3, 999)
    for gain, told in ((2.0, "2"), (99.5, "99.5"), (100.0, "∞"), (math.inf, "∞")):
        assert f"g = {told};" in Signal(gain=gain).alternative()


def test_the_still_shows_the_signal_and_both_correlations():
    widget = Signal(xi=0.9, gain=math.inf, draw=4)
    top, bottom = widget.still().axes
    true = law(widget.state())
    z = ring.root(true.gaussian.row) @ noise(4, N)
    drawn = {line.get_label(): line.get_ydata() for ax in (top, bottom) for line in ax.lines}
    assert drawn["X, the signal"] == pytest.approx(np.append(np.sign(z), np.sign(z[0])))
    assert drawn["Z, before the gain"] == pytest.approx(np.append(z, z[0]))
    assert drawn["X"] == pytest.approx(np.asarray(true.correlation())[:21])
    assert drawn["Z"] == pytest.approx(np.asarray(true.gaussian.row)[:21])
