"""The files of ours that a piece of code imports, at once or later: read from the sources, nothing is run.

What a chapter prints, and what an experiment finds, is kept for as long as these stay as they are.

A package counts with its `__init__`, an import inside a function as one outside, a string that spells
a module of the library as an import of it. Where a name is computed, or code is made from text,
nobody can tell: then every module of the library counts. So it does for who takes a name from the
library's front, `import nmn` or `from nmn import yat`, which loads what it offers when it is asked.
"""

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("diffrax", "equinox", "jax", "jaxlib", "numpy", "optax", "scipy")
LIBRARY = __name__.partition(".")[0]
# Called with the full name itself, they are as good as an import; else they may import anything.
IMPORTERS = {"import_module", "__import__"}
UNFORESEEABLE = {"iter_modules", "walk_packages", "run_module", "run_path"}
FROM_TEXT = {"exec", "eval", "compile"}


@dataclass
class Imports:
    """What one source imports, by dotted name, and whether these names are all."""

    names: set[str] = field(default_factory=set)
    complete: bool = True


@dataclass(frozen=True)
class Closure:
    """All that some code imports, directly or not: files of ours, and names of modules of others."""

    files: frozenset[Path]
    foreign: frozenset[str]


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _may_import(node: ast.AST) -> bool:
    """Whether this names something that may import what no line names."""
    from_text = isinstance(node, ast.Name) and node.id in FROM_TEXT
    return from_text or _name(node) in UNFORESEEABLE | IMPORTERS


def _names_a_module(call: ast.AST) -> bool:
    """Whether this is a call such as `import_module("a.b")`."""
    if not isinstance(call, ast.Call) or _name(call.func) not in IMPORTERS or len(call.args) != 1:
        return False
    given = call.args[0]
    return isinstance(given, ast.Constant) and isinstance(given.value, str)


def imports(source: str, package: str = "") -> Imports:
    """What a source imports; `package` is the one in which its relative imports start."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a magic of IPython, which may import
        return Imports(complete=False)
    calls = [node for node in nodes if isinstance(node, ast.Call) and _names_a_module(node)]
    clear = {call.func for call in calls}
    found = Imports({call.args[0].value for call in calls})  # type: ignore[attr-defined]
    dotted = {node.value for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        # As after `import nmn.arguments`, which binds the front, too.
        if isinstance(node, ast.Attribute) and _name(node.value) == LIBRARY:
            found.names.add(f"{LIBRARY}.{node.attr}")
        if isinstance(node, ast.Name) and node.id == LIBRARY and node not in dotted:
            found.names.add(LIBRARY)
        if isinstance(node, ast.Import):
            found.names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            found.names |= {f"{module}.{alias.name}" for alias in node.names}
            # Alone, the name of the library is its front.
            found.names |= {module} - {LIBRARY}
            # Under another name it is not recognised.
            found.complete &= not any(alias.asname and alias.name in IMPORTERS for alias in node.names)
        elif isinstance(node, ast.Constant) and str(node.value).startswith(f"{LIBRARY}."):
            found.names.add(str(node.value))
        elif node not in clear and _may_import(node):
            found.complete = False
    return found


def _file(name: str, root: Path, beside: Path | None) -> Path | None:
    # Beside the library may lie whatever else is installed.
    folder = root if name.split(".")[0] == LIBRARY else beside
    if not folder:
        return None
    path = folder.joinpath(*name.split("."))
    files = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((file for file in files if file.is_file()), None)


def _only_in_front(name: str, root: Path) -> bool:
    """Whether this is `nmn.something` that is no module."""
    return name.rpartition(".")[0] == LIBRARY and _file(name, root, None) is None


def _with_parents(names: Iterable[str]) -> set[str]:
    split = (name.split(".") for name in names if name)
    return {".".join(parts[: length + 1]) for parts in split for length in range(len(parts))}


@cache
def _imports_of(file: Path, name: str, _changed: int) -> Imports:
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    return imports(file.read_text("utf8"), package)


def library(root: Path) -> set[str]:
    """The names of all modules of the library."""
    files = (file.relative_to(root).with_suffix("") for file in (root / LIBRARY).rglob("*.py"))
    return {".".join(file.parts).removesuffix(".__init__") for file in files}


def closure(
    sources: Iterable[str], root: Path, beside: Path | None = None, only: str | None = None
) -> Closure:
    """What some code imports: of the library, which lies in `root`, and of the folder `beside` the code.

    Of that folder counts the package `only`, where it is given: others may be installed there.
    """
    files: set[Path] = set()
    foreign: set[str] = set()
    seen: set[str] = set()
    waiting = [imports(source) for source in sources]
    while waiting:
        found = waiting.pop()
        front = any(name == LIBRARY or _only_in_front(name, root) for name in found.names)
        names = found.names | library(root) if front or not found.complete else found.names
        for name in _with_parents(names) - seen:
            seen.add(name)
            folder = beside if only in (None, name.split(".")[0]) else None
            if file := _file(name, root, folder):
                files.add(file)
                # The front imports nothing by itself.
                if name != LIBRARY:
                    waiting.append(_imports_of(file, name, file.stat().st_mtime_ns))
            elif not _file(name.split(".")[0], root, folder):
                foreign.add(name)
    return Closure(frozenset(files), frozenset(foreign))


@cache
def digest(module: str) -> str:
    """A hash that changes with any line of the library that a module of it holds, or imports."""
    return fingerprint(f"import {module}")


def fingerprint(source: str, beside: Path | None = None, only: str | None = None) -> str:
    """A hash that changes with any line of ours that a source imports: see `closure`."""
    return hashlib.sha256(repr(sorted(held(source, beside, only).items())).encode()).hexdigest()


def held(source: str, beside: Path | None = None, only: str | None = None) -> dict[str, str]:
    """The files of ours that a source imports, by the path from where they are imported, with hashes."""
    root = Path(__file__).parents[1]
    found = {}
    for file in closure([source], root, beside, only).files:
        home = root if beside is None or file.is_relative_to(root / LIBRARY) else beside
        found[file.relative_to(home).as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def versions() -> dict[str, str]:
    """Of the packages that the library computes with: what they are decides about last digits."""
    return {name: version(name) for name in PACKAGES}
