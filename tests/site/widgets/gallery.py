"""All widgets on a page with no kernel, and one of them as Jupyter runs it."""

from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from nmn.widgets.kit import link
from nmn.widgets.kit.host import Widget as Made
from tests.site.reader import Widget
from tests.widgets.examples import KINDS, example

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Widgets</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="nmn-widgets.css">
<style>body {{ margin: 0 auto; padding: 1rem; max-width: 46rem; font-family: sans-serif; }}
h1 {{ height: 3rem; margin: 0; overflow: hidden; }}
html[data-theme=dark] {{ background: #14181e; color: #dfe4e8; }}</style>
<h1>Widgets</h1>{body}<p style="height: 60rem">The end.</p>
<script defer src="nmn-widgets.js"></script></html>"""


def write(folder: Path) -> None:
    """A site of two pages, light and dark, with every widget in its default state, and one that is empty."""
    (folder / "nmn-widgets.js").write_text(link.bundle(), "utf8")
    (folder / "nmn-widgets.css").write_text(link.stylesheet(), "utf8")
    body = "".join(example(name).static_html() for name in KINDS)
    for name, theme, held in (("light", "light", body), ("dark", "dark", body), ("empty", "light", "")):
        (folder / f"{name}.html").write_text(PAGE.format(theme=theme, body=held), "utf8")


def url(folder: Path, name: str = "light") -> str:
    """The address of a page of that site."""
    return (folder / f"{name}.html").as_uri()


LIVE = """async ([source, state]) => {
  // What anywidget does: the module from its text, a model that listens, and a clean-up at the end.
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const heard = new Map();
  globalThis.saved = [];
  globalThis.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; for (const f of heard.get(`change:${name}`) ?? []) f(); },
    save_changes: () => saved.push(structuredClone(state)),
    on: (names, f) => names.split(" ").forEach((n) => heard.set(n, [...(heard.get(n) ?? []), f])),
    off: (names, f) => names.split(" ").forEach((n) => heard.set(n, heard.get(n).filter((g) => g !== f))),
    count: () => [...heard.values()].flat().length,
  };
  const el = document.createElement("div");
  el.dataset.nmnWidget = "live";
  document.querySelector("h1").after(el);
  globalThis.end = module.default.render({ model, el });
}"""


def jupyter(page: Page, made: Made) -> Widget:
    """Runs a widget as anywidget does, above the others; `saved`, `model`, `end` are then global."""
    page.evaluate(LIVE, [link.esm(made.name), made.state()])
    return Widget(page, "live")


def leaves_nothing(page: Page, widget: Widget) -> None:
    """Ends what ``jupyter`` runs: nothing listens any more, and nobody paints what is wiped off."""
    page.evaluate("end()")
    assert page.evaluate("model.count()") == 0
    widget.canvas.evaluate("(c) => c.getContext('2d').clearRect(0, 0, c.width, c.height)")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.set_viewport_size({"width": 500, "height": 900})
    widget.settle()
    assert not np.any(widget.picture())
