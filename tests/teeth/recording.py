"""Which test runs which line: recorded once for each test file, kept as long as it and the sources stay."""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import coverage

from tests.teeth import tree
from tests.teeth.recorder import CONTEXT, SITE, TARGET

# By this variable, coverage starts with every Python process that inherits it.
MEASURED = "COVERAGE_PROCESS_START"
KEPT = tree.ROOT / "_build" / "teeth" / "recorded"
SETTINGS = f"""[run]
data_file = {{data}}
parallel = true
context = ${{{{{CONTEXT}-}}}}
include =
  */nmn/*
  */book/_ext/*
sigterm = true
"""


@dataclass(frozen=True)
class Recording:
    """Of each test that passes `seconds` and `text`; the `tests` that run a line of a file below `root`."""

    root: Path
    seconds: dict[str, float]
    text: dict[str, str]
    tests: dict[str, dict[int, set[str]]]


def files(root: Path) -> list[str]:
    """The test files that a change can be noticed by: all but those that need the built site."""
    names = [
        name for name in tree.tests(root) if Path(name).name.startswith("test_") and name.endswith(".py")
    ]
    return [name for name in names if not name.startswith(SITE) or "widget" in name]


def record(root: Path, folders: Iterable[Path], progress: Callable[[str], None]) -> Recording:
    """The recording of all test files of `root`, made where there is none; one process in each copy."""
    free: SimpleQueue[Path] = SimpleQueue()
    ready = list(folders)
    for folder in ready:
        free.put(folder)
    support = [name for name in tree.tests(root) if name not in files(root)]
    base = tree.key([*tree.sources(root), *support], root)

    # The key is of what the copies hold, whoever edits a test meanwhile.
    places = {
        file: KEPT / base / f"{file.replace('/', '.')}-{tree.key([file], root)}.json" for file in files(root)
    }

    def one(file: str) -> dict[str, Any]:
        kept = places[file]
        if not kept.exists():
            progress(f"recording {file}")
            folder = free.get()
            try:
                found = run(file, folder)
            finally:
                free.put(folder)
            for test in (name for name, note in found["tests"].items() if not note["passed"]):
                progress(f"fails without any change, and is left out: {test}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(found), "utf8")
        return dict(json.loads(kept.read_text("utf8")))

    with ThreadPoolExecutor(len(ready)) as pool:
        return joined(root, pool.map(one, places))


def run(file: str, folder: Path) -> dict[str, Any]:
    """What running one test file in a copy of the project shows."""
    with tempfile.TemporaryDirectory() as made:
        notes, settings, data = (Path(made, name) for name in ("notes.json", "settings", "data"))
        settings.write_text(SETTINGS.format(data=data), "utf8")
        # Which Python the site's test page runs is not looked for: it is for the unit tests to notice.
        measured = {MEASURED: str(settings)} if not file.startswith(SITE) else {}
        ran = subprocess.run(
            [sys.executable, *tree.PYTEST, "-p", "tests.teeth.recorder", file],
            cwd=folder,
            env=tree.environment(folder, **{TARGET: str(notes)}, **measured),
            capture_output=True,
            text=True,
        )
        if ran.returncode == 5:
            return {"tests": {}, "uses": {}, "lines": {}}
        if ran.returncode > 1 or not notes.exists():
            raise SystemExit(f"{file} did not run:\n{ran.stdout[-4000:]}{ran.stderr[-1000:]}")
        return json.loads(notes.read_text("utf8")) | {"lines": _lines(Path(made))}


def _lines(folder: Path) -> dict[str, dict[str, list[int]]]:
    """Lines by file and context. A small book's own copy of a file is the file."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for part in folder.glob("data.*"):
        data = coverage.CoverageData(str(part))
        data.read()
        for path in data.measured_files():
            at = max(path.rfind("/nmn/"), path.rfind("/book/_ext/"))
            for line, contexts in data.contexts_by_lineno(path).items():
                for context in contexts:
                    found[path[at + 1 :]][context].add(line)
    return {name: {c: sorted(lines) for c, lines in of.items()} for name, of in found.items()}


def joined(root: Path, parts: Iterable[dict[str, Any]]) -> Recording:
    """One recording of those of all test files."""
    made = Recording(root, {}, {}, defaultdict(lambda: defaultdict(set)))
    for part in parts:
        # What fails without a change notices none.
        tests = {name: note for name, note in part["tests"].items() if note["passed"]}
        users = _users(tests, part["uses"])
        made.seconds.update({name: note["seconds"] for name, note in tests.items()})
        made.text.update({name: note["text"] for name, note in tests.items()})
        for file, contexts in part["lines"].items():
            for context, lines in contexts.items():
                for line in lines:
                    made.tests[file][line] |= users[context]
    return made


def _users(tests: Iterable[str], uses: dict[str, list[str]]) -> dict[str, set[str]]:
    """For each context, the tests that run it or use what it kept."""
    users: dict[str, set[str]] = defaultdict(set)
    for test in tests:
        ahead = [test]
        while ahead:
            context = ahead.pop()
            if test not in users[context]:
                users[context].add(test)
                ahead += uses.get(context, [])
    return users
