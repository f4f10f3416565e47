// What every widget is made of: its frame, native inputs, the theme and the book's colours.
// Widgets import it as a module; nmn.widgets.link joins the files, one module for Jupyter and one script for the site.

/** The book's colours (nmn.figures.style.PALETTE). */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const VIRIDIS = ("440154 470d60 48186a 482374 472d7b 453781 424086 3e4989 3b528b 375b8d 33638d 2f6b8e 2c728e " +
  "297a8e 26828e 23898e 21918c 1f988b 1fa088 22a785 28ae80 32b67a 3fbc73 4ec36b 5ec962 70cf57 " +
  "84d44b 98d83e addc30 c2df23 d8e219 ece51b fde725").split(" ").map(rgb);

// matplotlib's RdBu_r (nmn.figures.style.DIVERGING).
const DIVERGING = "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f".split(" ").map(rgb);

export function rgb(hex) {
  const n = parseInt(hex.replace("#", ""), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** The viridis colour of t in [0, 1], as [red, green, blue]. */
export const viridis = (t) => between(VIRIDIS, t);

/** The colour of t in [-1, 1], blue below zero, white at zero, red above, as [red, green, blue]. */
export const diverging = (t) => between(DIVERGING, (t + 1) / 2);

function between(stops, t) {
  const last = stops.length - 1, at = clamp(t, 0, 1) * last, i = Math.min(Math.floor(at), last - 1);
  return stops[i].map((c, k) => c + (stops[i + 1][k] - c) * (at - i));
}

/** CSS background of the same map, left to right. */
export const viridisGradient = () =>
  `linear-gradient(to right, ${VIRIDIS.map((c) => `rgb(${c.join(" ")})`).join(", ")})`;

export const clamp = (v, low, high) => Math.min(Math.max(v, low), high);
export const show = (v) => (Math.abs(v) >= 1000 ? v.toPrecision(3).replace("e+", "e") : v.toFixed(2));
export const place = (p) => `(${p.map((c) => c.toFixed(2)).join(", ")})`;

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The frame of a widget: a picture, a panel of controls beside or below it, a line on what to try. `name`: what a screen reader calls it. */
export function frame(el, model, name) {
  const picture = element("div", { class: "nmn-picture" }), panel = element("div", { class: "nmn-panel" });
  const hint = element("p", { class: "nmn-hint" }, model.get("hint"));
  // JupyterLab would take the arrow keys for moving between cells.
  const root = element("div", { class: "nmn-ui", "data-lm-suppress-shortcuts": "true" }, picture, panel, hint);
  if (name) for (const [key, value] of [["role", "group"], ["aria-label", name]]) root.setAttribute(key, value);
  el.append(root);
  const put = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  return { root, picture, panel, put };
}

/** Calls repaint when the page's theme changes; the result ends it. */
function onTheme(repaint) {
  const seen = new MutationObserver(repaint);
  const attributeFilter = ["class", "data-theme", "data-jp-theme-light", "data-jp-theme-name"];
  for (const node of [document.documentElement, document.body]) seen.observe(node, { attributeFilter });
  return () => seen.disconnect();
}

/**
 * Paints the canvases now, and again when the page's theme or the watched state changes (`changed` first);
 * the result ends it.
 */
export function live(model, watched, sheets, changed = () => {}) {
  const refresh = () => sheets.forEach((s) => s.refresh());
  const heard = () => {
    changed();
    refresh();
  };
  model.on(watched, heard);
  const endTheme = onTheme(refresh);
  sheets.forEach((s) => s.draw());
  return () => {
    model.off(watched, heard);
    endTheme();
    sheets.forEach((s) => s.end());
  };
}

/** The theme's colours, from the variables in widget.css. */
export function colours(root) {
  const style = getComputedStyle(root), read = (name) => style.getPropertyValue(`--nmn-${name}`).trim();
  return { ink: read("ink"), muted: read("muted"), line: read("line"), paper: read("paper"), accent: read("accent") };
}

/**
 * A labelled range input; with log, equal steps multiply, and `scale` = [to, from] bends it otherwise; with whole, an arrow
 * key moves by 1. A finger that scrolls the page from here changes nothing. Returns a function that shows the current value.
 */
export function slider(panel, { label, min, max, log = false, scale = log ? LOG : SAME, whole = false, get, set, format = show }) {
  const [to, from] = scale;
  // A label around both would name the output, which comes first, and leave the input without a name.
  const id = `nmn-${Math.random()}`, input = element("input", { type: "range", step: "any", id });
  const output = element("output", { "aria-live": "off" });
  panel.append(element("div", { class: "nmn-slider" }, element("label", { for: id }, label), output, input));
  const bounds = () => [min, typeof max === "function" ? max() : max];
  const move = (v) => set(clamp(Number(from(v).toPrecision(4)), ...bounds()));
  input.addEventListener("input", () => move(input.valueAsNumber));
  let before = 0;
  input.addEventListener("pointerdown", () => { before = get(); });
  input.addEventListener("pointercancel", () => set(before));
  input.addEventListener("keydown", (event) => {
    const [low, high] = bounds().map(to), way = KEYS[event.key]?.reduce((a, b) => a + b);
    if (!way) return;
    event.preventDefault();
    move(to(get()) + way * (whole ? 1 : (high - low) / 50));
  });
  return () => {
    [input.min, input.max] = bounds().map(to);
    input.value = to(get());
    output.value = format(get());
    input.setAttribute("aria-valuetext", format(get()));
  };
}

const LOG = [Math.log10, (v) => 10 ** v], SAME = [(v) => v, (v) => v];

/** A group of radio buttons. Returns a function that shows the current choice. */
export function choice(panel, { legend, options, get, set }) {
  const name = `nmn-${Math.random()}`, inputs = [];
  const group = element("fieldset", { class: "nmn-choice" }, element("legend", {}, legend));
  for (const [value, text] of options) {
    const input = element("input", { type: "radio", name, value });
    input.addEventListener("change", () => set(value));
    inputs.push(input);
    group.append(element("label", {}, input, element("span", {}, ...[text].flat())));
  }
  panel.append(group);
  return () => inputs.forEach((input) => { input.checked = input.value === get(); });
}

/** A button. Returns it. */
export function button(panel, label, press) {
  const made = element("button", { type: "button", class: "nmn-button" }, label);
  made.addEventListener("click", press);
  panel.append(made);
  return made;
}

/** A named number. Returns a function that shows a text there, and may give it another name; null hides it. */
export function readout(panel, label) {
  const output = element("output", { "aria-live": "off" }), name = element("span", {}, label);
  const row = element("div", { class: "nmn-readout" }, name, output);
  panel.append(row);
  return (text, renamed = label) => {
    name.textContent = renamed;
    output.value = text ?? "";
    row.hidden = text === null;
  };
}

/** A bar with its name; returns a function that shows a part of the full bar, and a text. */
export function meter(panel, label, accent) {
  const fill = element("div", { class: accent ? "nmn-fill nmn-fill-accent" : "nmn-fill" }), output = element("output", { "aria-live": "off" });
  panel.append(element("div", { class: "nmn-loudness" }, element("span", {}, label), output,
    element("div", { class: "nmn-track", "aria-hidden": "true" }, fill)));
  return (part, text) => {
    fill.style.width = `${clamp(100 * part, 0, 100)}%`;
    output.value = text;
  };
}

/** Which way an arrow key points, in the plane. */
export const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
