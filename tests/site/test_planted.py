"""The tour of a page finds each kind of fault: all are planted in copies of one page of the site."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.site.guest import Guest
from tests.site.server import serving
from tests.site.tour import Guests, report, tour
from tests.site.visit import opened

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><path fill="{}" d="M0 0h99v99z"/></svg>'
FORMULA = """<div class="math"><span class="katex-display"><span class="katex" {}>
<span class="katex-html" aria-hidden="true"><span class="base">a = b</span></span></span></span></div>"""
# What is put into a page, and what the tour then says. Each is looked for by words that no other one brings.
PLANTED = {
    "links: no file for gone-page.html": '<a href="gone-page.html">a page that is not there</a>',
    "pictures: mute.svg has the words 'mute.svg'": '<img src="mute.svg" alt="mute.svg">',
    "formulas: bare TeX": "<p>\\frac12</p>",
    "headings: h5 follows h": "<h5>Deep</h5>",
    "icons: no shape for fa-unheard-of": '<i class="fa-solid fa-unheard-of"></i>',
    "said and asked: asked https://example.org/x.png": '<img src="https://example.org/x.png" alt="">',
    "said and asked: console: ouch": "<script>console.error('ouch')</script>",
    "said and asked: page error: lost": "<script>throw new Error('lost')</script>",
    "said and asked: 404": '<link rel="stylesheet" href="gone.css">',
    "said and asked: asked https://example.org/late": "<script>setTimeout(() => "
    "fetch('https://example.org/late'), 300)</script>",
    "said and asked: asked https://example.org/click": "<script>addEventListener('click', () => "
    "navigator.sendBeacon('https://example.org/click'))</script>",
    "said and asked in the dark: asked https://example.org/night": "<script>if (matchMedia("
    "'(prefers-color-scheme: dark)').matches) fetch('https://example.org/night')</script>",
    "letters: ⵟ drawn by": '<pre style="font-family: monospace">ⵟ</pre>',
    "width, 390 px: the page: ": '<p style="width: 500px">wide</p>',
    "width, 390 px: DIV out": '<div class="out" style="position: relative; left: -40px">out</div>',
    "width, 390 px: a formula is cut: a = b": FORMULA.format("").replace(
        "a = b", '<span class="base" style="position: relative; left: -300px">a = b</span>'
    ),
    "paper: ASIDE bd-header": "<style>@media print { .bd-header.stays { display: block !important } }</style>"
    '<aside class="bd-header stays" style="height: 9px">menu</aside>',
    "paper: TD pale on paper": "<style>@media print { .print { color: #bbb !important } }</style>"
    '<table><tr><td class="print">pale on paper</td></tr></table>',
    "paper: code is cut: a very": "<style>@media print { pre.wide { width: 90px; white-space: pre } }</style>"
    '<pre class="wide">a very long line that does not fit</pre>',
    "paper: the page: ": '<style>@media print { .broad { width: 900px } }</style><p class="broad">broad</p>',
    "figures in the dark: dark-ink.svg": '<figure><img src="dark-ink.svg" alt="ink that is dark in the dark"'
    ' style="filter: none !important"></figure>',
    "figures in the dark: map.png": '<figure><img src="map.png" alt="a map without light paper"></figure>',
    "axe, light, 1280 px: image-alt": '<img src="mute.svg">',
    "axe, light, 390 px: label": "<input>",
    "axe, light, 390 px: button-name": "<button></button>",
    "axe, light, 1280 px: link-name": '<a href="search.html"></a>',
    "axe, light, 1280 px: color-contrast at .pale-day": '<p class="pale-day" style="color: #999">pale</p>',
    "pale in the dark: SPAN dull": FORMULA.format('style="color: #444"').replace("a = b", "dull"),
    "axe, light, 1280 px: aria-hidden-focus": FORMULA.format("").replace("a = b", '<a href="#">a</a>'),
    "pale in the dark: B dim": FORMULA.format("").replace("a = b", '<b style="color: #444">dim</b>'),
    "axe, light, 1280 px: color-contrast at .zz": "<style>.zz { color: #999 !important }</style>"
    '<pre><span class="zz">+</span> <span class="zz">pale</span> <span class="zz">-</span></pre>',
    "axe, light, 390 px: color-contrast at .narrow": "<style>@media (max-width: 400px) "
    '{ .narrow { color: #999 } }</style><p class="narrow">pale</p>',
    "axe, dark, 1280 px: color-contrast at .pale-by-night": "<style>[data-theme=dark] .pale-by-night "
    '{ color: #555 }</style><p class="pale-by-night">pale</p>',
    "axe, dark, 390 px: color-contrast at .narrow-night": "<style>@media (max-width: 400px) "
    '{ [data-theme=dark] .narrow-night { color: #555 } }</style><p class="narrow-night">pale</p>',
    "scripts off: a formula: gone": '<div class="math" style="display: none">'
    '<span class="katex-html">gone</span></div>',
    "scripts off: a formula: bare": '<div class="math">bare</div>',
    "scripts off: no picture for mute": '<div data-nmn-widget="mute"></div>',
    "scripts off: a picture: that is not there": '<img src="gone.png" alt="that is not there">',
    "scripts off, in the dark: H2 pale heading": '<h2 style="color: #aaa">pale heading</h2>',
}
# Faults that change what the other looks see: on a page of their own.
STUCK = {
    "switch: the switch never leads to dark": "<script>new MutationObserver(() => { const { dataset } = "
    "document.documentElement; if (dataset.theme === 'dark') dataset.theme = 'light'; })"
    ".observe(document.documentElement, { attributeFilter: ['data-theme'] })</script>",
    "theme: light in the dark": "",
    "search: the search stays open": "<script>addEventListener('keydown', (event) => { "
    "if (event.key !== 'Escape') return; event.preventDefault(); "
    "event.stopImmediatePropagation(); }, true)</script>",
    "weight: a first visit: ": "<script>fetch(`noise.bin?${Math.random()}`)</script>",
    "weight: the next visit: ": "",
}


@pytest.fixture(scope="module")
def planted(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, and beside its pages two with faults."""
    folder = tmp_path_factory.mktemp("planted")
    for entry in site.iterdir():
        (folder / entry.name).symlink_to(entry)
    for name, ink in (("mute", "#0072b2"), ("dark-ink", "#333")):
        (folder / f"{name}.svg").write_text(SVG.format(ink), "utf8")
    Image.new("RGB", (99, 99), "#333").save(folder / "map.png")
    (folder / "noise.bin").write_bytes(np.random.default_rng(0).bytes(1_000_000))
    text = (site / "genindex.html").read_text("utf8")
    assert text.count("</article>") == 1
    for name, faults in (("planted", PLANTED), ("stuck", STUCK)):
        body = "\n".join(faults.values())
        (folder / f"{name}.html").write_text(text.replace("</article>", f"{body}</article>"), "utf8")
    return folder


@pytest.mark.parametrize(("page", "faults"), [("planted", PLANTED), ("stuck", STUCK)])
def test_every_planted_fault_is_found(
    guests: Guests, planted: Path, axe: str, page: str, faults: dict[str, str]
) -> None:
    seen = report(tour(guests, planted, f"{page}.html", axe))
    unseen = [fault for fault in faults if not any(line.startswith(fault) for line in seen)]
    assert unseen == [], "\n".join(seen)


@pytest.mark.parametrize("compressible", [False, True])
def test_bytes_are_counted(browser: Browser, tmp_path: Path, compressible: bool) -> None:
    """A picture counts in full, a text as it is sent; both once."""
    (tmp_path / "big.js").write_bytes(b"/" * 300_000)
    noise = np.random.default_rng(0).integers(0, 256, (256, 400, 3), "uint8")
    Image.fromarray(noise).save(tmp_path / "big.png")
    load = '<script src="big.js"></script>' if compressible else '<img src="big.png" alt="">'
    (tmp_path / "p.html").write_text(f'<!doctype html><link rel="icon" href="data:,">{load}', "utf8")
    weights = []
    with serving(tmp_path) as home, opened(browser) as context:
        guest = Guest(context)
        for _ in range(2):
            guest.open(home, "p.html")
            guest.served()
            weights.append(guest.transferred)
    first, then = weights
    assert (first < 5_000) if compressible else (300_000 < first < 320_000)
    assert then < 1000
