// A canvas in units of the plane, with handles to drag by mouse, pen, finger and arrow keys.
import { KEYS, clamp, element } from "./kit.js";
import { sheet } from "./sheet.js";

const MARGIN = { left: 30, right: 10, top: 10, bottom: 38 };
const BARE = { left: 0, right: 0, top: 0, bottom: 0 };

/**
 * A canvas in units of the plane. `reach()` gives the half-widths [x, y] in view, `paint(scene)` draws it.
 * Only handles refuse to scroll: a finger on the rest of the picture still moves the page.
 */
export function scene(picture, { reach, paint, axes = true }) {
  const margin = axes ? MARGIN : BARE, tall = (width) => (width * reach()[1]) / reach()[0];
  const s = sheet(picture, { margin, tall, range: reach, paint: paintAll });
  s.reach = reach;
  s.toPixel = ([x, y]) => [
    margin.left + (s.width * (x / reach()[0] + 1)) / 2,
    margin.top + (s.height * (1 - y / reach()[1])) / 2,
  ];
  s.toPlane = ([px, py]) => [
    reach()[0] * ((2 * (px - margin.left)) / s.width - 1),
    reach()[1] * (1 - (2 * (py - margin.top)) / s.height),
  ];
  const paintHandles = holds(s);
  function paintAll() {
    paint(s);
    paintHandles();
  }
  return s;
}

/** Makes a sheet with toPixel, toPlane and reach one that can hold handles; returns a function that shows them. */
export function holds(s) {
  s.handles = [];
  listen(s);
  return () => { for (const handle of s.handles) handle.show(); };
}

/** Fills the plot pixel by pixel: colour(bytes, columns, rows, x, y), x and y the coordinates of each column and row. */
export function pixels(s, colour) {
  const columns = Math.round(s.width * s.scale), rows = Math.round(s.height * s.scale), [rx, ry] = s.reach();
  const x = Float64Array.from({ length: columns }, (_, i) => rx * ((2 * (i + 0.5)) / columns - 1));
  const y = Float64Array.from({ length: rows }, (_, j) => ry * (1 - (2 * (j + 0.5)) / rows));
  const image = s.ctx.createImageData(columns, rows);
  colour(image.data, columns, rows, x, y);
  s.ctx.putImageData(image, s.margin.left * s.scale, s.margin.top * s.scale);
}

/** Ticks and names of the two coordinates. */
export function axes(s, { ink, muted }, names) {
  const { ctx, margin } = s, [reach, up] = s.reach(), step = tickStep(reach);
  ctx.fillStyle = muted;
  for (let k = -Math.floor(reach / step); k <= reach / step; k++) {
    const [px, py] = s.toPixel([k * step, k * step]), text = String(Number((k * step).toPrecision(3))).replace("-", "−");
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.fillText(text, px, margin.top + s.height + 5);
    if (Math.abs(k * step) > up) continue;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(text, margin.left - 5, py);
  }
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.fillText(names, margin.left + s.width / 2, s.height + margin.top + margin.bottom);
}

function tickStep(reach) {
  const unit = 10 ** Math.floor(Math.log10(reach));
  return reach / unit >= 5 ? 2 * unit : reach / unit >= 2 ? unit : unit / 2;
}

const twoDecimals = (p) => p.map((c) => c.toFixed(2)).join(", ");

/**
 * A point that can be dragged, or moved with the arrow keys: `at()` is its place, `move(p)` puts it elsewhere,
 * within ± limit; it is there while `shown()` holds. `says(p)`: where that is, read aloud. With a `dial`, { get, turn }
 * in whole degrees, the point goes round a circle, and an arrow key turns it.
 */
export function handle(s, { label, mark = "", colour, limit, at, move, shown = () => true, says = twoDecimals, dial }) {
  const knob = element("div", { class: "nmn-handle", role: "slider", tabindex: "0", "aria-label": label },
    element("span", { "aria-hidden": "true" }, mark));
  knob.setAttribute("aria-valuemin", dial ? 0 : -limit[0]);
  knob.setAttribute("aria-valuemax", dial ? 359 : limit[0]);
  if (colour) knob.style.setProperty("--nmn-knob", colour);
  const to = (p) => move(p.map((c, i) => Number(clamp(c, -limit[i], limit[i]).toFixed(3))));
  const show = () => {
    const p = at(), [px, py] = s.toPixel(p);
    knob.hidden = !shown();
    knob.style.translate = `${px}px ${py}px`;
    knob.setAttribute("aria-valuenow", dial ? dial.get() : p[0]);
    knob.setAttribute("aria-valuetext", says(p));
  };
  knob.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (dial) return dial.turn(dial.get() + (way[0] + way[1]) * (event.shiftKey ? 15 : 5));
    const [rx, ry] = s.reach(), step = ((event.shiftKey ? 5 : 1) * Math.min(rx, ry)) / 20;
    to(at().map((c, i) => c + way[i] * step));
  });
  const self = { knob, at, to, show };
  s.handles.push(self);
  s.box.append(knob);
  return self;
}

function listen(s) {
  let held = null, offset = [0, 0];
  const pointer = (event) => {
    const edge = s.box.getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top];
  };
  const away = (h, p) => Math.hypot(...s.toPixel(h.at()).map((c, i) => c - p[i]));
  const nearest = (p) => {
    const there = s.handles.filter((h) => !h.knob.hidden);
    return there.length ? there.reduce((a, b) => (away(b, p) < away(a, p) ? b : a)) : null;
  };
  const follow = (event) => held.to(s.toPlane(pointer(event).map((c, i) => c - offset[i])));
  s.box.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest(".nmn-handle");
    if (event.button !== 0 || (!knob && event.pointerType === "touch")) return;
    const at = pointer(event);
    // Handles can lie on top of each other: the nearest is meant.
    held = nearest(at);
    if (!held) return;
    event.preventDefault();
    offset = knob ? at.map((c, i) => c - s.toPixel(held.at())[i]) : [0, 0];
    s.box.setPointerCapture(event.pointerId);
    held.knob.focus({ preventScroll: true });
    follow(event);
  });
  s.box.addEventListener("pointermove", (event) => held && follow(event));
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) s.box.addEventListener(end, () => { held = null; });
  // A tap, unlike a swipe, moves the nearest handle to the finger.
  s.canvas.addEventListener("click", (event) => {
    if (event.pointerType !== "touch") return;
    const at = pointer(event);
    nearest(at)?.to(s.toPlane(at));
  });
}
