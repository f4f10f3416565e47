// The ⵟ landscape of one prototype over the plane, three of its level lines, and a gradient field as arrows.
import { choice, colours, element, frame, live, place, readout, show, slider, viridis, viridisGradient } from "../kit/kit.js";
import { axes, handle, pixels, scene } from "../kit/scene.js";
import { gradW, gradX, norm, supremum, yat } from "../kit/product.js";

const REACH = 6, GRID = 13, LIMIT = 3;
// Shades run from 0 to 1 as v / (v + ‖w‖²): the far field along w, ‖w‖², lies in the middle.
const LEVELS = [0.25, 0.5, 0.75];

/** ⵟ, both gradients at x, and the supremum: all that the picture shows. Tested against nmn.product. */
export function field(w, x, eps) {
  return { value: yat(w, x, eps), gradX: gradX(w, x, eps), gradW: gradW(w, x, eps), supremum: supremum(w, eps) };
}

/** The shade of a value, in [0, 1). */
export function shade(value, w) {
  const middle = norm(w) ** 2;
  return middle > 0 ? value / (value + middle) : 0;
}

const SHADES = Uint8Array.from({ length: 3 * 1024 }, (_, k) => viridis(Math.floor(k / 3) / 1023)[k % 3]);

function paintValues(bytes, columns, rows, x, y, w, eps) {
  const shades = new Float32Array(columns * rows), at = [0, 0];
  for (let j = 0, k = 0; j < rows; j++) {
    at[1] = y[j];
    for (let i = 0; i < columns; i++, k++) {
      at[0] = x[i];
      shades[k] = shade(yat(w, at, eps), w);
    }
  }
  for (let j = 0, k = 0; j < rows; j++) for (let i = 0; i < columns; i++, k++) {
    const t = shades[k], right = i + 1 < columns ? k + 1 : k - 1, below = j + 1 < rows ? k + columns : k - columns;
    // Distance to the nearest of the levels, in pixels: a line is as thin where ⵟ is steep as where it is flat.
    const gap = Math.min(Math.abs(t - LEVELS[0]), Math.abs(t - LEVELS[1]), Math.abs(t - LEVELS[2]));
    const slope = Math.sqrt((shades[right] - t) ** 2 + (shades[below] - t) ** 2) + 1e-9;
    const mix = 0.75 * Math.min(Math.max(1.4 - gap / slope, 0), 1), at = 3 * Math.round(1023 * t);
    for (let m = 0; m < 3; m++) bytes[4 * k + m] = SHADES[at + m] + (255 - SHADES[at + m]) * mix;
    bytes[4 * k + 3] = 255;
  }
}

function arrow(ctx, [px, py], [dx, dy]) {
  const length = Math.hypot(dx, dy), tip = [px + dx / 2, py + dy / 2], tail = [px - dx / 2, py - dy / 2];
  ctx.beginPath();
  if (length < 1.5) {
    ctx.arc(px, py, 0.8, 0, 7);
  } else {
    const head = Math.min(0.4 * length, 6), angle = Math.atan2(dy, dx);
    ctx.moveTo(...tail);
    ctx.lineTo(...tip);
    for (const turn of [2.6, -2.6]) {
      ctx.moveTo(...tip);
      ctx.lineTo(tip[0] + head * Math.cos(angle + turn), tip[1] + head * Math.sin(angle + turn));
    }
  }
  ctx.stroke();
}

function paintArrows(s, w, eps, gradient) {
  const { ctx } = s, cell = s.width / GRID, full = 2 * norm(w) || 1;
  for (const [colour, width] of [["rgb(0 0 0 / 45%)", 3.4], ["#fff", 1.5]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineCap = "round";
    for (let i = 0; i < GRID; i++) for (let j = 0; j < GRID; j++) {
      const x = [i, j].map((k) => REACH * ((2 * (k + 0.5)) / GRID - 1)), g = gradient(w, x, eps), size = norm(g);
      const length = (0.85 * cell * Math.min(1, size / full)) / (size || 1);
      arrow(ctx, s.toPixel(x), [g[0] * length, -g[1] * length]);
    }
  }
}

/** The mean length of the arrows along the edge of the picture. */
export function edge(w, eps, gradient) {
  let sum = 0;
  for (let k = 0; k < 360; k++) {
    const u = [Math.cos((k * Math.PI) / 180), Math.sin((k * Math.PI) / 180)], most = Math.max(...u.map(Math.abs));
    sum += norm(gradient(w, u.map((c) => (c * REACH) / most), eps)) / 360;
  }
  return sum;
}

function legend(panel) {
  const bar = element("div", { class: "nmn-bar", style: `background: ${viridisGradient()}` }), marks = element("div", { class: "nmn-marks" });
  panel.append(element("div", { class: "nmn-legend" }, element("span", {}, "value of ⵟ(w, x), and its three lines"), bar, marks));
  return (w) => {
    const texts = [0, ...LEVELS].map((t) => {
      const mark = element("span", {}, show((norm(w) ** 2 * t) / (1 - t)));
      mark.style.left = `${100 * t}%`;
      return mark;
    });
    marks.replaceChildren(...texts);
  };
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model);
  const state = () => ({ w: model.get("w"), eps: model.get("eps"), gradient: model.get("arrows") === "w" ? gradW : gradX });
  const s = scene(picture, { reach: () => [REACH, REACH], paint });
  handle(s, { label: "w, the prototype", mark: "w", limit: [LIMIT, LIMIT], at: () => model.get("w"), move: (w) => put("w", w) });
  const showBar = legend(panel);
  const showArrows = choice(panel, {
    legend: "Arrows at each example x",
    options: [
      ["x", ["∇", element("sub", {}, "x"), ": what moving the example does"]],
      ["w", ["∇", element("sub", {}, "w"), ": how the example pulls on w"]],
    ],
    get: () => model.get("arrows"), set: (arrows) => put("arrows", arrows),
  });
  const showEps = slider(panel, {
    label: "ε, the softening", min: 0.01, max: 5, log: true, get: () => model.get("eps"), set: (eps) => put("eps", eps),
  });
  const prototype = readout(panel, "w"), largest = readout(panel, "largest value, ‖w‖² + ‖w‖⁴/ε");
  const rim = readout(panel, "mean arrow at the edge");

  function paint() {
    const { w, eps, gradient } = state(), theme = colours(root);
    pixels(s, (...image) => paintValues(...image, w, eps));
    paintArrows(s, w, eps, gradient);
    axes(s, theme, "x₁ and x₂, the two coordinates of an example");
    for (const update of [showArrows, showEps]) update();
    showBar(w);
    prototype(place(w));
    largest(show(supremum(w, eps)));
    rim(show(edge(w, eps, gradient)));
    s.canvas.setAttribute("aria-label", `Heat map of ⵟ(w, x) over the plane for w = ${place(w)} and ε = ${show(eps)}: ` +
      `highest next to w, zero on the line through the origin at a right angle to w, with arrows of its gradient.`);
  }

  return live(model, "change:w change:eps change:arrows", [s]);
}

export default { render };
