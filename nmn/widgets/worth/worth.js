// What a direction for two pixels is worth, as the law changes: told as two kids, an arrow between them, and thirty claps.
import { colours, element, frame, live, PALETTE, readout, slider } from "../kit/kit.js";
import { ceiling, erf, noise, pixel } from "../kit/nlgp.js";
import { handle, scene } from "../kit/scene.js";
import { sheet } from "../kit/sheet.js";

const CLAPS = 30, DRAW = 11, LOUDEST = 2.4, REACH = [1.55, 1.28], NODES = 240;
const [AGREE, DIFFER] = [PALETTE[0], PALETTE[4]];
const radians = (degrees) => (Math.PI * degrees) / 180;

/** The law at a place of the slider: Gaussian at −1, then a gain that grows to ∞ at 0, the signs; above 0 this share of zeros. */
export const law = (shout) =>
  shout < 0 ? { gain: (1 + shout) / (-shout * Math.SQRT2), zeros: 0 } : { gain: Infinity, zeros: shout };

/** b in [0, y] with erf(b) = part · erf(y): Newton's steps from the left, which erf, being concave, does not let pass b. */
function inverse(part, y) {
  const goal = part * erf(y);
  let b = (goal * Math.sqrt(Math.PI)) / 2;
  for (let k = 0; k < 60; k++) {
    const step = ((goal - erf(b)) * Math.sqrt(Math.PI) * Math.exp(b * b)) / 2;
    // Nor rounding, where erf is 1 to all digits.
    b = Math.min(b + step, y);
    if (Math.abs(step) < 1e-13 * (1 + b)) break;
  }
  return b;
}

/**
 * ρ(d) = (E|d·X|)² for d = (cos, sin) of `degrees` and X two independent pixels of the law. With U, V = |X₁|, |X₂| and c >= s
 * the sizes of the entries of d, E|d·X| = E max(cU, sV) = c E U + ∫ P(sV > x) P(cU < x) dx. Tested against nmn.hypercube.
 */
export function worth(degrees, shout) {
  const [s, c] = [Math.cos, Math.sin].map((f) => Math.abs(f(radians(degrees)))).sort((a, b) => a - b), { gain, zeros } = law(shout);
  if (shout <= -1) return 2 / Math.PI;
  if (gain === Infinity) return (1 - zeros) * (c + zeros * s) ** 2;
  // x = s erf(gy): Simpson's rule over y, as far as V is likely to go or erf(gy) grows.
  const end = Math.min(8, 6 / gain), step = end / NODES;
  let sum = 0;
  for (let k = 0; k <= NODES; k++) {
    const y = k * step, weight = k === 0 || k === NODES ? 1 : 2 + 2 * (k % 2);
    const slope = ((2 * gain) / Math.sqrt(Math.PI)) * Math.exp(-((gain * y) ** 2));
    sum += weight * (1 - erf(y / Math.SQRT2)) * erf(inverse(s / c, gain * y) / gain / Math.SQRT2) * slope;
  }
  return (ceiling(gain) * (c * (2 / Math.PI) * Math.atan(gain * Math.SQRT2) + (s * sum * step) / 3)) ** 2;
}

/** The best directions from 0° to 90°: none where all are alike; on the axes for every gain; tan = zeros, and its mirror image. */
export function best(shout) {
  if (shout <= -1) return [];
  const turn = (Math.atan(law(shout).zeros) * 180) / Math.PI;
  return [turn, 90 - turn];
}

/** ρ at every degree from 0 to 45: the rest of the curve is this one, mirrored. */
const octant = (shout) => Array.from({ length: 46 }, (_, degrees) => worth(degrees, shout));

/** Degrees from the nearest axis, 0 to 45. */
const aside = (degrees) => 45 - Math.abs((degrees % 90) - 45);

/** What the two kids shout at each clap, [kid 1, kid 2]: by the same noise for every law. */
export function claps(shout) {
  const z = noise(DRAW, 2 * CLAPS), { gain, zeros } = law(shout);
  const shouts = shout <= -1 ? z : pixel(z, gain).map((x, i) => (1 - erf(Math.abs(z[i]) / Math.SQRT2) < 1 - zeros ? x / Math.sqrt(1 - zeros) : 0));
  return Array.from({ length: CLAPS }, (_, k) => shouts.slice(2 * k, 2 * k + 2));
}

/** How the kids shout, in a few words. */
export function game(shout) {
  if (shout <= -1) return "whispers and screams";
  if (shout < 0) return `in between (gain ${Number(law(shout).gain.toPrecision(2))})`;
  return shout ? `yes, no, ${Math.round(100 * shout)} % silence` : "yes or no";
}

/** The arrow in words, for a child. */
export function story(degrees, shout) {
  const off = aside(degrees), ends = best(shout);
  const heard = off === 0 ? "One kid alone" : off === 45 ? "Both kids alike" : "One kid more than the other";
  if (!ends.length) return `${heard}. No arrow is steadier than any other.`;
  if (off === 0 && shout === 0) return "One kid alone: each clap is just as loud as the last one.";
  const steady = ends.some((way) => Math.abs(way - off) <= 0.5) ? "It gets no steadier here." : "Other arrows are steadier.";
  return `${heard}: loud claps and soft ones. ${steady}`;
}

function ring(s, radius, { colour, width = 1, dash = [], fill }) {
  const { ctx } = s;
  ctx.beginPath();
  for (let t = 0; t < 360; t++) ctx.lineTo(...s.toPixel([Math.cos, Math.sin].map((f) => radius(t) * f(radians(t)))));
  ctx.closePath();
  if (fill) {
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = fill;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

function stroke(s, from, to, colour, width) {
  const { ctx } = s;
  ctx.beginPath();
  ctx.moveTo(...s.toPixel(from));
  ctx.lineTo(...s.toPixel(to));
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

function dot(s, at, radius, colour, rim) {
  const { ctx } = s;
  ctx.beginPath();
  ctx.arc(...s.toPixel(at), radius, 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = rim;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

const at = (radius, degrees) => [Math.cos, Math.sin].map((f) => radius * f(radians(degrees)));

function paintCurve(s, { degrees, shout, curve }, theme) {
  const { ctx } = s;
  for (const axis of [[1, 0], [0, 1]]) stroke(s, axis.map((v) => -v), axis, theme.line, 1);
  ring(s, () => 1, { colour: theme.line, dash: [4, 5] });
  ring(s, (t) => curve[aside(t)], { colour: theme.accent, width: 2, fill: theme.accent });
  stroke(s, [0, 0], at(1, degrees), PALETTE[1], 3);
  const top = best(shout);
  for (const turn of [0, 90, 180, 270]) for (const way of top) dot(s, at(worth(way, shout), turn + way), 4.5, theme.accent, theme.paper);
  dot(s, at(worth(degrees, shout), degrees), 5.5, PALETTE[1], theme.paper);
  ctx.fillStyle = theme.muted;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText("kid 1", ...s.toPixel([1.16, 0]));
  ctx.textAlign = "center";
  ctx.fillText("kid 2", ...s.toPixel([0, 1.2]));
}

function paintClaps(s, { degrees, shout, shouts }, theme) {
  const { ctx } = s, [one, two] = at(1, degrees), apart = s.width / CLAPS, wide = 0.62 * apart, floor = s.margin.top + s.height;
  const tall = (size) => (s.height * Math.min(size, LOUDEST)) / LOUDEST;
  shouts.forEach(([a, b], k) => {
    // A clap that is not heard still has its place.
    const high = Math.max(tall(Math.abs(one * a + two * b)), 1);
    ctx.fillStyle = a * b ? (a * b > 0 ? AGREE : DIFFER) : theme.muted;
    ctx.fillRect((k + 0.5) * apart - wide / 2, floor - high, wide, high);
  });
  const mean = floor - tall(Math.sqrt(worth(degrees, shout)));
  ctx.beginPath();
  ctx.moveTo(0, mean);
  ctx.lineTo(s.width, mean);
  ctx.strokeStyle = ctx.fillStyle = theme.ink;
  ctx.lineWidth = 1.2;
  ctx.setLineDash([5, 5]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(`how loud: ${CLAPS} claps   - - - on average`, 0, 9);
}

function legend(picture) {
  const entries = [["they agree", AGREE], ["they do not", DIFFER], ["a kid is silent", "var(--nmn-muted)"]];
  picture.append(element("ul", { class: "nmn-shares" }, ...entries.map(([text, colour]) => {
    const entry = element("li", {}, text);
    entry.style.setProperty("--nmn-knob", colour);
    return entry;
  })));
}

const outOf = (value) => `${(100 * value).toFixed(1)} of 100`;

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model, "Two kids and an arrow: how steady is what you hear?");
  const degrees = () => model.get("angle"), shout = () => model.get("shout");
  let curve = octant(shout());
  const state = () => ({ degrees: degrees(), shout: shout(), curve, shouts: claps(shout()) });
  const turn = (to) => put("angle", Math.round(((to % 360) + 360) % 360) % 360);
  const s = scene(picture, { reach: () => REACH, paint, axes: false });
  handle(s, {
    label: "tip of the arrow", limit: [2, 2], at: () => at(1, degrees()), says: () => `${degrees()}°`,
    move: ([x, y]) => turn((Math.atan2(y, x) * 180) / Math.PI), dial: { get: degrees, turn },
  });
  const p = sheet(picture, {
    margin: { left: 0, right: 0, top: 20, bottom: 8 }, tall: () => 76, range: () => [0, CLAPS, 0, LOUDEST],
    paint: () => paintClaps(p, state(), colours(root)),
  });
  p.box.classList.add("nmn-plot");
  legend(picture);
  const words = element("p", { class: "nmn-story nmn-three-lines", "aria-live": "polite" });
  panel.append(words);
  const shows = [
    slider(panel, { label: "how they shout", min: -1, max: 0.8, get: shout, set: (v) => put("shout", snapped(v)), format: game }),
    slider(panel, { label: "turn the arrow", min: 0, max: 359, whole: true, get: degrees, set: turn, format: (v) => `${v}°` }),
  ];
  const steady = readout(panel, "how steady it is"), most = readout(panel, "the steadiest arrow");

  function paint() {
    const now = state(), ends = best(now.shout);
    paintCurve(s, now, colours(root));
    for (const update of shows) update();
    steady(outOf(worth(now.degrees, now.shout)));
    most(ends.length ? outOf(worth(ends[0], now.shout)) : "all are alike");
    const told = story(now.degrees, now.shout);
    if (words.textContent !== told) words.textContent = told;
    s.canvas.setAttribute("aria-label", `How steady each arrow is, as a curve around the middle, for ${game(now.shout)}. ` +
      (ends.length ? `It goes out furthest at ${[...new Set(ends.map(Math.round))].join("° and ")}° from kid 1, ${outOf(worth(ends[0], now.shout))}.` : "It is a circle."));
    const [one, two] = at(1, now.degrees), sizes = now.shouts.map(([a, b]) => Math.abs(one * a + two * b));
    p.canvas.setAttribute("aria-label", `How loud each of ${CLAPS} claps is: from ${Math.min(...sizes).toFixed(2)} to ` +
      `${Math.max(...sizes).toFixed(2)}, on average ${Math.sqrt(worth(now.degrees, now.shout)).toFixed(2)}.`);
  }

  return live(model, "change:angle change:shout", [s, p], () => { curve = octant(shout()); });
}

/** The two games with a name are easy to hit. */
const snapped = (v) => (v < -0.97 ? -1 : Math.abs(v) < 0.03 ? 0 : Number(v.toFixed(3)));

export default { render };
