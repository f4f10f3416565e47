"""A small copy of the book to plant faults in: its settings, extensions and library; a chapter of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.limit import SECONDS

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "Makefile",
    "_config.yml",
    "requirements.txt",
    "nmn",
    "book/_ext",
    "book/_static",
    "book/claims.md",
    "book/references.bib",
    "book/references.md",
)
CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

(sec-small)=
# A small chapter

Read {ref}`sec-small`, {doc}`claims`, {cite:p}`goldberg1991` and {prf:ref}`thm-small`: $a^2 \\ge 0$.

:::{prf:theorem} Squares
:label: thm-small
No square is negative.
:::

```{claims} :chapter:
```

```{code-cell} ipython3
---
mystnb:
  image:
    alt: An empty frame with two axes.
  figure:
    caption: Nothing to see.
    name: fig-small
---
from nmn.figures.style import figure

figure()[0]
```
"""
TOC = """
format: jb-book
root: book/index
chapters: [{file: book/claims}, {file: book/references}]
"""
HEAD = CHAPTER[: CHAPTER.index("(sec-small)=")]
LEDGER = """
- id: g-small
  sources: [{seed: "000", where: "Title"}]
  claim: No square is negative.
  verdict: proved
  label: thm-small
"""
OWN = {
    "_toc.yml": TOC,
    "book/index.md": CHAPTER,
    "book/claims/000.yml": LEDGER,
    "tests/claims/test_seed_000.py": "def test_g_small():\n    assert 1 >= 0\n",
}


def write_book(target: Path, pages: dict[str, str] | None = None) -> Path:
    """Writes the small book to `target`; what npm fetched for the real one is not fetched again.

    `pages`: files that it has beside its own, or in their place, by path.
    """
    for name in COPIED:
        source, copied = ROOT / name, target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copied, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copied)
    for name, text in (OWN | (pages or {})).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, "utf8")
    fetched = ROOT / "_build" / "third_party"
    if fetched.exists():
        shutil.copytree(fetched, target / "_build" / "third_party")
    return target


def copy_book(book: Path, target: Path) -> Path:
    """A copy of a small book that was built, without its pages: what was fetched and executed is kept."""
    left_out = shutil.ignore_patterns("html", ".doctrees")
    return Path(shutil.copytree(book, target, symlinks=True, ignore=left_out))


def replace(path: Path, old: str, new: str) -> None:
    """Plants a fault: changes the first `old` in a file, which has to be there."""
    text = path.read_text("utf8")
    assert old in text, f"{path.name} does not contain {old!r}"
    path.write_text(text.replace(old, new, 1), "utf8")


def environment(book: Path, **variables: str) -> dict[str, str]:
    """This environment's programs, the copy's own library, and the given variables."""
    programs = Path(sys.executable).parent
    foreign = ("GITHUB_", "MAKE", "MFLAGS", "PYTEST_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    return environment | {"PYTHONPATH": str(book), "PYTHONDONTWRITEBYTECODE": "1", **variables}


def run(book: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in the copy."""
    setting = environment(book, **variables)
    return subprocess.run(command, cwd=book, env=setting, capture_output=True, text=True, timeout=SECONDS)


def make_book(book: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`make book` in the copy, by the Makefile itself; the environment is taken as installed."""
    return run(book, "make", "book", f"BIN={Path(sys.executable).parent}", "STAMP=", **variables)


def page(book: Path, name: str = "book/index") -> str:
    """A page that was built."""
    return (book / "_build" / "html" / f"{name}.html").read_text("utf8")
