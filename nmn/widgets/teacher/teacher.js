// The teacher in the field: a step that is hardly seen from far away, and a radio that keeps its loudness.
import { clamp, colours, element, frame, live, meter, slider } from "../kit/kit.js";
import { handle, scene } from "../kit/scene.js";
import { gradW, gradX, lipschitz, norm, yat } from "../kit/product.js";

/** You stand in the middle and point along the field; the softening is 1, so that no spot near you falls silent. */
export const ARM = [0.5, 0], EPS = 1;
const REACH = [12, 6], LOUDEST = 5, BUMP = { width: 2, peak: 1.5 };
// The most that one step can change: the Lipschitz constant of ⵟ for this arm.
const MOST = lipschitz(ARM, EPS);

/**
 * What the teacher at x does: your number, what a step of hers changes (‖∇ₓⵟ‖, and as a part of its largest value),
 * how loud she teaches (‖∇_wⵟ‖), and how loud she would teach a linear neuron (‖x‖) or an RBF neuron whose
 * radio is at its loudest as loud as yours. Tested against nmn.product.
 */
export function lesson(x) {
  const step = norm(gradX(ARM, x, EPS)), apart = norm(x.map((c, i) => c - ARM[i])) / BUMP.width;
  return {
    number: yat(ARM, x, EPS), step, part: step / MOST, radio: norm(gradW(ARM, x, EPS)),
    linear: norm(x), bump: BUMP.peak * apart * Math.exp((1 - apart ** 2) / 2),
  };
}

/** The lesson in words a child can read. */
export function story(x) {
  const { part, radio } = lesson(x), far = norm(x), aside = Math.abs(x[0]) < 0.35 * far;
  if (x[0] === 0) return "Right out to the side: your number is zero, and her radio is silent.";
  const change = part > 0.5 ? "changes your number a lot" : part > 0.15 ? "changes your number a little" : "hardly changes your number";
  const plays = radio > 0.35 ? "plays on" : aside ? "is soft, for she is nearly out to the side" : "is soft, for she stands at your side";
  return `${far < 4 ? "Close by" : "Far off"}, one step ${change}. Her radio ${plays}.`;
}

/** How far the teacher can walk away from you along her line. */
export const furthest = (x) => Math.min(...x.map((c, i) => REACH[i] / Math.max(Math.abs(c) / (norm(x) || 1), 1e-9)));

function paintField(s, theme) {
  const { ctx } = s, [px] = s.toPixel([0, 0]);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([3, 6]);
  ctx.beginPath();
  ctx.moveTo(px, 0);
  ctx.lineTo(px, s.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText("out to the side: silent", px + 8, s.height - 8);
}

function person(ctx, [px, py], size, colour) {
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.arc(px, py - size * 0.75, size * 0.3, 0, 7);
  ctx.fill();
  ctx.beginPath();
  ctx.roundRect(px - size * 0.32, py - size * 0.36, size * 0.64, size * 0.86, size * 0.28);
  ctx.fill();
}

function paintYou(s, theme) {
  const { ctx } = s, [px, py] = s.toPixel([0, 0]), [tip] = s.toPixel(ARM), end = Math.max(tip, px + 26);
  person(ctx, [px, py - 2], 28, theme.ink);
  ctx.lineWidth = 5;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(px, py - 3);
  ctx.lineTo(end, py - 3);
  ctx.stroke();
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillText("you", px, py + 16);
}

function paintTeacher(s, x, radio, theme) {
  const { ctx } = s, [px, py] = s.toPixel(x), [ox, oy] = s.toPixel([0, 0]);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(ox, oy);
  ctx.lineTo(px, py);
  ctx.stroke();
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 2;
  // Three rings of sound for each unit of loudness, closer together on a phone.
  const apart = s.width < 500 ? 4 : 6;
  for (let ring = 0; ring < 3 * radio; ring++) {
    ctx.globalAlpha = 0.75 * clamp(3 * radio - ring, 0, 1);
    ctx.beginPath();
    ctx.arc(px, py, 38 + apart * ring, 0, 7);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  person(ctx, [px, py - 4], 26, theme.accent);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillText("teacher", px, py + 14);
}

const loudness = (radio) => radio.toFixed(1) + (radio > LOUDEST ? ", off the scale" : "");

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model);
  root.classList.add("nmn-wide");
  const s = scene(picture, { reach: () => REACH, paint, axes: false }), at = () => model.get("teacher");
  handle(s, { label: "the teacher", limit: REACH, at, move: (p) => put("teacher", p) }).knob.classList.add("nmn-ghost");
  const walk = (far) => {
    const way = norm(at()) ? at().map((c) => c / norm(at())) : [1, 0];
    put("teacher", way.map((c) => Number((c * far).toFixed(3))));
  };
  const words = element("p", { class: "nmn-story", "aria-live": "polite" });
  panel.append(words);
  const showWalk = slider(panel, {
    label: "walk away along this line", min: 1, max: () => furthest(at()), get: () => norm(at()), set: walk,
    format: (far) => `${Math.round(far)} steps`,
  });
  const step = meter(panel, "what one step changes", true);
  const radios = {
    radio: meter(panel, "her radio, as you hear it", true), linear: meter(panel, "her radio, as the pupil with the bad radio hears it"),
    bump: meter(panel, "her radio, as the near-only pupil hears it"),
  };

  function paint() {
    const theme = colours(root), now = lesson(at());
    paintField(s, theme);
    paintTeacher(s, at(), now.radio, theme);
    paintYou(s, theme);
    step(now.part, `${Math.round(100 * now.part)} % of the most`);
    for (const [name, set] of Object.entries(radios)) set(now[name] / LOUDEST, loudness(now[name]));
    showWalk();
    if (words.textContent !== story(at())) words.textContent = story(at());
    s.canvas.setAttribute("aria-label", `A field seen from above. You stand in the middle and point to the right. ${story(at())}`);
  }

  return live(model, "change:teacher", [s]);
}

export default { render };
