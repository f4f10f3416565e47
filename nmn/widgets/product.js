// The ⵟ-product in the browser: float64, difference form, any dimension. Tested against nmn.product.
// Source: seed 001, definition and gradient (bias 0).

function signalAndDistance(w, x, eps) {
  let signal = 0, distance = eps;
  for (let i = 0; i < w.length; i++) {
    signal += w[i] * x[i];
    distance += (x[i] - w[i]) ** 2;
  }
  return [signal, distance];
}

/** ⵟ(w, x) = (w·x)² / (‖w − x‖² + ε). */
export function yat(w, x, eps) {
  const [signal, distance] = signalAndDistance(w, x, eps);
  return signal * (signal / distance);
}

/** ∇ₓⵟ = 2 q (w − q (x − w)) with q = w·x / (‖w − x‖² + ε): what a nudge of the example changes. */
export function gradX(w, x, eps) {
  const [signal, distance] = signalAndDistance(w, x, eps), q = signal / distance;
  return w.map((wi, i) => 2 * q * (wi - q * (x[i] - wi)));
}

/** ∇_wⵟ: the gradient a neuron learns by. ⵟ is symmetric, so it is ∇ₓ with the two swapped. */
export const gradW = (w, x, eps) => gradX(x, w, eps);

/** sup over x of ⵟ(w, x) = ‖w‖² + ‖w‖⁴/ε. */
export function supremum(w, eps) {
  const square = w.reduce((sum, wi) => sum + wi * wi, 0);
  return square + (square * square) / eps;
}

/** Euclidean length. */
export const norm = (v) => Math.hypot(...v);
