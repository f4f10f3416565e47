// A periodic wave made audible for a moment. No AudioContext is made before the reader asks to hear something.

const FADE = 0.04;
const kind = () => globalThis.AudioContext ?? globalThis.webkitAudioContext;

/** Whether this browser can sound at all. */
export const canSound = () => typeof kind() === "function";

/**
 * Sounds one period again and again for `seconds`, fading in and out: `period(rate)` gives its samples at this sample rate,
 * `changed()` hears of every start and end. `refresh` swaps in the present period without a jump, `end` cleans up.
 */
export function tone({ period, seconds, changed }) {
  let context = null, playing = null;
  const fade = (gain, from, to) => {
    const now = context.currentTime;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(from, now);
    gain.linearRampToValueAtTime(to, now + FADE);
  };

  function voice() {
    const samples = period(context.sampleRate), now = context.currentTime;
    const source = context.createBufferSource(), volume = context.createGain();
    source.buffer = context.createBuffer(1, samples.length, context.sampleRate);
    source.buffer.copyToChannel(samples, 0);
    source.loop = true;
    source.connect(volume).connect(playing.out);
    // Said twice, for what is only scheduled does not show in .value, where quiet() may look for it in the same instant.
    volume.gain.value = 0;
    fade(volume.gain, 0, 1);
    // Every voice runs from the same instant, so that a new one is in step with the old.
    source.start(now, (now - playing.start) % source.buffer.duration);
    source.stop(playing.start + seconds);
    source.onended = () => playing?.source === source && finish();
    return { source, volume };
  }

  function finish() {
    playing = null;
    changed();
  }

  function start() {
    context ??= new (kind())();
    context.resume();
    const now = context.currentTime, out = context.createGain();
    out.connect(context.destination);
    playing = { out, start: now };
    Object.assign(playing, voice());
    out.gain.setValueAtTime(1, now + seconds - FADE);
    out.gain.linearRampToValueAtTime(0, now + seconds);
    changed();
  }

  function quiet({ source, volume }) {
    fade(volume.gain, volume.gain.value, 0);
    source.stop(context.currentTime + FADE);
  }

  return {
    sounding: () => playing !== null,
    press() {
      if (!playing) return start();
      quiet(playing);
      finish();
    },
    refresh() {
      if (!playing) return;
      quiet(playing);
      Object.assign(playing, voice());
    },
    end() {
      playing = null;
      context?.close();
    },
  };
}
