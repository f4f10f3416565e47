"""What is heard, sample by sample: rendered with no loudspeaker and no clock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.site.reader import reading
from tests.site.widgets.gallery import url

RATE, FADE, SECONDS, WAVE = 44100, 0.04, 0.5, 50
MODULE = """(text) => {
  globalThis.source = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}"""
# Plays a square wave of `wave` samples a round, and does at each of `acts`, [when, what], what that says.
# Gives the samples of a second, what was told meanwhile, and how many contexts were made and closed.
PLAY = """async ([acts, wave, seconds]) => {
  const told = [], { tone } = await import(source);
  let made = 0, closed = 0;
  const context = new OfflineAudioContext(1, 44100, 44100);
  context.resume = () => { told.push("resumed"); return Promise.resolve(); };
  context.close = () => { closed += 1; };
    globalThis.AudioContext = function () { made += 1; return context; };
  let level = 0.25;
  const period = (rate) => {
    told.push(rate);
    return Float32Array.from({ length: wave }, (_, k) => (2 * k < wave ? level : -level));
  };
  const sound = tone({ period, seconds, changed: () => told.push(sound.sounding()) });
  const does = {
    press: () => sound.press(), refresh: () => sound.refresh(), end: () => sound.end(),
    louder: () => { level = 0.5; sound.refresh(); },
  };
  told.push(sound.sounding(), made);
  for (const [at, act] of acts) {
    if (!at) does[act]();
    else context.suspend(at).then(does[act]).then(() => OfflineAudioContext.prototype.resume.call(context));
  }
  // A context that is closed or was never made sounds no more.
  const samples = closed || !made ? [] : [...(await context.startRendering()).getChannelData(0)];
  // What has ended tells of it a little later; what never ends is waited for in vain.
  for (let k = 0; sound.sounding() && k < 1000; k++) await new Promise((f) => setTimeout(f, 5));
  return JSON.stringify([samples, told, made, closed]);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    source = (Path(__file__).parents[3] / "nmn" / "widgets" / "kit" / "sound.js").read_text("utf8")
    with reading(browser, url(folder, "empty")) as opened:
        opened.evaluate(MODULE, source)
        yield opened


def play(page: Page, *acts: tuple[float, str]) -> tuple[np.ndarray, list[Any]]:
    """The samples of a second, and what was told meanwhile."""
    # Time goes by in quanta of 128 samples.
    exact = [(round(at * RATE / 128) * 128 / RATE, act) for at, act in acts]
    samples, told, made, closed = json.loads(page.evaluate(PLAY, [exact, WAVE, SECONDS]))
    assert (made, closed) == (1, 0)
    return np.array(samples), told


def loudness(samples: np.ndarray, at: float) -> float:
    """How far a round of the wave goes from the middle, on average, from this time on."""
    start = round(at * RATE)
    return float(np.abs(samples[start : start + WAVE]).mean())


def test_a_press_fades_in_holds_and_fades_out_by_itself(page: Page):
    samples, told = play(page, (0, "press"))
    assert told == [False, 0, "resumed", RATE, True, False]
    for at in (FADE, 0.2, SECONDS - FADE - 0.01):
        assert loudness(samples, at) == pytest.approx(0.25, abs=1e-3)
    for at in (FADE / 2, SECONDS - FADE / 2):
        assert loudness(samples, at) == pytest.approx(0.125, abs=0.01)
    # Round after round of the same wave.
    held = samples[round(0.1 * RATE) : round(0.1 * RATE) + 40 * WAVE].reshape(40, WAVE)
    assert np.abs(held - held[0]).max() < 1e-6 and np.abs(held).min() > 0.2
    assert not np.any(samples[round(SECONDS * RATE) + 1 :])


def test_a_second_press_fades_out_at_once(page: Page):
    samples, told = play(page, (0, "press"), (0.2, "press"))
    assert told == [False, 0, "resumed", RATE, True, False]
    assert loudness(samples, 0.19) == pytest.approx(0.25, abs=1e-3)
    assert loudness(samples, 0.2 + FADE / 2) == pytest.approx(0.125, abs=0.015)
    assert not np.any(samples[round((0.2 + FADE + 0.01) * RATE) :])


def test_a_new_wave_fades_over_in_step_with_the_old_and_ends_when_that_would_have(page: Page):
    samples, told = play(page, (0, "press"), (0.2, "louder"))
    assert told == [False, 0, "resumed", RATE, True, RATE, False]
    assert loudness(samples, 0.19) == pytest.approx(0.25, abs=1e-3)
    # Half of each: in step, they add; out of step, they would cancel somewhere.
    assert loudness(samples, 0.2 + FADE / 2) == pytest.approx(0.375, abs=0.015)
    assert loudness(samples, 0.26) == pytest.approx(0.5, abs=1e-3)
    turns = np.flatnonzero(np.diff(np.sign(samples[: round((SECONDS - FADE) * RATE)])) != 0)
    assert set(np.diff(turns[2:])) == {WAVE // 2}
    assert loudness(samples, SECONDS - FADE / 2) == pytest.approx(0.25, abs=0.02)
    assert not np.any(samples[round(SECONDS * RATE) + 1 :])


def test_after_its_end_it_can_be_pressed_again(page: Page):
    samples, told = play(page, (0, "press"), (0.2, "press"), (0.4, "press"))
    assert told == [False, 0, "resumed", RATE, True, False, "resumed", RATE, True, False]
    assert loudness(samples, 0.3) == 0
    assert loudness(samples, 0.5) == pytest.approx(0.25, abs=1e-3)
    assert not np.any(samples[round((0.4 + SECONDS) * RATE) + 130 :])


def test_a_change_while_nothing_sounds_makes_no_sound(page: Page):
    silent = page.evaluate(PLAY, [[(0, "refresh"), (0, "end")], WAVE, SECONDS])
    assert json.loads(silent) == [[], [False, 0], 0, 0]


def test_the_end_of_the_widget_closes_what_sounds_and_tells_nobody(page: Page):
    ended = page.evaluate(PLAY, [[(0, "press"), (0, "end")], WAVE, SECONDS])
    assert json.loads(ended) == [[], [False, 0, "resumed", RATE, True], 1, 1]
