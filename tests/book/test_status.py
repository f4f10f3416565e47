"""The status page says what ran, and says the same after every build."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from execution_status import PACKAGES, counted

from tests.limit import SECONDS

ROOT = Path(__file__).parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_nb", "execution_status"]
html_theme = "basic"
root_doc = "status"
exclude_patterns = ["jupyter_execute"]
"""
NOTEBOOK = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# A page with code

```{code-cell} ipython3
a = 1
```

```{code-cell} ipython3
for n in range(2):
    assert n < 2
assert a == 1
```
"""
STATUS = "# Status\n\n```{pages-that-ran}\n```\n\n```{versions}\n```\n\n```{toctree}\npage\nsilent\n```\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The status page of two builds of one book, each from nothing."""
    root = tmp_path_factory.mktemp("book")
    pages = {
        "conf.py": CONF,
        "status.md": STATUS,
        "page.md": NOTEBOOK,
        "silent.md": "# A page without code\n",
    }
    for name, text in pages.items():
        (root / name).write_text(text, "utf-8")
    return [_build(root, root / name) for name in ("one", "two")]


def _build(root: Path, out: Path) -> str:
    command = [sys.executable, "-m", "sphinx", "-E", "-n", "-W", "-q", str(root), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return (out / "status.html").read_text("utf-8")


def test_the_page_that_ran_is_listed_with_its_checks(built: list[str]) -> None:
    body = built[0].split("Outcome")[1].split("</table>")[0]
    cells = [part.split("</p>")[0] for part in body.split("<td><p>")[1:]]
    assert 'href="page.html"' in cells[0]
    assert cells[1:] == ["2", "2", "ran"]


def test_every_version_is_the_one_that_ran(built: list[str]) -> None:
    assert all(f"<p>{name}</p></td>\n<td><p>{version(name)}</p>" in built[0] for name in PACKAGES)


def test_two_builds_give_the_same_page(built: list[str]) -> None:
    assert built[0] == built[1]


def test_only_assertions_in_cells_are_counted() -> None:
    prose = "assert nothing\n\n```python\nassert 1\n```\n"
    assert counted(prose) == (0, 0)
    assert counted(prose + "```{code-cell} ipython3\nassert 1\nasserted = 2\n```\n") == (1, 1)
