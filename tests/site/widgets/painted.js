// Notes what stands on every canvas, from before the page's own scripts run: an init script.
// A canvas forgets its marks when its width is set, as the browser wipes it then. What only asks or sets the pen is
// no mark; what is neither that nor paints becomes part of the path.
(() => {
  const PEN = new Set(["save", "restore", "setLineDash", "setTransform", "resetTransform", "measureText"]);
  const PAINTS = {
    fill: (c) => [c.fillStyle, ""],
    stroke: (c) => [c.strokeStyle, `${round(c.lineWidth)} ${c.lineCap} ${c.lineJoin} [${c.getLineDash()}]`],
    fillText: (c) => [c.fillStyle, `${c.font} ${c.textAlign} ${c.textBaseline}`],
    clearRect: () => ["", ""],
    drawImage: (c) => ["", `smooth ${c.imageSmoothingEnabled}`],
    putImageData: () => ["", ""],
  };
  const round = (v) => Number(v.toFixed(2)) + 0;
  const papers = new WeakMap(), paths = new WeakMap();

  function paper(canvas) {
    if (!papers.has(canvas)) papers.set(canvas, { marks: [], wipes: 0 });
    return papers.get(canvas);
  }

  /** Mean red, green, blue and opacity in each of 4 x 4 fields, row by row. */
  function fields({ width, height, data }) {
    const sums = Array.from({ length: 16 }, () => [0, 0, 0, 0, 0]);
    for (let j = 0, k = 0; j < height; j++) for (let i = 0; i < width; i++, k += 4) {
      const sum = sums[4 * Math.floor((4 * j) / height) + Math.floor((4 * i) / width)];
      for (let m = 0; m < 4; m++) sum[m] += data[k + m];
      sum[4] += 1;
    }
    return sums.map((sum) => sum.slice(0, 4).map((v) => round(v / sum[4])));
  }

  function mark(context, name, given) {
    const { marks } = paper(context.canvas), [colour, pen] = PAINTS[name](context);
    const path = name === "fill" || name === "stroke" ? paths.get(context) : null, scale = context.getTransform().a;
    const does = [name, context.globalAlpha < 1 ? `alpha ${round(context.globalAlpha)}` : "", pen, scale === 1 ? "" : `scale ${scale}`];
    const head = does.filter(Boolean).join(" ");
    // A rim round what was filled belongs to it.
    if (path && marks.at(-1)?.path === path) {
      marks.at(-1).heads.push(head);
      marks.at(-1).colours.push(colour);
      return;
    }
    let rows = path ? path.map(([step, ...numbers]) => [step, ...numbers]) : [["at", ...given.filter((v) => typeof v === "number")]], words = [];
    if (name === "fillText") words = [given[0]];
    const [image] = given;
    if (name === "putImageData") rows = [...rows, ["size", image.width, image.height], ...fields(image).map((f) => ["field", ...f])];
    if (name === "drawImage") {
      const seen = image.getContext("2d").getImageData(0, 0, image.width, image.height);
      rows = [...rows, ["size", image.width, image.height], ...fields(seen).map((f) => ["field", ...f])];
    }
    marks.push({ path, heads: [head], colours: [colour], words, rows: rows.map(([step, ...numbers]) => [step, ...numbers.flat().map((v) => round(Number(v)))]) });
  }

  const kind = CanvasRenderingContext2D.prototype;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(kind))) {
    if (typeof value !== "function" || name === "constructor" || PEN.has(name) || /^(get|is|create)/.test(name)) continue;
    kind[name] = function (...given) {
      if (name === "beginPath") paths.set(this, []);
      else if (name in PAINTS) mark(this, name, given);
      // A path that goes on after it was painted is another one.
      else paths.set(this, [...(paths.get(this) ?? []), [name, ...given]]);
      return value.apply(this, given);
    };
  }
  const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width");
  Object.defineProperty(HTMLCanvasElement.prototype, "width", { ...width, set(value) {
    paper(this).marks = [];
    paper(this).wipes += 1;
    width.set.call(this, value);
  } });

  // What of the reader's keys and presses goes on to the page, and whether the browser still acts on it.
  const heard = [];
  for (const event of ["keydown", "pointerdown"]) {
    addEventListener(event, (e) => heard.push(`${event} ${e.key ?? e.button} heard${e.defaultPrevented ? ", default prevented" : ""}`));
  }

  // A sound here is only planned, for no clock runs; the plan is heard.
  globalThis.AudioContext = class extends OfflineAudioContext {
    constructor() { super(1, 96000, 96000); }
    resume() { return Promise.resolve(); }
    close() { return Promise.resolve(); }
  };
  for (const [{ prototype }, ...names] of [
    [BaseAudioContext, "createBuffer"], [AudioBufferSourceNode, "start"], [AudioScheduledSourceNode, "stop"],
    [AudioParam, "cancelScheduledValues", "setValueAtTime", "linearRampToValueAtTime"], [AudioNode, "connect"],
  ]) for (const name of names) {
    const does = prototype[name];
    prototype[name] = function (...given) {
      heard.push(`sound ${name} ${given.map((one) => one.constructor.name === "Number" ? round(one) : one.constructor.name).join(" ")}`);
      return does.apply(this, given);
    };
  }

  /** Every element below `root`: its depth, its tag, what it is set to, its own words; and the marks on canvases. */
  function built(root) {
    const found = [], ids = new Map();
    const named = (text) => text.replace(/^nmn-[\d.e-]+$/, (id) => {
      if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`);
      return ids.get(id);
    });
    const visit = (node, depth) => {
      const set = [...node.attributes].map(({ name, value }) => `${name}="${named(value)}"`).sort();
      if (node.matches("input[type=range]")) set.push(`shows ${node.value}`);
      if (node.matches("input[type=radio]") && node.checked) set.push("checked");
      if (node === document.activeElement) set.push("focused");
      const words = [...node.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join(" … ");
      const marks = node.localName === "canvas" ? paper(node).marks.map(({ path, ...rest }) => rest) : null;
      found.push({ depth, line: [node.localName, ...set].join(" "), words, marks });
      for (const child of node.children) visit(child, depth + 1);
    };
    visit(root, 0);
    return found;
  }

  const frame = () => new Promise(requestAnimationFrame);
  globalThis.painted = {
    built,
    /** Resolves when what was asked for is painted: a new size is seen in one frame and painted in the next. */
    settled: () => frame().then(frame).then(frame),
    /** What was heard since this was last asked, and the states that a kernel was sent, but for what never changes. */
    heard(saved = []) {
      const states = saved.splice(0).map(({ film, hint, ...state }) => `saved ${JSON.stringify(state)}`);
      return [...heard.splice(0), ...states];
    },
    wipes: (canvas) => paper(canvas).wipes,
  };
})();
