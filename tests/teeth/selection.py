"""The tests that could notice a change, the cheap files first.

In a function: those that run a line of the statement. A default of a function: those that run its body. On
the level of a module or a class, where lines run at import: those that run any function of the module, or
of one that imports it. Where nothing of a module was seen to run (it runs in a process that was not
recorded): the tests of the files that name it. JavaScript is not recorded: every test of a widget counts,
if it names one of the widgets that need the file, or none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tree_sitter import Node

from tests.teeth import tree
from tests.teeth.changes import Change
from tests.teeth.grammar import grammar_of
from tests.teeth.recording import Recording

_FUNCTION, _BLOCKS = "function_definition", {"block", "module"}
_JS_IMPORT = re.compile(r'from "(\.[^"]+)"')


def select(change: Change, recording: Recording) -> list[str]:
    """The tests to run, in the order to run them."""
    chosen = _of_widgets(change, recording) if change.file.endswith(".js") else _of_lines(change, recording)
    return in_order(chosen, recording.seconds)


def in_order(tests: Iterable[str], seconds: dict[str, float]) -> list[str]:
    """Files by what they cost, and so the tests of each: a file stays together, for it shares fixtures."""
    cost: dict[str, float] = defaultdict(float)
    chosen = set(tests)
    for test in chosen:
        cost[test.split("::")[0]] += seconds[test]
    return sorted(chosen, key=lambda test: (cost[file := test.split("::")[0]], file, seconds[test], test))


def _of_lines(change: Change, recording: Recording) -> set[str]:
    ran = recording.tests.get(change.file, {})
    source = (recording.root / change.file).read_bytes()
    root = grammar_of(change.file).parser().parse(source).root_node
    if not any(ran.get(line) for line in bodies(root)):
        return _naming(change.file, recording)
    node = root.descendant_for_byte_range(change.start, max(change.start, change.end - 1))
    lines = lines_of(node) if node else None
    if lines is not None:
        return set().union(*(ran.get(line, set()) for line in lines))
    files = [change.file, *importers(change.file, recording.root)]
    return set().union(*(_any_function(file, recording) for file in files))


def _any_function(file: str, recording: Recording) -> set[str]:
    ran = recording.tests.get(file, {})
    root = grammar_of(file).parser().parse((recording.root / file).read_bytes()).root_node
    return set().union(*(ran.get(line, set()) for line in bodies(root)))


def bodies(node: Node) -> set[int]:
    """The lines in the bodies of functions."""
    found: set[int] = set()
    for child in node.children:
        body = child.child_by_field_name("body") if child.type == _FUNCTION else None
        found |= _span(body) if body else bodies(child)
    return found


def _span(node: Node) -> set[int]:
    return set(range(node.start_point[0] + 1, node.end_point[0] + 2))


def lines_of(node: Node) -> set[int] | None:
    """The lines that run when this node does; None for what runs at import, on no function's behalf."""
    above = [node]
    while above[-1].parent:
        above.append(above[-1].parent)
    if any(one.type == "block" and one.parent and one.parent.type == _FUNCTION for one in above):
        statement = next(one for one in above if one.parent and one.parent.type in _BLOCKS)
        compound = statement.child_by_field_name("body") or statement.child_by_field_name("consequence")
        return _span(node) | (_span(statement) if not compound else {statement.start_point[0] + 1})
    for one in above:
        function = one.child_by_field_name("definition") if one.type == "decorated_definition" else one
        if function and function.type == _FUNCTION and (body := function.child_by_field_name("body")):
            return _span(body)
    return None


def importers(file: str, root: Path) -> list[str]:
    """The files of the library that import this one."""
    path = PurePosixPath(file).with_suffix("")
    parts = path.parent.parts if path.name == "__init__" else path.parts
    package, name = ".".join(parts[:-1]), parts[-1]
    full = re.escape(".".join(parts))
    pattern = re.compile(
        rf"^\s*(from {full} import|import {full}\b|from {re.escape(package)} import .*\b{name}\b)", re.M
    )
    return [
        f for f in tree.sources(root) if f.endswith(".py") and pattern.search((root / f).read_text("utf8"))
    ]


def _naming(file: str, recording: Recording) -> set[str]:
    path = PurePosixPath(file)
    name = path.parent.name if path.stem == "__init__" else path.stem
    word = re.compile(rf"\b{re.escape(name)}\b")
    root = recording.root
    named = {t for t in tree.tests(root) if t.endswith(".py") and word.search((root / t).read_text("utf8"))}
    return {test for test in recording.seconds if test.split("::")[0] in named}


def needing(file: str, root: Path) -> tuple[set[str], set[str]]:
    """(The widgets that need this file, all widgets), by the names of their modules."""
    sources = {f: (root / f).read_text("utf8") for f in tree.sources(root) if f.endswith(".js")}
    needs = {
        f: {str(_resolved(PurePosixPath(f).parent, name)) for name in _JS_IMPORT.findall(text)}
        for f, text in sources.items()
    }
    widgets = {f for f, text in sources.items() if "export default" in text}
    found, ahead = set(), [file]
    while ahead:
        one = ahead.pop()
        found.add(one)
        ahead += [f for f, parts in needs.items() if one in parts and f not in found]
    names = {PurePosixPath(f).stem for f in widgets}
    return {PurePosixPath(f).stem for f in found & widgets} or names, names


def _resolved(folder: PurePosixPath, name: str) -> PurePosixPath:
    for part in PurePosixPath(name).parts:
        folder = folder.parent if part == ".." else folder / part
    return folder


def _of_widgets(change: Change, recording: Recording) -> set[str]:
    wanted, names = needing(change.file, recording.root)
    chosen = set()
    for test, text in recording.text.items():
        if "widget" in test.split("::")[0]:
            named = {name for name in names if name in text.lower()}
            if not named or named & wanted:
                chosen.add(test)
    return chosen
