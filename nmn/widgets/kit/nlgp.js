// The nonlinear Gaussian process on a ring: nmn.hypercube.ring and nmn.hypercube.laws.NLGP, and noise of its own.

/** Standard normal noise of the `draw`-th signal: Box and Muller's pairs from a 32-bit counter that is scrambled (mulberry32). */
export function noise(draw, n) {
  let counter = Math.imul(draw, 0x9e3779b9);
  const uniform = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let t = Math.imul(counter ^ (counter >>> 15), counter | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const made = [];
  while (made.length < n) {
    // 1 − u, for u can be 0.
    const r = Math.sqrt(-2 * Math.log(1 - uniform())), angle = 2 * Math.PI * uniform();
    made.push(r * Math.cos(angle), r * Math.sin(angle));
  }
  return made.slice(0, n);
}

/**
 * c_k = Σ_j exp(−(k + jn)²/ξ²) / Σ_j exp(−(jn)²/ξ²): the wrapped Gaussian, k = 0 … n − 1, for ξ up to n/4: of the
 * images the two nearest on each side count, all others are below 1e-27.
 */
export function correlation(n, xi) {
  const images = [-2, -1, 0, 1].map((j) => j * n);
  const row = Array.from({ length: n }, (_, k) => images.reduce((sum, jn) => sum + Math.exp(-(((k + jn) / xi) ** 2)), 0));
  return row.map((c) => c / row[0]);
}

/** Z = Σ^{1/2} noise, for the circulant Σ with this first row. */
export function correlated(row, white) {
  const n = row.length, cosines = Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const transform = (v) => v.map((_, k) => v.reduce((sum, c, i) => sum + c * cosines[(i * k) % n], 0));
  // Rounding can leave an eigenvalue a hair below zero.
  const root = transform(transform(row).map((l) => Math.sqrt(Math.max(l, 0)))).map((c) => c / n);
  return white.map((_, i) => white.reduce((sum, c, j) => sum + root[(i - j + n) % n] * c, 0));
}

/** The error function, by its series of terms of one sign: all figures hold. Beyond 6 it is ±1 to the last one. */
export function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** s = 2g²/(1 + 2g²), in a form that holds at g = ∞. */
const saturation = (gain) => 1 / (1 + 1 / (2 * gain ** 2));

/** 𝒵 = (2/π) arcsin s, the variance of erf(gZ). */
const variance = (gain) => (2 / Math.PI) * Math.asin(saturation(gain));

/** X = erf(gZ)/√𝒵 of each entry; the sign at g = ∞. */
export const pixel = (z, gain) => z.map((c) => erf(gain * c) * ceiling(gain));

/** The correlation of X by distance, arcsin(s c_k)/arcsin(s). */
export function seenCorrelation(row, gain) {
  const s = saturation(gain);
  return row.map((c) => Math.asin(s * c) / Math.asin(s));
}

/**
 * E X⁴ − 3; −2 at g = ∞. The trapezoidal rule, which for such a function loses nothing, on 1 − erf(gZ)⁴: this lives
 * where |Z| < 6/g, so that the nodes can follow a large gain.
 */
export function kurtosis(gain) {
  if (gain === Infinity) return -2;
  const step = 1 / (16 * Math.max(1, gain));
  let missing = 0;
  for (let k = -160; k <= 160; k++) {
    const z = k * step, weight = (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    missing += weight * (1 - erf(gain * z) ** 4);
  }
  return (1 - missing) / variance(gain) ** 2 - 3;
}

/** The largest value that a pixel can take, 1/√𝒵; 1 at g = ∞. */
export const ceiling = (gain) => 1 / Math.sqrt(variance(gain));

// erf(HIGH_ERF) = 0.9
const HIGH_ERF = 1.1630871536766743;

/** The chance that a pixel lies within a tenth of its ceiling: |erf(gZ)| >= 0.9. */
export const nearCeiling = (gain) => 1 - erf(HIGH_ERF / gain / Math.SQRT2);
