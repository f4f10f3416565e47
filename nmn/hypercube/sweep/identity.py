"""What a cell is, as text: its name, its fixed settings, its code. Cells with the same text are the same."""

import dataclasses
import functools
import hashlib
import inspect
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import jax
import numpy as np

from nmn import sources

# Functions that took each other along would be written down for ever.
_DEEPEST = 30


def identity(cell: Callable) -> dict[str, str]:
    """``cell``, ``code``, and ``settings.NAME`` for all that a partial, an object or a closure carries.

    ``code`` is a hash of the module of the function and of all that this imports of this library and of its
    own folder (of its own package, where it is an installed one). Where no file holds it, as in a notebook,
    it is a hash of its own lines and of what they name. ValueError: a setting of which nobody can tell
    whether it is the same again.
    """
    told: dict[str, str] = {}
    _function(cell, "settings", told)
    name, code = told.pop("settings"), told.pop("settings.code")
    return {"cell": name, "code": code, **dict(sorted(told.items()))}


def portable(cell: Callable) -> bool:
    """Whether a worker finds its code by name, so that it may find another one."""
    return _parts(cell)[0].__module__ != "__main__"


def _function(cell: Any, name: str, told: dict[str, str]) -> None:
    function, settings = _parts(cell)
    told[name] = f"{function.__module__}.{function.__qualname__}"
    if others := name != "settings" and _others(function):
        told[name] += f" {_version(function)}".rstrip()
    for key, value in (settings | _taken(function)).items():
        _tell(f"{name}.{key}", value, told)
    # What others wrote has a version; what it took along, such as the rate of an optimizer, is told above.
    if not others:
        told[f"{name}.code"] = _hash(*_code(function, told))


def _parts(cell: Any) -> tuple[Any, dict[str, Any]]:
    """The function (or the class) that stands behind a cell, and what was fixed of it."""
    settings: dict[str, Any] = {}
    while isinstance(cell, functools.partial):
        settings = {str(i): value for i, value in enumerate(cell.args)} | cell.keywords | settings
        cell = cell.func
    cell = inspect.unwrap(cell)
    if inspect.ismethod(cell):
        return cell.__func__, _fields(cell.__self__) | settings
    if inspect.isroutine(cell) or isinstance(cell, type):
        return cell, settings
    return type(cell), _fields(cell) | settings


def _fields(thing: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(thing):
        return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}
    return dict(getattr(thing, "__dict__", {}))


def _taken(function: Any) -> dict[str, Any]:
    """What a function took along from where it was made."""
    if not inspect.isfunction(function):
        return {}
    defaults = {f"default{i}": value for i, value in enumerate(function.__defaults__ or ())}
    return {**inspect.getclosurevars(function).nonlocals, **defaults, **(function.__kwdefaults__ or {})}


def _tell(name: str, value: Any, told: dict[str, str]) -> None:
    """Write a value down to the last bit, with all that it holds. ValueError: it cannot be."""
    if name.count(".") > _DEEPEST:
        raise ValueError(f"cell must have settings that do not hold each other, got {name}")
    if isinstance(value, jax.Array | np.ndarray):
        array = np.asarray(value)
        told[name] = f"{array.dtype}{list(array.shape)} {_hash(array.tobytes().hex())}"
    elif isinstance(value, Mapping | list | tuple):
        told[name] = type(value).__name__
        for key, part in (value if isinstance(value, Mapping) else dict(enumerate(value))).items():
            _tell(f"{name}.{key}", part, told)
    elif callable(value):
        _function(value, name, told)
    elif dataclasses.is_dataclass(value):
        told[name] = type(value).__qualname__
        for key, part in _fields(value).items():
            _tell(f"{name}.{key}", part, told)
    else:
        told[name] = repr(value)
        if " at 0x" in told[name]:
            raise ValueError(f"cell must have settings that can be written down, got {name} = {value!r}")


def _others(function: Any) -> bool:
    """Whether this is Python's own, or of an installed package."""
    if function.__module__ == "__main__":
        return False
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    if not file:
        return not inspect.isfunction(function)
    installed = {"site-packages", "dist-packages"} & set(Path(file).parts)
    return bool(installed) or Path(file).is_relative_to(sysconfig.get_path("stdlib"))


def _version(function: Any) -> str:
    return getattr(sys.modules.get(function.__module__.partition(".")[0]), "__version__", "")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _code(function: Any, told: dict[str, str]) -> list[str]:
    module = sys.modules.get(function.__module__)
    file = getattr(module, "__file__", None)
    if not file:
        return _lines(function, told)
    if function.__module__ == "__main__":
        source = Path(file).read_text("utf8")
        return [source, sources.fingerprint(source, Path(file).resolve().parent)]
    return [_of_module(function.__module__)]


@functools.cache
def _of_module(name: str) -> str:
    """Looked up once: what was imported stays as it was, whatever is written to its file after."""
    top = name.partition(".")[0]
    if top == sources.LIBRARY:
        return sources.digest(name)
    package = sys.modules[top]
    inside = Path(package.__path__[0]) if hasattr(package, "__path__") else Path(str(package.__file__))
    folder = inside.resolve().parent
    installed = {"site-packages", "dist-packages"} & set(folder.parts)
    return sources.fingerprint(f"import {name}", folder, top if installed else None)


def _lines(function: Any, told: dict[str, str]) -> list[str]:
    """The lines of a function that no file holds; what they name beside goes to what is told."""
    try:
        own = inspect.getsource(function)
    except (OSError, TypeError):
        own = _compiled(function.__code__) if inspect.isfunction(function) else repr(function)
    parts = [own]
    names = inspect.getclosurevars(function).globals if inspect.isfunction(function) else {}
    for name, value in sorted(names.items()):
        if isinstance(value, ModuleType):
            parts.append(sources.fingerprint(f"import {value.__name__}"))
        elif f"global.{name}" not in told and value is not function:
            # Marked first: it may name this function in turn.
            told[f"global.{name}"] = ""
            _tell(f"global.{name}", value, told)
    return parts


def _compiled(code: CodeType) -> str:
    inner = [_compiled(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return repr((code.co_code, code.co_names, code.co_varnames, inner))
