// Three pixels: the 14 regions of w on a sphere, and f(w) beside w, exact. f jumps where w crosses a border, and only there.
import { choice, colours, element, frame, live, PALETTE, readout, rgb, slider } from "../kit/kit.js";
import { handle, pixels, scene } from "../kit/scene.js";
import { circles, lifted, paintDisc, seen, start, turned } from "../kit/sphere.js";
import { dot } from "../kit/product.js";

/** The eight signals of three pixels; the first four, one of each pair ±x, stand for the planes w·x = 0. */
export const CORNERS = Array.from({ length: 8 }, (_, k) => [4, 2, 1].map((bit) => (k & bit ? -1 : 1)));
const PLANES = CORNERS.slice(0, 4), SHIFTS = [0, 1, 2], REACH = 1.06;
const PRESETS = {
  "all different": [0.88, 0.42, -0.2], "one pixel": [1, 0, 0], "two equal, third 0": [0.7, 0.7, 0],
  "three equal": [0.57, 0.57, 0.57], "on a border": [0.8, 0.5, 0.3],
};

/** P(X = x) for the even law on the ring of three pixels with E[X_i X_j] = c: there is one for each c in [−1/3, 1]. */
export const chance = (x, c) => (Math.abs(x[0] + x[1] + x[2]) === 3 ? 1 + 3 * c : 1 - c) / 8;

/** The sign of w·x at each corner, exact: w is read as the decimals it shows, three a weight. */
export function sides(w) {
  const whole = w.map((v) => Math.round(1000 * v));
  return CORNERS.map((x) => Math.sign(dot(whole, x)));
}

/** f(w) = ½ E[sgn(w·X) X], summed over the eight corners. Tested against nmn.hypercube.field. */
export function field(w, c) {
  const signs = sides(w);
  return SHIFTS.map((i) => CORNERS.reduce((sum, x, k) => sum + chance(x, c) * signs[k] * x[i], 0) / 2);
}

/** The pixel that outweighs the other two together, or −1. */
export function loudest(w) {
  const total = Math.abs(w[0]) + Math.abs(w[1]) + Math.abs(w[2]);
  return w.findIndex((v) => 2 * Math.abs(v) > total);
}

/** Where w lies: its kind "pixel", "majority", "border" (of two regions) or "corner" (of four); the deciding pixel or −1. */
export function region(w) {
  const ties = sides(w).filter((sign) => sign === 0).length;
  if (ties) return { kind: ties === 2 ? "border" : "corner", pixel: -1 };
  const pixel = loudest(w);
  return { kind: pixel < 0 ? "majority" : "pixel", pixel };
}

/** How many different values f has on the 14 regions. */
export function values(c) {
  const inside = [...CORNERS, ...SHIFTS.flatMap((i) => [1, -1].map((sign) => SHIFTS.map((j) => (i === j ? sign : 0))))];
  return new Set(inside.map((w) => field(w, c).map((v) => Math.round(1e9 * v) + 0).join())).size;
}

/** The region of w in words. */
export function story(w) {
  const { kind, pixel } = region(w);
  if (kind === "border") return "On the border of two regions: f is the mean of both.";
  if (kind === "corner") return "Where four regions meet: f is the mean of all four.";
  if (kind === "majority") return "A majority of the three decides: no pixel outweighs the other two together.";
  return `One pixel decides: pixel ${pixel + 1}${w[pixel] < 0 ? ", with a minus sign" : ""}. It outweighs both others together.`;
}

/** What is special about the two ends of c, in words; nothing in between. */
export function note(c) {
  // No-break spaces: the signs of a corner stay together.
  const both = "+ + + and − − −".replace(/ (?=[+−])/g, "\u00a0");
  if (c === 1) return `At c = 1 only the corners ${both} occur: f does not jump across the three dotted circles.`;
  if (c === -1 / 3) return `At c = −1/3 the corners ${both} never occur: f does not jump across the dotted circle.`;
  return "";
}

/** A number in full: a decimal, or else a fraction of 24. */
export function exact(v) {
  const places = Math.round(1e5 * v) / 1e5, parts = Math.round(24 * v), minus = v < 0 ? "−" : "";
  if (Math.abs(places - v) < 1e-10) return `${places < 0 ? minus : ""}${Math.abs(places)}`;
  if (Math.abs(24 * v - parts) > 1e-9) return `≈ ${minus}${Math.abs(v).toFixed(5)}`;
  const shared = [12, 8, 6, 4, 3, 2, 1].find((d) => parts % d === 0 && 24 % d === 0);
  return `${minus}${Math.abs(parts / shared)}/${24 / shared}`;
}

/** Whether f(w), w anywhere on the sphere, is the present one (on a border: one of those it is the mean of). */
const alike = (w, planes) => planes.every(({ x, side, solid }) => !solid || side * dot(x, w) >= 0);

function paintRegions(image, view, planes, theme, scale) {
  const [alone, vote] = [PALETTE[0], PALETTE[4]].map(rgb), step = 8 * scale;
  paintDisc(...image, view, rgb(theme.paper), (w, i, j) => {
    const here = alike(w, planes) ? 0.55 : 0.16;
    if (loudest(w) >= 0) return [alone, here];
    return [vote, (i + j) % step < step / 4 ? here + 0.15 : here];
  });
}

const signed = (v) => (v < 0 ? "−" : "+");
const NAMES = [
  ...SHIFTS.flatMap((i) => [1, -1].map((sign) => [SHIFTS.map((j) => (i === j ? sign : 0)), `${sign < 0 ? "−" : ""}${i + 1}`])),
  ...CORNERS.map((x) => [x, x.map(signed).join(" ")]),
];

/** Names each region in its middle, where that is well in front. */
function names(s, view, ink) {
  const { ctx } = s, font = ctx.font;
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [middle, name] of NAMES) {
    const [x, y, z] = seen(view, middle);
    if (z < 0.42) continue;
    ctx.font = middle.includes(0) ? font.replace("13px", "600 19px") : font.replace("13px", "600 14px");
    ctx.fillText(name, ...s.toPixel([x, y]));
  }
}

function legend(picture) {
  const entries = [["1, −2, …", "one pixel decides (6 regions)", 0], ["+ + −, …", "a majority decides (8, striped)", 4]];
  picture.append(element("ul", { class: "nmn-shares" }, ...entries.map(([sign, text, colour]) => {
    const entry = element("li", {}, element("b", {}, sign), ` ${text}`);
    entry.style.setProperty("--nmn-knob", PALETTE[colour]);
    return entry;
  })));
}

/** A bar from the middle, to the right for v > 0, with its number. Returns a function that shows v; the full bar is `most`. */
function bar(row, label, most, accent) {
  const fill = element("div", { class: `nmn-fill${accent ? " nmn-fill-accent" : ""}` });
  const output = element("output", { "aria-label": label, "aria-live": "off" });
  row.append(element("div", {}, output, element("div", { class: "nmn-track", "aria-hidden": "true" }, fill)));
  return (v) => {
    fill.style.width = `${(50 * Math.abs(v)) / most}%`;
    fill.style.left = `${50 + (50 * Math.min(v, 0)) / most}%`;
    output.value = exact(v);
  };
}

/** w and f(w) side by side, a row a pixel. Returns a function that shows both. */
function pairs(panel) {
  const table = element("div", { class: "nmn-pairs" }, ...["", "w, bars to 1", "f(w), bars to ½"].map((head) => element("b", {}, head)));
  panel.append(table);
  const rows = SHIFTS.map((i) => {
    table.append(element("span", {}, `pixel ${i + 1}`));
    return [bar(table, `w, pixel ${i + 1}`, 1), bar(table, `f(w), pixel ${i + 1}`, 0.5, true)];
  });
  return (...both) => rows.forEach((row, i) => row.forEach((set, k) => set(both[k][i])));
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model), w = () => model.get("w"), c = () => model.get("c");
  let view = start(w());
  // With each move, not with the next frame only: two keys in one frame turn the sphere twice.
  const turnTo = (next) => { view = turned(view, next); return next; };
  const s = scene(picture, { reach: () => [REACH, REACH], paint, axes: false });
  handle(s, {
    label: "w, the weights", mark: "w", limit: [1, 1], at: () => seen(view, w()).slice(0, 2),
    move: (p) => put("w", turnTo(lifted(view, p))), says: () => w().map((v) => v.toFixed(3)).join(", "),
  });
  legend(picture);
  const words = element("p", { class: "nmn-story nmn-two-lines", "aria-live": "polite" });
  panel.append(words);
  const show = pairs(panel);
  const shows = [
    choice(panel, {
      legend: "Put w at", options: Object.entries(PRESETS).map(([name, at]) => [name, `${name} (${at.map(exact).join(", ")})`]),
      get: () => Object.keys(PRESETS).find((name) => PRESETS[name].join() === w().join()), set: (name) => put("w", PRESETS[name]),
    }),
    slider(panel, {
      label: "length of w", min: 0.1, max: 1, format: (v) => `× ${exact(v)}`, get: () => model.get("scale"),
      set: (scale) => put("scale", Number(scale.toFixed(2))),
    }),
    slider(panel, {
      label: "c, correlation of two pixels", min: -1 / 3, max: 1, format: exact, get: c,
      set: (v) => put("c", v < -0.33 ? -1 / 3 : Number(v.toFixed(2))),
    }),
  ];
  const ends = element("p", { class: "nmn-note", "aria-live": "polite" });
  panel.append(ends);
  const count = readout(panel, "corners with w·x > 0"), different = readout(panel, "different values of f in the 14 regions");

  function paint() {
    turnTo(w());
    const theme = colours(root), signs = sides(w()), ties = signs.filter((sign) => sign === 0).length;
    const planes = PLANES.map((x, k) => ({ x, side: signs[k], solid: chance(x, c()) > 0 }));
    pixels(s, (...image) => paintRegions(image, view, planes, theme, s.scale));
    circles(s, view, planes, theme);
    names(s, view, theme.ink);
    show(w().map((v) => model.get("scale") * v), field(w(), c()));
    for (const update of shows) update();
    count(`${signs.filter((sign) => sign > 0).length} of 8${ties ? `, and ${ties} with w·x = 0` : ""}`);
    different(String(values(c())));
    for (const [told, text] of [[words, story(w())], [ends, note(c())]]) if (told.textContent !== text) told.textContent = text;
    s.canvas.setAttribute("aria-label", `The sphere of all directions of w, cut into regions by four circles. ${story(w())}`);
  }

  return live(model, "change:w change:c change:scale", [s]);
}

export default { render };
