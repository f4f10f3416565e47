"""Figures in the dark, and the substitutions that mend the theme: each of them is still needed."""

import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from accessible_theme import FIXES
from PIL import Image
from playwright.sync_api import Browser, Locator

from tests.site.visit import opened, settle

# A page with all that the substitutions are about: a search, a switch, a hidden cell, a bibliography.
SMALL = {
    "_toc.yml": "format: jb-book\nroot: index\n",
    "_config.yml": """title: Small
logo: logo.svg
execute: {execute_notebooks: "off"}
bibtex_bibfiles: [some.bib]
sphinx: {config: {html_context: {default_mode: auto}}}
""",
    "logo.svg": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>",
    "some.bib": "@article{some, author={A. Author}, title={Title}, journal={Journal}, year={2000}}\n",
    "index.md": """---
kernelspec: {name: python3, display_name: Python 3}
jupytext: {text_representation: {extension: .md, format_name: myst}}
---
# Small

Words {cite:p}`some`.

```{code-cell} ipython3
:tags: [hide-input]
1 + 1
```

```{bibliography}
```
""",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page as the theme makes it, with none of our substitutions."""
    folder = tmp_path_factory.mktemp("plain")
    for name, text in SMALL.items():
        (folder / name).write_text(text, "utf8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
    subprocess.run(
        command, cwd=folder, check=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True
    )
    return (folder / "_build" / "html" / "index.html").read_text("utf8")


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in FIXES])
def test_fix_is_needed(plain: str, pattern: str) -> None:
    assert re.search(pattern, plain)


def luminance(picture: Locator) -> np.ndarray:
    """How light each pixel of a picture is on the screen, from 0 to 255."""
    picture.scroll_into_view_if_needed()
    return np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("L"), float)


def figure_faults(browser: Browser, url: str) -> list[str]:
    """Figures that cannot be read in the dark theme: dark ink on dark, or a map without its paper."""
    faults = []
    with opened(browser, dark=True) as context:
        page = context.new_page()
        page.goto(url)
        settle(page)
        for picture in page.locator("article figure img").all():
            seen, name = luminance(picture), str(picture.get_attribute("src"))
            if name.endswith(".png"):
                # A map keeps its colours, and so the light paper under its dark ink.
                legible = np.median(seen[:, :3]) > 190
            else:
                # A sparse drawing has little ink: one pixel in a thousand is looked for.
                legible = np.median(seen) < 60 and np.percentile(seen, 99.9) > 150
            if not legible:
                faults.append(f"{name}: {np.percentile(seen, [0.1, 50, 99.9])}")
    return faults


def test_figures_in_the_dark(browser: Browser, home: str, name: str) -> None:
    assert figure_faults(browser, f"{home}/{name}") == []


def test_planted_dark_ink_is_found(browser: Browser, site: Path, tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'>"
    ink = f"{svg}<path fill='#333' d='M9 9h50v9h-50z'/></svg>"
    (tmp_path / "ink.svg").write_text(ink, "utf8")
    body = '<body style="background: #14181e"><article><figure><img src="ink.svg" alt=""></figure></article>'
    (tmp_path / "p.html").write_text(f"<!doctype html>{body}", "utf8")
    assert len(figure_faults(browser, (tmp_path / "p.html").as_uri())) == 1
