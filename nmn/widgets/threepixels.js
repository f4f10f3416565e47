// Three pixels: the 14 regions of w on a sphere, and f(w) beside w, exact. f jumps where w crosses a border, and only there.
import { PALETTE, choice, clamp, colours, element, frame, onTheme, readout, rgb, slider } from "./kit.js";
import { handle, pixels, scene } from "./scene.js";
import { dot, norm } from "./product.js";

/** The eight signals of three pixels; the first four, one of each pair ±x, stand for the planes w·x = 0. */
export const CORNERS = Array.from({ length: 8 }, (_, k) => [4, 2, 1].map((bit) => (k & bit ? -1 : 1)));
const PLANES = CORNERS.slice(0, 4), SHIFTS = [0, 1, 2];
const PRESETS = {
  unlike: [0.88, 0.42, -0.2], one: [1, 0, 0], two: [0.7, 0.7, 0], three: [0.57, 0.57, 0.57], border: [0.8, 0.5, 0.3],
};
// w stays within RIM of the middle of the unit disc: the sphere turns when it goes further, PUSH at most in one move.
const REACH = 1.06, RIM = 0.9, PUSH = 0.03, EYE = [0.75, 0.5, 0.45];

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
  if (kind === "corner") return "On a corner of four regions: f is the mean of all four.";
  if (kind === "majority") return "A majority of the three decides: no pixel outweighs the other two together.";
  return `One pixel decides: pixel ${pixel + 1}${w[pixel] < 0 ? ", with a minus sign" : ""}. It outweighs the other two together.`;
}

/** What is special about the two ends of c, in words; nothing in between. */
export function note(c) {
  if (c === 1) return "At c = 1 only the corners + + + and − − − occur: f does not jump across the three dotted circles.";
  if (c === -1 / 3) return "At c = −1/3 the corners + + + and − − − never occur: f does not jump across the dotted circle.";
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

const blend = (a, x, b, y) => a.map((v, i) => x * v + y * b[i]);
const unit = (v) => v.map((part) => part / norm(v));
/** Where w lies as seen: across and up in the unit disc, and towards the eye. */
export const seen = (view, w) => view.map((way) => dot(way, unit(w)));

/** The view [right, up, towards the eye] turned as little as brings w within RIM of the middle. */
export function turned(view, w) {
  const [x, y, z] = seen(view, w), away = Math.hypot(x, y), turn = Math.atan2(away, z) - Math.asin(RIM);
  if (turn <= 0) return view;
  // `out` points on the screen from the middle to w, `side` across it: only `out` and the eye turn.
  const [a, b] = away > 1e-9 ? [x / away, y / away] : [1, 0], [right, up, eye] = view;
  const out = blend(right, a, up, b), side = blend(up, a, right, -b);
  const next = blend(out, Math.cos(turn), eye, -Math.sin(turn));
  return [blend(next, a, side, -b), blend(next, b, side, a), unit(blend(eye, Math.cos(turn), out, Math.sin(turn)))];
}

/** The view with the third pixel up, turned to where w can be seen. */
export function start(w) {
  const eye = unit(EYE), up = unit(blend([0, 0, 1], 1, eye, -eye[2]));
  const right = [up[1] * eye[2] - up[2] * eye[1], up[2] * eye[0] - up[0] * eye[2], up[0] * eye[1] - up[1] * eye[0]];
  return turned([right, up, eye], w);
}

/** The direction seen at p in the disc, to three decimals; from further out, the one just past the rim. */
export function lifted(view, p) {
  const far = Math.hypot(...p), [x, y] = far > RIM + PUSH ? p.map((v) => (v * (RIM + PUSH)) / far) : p;
  const w = blend(blend(view[0], x, view[1], y), 1, view[2], Math.sqrt(1 - x * x - y * y));
  return w.map((v) => Number(v.toFixed(3)));
}

/** Whether f has at w, somewhere on the sphere, its present value: no circle where it jumps lies between. */
const alike = (w, planes) => planes.every(({ x, side, jumps }) => !jumps || side * dot(x, w) >= 0);

function paintRegions(bytes, columns, rows, xs, ys, { view, planes, theme, scale }) {
  const paper = rgb(theme.paper), hues = [rgb(PALETTE[0]), rgb(PALETTE[4])];
  const fine = xs[1] - xs[0], w = [0, 0, 0], step = 8 * scale;
  for (let j = 0, k = 0; j < rows; j++) for (let i = 0; i < columns; i++, k += 4) {
    const x = xs[i], y = ys[j], square = x * x + y * y, z = Math.sqrt(Math.max(0, 1 - square));
    bytes[k + 3] = 255 * clamp((1 - Math.sqrt(square)) / fine + 0.5, 0, 1);
    if (!bytes[k + 3]) continue;
    for (let m = 0; m < 3; m++) w[m] = view[0][m] * x + view[1][m] * y + view[2][m] * z;
    const majority = loudest(w) < 0, stripe = majority && (i + j) % step < step / 4, hue = hues[majority ? 1 : 0];
    const full = ((alike(w, planes) ? 0.55 : 0.16) + (stripe ? 0.15 : 0)) * (0.75 + 0.25 * z);
    for (let m = 0; m < 3; m++) bytes[k + m] = paper[m] + (hue[m] - paper[m]) * full;
  }
}

/** The front half of each circle w·x = 0, dotted where f does not jump, and the rim. */
function circles(s, view, planes, theme) {
  const { ctx } = s, turn = Array.from({ length: 91 }, (_, k) => (Math.PI * k) / 90);
  const trace = (points, dash, colour) => {
    ctx.beginPath();
    for (const point of points) ctx.lineTo(...s.toPixel(point));
    ctx.setLineDash(dash);
    ctx.strokeStyle = colour;
    ctx.stroke();
  };
  ctx.lineWidth = 1.5;
  trace(turn.map((t) => [Math.cos(2 * t), Math.sin(2 * t)]), [], theme.line);
  for (const { x, jumps } of planes) {
    const [a, b, z] = seen(view, x), away = Math.hypot(a, b) || 1;
    // From rim to rim, at a right angle to x, by way of the point that is furthest in front.
    const rim = [-b / away, a / away], front = [(-z * a) / away, (-z * b) / away];
    trace(turn.map((t) => rim.map((v, i) => v * Math.cos(t) + front[i] * Math.sin(t))), jumps ? [] : [2, 5], theme.ink);
  }
  ctx.setLineDash([]);
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
  ctx.font = font;
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
  const table = element("div", { class: "nmn-pairs" }, ...["", "w", "f(w)"].map((head) => element("b", {}, head)));
  panel.append(table);
  const rows = SHIFTS.map((i) => {
    table.append(element("span", {}, `pixel ${i + 1}`));
    return [bar(table, `w, pixel ${i + 1}`, 1), bar(table, `f(w), pixel ${i + 1}`, 0.5, true)];
  });
  return (...both) => rows.forEach((row, i) => row.forEach((set, k) => set(both[k][i])));
}

const presets = [["unlike", "all different"], ["one", "one pixel"], ["two", "two equal, third 0"], ["three", "three equal"],
  ["border", "on a border"]].map(([key, text]) => [key, `${text} (${PRESETS[key].map(exact).join(", ")})`]);

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model), w = () => model.get("w"), c = () => model.get("c");
  let view = start(w());
  const s = scene(picture, { reach: () => [REACH, REACH], paint, axes: false });
  handle(s, {
    label: "w, the weights", mark: "w", limit: [1, 1], at: () => seen(view, w()).slice(0, 2),
    move: (p) => put("w", lifted(view, p)), says: () => w().map((v) => v.toFixed(3)).join(", "),
  });
  legend(picture);
  const words = element("p", { class: "nmn-story", "aria-live": "polite" }), show = pairs(panel);
  panel.prepend(words);
  const shows = [
    choice(panel, {
      legend: "Put w at", options: presets, set: (key) => put("w", PRESETS[key]),
      get: () => Object.keys(PRESETS).find((key) => PRESETS[key].join() === w().join()),
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
  const count = readout(panel, "corners with w·x > 0"), different = readout(panel, "different values of f in the 14 regions");

  function paint() {
    view = turned(view, w());
    const theme = colours(root), signs = sides(w()), ties = signs.filter((sign) => sign === 0).length;
    const planes = PLANES.map((x, k) => ({ x, side: signs[k], jumps: chance(x, c()) > 0 }));
    pixels(s, (...image) => paintRegions(...image, { view, planes, theme, scale: s.scale }));
    circles(s, view, planes, theme);
    names(s, view, theme.ink);
    show(w().map((v) => model.get("scale") * v), field(w(), c()));
    for (const update of shows) update();
    count(`${signs.filter((sign) => sign > 0).length} of 8${ties ? `, and ${ties} with w·x = 0` : ""}`);
    different(String(values(c())));
    const told = `${story(w())} ${note(c())}`.trim();
    if (words.textContent !== told) words.textContent = told;
    s.canvas.setAttribute("aria-label", `The sphere of all directions of w, cut into regions by four circles. ${story(w())}`);
  }

  const watched = "change:w change:c change:scale";
  model.on(watched, s.refresh);
  const endTheme = onTheme(s.refresh);
  s.draw();
  return () => {
    model.off(watched, s.refresh);
    endTheme();
    s.end();
  };
}

export default { render };
