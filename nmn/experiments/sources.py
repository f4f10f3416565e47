"""What a module of this package is made of: its own source and that of all modules it imports from here."""

import ast
import functools
import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

PACKAGE = __name__.partition(".")[0]


@functools.cache
def digest(module: str) -> str:
    """A hash that changes with any line that the module, or what it imports from here, holds."""
    needed = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in _needed(module).items()}
    return hashlib.sha256(repr(sorted(needed.items())).encode()).hexdigest()


def _needed(module: str) -> dict[str, Path]:
    """The modules and their files, packages on the way to them included."""
    found: dict[str, Path] = {}
    left = [module]
    while left:
        name = left.pop()
        if name not in found and (file := _file(name)):
            found[name] = file
            left += [name.rpartition(".")[0], *_imports(ast.parse(file.read_text("utf8")))]
    return found


def _file(name: str) -> Path | None:
    """Where a module lies; None for another package, and for what is no module."""
    if name.partition(".")[0] != PACKAGE:
        return None
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        # A name inside a module that is no package.
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _imports(tree: ast.Module) -> Iterator[str]:
    """Names that may be modules: in ``from a import b`` a is one, and a.b may be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
