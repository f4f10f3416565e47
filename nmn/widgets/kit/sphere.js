// A sphere of directions in space, seen from outside: it turns when what is looked at comes near its rim.
import { clamp } from "./kit.js";
import { dot, norm } from "./product.js";

// What is looked at stays within RIM of the middle of the unit disc; one move past it turns the sphere a little, by PUSH.
const RIM = 0.9, PUSH = 0.03, EYE = [0.75, 0.5, 0.45];
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

/** The view from EYE with the third coordinate up, turned to where w can be seen. */
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

/** Paints the disc pixel by pixel: shade(w, i, j) gives [colour, share] of the direction w seen at column i, row j. */
export function paintDisc(bytes, columns, rows, xs, ys, view, paper, shade) {
  const fine = xs[1] - xs[0], w = [0, 0, 0];
  for (let j = 0, k = 0; j < rows; j++) for (let i = 0; i < columns; i++, k += 4) {
    const x = xs[i], y = ys[j], square = x * x + y * y, z = Math.sqrt(Math.max(0, 1 - square));
    bytes[k + 3] = 255 * clamp((1 - Math.sqrt(square)) / fine + 0.5, 0, 1);
    if (!bytes[k + 3]) continue;
    for (let m = 0; m < 3; m++) w[m] = view[0][m] * x + view[1][m] * y + view[2][m] * z;
    const [colour, share] = shade(w, i, j);
    // Paler towards the rim, as a ball is.
    for (let m = 0; m < 3; m++) bytes[k + m] = paper[m] + (colour[m] - paper[m]) * share * (0.75 + 0.25 * z);
  }
}

/** The front half of each great circle w·x = 0, dotted where it is not `solid`, and the rim. */
export function circles(s, view, planes, theme) {
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
  for (const { x, solid } of planes) {
    const [a, b, z] = seen(view, x), away = Math.hypot(a, b) || 1;
    // From rim to rim, at a right angle to x, by way of the point that is furthest in front.
    const rim = [-b / away, a / away], front = [(-z * a) / away, (-z * b) / away];
    trace(turn.map((t) => rim.map((v, i) => v * Math.cos(t) + front[i] * Math.sin(t))), solid ? [] : [2, 5], theme.ink);
  }
}
