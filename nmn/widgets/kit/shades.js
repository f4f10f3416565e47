// A field over the plane as shades of viridis with three level lines, and the bar that says what they mean.
import { element, viridis, viridisGradient } from "./kit.js";

/** The shades at which a white line is drawn. */
export const LEVELS = [0.25, 0.5, 0.75];
const SHADES = Uint8Array.from({ length: 3 * 1024 }, (_, k) => viridis(Math.floor(k / 3) / 1023)[k % 3]);

/** Paints shade(point), in [0, 1], at every pixel of a scene's `pixels`, and the lines. */
export function paintShades(bytes, columns, rows, x, y, shade) {
  const shades = new Float32Array(columns * rows), at = [0, 0];
  for (let j = 0, k = 0; j < rows; j++) {
    at[1] = y[j];
    for (let i = 0; i < columns; i++, k++) {
      at[0] = x[i];
      shades[k] = shade(at);
    }
  }
  for (let j = 0, k = 0; j < rows; j++) for (let i = 0; i < columns; i++, k++) {
    const t = shades[k], right = i + 1 < columns ? k + 1 : k - 1, below = j + 1 < rows ? k + columns : k - columns;
    // Distance to the nearest of the levels, in pixels: a line is as thin where the field is steep as where it is flat.
    const gap = Math.min(Math.abs(t - LEVELS[0]), Math.abs(t - LEVELS[1]), Math.abs(t - LEVELS[2]));
    const slope = Math.sqrt((shades[right] - t) ** 2 + (shades[below] - t) ** 2) + 1e-9;
    const mix = 0.75 * Math.min(Math.max(1.4 - gap / slope, 0), 1), at = 3 * Math.round(1023 * t);
    for (let m = 0; m < 3; m++) bytes[4 * k + m] = SHADES[at + m] + (255 - SHADES[at + m]) * mix;
    bytes[4 * k + 3] = 255;
  }
}

/** The bar of all shades. Returns a function that writes `text(t)` at 0 and at each level t. */
export function shadeLegend(panel, label) {
  const bar = element("div", { class: "nmn-bar", style: `background: ${viridisGradient()}` }), marks = element("div", { class: "nmn-marks" });
  panel.append(element("div", { class: "nmn-legend" }, element("span", {}, label), bar, marks));
  return (text) => marks.replaceChildren(...[0, ...LEVELS].map((t) => {
    const mark = element("span", {}, text(t));
    mark.style.left = `${100 * t}%`;
    return mark;
  }));
}
