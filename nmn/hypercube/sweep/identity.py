"""What a cell is, as text: its name, its fixed settings, its code. Cells with the same text are the same."""

import dataclasses
import functools
import hashlib
import importlib.util
import inspect
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
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
    own folder (of its own package, where it is an installed one); and of its own instructions, where that
    module has another function under its name or none, as for ``<lambda>``. Where no file holds it, as in a
    notebook, it is a hash of its own instructions and of what they name. ValueError: a setting of which
    nobody can tell whether it is the same again.
    """
    return _Account(cell).identity()


def files(cell: Callable) -> dict[str, str]:
    """The files of ours whose code a cell runs, by the path from where they are imported, with hashes."""
    return _Account(cell).files


def found(paths: Mapping[str, str]) -> dict[str, str]:
    """The hashes of those of the files that this process has, as they were when it first looked."""
    return {path: mine for path in paths if (mine := _hash_of(path))}


@functools.cache
def _hash_of(path: str) -> str:
    """Looked up once: what was imported stays as it was, whatever is written to its file after."""
    top = path.partition("/")[0]
    spec = importlib.util.find_spec(top.removesuffix(".py"))
    if spec is None:
        return ""
    inside = next(iter(spec.submodule_search_locations or [str(spec.origin)]))
    file = Path(inside).parent / path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


class _Account:
    """All that is told of a cell, and the files that its code is in."""

    def __init__(self, cell: Callable):
        self.told: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self._function(cell, "settings")

    def identity(self) -> dict[str, str]:
        told = dict(sorted(self.told.items()))
        return {"cell": told.pop("settings"), "code": told.pop("settings.code"), **told}

    def _function(self, cell: Any, name: str) -> None:
        function, settings = _parts(cell)
        self.told[name] = f"{function.__module__}.{function.__qualname__}"
        if others := name != "settings" and _others(function):
            self.told[name] += f" {_version(function)}".rstrip()
        for key, value in (settings | _taken(function)).items():
            self._tell(f"{name}.{key}", value)
        # What others wrote has a version; what it took along, such as an optimizer's rate, is told above.
        if not others:
            self.told[f"{name}.code"] = _hash(*self._code(function))
        elif not _has_its_name(function):
            self.told[f"{name}.code"] = _hash(*_instructions(function))

    def _tell(self, name: str, value: Any) -> None:
        """Write a value down to the last bit, with all that it holds. ValueError: it cannot be."""
        if name.count(".") > _DEEPEST:
            raise ValueError(f"cell must have settings that do not hold each other, got {name}")
        if isinstance(value, jax.Array | np.ndarray):
            self.told[name] = _array(name, value)
        elif isinstance(value, Mapping | list | tuple):
            self.told[name] = type(value).__name__
            for key, part in (value if isinstance(value, Mapping) else dict(enumerate(value))).items():
                self._tell(f"{name}.{key}", part)
        elif isinstance(value, ModuleType):
            self.told[name] = f"module {value.__name__}"
        elif callable(value):
            self._function(value, name)
        elif dataclasses.is_dataclass(value):
            self.told[name] = type(value).__qualname__
            for key, part in _fields(value).items():
                self._tell(f"{name}.{key}", part)
        else:
            self.told[name] = _written(value)
            if " at 0x" in self.told[name] and not isinstance(value, str):
                raise ValueError(f"cell must have settings that can be written down, got {name} = {value!r}")

    def _code(self, function: Any) -> list[str]:
        name = _module(function)
        file = getattr(sys.modules.get(name), "__file__", None)
        if not file:
            return self._unfiled(function)
        if name != "__main__":
            held = _of_module(name)
            parts = [repr(sorted(held.items()))]
        else:
            source = Path(file).read_text("utf8")
            held = sources.held(source, Path(file).resolve().parent)
            parts = [source, repr(sorted(held.items()))]
        self.files |= held
        return parts if _has_its_name(function) else [*parts, *_instructions(function)]

    def _unfiled(self, function: Any) -> list[str]:
        """The code of a function that no file holds; what it names beside goes to what is told."""
        parts = _instructions(function) or [repr(function)]
        for name, value in sorted(_named(function).items()):
            if isinstance(value, ModuleType):
                if value.__name__.partition(".")[0] == sources.LIBRARY or not _others(value):
                    held = _of_module(value.__name__)
                    self.files |= held
                    parts.append(repr(sorted(held.items())))
            elif f"global.{name}" not in self.told and value is not function:
                # Marked first: it may name this function in turn.
                self.told[f"global.{name}"] = ""
                self._tell(f"global.{name}", value)
        return parts


def _parts(cell: Any) -> tuple[Any, dict[str, Any]]:
    """The function (or the class) that stands behind a cell, and what was fixed of it."""
    settings: dict[str, Any] = {}
    while True:
        if isinstance(cell, functools.partial):
            settings = {str(i): value for i, value in enumerate(cell.args)} | cell.keywords | settings
            cell = cell.func
        # As of jit. One that is written in Python computes something of its own, and holds what it wraps.
        elif not inspect.isfunction(cell) and hasattr(cell, "__wrapped__"):
            cell = cell.__wrapped__
        else:
            break
    if inspect.ismethod(cell):
        return cell.__func__, _fields(cell.__self__) | settings
    if inspect.isroutine(cell) or isinstance(cell, type):
        return cell, settings
    return type(cell), _fields(cell) | settings


def _fields(thing: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(thing):
        return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}
    slots = (vars(kind).get("__slots__", ()) for kind in type(thing).__mro__)
    names = (name for some in slots for name in ([some] if isinstance(some, str) else some))
    return {name: getattr(thing, name) for name in names if hasattr(thing, name)} | getattr(
        thing, "__dict__", {}
    )


def _taken(function: Any) -> dict[str, Any]:
    """What a function, or the functions of a class of ours, took along from where they were made."""
    taken: dict[str, Any] = {}
    for one in _functions(function):
        mark = "" if one is function else f"{one.__name__}."
        defaults = {f"default{i}": value for i, value in enumerate(one.__defaults__ or ())}
        along = {**inspect.getclosurevars(one).nonlocals, **defaults, **(one.__kwdefaults__ or {})}
        # A method that names super() holds its class.
        taken |= {f"{mark}{name}": value for name, value in along.items() if name != "__class__"}
    return taken


def _array(name: str, value: Any) -> str:
    if jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        return f"{value.dtype}{list(value.shape)} {_array(name, jax.random.key_data(value))}"
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise ValueError(f"cell must have settings that can be written down, got {name} = {value!r}")
    return f"{array.dtype}{list(array.shape)} {_hash(array.tobytes().hex())}"


def _written(value: Any) -> str:
    """``repr``, in one order."""
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__} {sorted(map(_written, value))}"
    return repr(value)


def _module(function: Any) -> str:
    """Where the code is, and not where that is which it wraps."""
    return function.__globals__["__name__"] if inspect.isfunction(function) else function.__module__


def _others(function: Any) -> bool:
    """Whether this, or this module, is Python's own, or of an installed package."""
    name = function.__name__ if isinstance(function, ModuleType) else _module(function)
    if name == "__main__":
        return False
    file = getattr(sys.modules.get(name), "__file__", None)
    if not file:
        return not inspect.isfunction(function)
    installed = {"site-packages", "dist-packages"} & set(Path(file).parts)
    return bool(installed) or Path(file).is_relative_to(sysconfig.get_path("stdlib"))


def _version(function: Any) -> str:
    return getattr(sys.modules.get(_module(function).partition(".")[0]), "__version__", "")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@functools.cache
def _of_module(name: str) -> dict[str, str]:
    """Looked up once: what was imported stays as it was, whatever is written to its file after."""
    top = name.partition(".")[0]
    if top == sources.LIBRARY:
        return sources.held(f"import {name}")
    package = sys.modules[top]
    inside = Path(package.__path__[0]) if hasattr(package, "__path__") else Path(str(package.__file__))
    folder = inside.resolve().parent
    installed = {"site-packages", "dist-packages"} & set(folder.parts)
    return sources.held(f"import {name}", folder, top if installed else None)


def _has_its_name(function: Any) -> bool:
    """Whether this, jitted perhaps, is what its module has under its name."""
    found: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is not None and _parts(found)[0] is function


def _functions(function: Any) -> list[Any]:
    """A function, or the methods of a class of ours that a call of it may run."""
    own = [function]
    if isinstance(function, type):
        ours = [kind for kind in function.__mro__ if kind is not object and not _others(kind)]
        named = [pair for kind in ours for pair in sorted(vars(kind).items())]
        own = [one for name, one in named if name == "__call__" or not name.startswith("__")]
        # As of a staticmethod, of a property, of a module of Equinox.
        own = [getattr(one, "__func__", getattr(one, "fget", getattr(one, "method", one))) for one in own]
    return [one for one in own if inspect.isfunction(one)]


def _nested(code: CodeType) -> Iterator[CodeType]:
    """A piece of code, and those inside of it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _nested(one)


def _named(function: Any) -> dict[str, Any]:
    """The globals that a function, or one inside of it, names."""
    found: dict[str, Any] = {}
    for one in _functions(function):
        names = {name for code in _nested(one.__code__) for name in code.co_names}
        found |= {name: one.__globals__[name] for name in names if name in one.__globals__}
    return found


def _instructions(function: Any) -> list[str]:
    return [_compiled(one.__code__) for one in _functions(function)]


def _compiled(code: CodeType) -> str:
    def told(one: Any) -> str:
        return _compiled(one) if isinstance(one, CodeType) else _written(one)

    return repr((code.co_code, code.co_names, code.co_varnames, list(map(told, code.co_consts))))
