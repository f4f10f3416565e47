// One odd example, far out or high, and what it does to four kinds of fit whose units stand still.
import { PALETTE, choice, clamp, colours, element, frame, live, meter, slider } from "../kit/kit.js";
import { handle, holds } from "../kit/scene.js";
import { beads, line, plot, rulers } from "../kit/plot.js";

const WIDTH = 0.6, EPS = 0.3, CORNER = 0.15, HUSH = 0.1;
const PLACES = Array.from({ length: 6 }, (_, j) => -0.7 + 0.28 * j);
const NEAR = Array.from({ length: 20 }, (_, k) => -1 + (2 * k) / 19);
const HEIGHTS = NEAR.map((x, k) => 0.35 * x - 0.35 * Math.sin(4.2 * x) + 0.04 * Math.sin(5 * k * k));

/** The units of each kind at x, six at the same places, or x itself. Tested against nmn. */
const UNITS = {
  linear: (x) => [x],
  relu: (x) => PLACES.map((p, j) => Math.max(0, j % 2 ? p - x : x - p)),
  rbf: (x) => PLACES.map((p) => Math.exp(-(((x - p) / WIDTH) ** 2))),
  yat: (x) => PLACES.map((p) => (p * (x - p) + Math.sqrt(EPS)) ** 2 / ((x - p) ** 2 + EPS)),
};
const LOOK = {
  linear: { name: "straight line", mid: "the straight line", hue: 3, dash: [2, 4], border: "dotted" },
  relu: { name: "bent line (ReLU)", mid: "the bent line", hue: 1, dash: [], border: "solid" },
  rbf: { name: "bumps (RBF)", mid: "the bumps", hue: 2, dash: [8, 4], border: "dashed" },
  yat: { name: "ⵟ", mid: "ⵟ", hue: 0, dash: [], border: "solid" },
};
const KINDS = Object.keys(UNITS);

/** The least squares solution of rows · a = y, each row counted `counts` times: Gram and Schmidt, one column after the other. */
export function leastSquares(rows, y, counts) {
  const roots = counts.map(Math.sqrt), columns = rows[0].map((_, j) => rows.map((row, i) => roots[i] * row[j]));
  const rest = y.map((v, i) => roots[i] * v), size = columns.length, triangle = [], found = Array(size);
  const product = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  for (let j = 0; j < size; j++) {
    const length = Math.sqrt(product(columns[j], columns[j])), q = columns[j].map((v) => v / length);
    triangle.push([...columns, rest].slice(j + 1).map((column) => {
      const part = product(q, column);
      q.forEach((v, i) => { column[i] -= part * v; });
      return part / length;
    }));
  }
  for (let j = size - 1; j >= 0; j--) {
    found[j] = triangle[j].reduce((sum, part, k) => (k < size - 1 - j ? sum - part * found[j + 1 + k] : sum + part), 0);
  }
  return found;
}

/** (c, a) with the least sum of squares; or of Huber's losses, by least squares again and again until nothing changes. */
function weights(rows, y, huber) {
  let found = leastSquares(rows, y, y.map(() => 1));
  for (let round = 0; huber && round < 5000; round++) {
    const counts = rows.map((row, i) => CORNER / Math.max(Math.abs(answer(row, found) - y[i]), CORNER));
    const next = leastSquares(rows, y, counts), change = Math.max(...next.map((v, j) => Math.abs(v - found[j])));
    found = next;
    if (change < 1e-10) break;
  }
  return found;
}

const answer = (row, found) => row.reduce((sum, v, j) => sum + v * found[j], 0);
const featured = (kind) => (x) => [1, ...UNITS[kind](x)];

/** The fit of a kind to the twenty examples and to `odd` = [x, y] (null: without it), as a function of x. */
export function fitted(kind, odd, huber) {
  const row = featured(kind), given = NEAR.map((x, k) => [x, HEIGHTS[k]]).concat(odd ? [odd] : []);
  const found = weights(given.map(([x]) => row(x)), given.map(([, y]) => y), huber);
  return (x) => answer(row(x), found);
}

const apart = (one, other) => Math.max(...NEAR.map((x) => Math.abs(one(x) - other(x))));

/** How far `odd` moves the fit of each kind at one of the twenty, at most. */
export const moved = (odd, huber) => Object.fromEntries(KINDS.map((kind) => [kind, apart(fitted(kind, odd, huber), fitted(kind, null, huber))]));

const listed = (words) => (words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** What the odd point does, in words. */
export function story([x, y], shifts) {
  const far = Math.abs(x), where = far <= 1 ? "Among its friends" : far < 3 ? "Just outside" : "Far off";
  const how = y > Math.max(...HEIGHTS) ? "too high" : y < Math.min(...HEIGHTS) ? "too low" : "at a fair height";
  const [stay, go] = [true, false].map((calm) => KINDS.filter((kind) => shifts[kind] <= HUSH === calm).map((kind) => LOOK[kind].mid));
  const verb = (words, one, many) => `${listed(words)} ${words.length > 1 ? many : one}`;
  const told = !go.length ? "no fit moves much" : !stay.length ? "every fit is moved" :
    `${verb(go, "is moved", "are moved")}; ${verb(stay, "hardly moves", "hardly move")}`;
  return `${where}, ${how}: ${told}.`;
}

// Beyond EDGE the axis is squeezed: equal steps multiply.
const EDGE = 1.5, SQUEEZE = 0.45, FARTHEST = 100, HIGH = 3;
export const bend = (x) => (x <= EDGE ? x : EDGE + SQUEEZE * Math.log(x / EDGE));
export const unbend = (u) => (u <= EDGE ? u : EDGE * Math.exp((u - EDGE) / SQUEEZE));
const ENDS = { x: [-1.2, bend(FARTHEST) + 0.15], y: [-1.3, 3.3] };
const SEEN = Array.from({ length: 240 }, (_, k) => unbend(ENDS.x[0] + (k / 239) * (ENDS.x[1] - ENDS.x[0])));
const short = (v) => String(Number(v.toPrecision(3))).replace("-", "−");

function paintFits(p, theme, fits) {
  const { ctx } = p, [left, top] = p.toPixel([EDGE, ENDS.y[1]]), [right, bottom] = p.toPixel([ENDS.x[1], ENDS.y[0]]), [start] = p.toPixel([ENDS.x[0], 0]);
  ctx.save();
  ctx.fillStyle = theme.line;
  ctx.globalAlpha = 0.22;
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.fill();
  ctx.restore();
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillText("far off, squeezed", (left + right) / 2, top + 6);
  ctx.save();
  ctx.beginPath();
  ctx.rect(start, top, right - start, bottom - top);
  ctx.clip();
  for (const kind of KINDS) {
    line(p, SEEN.map(bend), SEEN.map(fits[kind]), { colour: kind === "yat" ? theme.accent : PALETTE[LOOK[kind].hue], width: kind === "yat" ? 3.5 : 2, dash: LOOK[kind].dash });
  }
  ctx.restore();
  beads(p, NEAR, HEIGHTS, { colour: theme.ink, radius: 3.5, rim: theme.paper });
}

function render({ model, el }) {
  const { root, picture, panel, put } = frame(el, model, "One odd point against four kinds of fit");
  root.classList.add("nmn-odd");
  const at = () => [model.get("x"), model.get("y")], huber = () => model.get("loss") === "huber";
  const p = plot(picture, { x: () => ENDS.x, y: () => ENDS.y, tall: (width) => 0.68 * width, paint }), paintHandles = holds(p);
  const putX = (x) => put("x", clamp(Number(x.toPrecision(4)), -1, FARTHEST)), putY = (y) => put("y", clamp(Number(y.toFixed(3)), -1, HIGH));
  handle(p, {
    label: "the odd point, moved by the arrow keys", colour: "var(--nmn-accent)", limit: [bend(FARTHEST), HIGH], at: () => [bend(at()[0]), at()[1]],
    move: ([u, y]) => { putX(unbend(u)); putY(y); }, says: () => `${short(at()[0])} out, ${short(at()[1])} high`,
  });
  const shows = [
    slider(panel, { label: "how far out", min: -1, max: FARTHEST, scale: [bend, unbend], get: () => at()[0], set: putX, format: short }),
    slider(panel, { label: "how high", min: -1, max: HIGH, get: () => at()[1], set: putY, format: short }),
    choice(panel, {
      legend: "The rule", options: [["squares", "squares: please all at once"], ["huber", "Huber: no one may pull too hard"]],
      get: () => model.get("loss"), set: (loss) => put("loss", loss),
    }),
  ];
  const words = element("p", { class: "nmn-story nmn-three-lines", "aria-live": "polite" }), bars = element("div", { class: "nmn-bars" });
  panel.append(words, bars);
  bars.append(element("b", {}, "How far it moves each fit"));
  const meters = KINDS.map((kind) => {
    const set = meter(bars, LOOK[kind].name), { hue, border } = LOOK[kind], row = bars.lastChild.style;
    row.setProperty("--nmn-knob", hue ? PALETTE[hue] : "var(--nmn-accent)");
    row.setProperty("--nmn-border", border);
    return [kind, set];
  });

  function paint() {
    const theme = colours(root), odd = at();
    const fits = Object.fromEntries(KINDS.map((kind) => [kind, fitted(kind, odd, huber())])), shifts = moved(odd, huber());
    rulers(p, theme, { ticks: { x: [-1, 0, 1, ...[3, 10, 30, 100].map((x) => [bend(x), String(x)])], y: [-1, 0, 1, 2, 3] }, names: { x: "how far out", y: "how high" } });
    paintFits(p, theme, fits);
    paintHandles();
    for (const [kind, set] of meters) set(shifts[kind], shifts[kind].toFixed(2));
    for (const update of shows) update();
    const told = story(odd, shifts);
    if (words.textContent !== told) words.textContent = told;
    p.canvas.setAttribute("aria-label", `Twenty points on a wavy line, one odd point ${short(odd[0])} out and ${short(odd[1])} high, and four curves fitted to all. ${told}`);
  }

  return live(model, "change:x change:y change:loss", [p]);
}

export default { render };
