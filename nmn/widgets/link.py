"""Joins the JavaScript of the widgets: one module each for anywidget, one classic script for the site.

A widget NAME.js imports what it shares with the others from SHARED files. Jupyter wants one
self-contained module a widget, so there the shared text goes in front; the site's script holds each
file once, as a function, and needs neither `import()` nor a server: it runs from file:// too.
"""

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
# Each imports only from those before it.
SHARED = ("kit", "sheet", "scene", "plot", "product", "nlgp", "sound", "sphere")
_HOST = "host"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const )", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DECLARED = re.compile(r"^export (?:async function|function|const) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def names() -> tuple[str, ...]:
    """The widgets: every JavaScript file here that is not shared, in alphabetical order."""
    return tuple(sorted(path.stem for path in HERE.glob("*.js") if path.stem not in (*SHARED, _HOST)))


def stylesheet() -> str:
    """The CSS of all widgets."""
    return (HERE / "widget.css").read_text("utf8")


def esm(name: str) -> str:
    """Widget `name` as one self-contained ES module with `export default { render }`.

    ValueError: no such widget.
    """
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}; got {name!r}")
    shared = [_EXPORT.sub("", _IMPORT.sub("", _source(part))) for part in needed(name)]
    return "\n".join([*shared, _IMPORT.sub("", _source(name))])


def needed(name: str) -> tuple[str, ...]:
    """The SHARED files that NAME.js imports, and those that these import, in the order of SHARED."""
    found: set[str] = set()
    open_ends = [name]
    while open_ends:
        imported = {part for _, part in _IMPORT.findall(_source(open_ends.pop()))}
        open_ends += imported - found
        found |= imported
    return tuple(part for part in SHARED if part in found)


def bundle() -> str:
    """The host and all widgets as one classic script, for pages without a kernel."""
    shared = "\n".join(f"shared.{part} = {as_function(_source(part))}();" for part in SHARED)
    widgets = "\n".join(
        f"nmnWidgets.register({json.dumps(name)}, {as_function(_source(name))});" for name in names()
    )
    return f'(() => {{\n"use strict";\n{_source(_HOST)}\nconst shared = {{}};\n{shared}\n{widgets}\n}})();\n'


def as_function(source: str) -> str:
    """The text of a module as a function that returns its default export, or else its named ones.

    ValueError: an import or export that is not written as the files here write them.
    """
    exported = [] if _DEFAULT.search(source) else _DECLARED.findall(source)
    body = _DEFAULT.sub("return ", _EXPORT.sub("", _IMPORT.sub(r"const {\1} = shared.\2;\n", source)))
    if left := _LEFT.search(body):
        raise ValueError(f"source must import and export as the other files here do; got {left.group()!r}")
    returned = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f"(() => {{\n{body}{returned}}})"


def _source(name: str) -> str:
    return (HERE / f"{name}.js").read_text("utf8")
