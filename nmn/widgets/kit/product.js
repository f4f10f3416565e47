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

/** Euclidean length. */
export const norm = (v) => Math.hypot(...v);
