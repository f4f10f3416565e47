// How steep ⵟ is at an input, beside the steepest that it is anywhere: over the plane, and as ε shrinks.
import { PALETTE, button, colours, element, frame, live, show, slider } from "../kit/kit.js";
import { axes, handle, pixels, scene } from "../kit/scene.js";
import { paintShades, shadeLegend } from "../kit/shades.js";
import { beads, line, plot, rulers } from "../kit/plot.js";
import { dot, lipschitz, norm, squaredDistance, steepest } from "../kit/product.js";

/** The prototype. The picture for another one of this length is this one, turned. */
const W = [1, 0];
const REACH = [2.5, 1.5], EPS = { low: 0.01, high: 5 }, REACHED = 0.9999;

/** ‖∇ₓⵟ(w, x)‖ = 2 |q| ‖w − q (x − w)‖ with q = w·x / (‖w − x‖² + ε), without a vector for each pixel. */
export function slope(w, x, eps) {
  const signal = dot(w, x), apart = squaredDistance(w, x), square = dot(w, w), q = signal / (apart + eps);
  return 2 * Math.abs(q) * Math.sqrt(Math.max(0, square - 2 * q * (signal - square) + q * q * apart));
}

/** The slope at x, the largest anywhere, where that is, and the first as a part of the second. Tested against nmn.product. */
export function steep(x, eps) {
  const here = slope(W, x, eps), most = lipschitz(W, eps);
  return { here, most, spot: steepest(W, eps), part: here / most };
}

const percent = (part) => (part > 0.985 ? (Math.floor(1000 * part) / 10).toFixed(1) : (100 * part).toFixed(0));

/** What is shown, in words. */
export function story(x, eps) {
  const { here, most, part } = steep(x, eps);
  if (x[0] === 0) return `On the plane where ⵟ is zero the slope is 0. L = ${show(most)}.`;
  if (part > REACHED) return `The steepest spot: the slope reaches L = ${show(most)}.`;
  return `${x[1] === 0 ? "On" : "Off"} the line of w. The slope here is ${show(here)}: ${percent(part)}\u00a0% of L = ${show(most)}.`;
}

const LOGS = [EPS.low, EPS.high].map(Math.log10), DECADES = [-2, 3.2];
const SEEN = Array.from({ length: 160 }, (_, k) => 10 ** (LOGS[0] + (k / 159) * (LOGS[1] - LOGS[0])));

function paintLine(s) {
  const { ctx } = s, [, middle] = s.toPixel([0, 0]), left = s.toPixel([-REACH[0], 0])[0], right = s.toPixel([REACH[0], 0])[0], [px, py] = s.toPixel(W);
  ctx.strokeStyle = ctx.fillStyle = "#fff";
  ctx.lineWidth = 1.2;
  ctx.setLineDash([4, 5]);
  ctx.beginPath();
  ctx.moveTo(left, middle);
  ctx.lineTo(right, middle);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(px, py, 4, 0, 7);
  ctx.fill();
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillText("w", px + 10, py + 6);
}

function paintSpot(s, spot) {
  const { ctx } = s;
  for (const [colour, width] of [["#23282d", 5], [PALETTE[4], 2.5]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.arc(...s.toPixel(spot), 7, 0, 7);
    ctx.stroke();
  }
}

function paintConstants(p, theme, x, eps) {
  const logs = (values) => values.map((v) => Math.max(Math.log10(v), DECADES[0]));
  const ticks = (powers) => powers.map((k) => [k, String(10 ** k)]);
  rulers(p, theme, { ticks: { x: ticks([-2, -1, 0]), y: ticks([-2, -1, 0, 1, 2, 3]) }, names: { x: "ε, the softening", y: "orange: L; blue: the slope at x" } });
  const both = [[(e) => lipschitz(W, e), { colour: PALETTE[1], width: 2, dash: [7, 4] }], [(e) => slope(W, x, e), { colour: theme.accent, width: 3 }]];
  for (const [value, style] of both) {
    line(p, SEEN.map(Math.log10), logs(SEEN.map(value)), style);
    beads(p, [Math.log10(eps)], logs([value(eps)]), { colour: style.colour, radius: 5, rim: theme.paper });
  }
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model, "The slope of ⵟ against its best Lipschitz constant");
  root.classList.add("nmn-slope");
  const x = () => model.get("x"), eps = () => model.get("eps");
  const s = scene(picture, { reach: () => REACH, paint: paintPlane });
  handle(s, { label: "x, the input, moved by the arrow keys", mark: "x", limit: REACH, at: x, move: (to) => put("x", to) });
  const showBar = shadeLegend(picture, "slope at each input, as a part of L");
  const words = element("p", { class: "nmn-story nmn-two-lines", "aria-live": "polite" });
  panel.append(words);
  button(panel, "Put x at the steepest spot", () => put("x", steepest(W, eps()).map((c) => Number(c.toFixed(3)))));
  const showEps = slider(panel, { label: "ε, the softening", min: EPS.low, max: EPS.high, log: true, get: eps, set: (value) => put("eps", value) });
  const p = plot(panel, { x: () => LOGS, y: () => DECADES, tall: (width) => 0.45 * width, paint: paintPlot });

  function paintPlane() {
    const theme = colours(root), most = lipschitz(W, eps()), told = story(x(), eps());
    pixels(s, (...image) => paintShades(...image, (at) => slope(W, at, eps()) / most));
    paintLine(s);
    paintSpot(s, steepest(W, eps()));
    axes(s, theme, "x₁ and x₂, the two coordinates of an input");
    showBar((t) => (t ? String(t) : "0"));
    showEps();
    if (words.textContent !== told) words.textContent = told;
    s.canvas.setAttribute("aria-label", `Heat map of the slope of ⵟ over the plane as a part of L, largest in a ring-marked spot on the line of w. ${told}`);
  }

  function paintPlot() {
    paintConstants(p, colours(root), x(), eps());
    p.canvas.setAttribute("aria-label", "L and the slope at x against ε, both on scales of powers of ten: L climbs as ε shrinks, and the slope never crosses it.");
  }

  return live(model, "change:x change:eps", [s, p]);
}

export default { render };
