// Curves over an axis: a canvas in units of x and y, with ticks, names, lines and dots.
import { sheet } from "./sheet.js";

const ROOM = { left: 44, right: 12, top: 26, bottom: 40 };

/**
 * A plot of x() = [left, right] by y() = [bottom, top], `tall(width)` pixels high; `paint(plot)` draws it.
 * Nothing in it is held or dragged, unless scene.js `holds` it: a finger on it scrolls the page.
 */
export function plot(picture, { x, y, tall = (width) => 0.5 * width, paint }) {
  const p = sheet(picture, { margin: ROOM, tall, range: () => [...x(), ...y()], paint });
  p.box.classList.add("nmn-plot");
  p.x = x;
  p.y = y;
  p.toPixel = ([a, b]) => [
    ROOM.left + (p.width * (a - x()[0])) / (x()[1] - x()[0]),
    ROOM.top + (p.height * (y()[1] - b)) / (y()[1] - y()[0]),
  ];
  p.toPlane = ([px, py]) => [
    x()[0] + ((px - ROOM.left) * (x()[1] - x()[0])) / p.width,
    y()[1] - ((py - ROOM.top) * (y()[1] - y()[0])) / p.height,
  ];
  p.reach = () => [(x()[1] - x()[0]) / 2, (y()[1] - y()[0]) / 2];
  return p;
}

/** Draws the ticks { x, y } (two lists of numbers, or of [number, text]) and the names { x, y } of both axes. */
export function rulers(p, { ink, muted, line: thin }, { ticks, names }) {
  const { ctx } = p, bottom = ROOM.top + p.height, text = (v) => String(v).replace("-", "−");
  const named = (list) => list.map((tick) => (Array.isArray(tick) ? tick : [tick, text(tick)]));
  ctx.fillStyle = muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const [a, says] of named(ticks.x)) ctx.fillText(says, p.toPixel([a, 0])[0], bottom + 5);
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const [b, says] of named(ticks.y)) ctx.fillText(says, ROOM.left - 6, p.toPixel([0, b])[1]);
  ctx.fillStyle = ink;
  ctx.textAlign = "left";
  ctx.fillText(names.y, 0, 9);
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.fillText(names.x, ROOM.left + p.width / 2, bottom + ROOM.bottom);
  level(p, p.y()[0], { colour: thin });
}

/** A level line at height b, from side to side. */
export const level = (p, b, style) => line(p, p.x(), [b, b], style);

/** The line through the points (xs[k], ys[k]). */
export function line(p, xs, ys, { colour, width = 1, dash = [] }) {
  const { ctx } = p;
  ctx.save();
  ctx.beginPath();
  xs.forEach((a, k) => ctx.lineTo(...p.toPixel([a, ys[k]])));
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.restore();
}

/** A dot at each point (xs[k], ys[k]); `colour`: one for all, or a function of k. A `rim` sets dots off from what lies below. */
export function beads(p, xs, ys, { colour, radius = 3, rim }) {
  const { ctx } = p;
  xs.forEach((a, k) => {
    ctx.beginPath();
    ctx.arc(...p.toPixel([a, ys[k]]), radius, 0, 7);
    ctx.fillStyle = typeof colour === "function" ? colour(k) : colour;
    ctx.fill();
    if (!rim) return;
    ctx.strokeStyle = rim;
    ctx.lineWidth = 1;
    ctx.stroke();
  });
}
