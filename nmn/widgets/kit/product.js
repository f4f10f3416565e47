// The ⵟ-product in the browser: float64, difference form, any dimension. Tested against nmn.product.
// Source: seed 001, definition and gradient (bias 0).

export function dot(w, x) {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += w[i] * x[i];
  return sum;
}

export function squaredDistance(w, x) {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += (x[i] - w[i]) ** 2;
  return sum;
}

/** ⵟ(w, x) = (w·x)² / (‖w − x‖² + ε). */
export function yat(w, x, eps) {
  const signal = dot(w, x);
  return signal * (signal / (squaredDistance(w, x) + eps));
}

/** ∇ₓⵟ = 2 q (w − q (x − w)) with q = w·x / (‖w − x‖² + ε): what a nudge of the example changes. */
export function gradX(w, x, eps) {
  const q = dot(w, x) / (squaredDistance(w, x) + eps);
  return w.map((wi, i) => 2 * q * (wi - q * (x[i] - wi)));
}

/** ∇_wⵟ: the gradient a neuron learns by. ⵟ is symmetric, so it is ∇ₓ with the two swapped. */
export const gradW = (w, x, eps) => gradX(x, w, eps);

/** sup over x of ⵟ(w, x) = ‖w‖² + ‖w‖⁴/ε. */
export function supremum(w, eps) {
  const square = dot(w, w);
  return square + (square * square) / eps;
}

/** tan β = ‖w‖√ε / ‖w‖², and the third of π/2 − 2β: how far from w, at √ε tan of it towards 0, the slope is largest. */
const steepestAngle = (w, eps) => (Math.PI / 2 - 2 * Math.atan(Math.sqrt(eps) / norm(w))) / 3;

/** The largest ‖∇ₓⵟ‖, the best Lipschitz constant: (sup ⵟ / √ε) cos³((π/2 − 2β)/3). */
export const lipschitz = (w, eps) => (supremum(w, eps) / Math.sqrt(eps)) * Math.cos(steepestAngle(w, eps)) ** 3;

/** The input at which ‖∇ₓⵟ‖ is largest, for w ≠ 0. */
export const steepest = (w, eps) => w.map((c) => c * (1 - (Math.sqrt(eps) * Math.tan(steepestAngle(w, eps))) / norm(w)));

/** Euclidean length. */
export const norm = (v) => Math.hypot(...v);
