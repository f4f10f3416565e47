// A canvas as wide as its box and as fine as the screen, painted when something changed: what scene.js and plot.js draw on.
import { element } from "./kit.js";

/**
 * A canvas in a box of its own. `margin` lies around the drawn part, `tall(width)` is that part's height, `range()` the
 * coordinates in view, for tests, and `paint(sheet)` draws it. `draw` paints now, `refresh` with the next frame, `end` cleans up.
 */
export function sheet(picture, { margin, tall, range, paint }) {
  const canvas = element("canvas", { class: "nmn-canvas", role: "img" });
  const box = element("div", { class: "nmn-scene" }, canvas);
  picture.append(box);
  const s = { canvas, box, ctx: canvas.getContext("2d"), margin };
  let asked = 0;
  s.refresh = () => { asked ||= requestAnimationFrame(s.draw); };
  s.draw = () => {
    asked = 0;
    if (fit(s, tall, range)) paint(s);
  };
  const sized = new ResizeObserver(s.refresh);
  sized.observe(box);
  s.end = () => {
    cancelAnimationFrame(asked);
    sized.disconnect();
  };
  return s;
}

function fit(s, tall, range) {
  const width = s.box.clientWidth;
  s.width = width - s.margin.left - s.margin.right;
  if (s.width <= 0) return false;
  s.height = Math.round(tall(s.width));
  const height = s.height + s.margin.top + s.margin.bottom;
  s.scale = Math.min(devicePixelRatio, 2);
  s.canvas.style.height = `${height}px`;
  // This wipes the canvas, and gives it a new pen.
  s.canvas.width = Math.round(width * s.scale);
  s.canvas.height = Math.round(height * s.scale);
  // Where the plot lies in the picture and how far it reaches: what a test needs to find a pixel.
  s.canvas.dataset.plot = JSON.stringify([s.margin.left, s.margin.top, s.width, s.height, ...range()]);
  s.ctx.setTransform(s.scale, 0, 0, s.scale, 0, 0);
  s.ctx.font = `13px ${getComputedStyle(s.box).fontFamily}`;
  return true;
}
