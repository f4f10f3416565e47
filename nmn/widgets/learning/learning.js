// A receptive field learning: runs that nmn computed, scrubbed in time, one law of the signal beside another.
import { choice, clamp, colours, diverging, element, frame, live, readout, slider } from "../kit/kit.js";
import { beads, level, line, plot, rulers } from "../kit/plot.js";

const TALL = 120;

/** The runs in `film` (nmn.widgets.packed): w(law, seed, frame) and loss(law, seed, frame), laws by name. Tested against nmn. */
export function unpack({ times, names, shape, weights, scales, losses }) {
  const [, seeds, frames, n] = shape;
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const whole = new Int8Array(bytes(weights)), scale = new Float32Array(bytes(scales)), lost = new Float32Array(bytes(losses));
  const at = (law, seed, frame) => (names.indexOf(law) * seeds + seed) * frames + frame;
  const w = (...place) => {
    const k = at(...place);
    return Float64Array.from(whole.subarray(k * n, (k + 1) * n), (v) => v * scale[k]);
  };
  return { times, names, seeds, frames, n, w, loss: (...place) => lost[at(...place)] };
}

/** Σ w⁴ / (Σ w²)²: how local w is. */
export function participation(w) {
  const square = w.reduce((sum, v) => sum + v * v, 0);
  return w.reduce((sum, v) => sum + ((v * v) / square) ** 2, 0);
}

/** What the inverse participation ratio is of one pixel, of noise on average, of a wave, and of a constant. */
export const references = (n) => ({ "one pixel": 1, noise: 3 / (n + 2), wave: 1.5 / n, constant: 1 / n });

/** One run: every frame's weights, their largest size, and how local they are. */
export function run(film, law, seed) {
  const w = Array.from({ length: film.frames }, (_, k) => film.w(law, seed, k));
  return { law, w, top: Math.max(...w.map((v) => Math.max(...v.map(Math.abs)))), local: w.map(participation) };
}

/** [place, text] for the times 0, 1, 10, 100, … in view: the place counts frames, and lies between two where it must. */
export function timeTicks(times) {
  return [0, 1, 10, 100, 1000].filter((t) => t <= times.at(-1)).map((t) => {
    const k = Math.max(times.findIndex((s) => s >= t), 1);
    return [k - (times[k] - t) / (times[k] - times[k - 1]), String(t)];
  });
}

const time = (t) => String(Number(t.toPrecision(3)));

function paintStrip(p, { law, w, top }, { times, now, theme }) {
  const { ctx } = p, n = w[0].length, picture = element("canvas", { width: w.length, height: n });
  rulers(p, theme, { ticks: { x: timeTicks(times), y: [0, n / 2, n - 1].map(Math.floor) }, names: { x: "time t", y: `${law}: pixel i   (darkest: ±${top.toFixed(2)})` } });
  const image = new ImageData(w.length, n);
  w.forEach((values, k) => values.forEach((v, i) => {
    image.data.set([...diverging(v / top).map(Math.round), 255], 4 * ((n - 1 - i) * w.length + k));
  }));
  picture.getContext("2d").putImageData(image, 0, 0);
  const [left, high] = p.toPixel([p.x()[0], p.y()[1]]);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(picture, left, high, p.width, p.height);
  // A dark line in a light one is seen on every colour of the strip.
  for (const [colour, width] of [["#ffffff", 4], ["#23282d", 2]]) line(p, [now, now], p.y(), { colour, width });
}

function paintField(p, runs, now, theme) {
  const n = runs[0].w[0].length, pixels = Array.from({ length: n }, (_, i) => i), [, top] = p.y();
  const tick = Number((0.8 * top).toPrecision(1));
  rulers(p, theme, { ticks: { x: [0, Math.floor(n / 2), n - 1], y: [-tick, 0, tick] },
    names: { x: "pixel i of the ring", y: runs[1] ? `wᵢ   dots: ${runs[0].law}   grey: ${runs[1].law}` : "wᵢ" } });
  level(p, 0, { colour: theme.line });
  const [chosen, other] = runs.map(({ w }) => w[now]);
  if (other) line(p, pixels, other, { colour: theme.muted, width: 1.5 });
  line(p, pixels, chosen, { colour: theme.accent, width: 1.8 });
  beads(p, pixels, chosen, { colour: theme.accent, radius: p.width < 400 ? 2.4 : 3.2, rim: theme.paper });
}

function paintLocal(p, runs, { times, n, now, theme }) {
  const marks = Object.values(references(n)), all = times.map((_, k) => k);
  rulers(p, theme, { ticks: { x: timeTicks(times), y: marks.map((v) => [Math.log10(v), String(Number(v.toPrecision(2)))]) },
    names: { x: "time t", y: "IPR   dashed: one pixel, noise, wave, constant" } });
  for (const mark of marks) level(p, Math.log10(mark), { colour: theme.line, dash: [5, 5] });
  line(p, [now, now], p.y(), { colour: theme.ink });
  const styles = [{ colour: theme.accent, width: 2.2 }, { colour: theme.muted, width: 1.5 }];
  for (const k of runs.map((_, k) => k).reverse()) {
    line(p, all, runs[k].local.map(Math.log10), styles[k]);
    beads(p, [now], [Math.log10(runs[k].local[now])], { colour: styles[k].colour, radius: 5, rim: theme.paper });
  }
}

/** A press or a drag on the strip goes to the frame there; a finger that moves up or down scrolls the page. */
function scrub(p, to) {
  p.box.classList.add("nmn-scrub");
  const follow = ({ clientX }) => {
    const { left } = p.canvas.getBoundingClientRect(), [low, high] = p.x();
    to(low + ((clientX - left - p.margin.left) / p.width) * (high - low));
  };
  // Where a press began, while it lasts; whether it scrubs. A finger may be about to scroll: it scrubs once it has gone sideways.
  let start = null, scrubs = false;
  p.canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    [start, scrubs] = [event, event.pointerType !== "touch"];
    p.canvas.setPointerCapture(event.pointerId);
    if (scrubs) follow(event);
  });
  p.canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [across, along] = [event.clientX - start.clientX, event.clientY - start.clientY].map(Math.abs);
    scrubs ||= across > 6 && across > along;
    if (scrubs) follow(event);
  });
  p.canvas.addEventListener("click", follow);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) p.canvas.addEventListener(end, () => { start = null; });
}

/** Two numbers for each run: how local it is, and its loss. Returns a function that shows them; `of(run)` gives both. */
function results(panel) {
  const rows = { IPR: [0, 1].map(() => readout(panel, "")), loss: [0, 1].map(() => readout(panel, "")) };
  return (runs, of) => {
    for (const [what, two] of Object.entries(rows)) {
      two.forEach((say, k) => (runs[k] ? say(of(runs[k])[what], `${what}, ${runs[k].law}`) : say(null)));
    }
  };
}

/** What the pictures show, for those who do not see them; a strip without a run is hidden. */
function describe({ strips, field, local }, runs, now, t) {
  strips.forEach((p, k) => {
    p.box.hidden = !runs[k];
    if (runs[k]) p.canvas.setAttribute("aria-label", `The weights under ${runs[k].law}, time by pixel: red above zero, blue below. Marked: t = ${t}.`);
  });
  const w = runs[0].w[now], most = w.reduce((best, v, i) => (Math.abs(v) > Math.abs(w[best]) ? i : best), 0);
  field.canvas.setAttribute("aria-label", `The weights over the pixels at t = ${t}: the largest is at pixel ${most}.`);
  local.canvas.setAttribute("aria-label", `How local the weights are over time: ${runs.map((r) => `${r.law} ${r.local[now].toFixed(3)}`).join(", ")} at the marked time.`);
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model), second = element("div", { class: "nmn-picture" });
  root.classList.add("nmn-learning");
  picture.after(second);
  const film = unpack(model.get("film"));
  let runs;
  const choose = () => {
    runs = [...new Set([model.get("law"), model.get("against")])].map((law) => run(film, law, model.get("seed")));
  };
  choose();

  const wide = { x: () => [-0.5, film.frames - 0.5] }, theme = () => colours(root);
  const view = () => ({ times: film.times, n: film.n, now: model.get("frame"), theme: theme() });
  const to = (frame) => put("frame", clamp(Math.round(frame), 0, film.frames - 1));
  const strips = [0, 1].map((k) => plot(picture, { ...wide, y: () => [-0.5, film.n - 0.5], tall: () => TALL, paint: (p) => {
    if (runs[k]) paintStrip(p, runs[k], view());
  } }));
  const showTime = slider(picture, {
    label: "time t", min: 0, max: () => film.frames - 1, whole: true, get: () => model.get("frame"), set: to,
    format: (k) => time(film.times[Math.round(k)]),
  });
  const field = plot(second, { x: () => [-0.7, film.n - 0.3], y: () => [-1.08, 1.08].map((v) => v * Math.max(...runs.map((r) => r.top))),
    tall: () => TALL, paint: (p) => paintField(p, runs, model.get("frame"), theme()) });
  const local = plot(second, { ...wide, y: () => [-Math.log10(film.n) - 0.07, 0.07], tall: () => TALL, paint: (p) => paintLocal(p, runs, view()) });
  for (const p of [...strips, local]) scrub(p, to);

  const showLaw = choice(panel, { legend: "law of the signal", options: film.names.map((law) => [law, law]), get: () => model.get("law"),
    set: (law) => put("law", law) });
  const showSeed = choice(panel, { legend: "start", options: Array.from({ length: film.seeds }, (_, s) => [String(s), `start ${s + 1}`]),
    get: () => String(model.get("seed")), set: (seed) => put("seed", Number(seed)) });
  const showResults = results(panel);

  function words() {
    const now = model.get("frame");
    for (const update of [showTime, showLaw, showSeed]) update();
    showResults(runs, (r) => ({ IPR: r.local[now].toFixed(3), loss: film.loss(r.law, model.get("seed"), now).toFixed(4) }));
    describe({ strips, field, local }, runs, now, time(film.times[now]));
  }

  words();
  return live(model, "change:frame change:law change:against change:seed", [...strips, field, local], () => {
    choose();
    words();
  });
}

export default { render };
