"""The substitutions that mend the theme: each of them is still needed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from accessible_theme import FIXES

from tests.site.patience import SECONDS

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
        command, cwd=folder, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL, capture_output=True
    )
    return (folder / "_build" / "html" / "index.html").read_text("utf8")


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in FIXES])
def test_fix_is_needed(plain: str, pattern: str) -> None:
    assert re.search(pattern, plain)
