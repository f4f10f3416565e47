"""Joins the JavaScript of the widgets: one module each for anywidget, one classic script for the site.

A widget is the folder NAME of nmn/widgets, with its module NAME.js; what it shares with the others it
imports from the files of kit/. Jupyter wants one self-contained module a widget, so there the shared text
goes in front; the site's script holds each file once, as a function, and needs neither `import()` nor a
server: it runs from file:// too.
"""

import json
import re
from pathlib import Path

KIT = Path(__file__).parent
# Runs the site's script, and is imported by nobody.
_HOST = KIT / "host.js"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(?:\./|\.\./kit/)(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const )", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DECLARED = re.compile(r"^export (?:async function|function|const) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def names() -> tuple[str, ...]:
    """The widgets: every folder beside the kit that holds a module, in alphabetical order."""
    return tuple(sorted(path.stem for path in KIT.parent.glob("*/*.js") if path.parent != KIT))


def stylesheet() -> str:
    """The CSS of all widgets."""
    return (KIT / "widget.css").read_text("utf8")


def esm(name: str) -> str:
    """Widget `name` as one self-contained ES module with `export default { render }`.

    ValueError: no such widget.
    """
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}; got {name!r}")
    shared = [_EXPORT.sub("", _IMPORT.sub("", _shared(part))) for part in needed(_module(name))]
    return "\n".join([*shared, _IMPORT.sub("", _module(name))])


def needed(*sources: str) -> tuple[str, ...]:
    """The files of the kit that modules import, and those that these import, each after what it needs.

    ValueError: files of the kit that import each other in a circle.
    """
    found: dict[str, bool] = {}

    def visit(source: str) -> None:
        for _, part in _IMPORT.findall(source):
            if part not in found:
                found[part] = False
                visit(_shared(part))
                # Taken out and put in again: after what it needs.
                found[part] = not found.pop(part)
            elif not found[part]:
                raise ValueError(f"{part}.js must not import itself, not by way of others either")

    for source in sources:
        visit(source)
    return tuple(found)


def bundle() -> str:
    """The host and all widgets as one classic script, for pages without a kernel."""
    modules = {name: _module(name) for name in names()}
    parts = needed(*modules.values())
    shared = "\n".join(f"shared.{part} = {as_function(_shared(part))}();" for part in parts)
    widgets = "\n".join(
        f"nmnWidgets.register({json.dumps(name)}, {as_function(source)});" for name, source in modules.items()
    )
    host = _HOST.read_text("utf8")
    return f'(() => {{\n"use strict";\n{host}\nconst shared = {{}};\n{shared}\n{widgets}\n}})();\n'


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


def _module(name: str) -> str:
    return (KIT.parent / name / f"{name}.js").read_text("utf8")


def _shared(part: str) -> str:
    return (KIT / f"{part}.js").read_text("utf8")
