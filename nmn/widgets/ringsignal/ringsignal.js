// A signal on the ring, seen and heard: one and the same noise under every correlation length and gain.
import { button, colours, diverging, element, frame, live, readout, slider } from "../kit/kit.js";
import { sheet } from "../kit/sheet.js";
import { beads, level, line, plot, rulers } from "../kit/plot.js";
import { ceiling, correlated, correlation, kurtosis, nearCeiling, noise, pixel, seenCorrelation } from "../kit/nlgp.js";
import { canSound, tone } from "../kit/sound.js";

const PIXELS = 40, DRAWS = 1000, HIGH = 3.2, DEEP = 1.5;
// The end of the slider stands for ∞: there X is the sign of Z.
const TOP = 100;
// 220 rounds of the ring a second: harmonic k of the tone is Fourier mode k of the ring, up to 4400 Hz.
const ROUNDS = 220, SECONDS = 1.5;
// The sum of 20 harmonics stays below √40 times its RMS, 0.76: it never clips.
const LOUDNESS = 0.12;

/** All that the picture shows of a state. Tested against nmn.hypercube. */
export function signal({ draw, xi, gain }) {
  const g = gain >= TOP ? Infinity : gain, row = correlation(PIXELS, xi), z = correlated(row, noise(draw, PIXELS));
  return {
    z, x: pixel(z, g), zRow: row, xRow: seenCorrelation(row, g), kurtosis: kurtosis(g), ceiling: ceiling(g), near: nearCeiling(g),
  };
}

/** The amplitudes [of cos, of sin] of mode k = 1 … n/2 of the ring. Their sum passes through every pixel less the mean. */
export function harmonics(x) {
  const n = x.length;
  return Array.from({ length: n / 2 }, (_, j) => {
    const k = j + 1, scale = k === n / 2 ? 1 / n : 2 / n, turn = (i) => (2 * Math.PI * k * i) / n;
    return [Math.cos, Math.sin].map((f) => scale * x.reduce((sum, c, i) => sum + c * f(turn(i)), 0));
  });
}

/**
 * What is heard: one round of the ring in `count` samples. Not steps from pixel to pixel, which would add overtones that
 * the ring has not, but the one wave of the ring's own modes through all pixels. The mean of the signal makes no sound,
 * and so is taken off; what is left always has the RMS `LOUDNESS`, so that settings differ in colour and not in loudness.
 */
export function oneRound(x, count) {
  const modes = harmonics(x), power = modes.reduce((sum, [a, b]) => sum + (a * a + b * b) / 2, 0);
  const scale = power > 1e-12 ? LOUDNESS / Math.sqrt(power) : 0;
  return Float32Array.from({ length: count }, (_, t) => scale * modes.reduce((sum, [a, b], j) => {
    const turn = (2 * Math.PI * (((j + 1) * t) % count)) / count;
    return sum + a * Math.cos(turn) + b * Math.sin(turn);
  }, 0));
}

/** Whether nothing is heard of x: all pixels agree. */
export const silent = (x) => x.every((c) => Math.abs(c - x[0]) < 1e-6);

function paintSignal(p, { x, z }, theme) {
  const closed = (v) => [...v, v[0]], at = closed(x).map((_, i) => i);
  rulers(p, theme, { ticks: { x: [0, 10, 20, 30, 40], y: [-3, -2, -1, 0, 1, 2, 3] },
    names: { x: "pixel i, once round the ring (40 is 0 again)", y: "dots: signal Xᵢ   thin line: Zᵢ before the gain" } });
  level(p, 0, { colour: theme.line });
  for (const corner of [-1, 1]) level(p, corner, { colour: theme.muted, dash: [5, 5] });
  line(p, at, closed(z), { colour: theme.muted, width: 1.2 });
  line(p, at, closed(x), { colour: theme.accent, width: 1.8 });
  beads(p, at.slice(0, -1), x, { colour: theme.accent, radius: p.width < 400 ? 2.6 : 3.6, rim: theme.paper });
}

function paintRing(s, x, theme) {
  const { ctx } = s, middle = s.width / 2, outer = middle - 1, inner = 0.62 * outer;
  x.forEach((value, i) => {
    // Pixel 0 stands at the top, and they run clockwise.
    const [from, to] = [i - 0.5, i + 0.5].map((k) => (2 * Math.PI * k) / x.length - Math.PI / 2);
    ctx.beginPath();
    ctx.arc(middle, middle, outer, from, to);
    ctx.arc(middle, middle, inner, to, from, true);
    ctx.closePath();
    ctx.fillStyle = `rgb(${diverging(value / DEEP).map(Math.round).join(" ")})`;
    ctx.fill();
    ctx.strokeStyle = theme.line;
    ctx.lineWidth = 0.7;
    ctx.stroke();
  });
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillText("0", middle, middle - inner + 4);
}

function paintCorrelation(p, { xRow, zRow }, theme) {
  const half = Array.from({ length: PIXELS / 2 + 1 }, (_, k) => k), cut = (row) => half.map((k) => row[k]);
  rulers(p, theme, { ticks: { x: [0, 5, 10, 15, 20], y: [0, 0.5, 1] },
    names: { x: "distance k on the ring", y: "correlation   dots: of X   thin line: of Z" } });
  line(p, half, cut(zRow), { colour: theme.muted, width: 1.2 });
  beads(p, half, cut(xRow), { colour: theme.accent, radius: 3, rim: theme.paper });
}

const said = (v) => v.toFixed(3).replace("-", "−");

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model), second = element("div", { class: "nmn-picture" });
  root.classList.add("nmn-signal");
  panel.after(second);
  const fresh = () => signal({ draw: model.get("draw"), xi: model.get("xi"), gain: model.get("gain") });
  let now = fresh();
  // Few signals reach beyond HIGH, and the others should not jump about.
  const high = () => [...now.x, ...now.z].reduce((most, c) => Math.max(most, Math.abs(c) + 0.2), HIGH);
  const p = plot(picture, { x: () => [-0.7, PIXELS + 0.3], y: () => [-high(), high()], tall: (w) => Math.min(0.62 * w, 230), paint });
  const still = { margin: { left: 0, right: 0, top: 0, bottom: 0 }, tall: (w) => w, range: () => [1, 1] };
  const ring = sheet(picture, { ...still, paint: (s) => paintRing(s, now.x, colours(root)) });
  const decay = plot(second, { x: () => [-0.4, PIXELS / 2 + 0.4], y: () => [-0.04, 1.08], tall: (w) => 0.5 * w,
    paint: (d) => paintCorrelation(d, now, colours(root)) });

  const showXi = slider(panel, {
    label: "ξ, the correlation length", min: 0.3, max: 10, log: true, get: () => model.get("xi"), set: (xi) => put("xi", xi),
    format: (xi) => `${Number(xi.toPrecision(2))} pixels`,
  });
  const showGain = slider(panel, {
    label: "g, the gain", min: 0.1, max: TOP, log: true, get: () => model.get("gain"), set: (gain) => put("gain", gain),
    format: (gain) => (gain >= TOP ? "∞: the sign" : String(Number(gain.toPrecision(2)))),
  });
  const row = element("div", { class: "nmn-buttons" });
  panel.append(row);
  button(row, "another signal", () => put("draw", (model.get("draw") + 1) % DRAWS));
  const sound = tone({ period: (rate) => oneRound(now.x, Math.round(rate / ROUNDS)), seconds: SECONDS, changed: showListen });
  const listen = button(row, "listen", sound.press);
  listen.disabled = !canSound();
  const tail = readout(panel, "excess kurtosis of a pixel"), top = readout(panel, "largest possible value of a pixel");
  const often = readout(panel, "chance to be within a tenth of it");

  function showListen() {
    const waits = silent(now.x) ? "listen (silent: all pixels agree)" : "listen";
    listen.textContent = listen.disabled ? "no sound in this browser" : sound.sounding() ? "stop" : waits;
  }

  function paint() {
    const shown = now;
    paintSignal(p, shown, colours(root));
    for (const update of [showXi, showGain, showListen]) update();
    tail(said(shown.kurtosis));
    top(`±${shown.ceiling.toFixed(2)}`);
    often(`${Math.round(100 * shown.near)} %`);
    const up = shown.x.filter((v) => v > 0).length;
    p.canvas.setAttribute("aria-label", `A signal on a ring of ${PIXELS} pixels, one dot a pixel: ${up} lie above zero, ` +
      `between ${said(Math.min(...shown.x))} and ${said(Math.max(...shown.x))}. Dashed lines at ±1.`);
    ring.canvas.setAttribute("aria-label", "The same signal on the ring: red above zero, blue below, white at zero.");
    decay.canvas.setAttribute("aria-label", `Correlation by distance: at one pixel ${said(shown.xRow[1])} for X and ` +
      `${said(shown.zRow[1])} for Z, at five pixels ${said(shown.xRow[5])} and ${said(shown.zRow[5])}.`);
  }

  const end = live(model, "change:xi change:gain change:draw", [p, ring, decay], () => {
    now = fresh();
    sound.refresh();
  });
  return () => {
    end();
    sound.end();
  };
}

export default { render };
