"""The signal on the ring in a browser: seen, moved, and heard."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nmn.hypercube import ring
from nmn.hypercube.laws import NLGP
from nmn.widgets.kit.noise import noise
from nmn.widgets.ringsignal import Signal
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url

N = 40
XI, GAIN = "ξ, the correlation length", "g, the gain"
ACCENT = {"light": [0x00, 0x72, 0xB2], "dark": [0x6C, 0xB8, 0xEE]}
# Listens to what goes to the loudspeaker, and notes when it is to end; the sound itself is that of the page.
EAR = """() => {
  Object.assign(globalThis, { made: 0, ears: [], rounds: [], starts: [], offsets: [], ends: [], loudest: 0 });
  const Kind = AudioContext, { connect } = AudioNode.prototype, { copyToChannel } = AudioBuffer.prototype;
  const { start } = AudioBufferSourceNode.prototype, { stop } = AudioScheduledSourceNode.prototype;
  globalThis.AudioContext = class extends Kind {
    constructor(...given) {
      super(...given);
      made += 1;
      globalThis.last = this;
    }
  };
  AudioBuffer.prototype.copyToChannel = function (samples, ...rest) {
    rounds.push([...samples]);
    return copyToChannel.call(this, samples, ...rest);
  };
  AudioBufferSourceNode.prototype.start = function (when, offset) {
    starts.push(when);
    offsets.push(offset);
    return start.call(this, when, offset);
  };
  AudioScheduledSourceNode.prototype.stop = function (when) {
    ends.push(when);
    return stop.call(this, when);
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination) {
      ears.push(this.context.createAnalyser());
      connect.call(this, ears.at(-1));
    }
    return connect.call(this, to, ...rest);
  };
  globalThis.loudness = () => Math.max(0, ...ears.map((ear) => {
    const seen = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(seen);
    return Math.sqrt(seen.reduce((sum, v) => sum + v * v, 0) / seen.length);
  }));
  setInterval(() => { loudest = Math.max(loudest, loudness()); }, 20);
}"""


def signal(xi: float = 3.0, gain: float = 3.0, draw: int = 0) -> tuple[np.ndarray, NLGP]:
    """The signal that nmn makes of this state, and its law."""
    law = NLGP(ring.correlation(N, xi), gain)
    return np.asarray(law.marginal.pixel(ring.root(law.gaussian.row) @ noise(draw, N))), law


def shows(widget: Widget, x: np.ndarray, theme: str = "light") -> None:
    """A dot in the accent colour stands at every pixel and its value, and nowhere far above or below it."""
    at = np.stack([np.arange(N), x], 1)
    assert np.max(np.abs(widget.colours(at) - ACCENT[theme])) <= 2
    far = at + np.array([0, 0.5])
    assert np.mean(np.max(np.abs(widget.colours(far) - ACCENT[theme]), 1) > 40) > 0.9


def button(widget: Widget, name: str) -> Locator:
    return widget.root.get_by_role("button", name=name)


def slide(widget: Widget, label: str, key: str) -> None:
    widget.root.get_by_label(label).press(key)
    widget.settle()


def say(widget: Widget) -> dict[str, str]:
    """The readouts by their names."""
    rows = widget.root.locator(".nmn-readout").all()
    return dict(row.locator("span, output").all_inner_texts() for row in rows)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_sliders_and_the_button_change_the_signal(browser: Browser, folder: Path, theme: str, size: str):
    with reading(browser, url(folder, theme), size=size) as page:
        widget = Widget(page, "ringsignal")
        shows(widget, signal()[0], theme)
        assert say(widget)["excess kurtosis of a pixel"] == "−1.834"
        slide(widget, GAIN, "End")
        shows(widget, np.sign(signal()[0]), theme)
        assert "∞" in str(widget.root.get_by_label(GAIN).get_attribute("aria-valuetext"))
        assert list(say(widget).values()) == ["−2.000", "±1.00", "100 %"]
        slide(widget, XI, "End")
        shows(widget, signal(10, np.inf)[0], theme)
        button(widget, "another signal").click()
        widget.settle()
        shows(widget, signal(10, np.inf, 1)[0], theme)


def test_the_mouse_and_a_finger_move_a_slider(browser: Browser, folder: Path):
    for touch in (False, True):
        with reading(browser, url(folder), size="phone", touch=touch) as page:
            widget = Widget(page, "ringsignal")
            slider = widget.root.get_by_label(GAIN)
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            assert box and box["height"] >= 28
            goal = box["x"] + box["width"] * 0.97, box["y"] + box["height"] / 2
            (page.touchscreen.tap if touch else page.mouse.click)(*goal)
            widget.settle()
            text = str(slider.get_attribute("aria-valuetext"))
            assert text.startswith("∞") or float(text) > 50


def test_the_ring_and_the_correlations_follow(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        slide(Widget(page, "ringsignal"), GAIN, "End")
        slide(Widget(page, "ringsignal"), XI, "Home")
        slide(Widget(page, "ringsignal"), XI, "End")
        x, law = signal(10, np.inf)
        seen = Widget(page, "ringsignal", canvas=1)
        turn = 2 * np.pi * np.arange(N) / N
        colours = seen.colours(0.8 * np.stack([np.sin(turn), np.cos(turn)], 1))
        assert np.array_equal(colours[:, 0] > colours[:, 2], x > 0)
        decay = Widget(page, "ringsignal", canvas=2)
        k = np.arange(N // 2 + 1)
        dots = decay.colours(np.stack([k, np.asarray(law.correlation())[: len(k)]], 1))
        assert np.max(np.abs(dots - ACCENT["light"])) <= 2
        assert "for X and" in str(decay.canvas.get_attribute("aria-label"))


def test_a_signal_beyond_the_usual_stays_inside(browser: Browser, folder: Path):
    draw = max(range(1000), key=lambda d: np.abs(noise(d, N)).max())
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, Signal(xi=0.3, gain=0.1, draw=draw))
        x, _ = signal(0.3, 0.1, draw)
        assert 3.4 < np.abs(x).max() < widget.plot()[-1]
        at = np.stack([np.arange(N), x], 1)
        assert np.max(np.abs(widget.colours(at) - ACCENT["light"])) <= 2


def test_it_fits_itself_to_a_window_that_changes(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, "ringsignal")
        wide = widget.plot()[2]
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_function("(c) => c.width <= 390", arg=widget.canvas.element_handle())
        assert widget.plot()[2] < wide
        shows(widget, signal()[0])


def listening(page: Page) -> Widget:
    """The widget of a page that is listened to."""
    widget = Widget(page, "ringsignal")
    page.evaluate(EAR)
    return widget


def test_nothing_sounds_before_the_press_and_the_press_is_heard_and_ends(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = listening(page)
        slide(widget, XI, "ArrowRight")
        button(widget, "another signal").click()
        assert page.evaluate("made") == 0
        button(widget, "listen").click()
        page.wait_for_function("loudest > 0.08")
        # It ends by itself.
        expect(button(widget, "listen")).to_be_visible()
        page.wait_for_function("loudness() < 1e-4")
        # The clock of a new context may tick between the two readings of it.
        assert page.evaluate("loudest") < 0.13 and 1 < page.evaluate("ends[0] - starts[0]") <= 1.5
        # A second sound needs no second context.
        page.evaluate("() => { loudest = 0; }")
        button(widget, "listen").press("Enter")
        page.wait_for_function("loudest > 0.08")
        assert page.evaluate("made") == 1


def test_a_second_press_stops_at_once(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = listening(page)
        twice = "(b) => [0, 1].map(() => { b.click(); return b.textContent; })"
        assert button(widget, "listen").evaluate(twice) == ["stop", "listen"]
        planned, stopped = page.evaluate("ends")
        assert stopped < planned - 1
        page.wait_for_function("last.state === 'running' && loudness() < 1e-4")


def test_what_sounds_is_what_is_shown_also_when_it_changes(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        widget = listening(page)
        # All in one go, within the second and a half that a sound lasts, but not at one instant.
        page.evaluate(
            """async (root) => {
              const [listen] = [...root.querySelectorAll("button")].filter((b) => b.textContent === "listen");
              listen.click();
              while (last.currentTime < starts[0] + 0.05) await new Promise((f) => setTimeout(f, 5));
              for (const [k, end] of [[0, "min"], [1, "max"]]) {
                const input = root.querySelectorAll("input")[k];
                input.value = input[end];
                input.dispatchEvent(new Event("input"));
              }
            }""",
            widget.root.element_handle(),
        )
        first, *_, last = (np.array(r) for r in page.evaluate("rounds"))
        for wave, x in ((first, signal()[0]), (last, signal(0.3, np.inf)[0])):
            # All modes but the shortest, of which a ring of pixels shows no sine.
            ours, theirs = (np.fft.rfft(v)[1:20] for v in (x, wave))
            match = abs(np.vdot(ours, theirs)) / np.linalg.norm(ours) / np.linalg.norm(theirs)
            assert match == pytest.approx(1, abs=1e-5)
        assert page.evaluate("last.sampleRate") / len(first) == pytest.approx(220, rel=0.005)
        # The old ones give way, the new ones end when the first would have.
        ends = page.evaluate("ends")
        assert len(ends) == 5 and len(set(ends[::2])) == 1 and max(ends[1::2]) < ends[0] - 1
        # And they go on where the first is in its round.
        late, part = (np.diff(page.evaluate(name)) for name in ("starts", "offsets"))
        rounds = (late - part) * page.evaluate("last.sampleRate") / len(first)
        assert late[0] > 0.04 and rounds == pytest.approx(np.round(rounds), abs=1e-6)
        page.wait_for_function("loudest > 0.08")
        expect(button(widget, "listen")).to_be_visible()
        assert page.evaluate("loudest") < 0.13


def test_without_audio_the_button_is_off_and_says_so(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        page.add_init_script("delete globalThis.AudioContext; delete globalThis.webkitAudioContext;")
        page.reload()
        widget = Widget(page, "ringsignal")
        expect(button(widget, "no sound in this browser")).to_be_disabled()
        button(widget, "another signal").click()
        widget.settle()
        shows(widget, signal(draw=1)[0])


def test_a_signal_of_one_value_says_that_it_is_silent(browser: Browser, folder: Path):
    draw = next(d for d in range(1000) if len(set(np.sign(signal(10, np.inf, d)[0]))) == 1)
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, Signal(xi=10, gain=np.inf, draw=draw))
        expect(button(widget, "silent")).to_be_enabled()
        slide(widget, GAIN, "Home")
        assert "silent" not in widget.root.inner_text()


def test_the_jupyter_module_syncs_both_ways_and_cleans_up(browser: Browser, folder: Path):
    made = Signal()
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, made)
        page.evaluate(EAR)
        slide(widget, XI, "ArrowRight")
        button(widget, "another signal").click()
        slide(widget, GAIN, "End")
        for saved in page.evaluate("saved"):
            made.set_state({key: saved[key] for key in ("xi", "gain", "draw")})
        assert made.xi > 3 and (made.gain, made.draw) == (100, 1)
        # And back: the page shows what Python sets.
        page.evaluate("() => { model.set('xi', 0.9); model.set('gain', 2); model.set('draw', 5); }")
        widget.settle()
        shows(widget, signal(0.9, 2, 5)[0])
        button(widget, "listen").click()
        leaves_nothing(page, widget)
        page.wait_for_function("last.state === 'closed'")
