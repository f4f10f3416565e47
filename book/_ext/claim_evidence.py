"""What supports a claim: a label in a chapter and a test. Here both are looked up in the sources."""

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from claim_rows import Claim

# Theorems of the book that no seed claims: label and the reason why no row asks for them.
OWN_THEOREMS: dict[str, str] = {
    "thm-one-place": "The note asks why neurons localize; this answers it for equal classes.",
}

_LABELS = (
    re.compile(r"^[ \t]*\(([\w.:-]+)\)=[ \t]*$", re.MULTILINE),
    re.compile(r"^[ \t]*:(?:label|name):[ \t]*(\S+)", re.MULTILINE),
    re.compile(r"\$\$[ \t]*\(([\w.:-]+)\)[ \t]*$", re.MULTILINE),
    re.compile(r"\bname:[ \t]*[\"']?(fig-[\w-]+)"),
)
_THEOREM = re.compile(r"^[ \t]*[`:]{3,}\{prf:theorem\}[^\n]*\n((?:[ \t]*:[\w-]+:[^\n]*\n)*)", re.MULTILINE)


def labels(text: str) -> set[str]:
    """Every label that a MyST source defines: targets, directives and figures."""
    return {found for pattern in _LABELS for found in pattern.findall(text)}


def theorems(text: str) -> list[str]:
    """The labels of the theorems that a MyST source states; empty strings where there is none."""
    options = _THEOREM.findall(text)
    found = (re.search(r":label:[ \t]*(\S+)", block) for block in options)
    return [match.group(1) if match else "" for match in found]


def sources(book: Path) -> list[Path]:
    """The pages of the book: `.md` files of the book's folder and of one folder a part."""
    pages = sorted([*book.glob("*.md"), *book.glob("*/*.md")])
    return [page for page in pages if not page.relative_to(book).parts[0].startswith("_")]


@cache
def _functions(path: Path, _changed: int) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_of(claim: Claim, tests: Path) -> tuple[Path, ast.FunctionDef] | None:
    """The file and the function that check a claim, or nothing."""
    for path in sorted(tests.glob(claim.test_files)):
        function = _functions(path, path.stat().st_mtime_ns).get(claim.test)
        if function:
            return path, function
    return None


def _checks(function: ast.FunctionDef) -> bool:
    """Whether a test can fail: an assertion, or a call that asserts."""
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    asserting = any(re.search(r"assert|raises|check", call) for call in calls)
    return asserting or any(isinstance(node, ast.Assert) for node in ast.walk(function))


def _test_faults(claim: Claim, tests: Path) -> list[str]:
    found = test_of(claim, tests)
    if not found:
        return [f"{claim.id}: no {claim.test} in {claim.test_files}"]
    path, function = found
    faults = []
    if any(re.search(r"\b(skip|skipif|xfail)\b", ast.unparse(node)) for node in function.decorator_list):
        faults.append(f"{claim.id}: {path.name} does not run {claim.test}")
    if not _checks(function):
        faults.append(f"{claim.id}: {claim.test} asserts nothing")
    return faults


def support_faults(claims: Iterable[Claim], book: Path, tests: Path) -> list[str]:
    """Settled rows whose label or test does not exist."""
    known = set().union(*(labels(page.read_text("utf-8")) for page in sources(book)))
    faults = []
    for claim in claims:
        if claim.verdict == "open":
            continue
        if claim.label not in known:
            faults.append(f"{claim.id}: no label {claim.label!r} in the book")
        faults += _test_faults(claim, tests)
    return faults


def theorem_faults(claims: Sequence[Claim], book: Path) -> list[str]:
    """Theorems of the book that no row of the ledger points to."""
    wanted = {claim.label for claim in claims} | set(OWN_THEOREMS)
    return [
        f"{page.name}: theorem {label or 'without a label'} has no row in the ledger"
        for page in sources(book)
        for label in theorems(page.read_text("utf-8"))
        if label not in wanted or not label
    ]
