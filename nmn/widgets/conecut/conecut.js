// The floor that cuts the cone: a level set of ⵟ in the plane of inputs, and in space the cone of one angle to ω that it is cut from.
import { colours, element, frame, live, PALETTE, readout, rgb, show, slider } from "../kit/kit.js";
import { beads, line, plot, rulers } from "../kit/plot.js";
import { supremum } from "../kit/product.js";
import { pixels, scene } from "../kit/scene.js";

const W = [2, 0], RHO = W[0], M = RHO ** 2;
const COLOURS = { ellipse: PALETTE[0], parabola: PALETTE[2], hyperbola: PALETTE[1], point: PALETTE[0] };
// The part of the floor in view; how far from the apex the cone is drawn, and how far down and up; up to which size a ball is.
const FLOOR = { x: [-5, 10], y: [-3.6, 3.6] }, LONG = 7.6, DEPTH = [-3.2, 4.9], BALL = 2.6;

/**
 * The level set ⵟ(w, x) = c for w = (2, 0), all of it from q = √(ρ⁴ − ε(c − ρ²)): its kind, eccentricity ρ/√c, half its width at a
 * focus, and for each focus how far along ω, from the apex, the ball has its middle that touches the cone and the floor there. Tested against nmn.product.
 */
export function cut(c, eps) {
  const top = supremum(W, eps);
  if (c > top) return { kind: "none", foci: [], spheres: [] };
  const q = c === top ? 0 : Math.sqrt(M * M - eps * (c - M)), slant = RHO / Math.sqrt(top), upright = Math.sqrt(1 - slant * slant);
  const kind = c === top ? "point" : c === M ? "parabola" : c > M ? "ellipse" : "hyperbola";
  const opening = Math.sqrt(1 - c / top), signs = { point: [], parabola: [1] }[kind] ?? [1, -1];
  return {
    kind, eccentricity: RHO / Math.sqrt(c), width: q / Math.sqrt(c),
    foci: signs.map((sign) => [RHO + (eps * RHO) / (M + sign * q), 0]),
    spheres: signs.map((sign) => Math.sqrt(eps) / (upright + sign * opening)),
  };
}

/** The angles β, of ω to the vertical, and φ, of the cone to ω, in degrees; β + φ against 90° tells the kind. */
export function angles(c, eps) {
  const top = supremum(W, eps), degrees = 180 / Math.PI;
  return { tilt: Math.asin(RHO / Math.sqrt(top)) * degrees, opening: Math.acos(Math.sqrt(Math.min(1, c / top))) * degrees };
}

/** Points of the curve, a list for each piece: r = ℓ/(1 − e cos ν) around the first focus, where r < 0 is the other branch. */
export function curve(c, eps) {
  const { kind, eccentricity, width, foci } = cut(c, eps);
  if (kind === "none" || kind === "point") return [];
  const along = (from, to) => Array.from({ length: 601 }, (_, k) => {
    const turn = from + ((to - from) * k) / 600, r = width / (1 - eccentricity * Math.cos(turn));
    return [foci[0][0] + r * Math.cos(turn), r * Math.sin(turn)];
  });
  // Where the curve goes to infinity, it is left out.
  const open = kind === "ellipse" ? 0 : Math.acos(1 / eccentricity) + 1e-3, pieces = [along(open, 2 * Math.PI - open)];
  return kind === "hyperbola" ? [...pieces, along(-open + 2e-3, open - 2e-3)] : pieces;
}

/** The cut in words. */
export function story(c, eps) {
  const top = show(supremum(W, eps));
  return {
    ellipse: `Level ${show(c)}, an ellipse: the floor cuts one half of the cone, all the way round.`,
    parabola: `Level ${show(c)} = ‖w‖², a parabola: one side of the cone runs parallel to the floor.`,
    hyperbola: `Level ${show(c)}, a hyperbola: the floor cuts both halves of the cone, one branch each.`,
    point: `Level ${top}, one point: the cone has closed to its arrow, which meets the floor at x⋆.`,
    none: `Level ${show(c)}, no curve: no value of ⵟ is larger than ${top}.`,
  }[cut(c, eps).kind];
}

// The camera: from in front of the floor, a little from the left and from above.
const TURN = 0.3, LIFT = 0.27, REACH = [8.4, 4.7], LIGHT = [-0.5, -0.55, 0.67];
const RIGHT = [Math.cos(TURN), Math.sin(TURN), 0];
const UP = [-Math.sin(TURN) * Math.sin(LIFT), Math.cos(TURN) * Math.sin(LIFT), Math.cos(LIFT)];
const AHEAD = [-Math.sin(TURN) * Math.cos(LIFT), Math.cos(TURN) * Math.cos(LIFT), -Math.sin(LIFT)];
const dot3 = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
// In space the apex, straight below w, is the origin; the middle of the picture is this far from it.
const MIDDLE = [(FLOOR.x[0] + FLOOR.x[1]) / 2 - RHO, 0, 1.2];
const onScreen = (p) => [RIGHT, UP].map((way) => dot3(p.map((v, i) => v - MIDDLE[i]), way));

/** What the line of sight through (x, y) meets: its point `at`, how far on, what it is and how it is lit; the furthest first. */
export function hits(x, y, { c, eps, spheres }) {
  const from = MIDDLE.map((v, i) => v + RIGHT[i] * x + UP[i] * y), top = supremum(W, eps), found = [];
  const axis = [RHO / Math.sqrt(top), 0, Math.sqrt(1 - RHO ** 2 / top)], floor = Math.sqrt(eps);
  const meet = (far, what, normal) => {
    const at = from.map((v, i) => v + far * AHEAD[i]), n = normal(at), size = Math.hypot(...n) || 1;
    found.push({ at, far, what, lit: Math.abs(dot3(n, LIGHT)) / size });
  };
  const inside = ([t, r]) => t >= FLOOR.x[0] - RHO && t <= FLOOR.x[1] - RHO && r >= FLOOR.y[0] && r <= FLOOR.y[1];
  meet((floor - from[2]) / AHEAD[2], "floor", () => [0, 0, 1]);
  if (c < top) {
    // (ω·p)² = (c/‖ω‖²)‖p‖², ω of length 1.
    const part = c / top, a = dot3(axis, AHEAD) ** 2 - part, b = dot3(axis, AHEAD) * dot3(axis, from) - part * dot3(AHEAD, from);
    const rest = dot3(axis, from) ** 2 - part * dot3(from, from), root = Math.sqrt(b * b - a * rest);
    if (root >= 0) for (const sign of [-1, 1]) meet((-b + sign * root) / a, "cone", (p) => axis.map((v, i) => v * dot3(axis, p) - part * p[i]));
    for (const s of spheres) {
      const size = Math.abs(s) * Math.sqrt(1 - part);
      if (size > BALL) continue;
      const centre = axis.map((v) => v * s), off = from.map((v, i) => v - centre[i]);
      const mid = dot3(off, AHEAD), under = mid * mid - dot3(off, off) + size * size;
      // The near half only: of glass, a ball has one skin.
      if (under >= 0) meet(-mid - Math.sqrt(under), "sphere", (p) => p.map((v, i) => v - centre[i]));
    }
  }
  const seen = { floor: inside, cone: (p) => Math.hypot(...p) <= LONG && p[2] >= DEPTH[0] && p[2] <= DEPTH[1], sphere: () => true };
  return found.filter(({ at, what }) => seen[what](at)).sort((one, other) => other.far - one.far);
}

function paintSpace(bytes, columns, rows, xs, ys, state, theme) {
  const paper = rgb(theme.paper), tints = { floor: rgb(theme.muted), cone: rgb(COLOURS[state.kind] ?? PALETTE[0]), sphere: rgb(PALETTE[4]) };
  const share = { floor: 0.22, cone: 0.36, sphere: 0.5 };
  for (let j = 0, k = 0; j < rows; j++) for (let i = 0; i < columns; i++, k += 4) {
    const mixed = [...paper];
    for (const { what, lit } of hits(xs[i], ys[j], state)) {
      const light = what === "floor" ? 1 : 0.45 + 0.55 * lit;
      for (let m = 0; m < 3; m++) mixed[m] += share[what] * (tints[what][m] * light - mixed[m]);
    }
    for (let m = 0; m < 3; m++) bytes[k + m] = mixed[m];
    bytes[k + 3] = 255;
  }
}

/** Draws lines through points in space, and not where they leave the part of the floor in view. */
function trace(s, points, colour, width, dash = []) {
  const { ctx } = s;
  let pen = false;
  ctx.beginPath();
  for (const [x, y, z] of points) {
    const here = x >= FLOOR.x[0] && x <= FLOOR.x[1] && y >= FLOOR.y[0] && y <= FLOOR.y[1];
    if (here) ctx[pen ? "lineTo" : "moveTo"](...s.toPixel(onScreen([x - RHO, y, z])));
    pen = here;
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

function spot(s, [x, y, z], colour, radius, rim, name, ink, below = false) {
  const { ctx } = s, [px, py] = s.toPixel(onScreen([x - RHO, y, z]));
  ctx.beginPath();
  ctx.arc(px, py, radius, 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = rim;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = below ? "top" : "bottom";
  ctx.fillText(name, px, below ? py + 5 : py - 5);
}

function paintCone(s, state, theme) {
  const { c, eps, kind, foci } = state, floor = Math.sqrt(eps), peak = RHO + eps / RHO;
  pixels(s, (...image) => paintSpace(...image, state, theme));
  const on = (points) => points.map(([x, y]) => [x, y, floor]);
  trace(s, on([[0, FLOOR.y[0]], [0, FLOOR.y[1]]]), theme.ink, 1.2, [5, 5]);
  for (const piece of curve(c, eps)) trace(s, on(piece), COLOURS[kind], 3);
  trace(s, [[RHO, 0, 0], [peak, 0, floor]], theme.ink, 2);
  trace(s, [[RHO, 0, 0], [RHO, 0, floor]], theme.ink, 1, [2, 3]);
  spot(s, [RHO, 0, 0], theme.ink, 3, theme.paper, "apex", theme.ink, true);
  spot(s, [RHO, 0, floor], theme.ink, 3, theme.paper, "w", theme.ink);
  s.ctx.fillText("floor", ...s.toPixel(onScreen([FLOOR.x[1] - RHO - 0.9, FLOOR.y[0] + 0.2, floor])));
  for (const [x, y] of foci) if (x >= FLOOR.x[0] && x <= FLOOR.x[1]) spot(s, [x, y, floor], PALETTE[4], 4, theme.ink, "", theme.ink);
}

function paintPlane(p, { c, eps, kind, foci }, theme) {
  const { ctx } = p, peak = RHO + eps / RHO;
  rulers(p, theme, { ticks: { x: [-4, -2, 0, 2, 4, 6, 8, 10], y: [-2, 0, 2] }, names: { x: "x₁, along w", y: "x₂" } });
  const [left, top] = p.toPixel([FLOOR.x[0], FLOOR.y[1]]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, p.width, p.height);
  ctx.clip();
  line(p, [0, 0], FLOOR.y, { colour: theme.ink, width: 1.2, dash: [5, 5] });
  for (const piece of curve(c, eps)) line(p, piece.map(([x]) => x), piece.map(([, y]) => y), { colour: COLOURS[kind], width: 2.4 });
  beads(p, [RHO], [0], { colour: theme.ink, radius: 4, rim: theme.paper });
  beads(p, foci.map(([x]) => x), foci.map(([, y]) => y), { colour: PALETTE[4], radius: 4.5, rim: theme.ink });
  ctx.fillStyle = theme.ink;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  ctx.fillText("H", ...p.toPixel([-0.15, FLOOR.y[0] + 0.1]));
  ctx.fillText("w", ...p.toPixel([RHO - 0.15, 0.2]));
  if (kind === "point" || kind === "none") {
    ctx.textAlign = "left";
    ctx.fillText("★ x⋆", ...p.toPixel([peak, -0.3]));
  }
  ctx.restore();
}

function legend(picture) {
  const entry = element("li", {}, "foci: where a ball in the cone rests on the floor");
  entry.style.setProperty("--nmn-knob", PALETTE[4]);
  picture.append(element("ul", { class: "nmn-shares" }, entry));
}

/** ‖w‖² and the supremum are easy to hit: a level next to one is it, and a small step past one from `last` stops there. */
export function snapped(c, last, eps) {
  const passed = (v) => (last - v) * (c - v) < 0 && Math.abs(Math.log(c / last)) < 0.1;
  return [M, supremum(W, eps)].find((v) => Math.abs(c / v - 1) < 0.015 || passed(v)) ?? c;
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model, "The floor that cuts a cone: the level sets of ⵟ");
  const c = () => model.get("level"), eps = () => model.get("eps"), state = () => ({ c: c(), eps: eps(), ...cut(c(), eps()) });
  const s = scene(picture, { reach: () => REACH, paint, axes: false });
  s.box.classList.add("nmn-plot");
  const p = plot(picture, { x: () => FLOOR.x, y: () => FLOOR.y, tall: (width) => (width * (FLOOR.y[1] - FLOOR.y[0])) / (FLOOR.x[1] - FLOOR.x[0]), paint: () => paintPlane(p, state(), colours(root)) });
  legend(picture);
  const words = element("p", { class: "nmn-story nmn-three-lines", "aria-live": "polite" });
  panel.append(words);
  const shows = [
    slider(panel, { label: "c, the level", min: 0.5, max: 40, log: true, get: c, set: (v) => put("level", snapped(v, c(), eps())) }),
    slider(panel, { label: "ε, the height of the floor, squared", min: 0.5, max: 8, log: true, get: eps, set: (v) => put("eps", v) }),
  ];
  const bend = readout(panel, "e = ‖w‖/√c, eccentricity"), sum = readout(panel, "β + φ, tilt and opening of the cone");

  function paint() {
    const now = state(), { tilt, opening } = angles(now.c, now.eps), told = story(now.c, now.eps);
    paintCone(s, now, colours(root));
    for (const update of shows) update();
    bend(now.kind === "none" ? "none" : show(now.eccentricity));
    sum(now.kind === "none" ? "no cone" : now.kind === "parabola" ? "90°" : `${(tilt + opening).toFixed(1)}°`);
    if (words.textContent !== told) words.textContent = told;
    s.canvas.setAttribute("aria-label", `A tilted cone, and a floor that cuts it. ${told}`);
    const at = now.foci.map(([x]) => `(${show(x)}, 0)`).join(" and ");
    p.canvas.setAttribute("aria-label", `The plane of inputs with w = (2, 0), the line H where ⵟ is 0, and the curve. ${at && `Foci at ${at}.`}`);
  }

  return live(model, "change:level change:eps", [s, p]);
}

export default { render };
