// The ⵟ landscape of one prototype over the plane, three of its level lines, and a gradient field as arrows.
import { choice, colours, element, frame, live, place, readout, show, slider } from "../kit/kit.js";
import { axes, handle, pixels, scene } from "../kit/scene.js";
import { paintShades, shadeLegend } from "../kit/shades.js";
import { gradW, gradX, norm, supremum, yat } from "../kit/product.js";

const REACH = 6, GRID = 13, LIMIT = 3;

/** ⵟ, both gradients at x, and the supremum: all that the picture shows. Tested against nmn.product. */
export function field(w, x, eps) {
  return { value: yat(w, x, eps), gradX: gradX(w, x, eps), gradW: gradW(w, x, eps), supremum: supremum(w, eps) };
}

/** The shade of a value, in [0, 1): the far field along w, ‖w‖², lies in the middle. */
export function shade(value, w) {
  const middle = norm(w) ** 2;
  return middle > 0 ? value / (value + middle) : 0;
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

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model);
  const state = () => ({ w: model.get("w"), eps: model.get("eps"), gradient: model.get("arrows") === "w" ? gradW : gradX });
  const s = scene(picture, { reach: () => [REACH, REACH], paint });
  handle(s, { label: "w, the prototype", mark: "w", limit: [LIMIT, LIMIT], at: () => model.get("w"), move: (w) => put("w", w) });
  const showBar = shadeLegend(panel, "value of ⵟ(w, x), and its three lines");
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
    pixels(s, (...image) => paintShades(...image, (x) => shade(yat(w, x, eps), w)));
    paintArrows(s, w, eps, gradient);
    axes(s, theme, "x₁ and x₂, the two coordinates of an example");
    for (const update of [showArrows, showEps]) update();
    showBar((t) => show((norm(w) ** 2 * t) / (1 - t)));
    prototype(place(w));
    largest(show(supremum(w, eps)));
    rim(show(edge(w, eps, gradient)));
    s.canvas.setAttribute("aria-label", `Heat map of ⵟ(w, x) over the plane for w = ${place(w)} and ε = ${show(eps)}: ` +
      `highest next to w, zero on the line through the origin at a right angle to w, with arrows of its gradient.`);
  }

  return live(model, "change:w change:eps change:arrows", [s]);
}

export default { render };
