// What the tests ask a page about itself. Each function returns the faults that it sees, in words, but the first four.
({
  // Whether all that was on its way is there: fonts, pictures, colours.
  settled() {
    // Asking for a size lays the page out, and so asks for the fonts that it needs.
    const laidOut = document.documentElement.scrollHeight > 0;
    return laidOut && document.fonts.status === "loaded"
      && [...document.images].every((image) => image.complete)
      && document.getAnimations().every((a) => a.playState !== "running");
  },

  // After a change of size: resolves when the theme has seen which boxes scroll now, and has made them focusable.
  // It does so 300 ms after the last change; on the page's own clock what was due earlier has been done earlier.
  fitted() {
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 350))));
  },

  // Opens what is folded: proofs, solutions, hidden cells.
  unfold() {
    for (const e of document.querySelectorAll("details")) e.open = true;
  },

  // Takes out what axe does not look at, most of what is on a page. The drawn pieces of a formula are hidden from those
  // who listen, and so from axe: in their place come boxes of their size. And of the pieces of one kind in a piece of code
  // the longest tells for all.
  shorten() {
    const formulas = [...document.querySelectorAll(".katex:not(:has(a, button, [tabindex]))")].map((formula) =>
      [formula, [...formula.querySelectorAll(".katex-html > .base")].map((e) => e.getBoundingClientRect())]);
    for (const [formula, pieces] of formulas) {
      formula.replaceChildren(...pieces.map(({ width, height }) => {
        const piece = document.createElement("span");
        piece.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
        return piece;
      }));
    }
    for (const code of document.querySelectorAll("pre")) {
      const pieces = [...code.querySelectorAll("span[class]:not([style]):not(:has(*))")], longest = {};
      for (const e of pieces) {
        if (!(longest[e.className]?.textContent.length >= e.textContent.length)) longest[e.className] = e;
      }
      for (const e of pieces) if (longest[e.className] !== e) e.replaceWith(e.textContent);
    }
  },

  // Elements that stick out of the window and lie in no box that scrolls by itself.
  tooWide() {
    const kept = (e) => {
      // Drawers, until they are opened.
      if (e.closest(".bd-sidebar-primary, .bd-sidebar-secondary")) return true;
      for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
        if (getComputedStyle(p).overflowX !== "visible") return true;
      }
      return false;
    };
    const width = document.scrollingElement.scrollWidth;
    const out = [...document.querySelectorAll("body *")].filter((e) => {
      const box = e.getBoundingClientRect();
      const beyond = box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
      return beyond && e.checkVisibility({ visibilityProperty: true }) && !kept(e);
    });
    const names = out.slice(0, 5).map((e) => `${e.tagName} ${e.className}`.slice(0, 80));
    return width > innerWidth ? [`the page: ${width} px`, ...names] : names;
  },

  // Code that is wider than its box: on paper the rest is lost.
  cutCode() {
    return [...document.querySelectorAll("pre")]
      .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map((e) => `code is cut: ${e.textContent.slice(0, 40)}`);
  },

  // Formulas whose beginning, top or foot cannot be seen, not even by scrolling.
  cutFormulas() {
    const cut = (e) => {
      const box = e.closest("div.math, .katex-display").getBoundingClientRect();
      return [...e.querySelectorAll(".base")].map((b) => b.getBoundingClientRect()).some(
        (b) => b.left < box.left - 1 || b.top < box.top - 1 || b.bottom > box.bottom + 2);
    };
    return [...document.querySelectorAll(".katex-display .katex-html")]
      .filter((e) => e.checkVisibility() && cut(e)).map((e) => `a formula is cut: ${e.textContent.slice(0, 40)}`);
  },

  // Marks elements whose own text holds the letter ⵟ, two of each kind, for the fonts to be asked.
  markLetters() {
    const kinds = {};
    for (const e of document.querySelectorAll("body *")) {
      if (!e.checkVisibility() || e.closest("svg, script, style, .katex-mathml")) continue;
      if (![...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.includes("ⵟ"))) continue;
      const kind = e.closest(".katex") ? "formula" : e.closest("pre, code") ? "code" : e.closest("h1, h2") ? "heading" : "";
      (kinds[kind] ??= []).push(e);
    }
    for (const all of Object.values(kinds)) for (const e of all.slice(0, 2)) e.dataset.letter = "";
    return [];
  },

  // Formulas and pictures that are on the page and have no extent.
  unseen() {
    const empty = (e) => { const r = e.getBoundingClientRect(); return r.width < 2 || r.height < 2; };
    const formulas = [...document.querySelectorAll("article .math")].filter((e) => {
      const drawn = e.querySelector(".katex-html");
      return !drawn || empty(drawn) || getComputedStyle(drawn).visibility !== "visible";
    });
    const pictures = [...document.querySelectorAll("article img")].filter((e) => empty(e) || !e.naturalWidth);
    const widgets = [...document.querySelectorAll("[data-nmn-widget]")].filter((e) => {
      const still = e.querySelector("img.nmn-still")?.getBoundingClientRect();
      return !still || still.width < 200 || still.height < 100;
    });
    return [...formulas.map((e) => `a formula: ${e.textContent.slice(0, 40)}`), ...pictures.map((e) => `a picture: ${e.alt}`),
      ...widgets.map((e) => `no picture for ${e.dataset.nmnWidget}`)];
  },

  // What leads around the site and has no place on paper.
  navigation() {
    const places = ".bd-header, .bd-sidebar-primary, .bd-sidebar-secondary, .header-article, .prev-next-footer, dialog";
    return [...document.querySelectorAll(places)]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height > 0)
      .map((e) => `${e.tagName} ${e.className}`.slice(0, 80));
  },

  // Text whose colour is too close to what is painted behind it.
  pale() {
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const linear = (v) => (v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = (e) => {
      for (; e; e = e.parentElement) {
        const colour = numbers(getComputedStyle(e).backgroundColor);
        if (colour.length < 4 || colour[3] > 0.5) return colour;
      }
      return [255, 255, 255];
    };
    const shown = { visibilityProperty: true, opacityProperty: true };
    return [...document.querySelectorAll("p, a, pre, code, h1, h2, th, td, summary, .katex, .katex [style*=color]")].filter((e) => {
      if (!e.checkVisibility(shown) || !e.textContent.trim()) return false;
      const pair = [luminance(numbers(getComputedStyle(e).color)), luminance(behind(e))];
      return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) < 4.4;
    }).map((e) => `${e.tagName} ${e.textContent.trim().slice(0, 40)}`).slice(0, 5);
  },
})
