// Several prototypes share the plane: each pixel belongs to the neuron that answers it most.
import { choice, colours, element, frame, live, PALETTE, rgb, slider } from "../kit/kit.js";
import { axes, handle, pixels, scene } from "../kit/scene.js";
import { dot, squaredDistance, yat } from "../kit/product.js";

const LETTERS = "ABCDEF", LIMIT = 3, COARSE = 72;
// Further out the neurons lie so close together that no finger can tell them apart: they are dots then.
const NEAR = 10;
const RULES = {
  yat,
  linear: dot,
  // Every bump has the same width, so the largest is the nearest: no width to choose, and no underflow far away.
  rbf: (w, x) => -squaredDistance(w, x),
};

/** Which of the points (prototypes) answers x most; of equals, the first. Tested against nmn.product. */
export function owner(points, x, rule, eps) {
  let best = 0, most = -Infinity;
  for (let k = 0; k < points.length; k++) {
    const answer = RULES[rule](points[k], x, eps);
    if (answer > most) [best, most] = [k, answer];
  }
  return best;
}

/** The share of the picture that each neuron owns. */
export function shares(cells, count) {
  const sum = new Array(count).fill(0);
  for (const cell of cells) sum[cell] += 1 / cells.length;
  return sum;
}

function owners(points, rule, eps, xs, ys) {
  const cells = new Uint8Array(xs.length * ys.length), at = [0, 0];
  for (let j = 0, k = 0; j < ys.length; j++) {
    at[1] = ys[j];
    for (let i = 0; i < xs.length; i++, k++) {
      at[0] = xs[i];
      cells[k] = owner(points, at, rule, eps);
    }
  }
  return cells;
}

/** For each connected piece of a size x size map: [owner, column, row] of a place deep inside, where its letter goes. */
export function deepest(cells, size) {
  const depth = depths(cells, size), seen = new Uint8Array(cells.length), found = [];
  for (let start = 0; start < cells.length; start++) {
    if (seen[start]) continue;
    const stack = [start];
    let top = start;
    seen[start] = 1;
    while (stack.length) {
      const k = stack.pop();
      if (depth[k] > depth[top]) top = k;
      for (const n of neighbours(k, size)) {
        if (seen[n] || cells[n] !== cells[start]) continue;
        seen[n] = 1;
        stack.push(n);
      }
    }
    if (depth[top] > 2) found.push([cells[top], top % size, Math.floor(top / size)]);
  }
  return found;
}

function neighbours(k, size) {
  const i = k % size, near = [];
  if (i > 0) near.push(k - 1);
  if (i < size - 1) near.push(k + 1);
  if (k >= size) near.push(k - size);
  if (k < size * (size - 1)) near.push(k + size);
  return near;
}

/** Steps from each cell to the nearest cell of another owner or to the rim: two sweeps. */
function depths(cells, size) {
  const depth = new Uint16Array(cells.length);
  const sweep = (k, back) => {
    const near = neighbours(k, size);
    const open = near.length === 4 && near.every((n) => cells[n] === cells[k]);
    if (!open) depth[k] = 1;
    else depth[k] = Math.min(depth[k] || 65535, ...near.filter((n) => (n < k) === back).map((n) => depth[n] + 1));
  };
  for (let k = 0; k < cells.length; k++) sweep(k, true);
  for (let k = cells.length - 1; k >= 0; k--) sweep(k, false);
  return depth;
}

/** The flat colour of owner k: its palette colour, softened towards the paper. Tested on the painted page. */
export function tint(k, paper) {
  const back = rgb(paper);
  return rgb(PALETTE[k]).map((c, i) => Math.round(0.62 * c + 0.38 * back[i]));
}

function paintOwners(bytes, columns, cells, count, paper) {
  const tints = Array.from({ length: count }, (_, k) => tint(k, paper)), gap = rgb(paper);
  for (let k = 0; k < cells.length; k++) {
    const border = (k % columns && cells[k] !== cells[k - 1]) || (k >= columns && cells[k] !== cells[k - columns]);
    const colour = border ? gap : tints[cells[k]];
    for (let m = 0; m < 3; m++) bytes[4 * k + m] = colour[m];
    bytes[4 * k + 3] = 255;
  }
}

function letters(s, map, ink) {
  const [rx, ry] = s.reach(), { ctx } = s;
  ctx.save();
  ctx.font = ctx.font.replace("13px", "600 17px");
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = ink;
  for (const [k, i, j] of deepest(map, COARSE)) {
    ctx.fillText(LETTERS[k], ...s.toPixel([rx * ((2 * i + 1) / COARSE - 1), ry * (1 - (2 * j + 1) / COARSE)]));
  }
  ctx.restore();
}

function dots(s, points, { paper, ink }) {
  s.ctx.strokeStyle = paper;
  s.ctx.lineWidth = 1.5;
  s.ctx.fillStyle = ink;
  for (const point of points) {
    s.ctx.beginPath();
    s.ctx.arc(...s.toPixel(point), 3.5, 0, 7);
    s.ctx.fill();
    s.ctx.stroke();
  }
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model);
  const reach = () => [model.get("reach"), model.get("reach")];
  const s = scene(picture, { reach, paint });
  const points = () => model.get("points");
  points().forEach((_, k) => handle(s, {
    label: `neuron ${LETTERS[k]}`, mark: LETTERS[k], colour: PALETTE[k], limit: [LIMIT, LIMIT], at: () => points()[k],
    shown: () => model.get("reach") <= NEAR,
    move: (p) => put("points", points().map((q, i) => (i === k ? p : q))),
  }));
  const showRule = choice(panel, {
    legend: "A neuron answers an example by",
    options: [["yat", "ⵟ, alignment over distance"], ["linear", "the dot product (linear)"], ["rbf", "nearness (RBF)"]],
    get: () => model.get("rule"), set: (rule) => put("rule", rule),
  });
  const showReach = slider(panel, {
    label: "zoom out to", min: 4, max: 200, log: true, get: () => model.get("reach"), set: (r) => put("reach", r),
    format: (r) => `±${Number(r.toPrecision(3))}`,
  });
  const owned = element("ul", { class: "nmn-shares", "aria-label": "share of the picture that each neuron owns" });
  panel.append(owned);

  function paint() {
    const [rule, eps, theme] = [model.get("rule"), model.get("eps"), colours(root)], [half] = reach();
    pixels(s, (bytes, columns, rows, x, y) =>
      paintOwners(bytes, columns, owners(points(), rule, eps, x, y), points().length, theme.paper));
    const ticks = Array.from({ length: COARSE }, (_, i) => half * ((2 * i + 1) / COARSE - 1));
    const map = owners(points(), rule, eps, ticks, [...ticks].reverse());
    letters(s, map, theme.ink);
    if (half > NEAR) dots(s, points(), theme);
    axes(s, theme, "x₁ and x₂, the two coordinates of an example");
    showRule();
    showReach();
    const texts = shares(map, points().length).map((part, k) => `${LETTERS[k]} ${Math.round(100 * part)} %`);
    owned.replaceChildren(...texts.map((text, k) => {
      const entry = element("li", {}, text);
      entry.style.setProperty("--nmn-knob", PALETTE[k]);
      return entry;
    }));
    s.canvas.setAttribute("aria-label", `The plane coloured by the neuron that answers most. Shares: ${texts.join(", ")}.`);
  }

  return live(model, "change:points change:rule change:reach change:eps", [s]);
}

export default { render };
