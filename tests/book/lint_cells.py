"""Rules on the cells of a chapter: short, checking, the same on every machine, figures described."""

import ast
import re
from collections.abc import Iterator
from statistics import median
from typing import Any

from chapter import Cell, Chapter

NOT_IN_CELLS = {
    r"(?m)^\s*[%!]": "a magic or a shell command",
    r"\bpip\b": "pip",
    r"\b(import|from) (time|datetime|os|sys|platform|socket|subprocess|pathlib|warnings)\b": "the machine",
    r"\bopen\(|\bread_text\(|\bnp\.load\(|\bloadtxt\(": "a file",
    r"\bplt\b|pyplot|figsize|set_title": "plotting that belongs to nmn.figures",
}


def short_cells(chapter: Chapter) -> Iterator[str]:
    sizes = [len(cell.lines) for cell in chapter.cells if cell.visible]
    if sizes and median(sizes) > 5:
        yield f"the median visible cell has {median(sizes):g} lines, takes 5"
    long = [cell for cell in chapter.cells if len(cell.lines) > 15]
    yield from (f"{cell} has {len(cell.lines)} lines, takes 15" for cell in long)


def _tree(cell: Cell) -> ast.Module | None:
    try:
        return ast.parse(cell.source)
    except SyntaxError:  # a magic: another rule names it
        return None


def _last(body: list[ast.stmt]) -> ast.stmt:
    last = body[-1]
    inner: list[ast.stmt] | None = getattr(last, "body", None)
    return _last(inner) if inner and not isinstance(last, ast.FunctionDef | ast.ClassDef) else last


def checks_assert(chapter: Chapter) -> Iterator[str]:
    checking = [cell for cell in chapter.cells if re.search(r"(?m)^\s*assert\b", cell.source)]
    for cell in checking:
        tree = _tree(cell)
        if len(cell.lines) > 10:
            yield f"{cell} checks with {len(cell.lines)} lines, takes 10"
        # A counterexample may end by showing the error that it provokes.
        if tree and not isinstance(_last(tree.body), ast.Assert) and not isinstance(tree.body[-1], ast.Try):
            yield f"{cell} checks, and does not end in its assert"
    section = chapter.section("🧪")
    if section and not any(cell in checking for cell in section.cells):
        yield "no assert in the section of checks"


def honest_cells(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        for pattern, name in NOT_IN_CELLS.items():
            if re.search(pattern, cell.source):
                yield f"{cell} uses {name}"
        if {"raises-exception", "skip-execution"} & set(cell.metadata.get("tags", [])):
            yield f"{cell} may fail or be skipped"
    if "allow_errors" in chapter.text:
        yield "the chapter allows errors"


def _drawing_names(chapter: Chapter) -> set[str]:
    names = set()
    for tree in filter(None, map(_tree, chapter.cells)):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nmn"):
                inside = "figures" in (node.module or "")
                names |= {a.asname or a.name for a in node.names if inside or a.name == "figures"}
            if isinstance(node, ast.Import):
                names |= {a.asname for a in node.names if a.asname and "figures" in a.name}
    return names


def _draws(cell: Cell, names: set[str]) -> bool:
    tree = _tree(cell)
    if not tree or not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    value: ast.AST = tree.body[-1].value
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id in names


def _figure_faults(cell: Cell, shown: dict[str, Any]) -> Iterator[str]:
    alt, figure = (shown.get("image") or {}).get("alt", ""), shown.get("figure") or {}
    if len(str(alt).split()) < 5:
        yield f"{cell} draws a figure and has no alt text that says what is in it"
    if len(str(figure.get("caption", "")).split()) < 5:
        yield f"{cell} draws a figure and has no caption that says what to see"
    if not str(figure.get("name", "")).startswith("fig-"):
        yield f"{cell} draws a figure and has no name fig-…"


def figures_described(chapter: Chapter) -> Iterator[str]:
    names = _drawing_names(chapter)
    for cell in chapter.cells:
        shown = cell.metadata.get("mystnb") or {}
        if _draws(cell, names) or "figure" in shown or "image" in shown:
            yield from _figure_faults(cell, shown)
    for block in re.findall(r"\{(?:figure|image)\}.*\n((?:[ \t]*:[\w-]+:.*\n)*)", chapter.prose):
        if ":alt:" not in block:
            yield "a picture has no :alt:"
