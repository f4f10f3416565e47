// Runs the widgets on a static page, with no kernel and no network: a classic script, so it works from file:// too.
// A widget module is registered as a factory that returns { render }, the same render an anywidget has.
(() => {
  const factories = new Map(), made = new Map();

  /** The part of a kernel's model that a widget uses. */
  class Model {
    constructor(state) {
      this.state = { ...state };
      this.listeners = new Map();
    }
    get(name) { return this.state[name]; }
    set(name, value) {
      if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
      this.state[name] = value;
      for (const listener of this.listeners.get(`change:${name}`) ?? []) listener(this, value);
    }
    on(events, listener) {
      for (const event of events.split(" ")) {
        if (!this.listeners.has(event)) this.listeners.set(event, new Set());
        this.listeners.get(event).add(listener);
      }
    }
    off(events, listener) {
      for (const event of events.split(" ")) this.listeners.get(event)?.delete(listener);
    }
    save_changes() {}
  }

  function widget(name) {
    if (!made.has(name)) made.set(name, factories.get(name)());
    return made.get(name);
  }

  /** Draws the widget in place of its still picture; if anything fails, the picture stays. */
  function mount(place) {
    const name = place.dataset.nmnWidget, el = document.createElement("div");
    const model = new Model(JSON.parse(place.dataset.nmnProps));
    const still = [...place.childNodes];
    place.append(el);
    try {
      widget(name).render({ model, el });
      for (const node of still) node.remove();
      place.dataset.nmnReady = "true";
    } catch (error) {
      el.remove();
      place.dataset.nmnReady = "failed";
      console.error(`widget ${name}:`, error);
    }
  }

  function mountAll() {
    for (const place of document.querySelectorAll("[data-nmn-widget]:not([data-nmn-ready])")) mount(place);
  }

  globalThis.nmnWidgets = { register: (name, factory) => factories.set(name, factory), mountAll };
  // Widgets register below, in the same script: not before that is through.
  if (document.readyState === "complete") queueMicrotask(mountAll);
  else addEventListener("DOMContentLoaded", mountAll);
})();
