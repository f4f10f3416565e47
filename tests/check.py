"""What is asked of the pages at hand, for whoever writes: `make check`, or with `PAGE=book/part/page.md`.

    python -m tests.check before [PAGE ...]     lint, the cells, the tests of the claims
    python -m tests.check after [PAGE ...]      the built page in a browser, its widgets

Without a page, those that differ from the last commit. A widget is looked at on its page; its own
tests, which do not see the page, run where something that it is made of differs from the last commit.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import claim_evidence  # noqa: E402
import claim_rows  # noqa: E402

from nmn import sources  # noqa: E402

TESTED_IN = ("tests/widgets", "tests/site/widgets")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2")


def changed() -> set[str]:
    """The files that differ from the last commit, new ones too."""
    listed = ""
    for ask in ("diff --name-only -z HEAD", "ls-files --others --exclude-standard -z"):
        command = ["git", *ask.split()]
        listed += subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return set(listed.split("\0")) - {""}


def pages() -> set[str]:
    """All pages of the book."""
    return {page.relative_to(ROOT).as_posix() for page in claim_evidence.sources(ROOT / "book")}


def claim_tests(page: str) -> Iterator[str]:
    """The tests of the claims that a page settles."""
    labels = claim_evidence.labels((ROOT / page).read_text("utf8"))
    for claim in claim_rows.load(ROOT / "book"):
        found = claim_evidence.test_of(claim, ROOT / "tests" / "claims") if claim.label in labels else None
        if found:
            yield f"{found[0].relative_to(ROOT).as_posix()}::{found[1].name}"


def widgets(page: str) -> set[str]:
    """The widgets that a built page shows."""
    built = ROOT / "_build" / "html" / Path(page).with_suffix(".html")
    return set(re.findall(r'data-nmn-widget="(\w+)"', built.read_text("utf8")))


def is_made_of(name: str, files: set[str]) -> bool:
    """Whether a widget, or what tests it, is made of one of these files."""
    module = f"import {sources.LIBRARY}.widgets.{name}"
    made_of = {file.relative_to(ROOT).as_posix() for file in sources.closure([module], ROOT).files}
    folders = tuple(f"{folder}/" for folder in (f"nmn/widgets/{name}", "nmn/widgets/kit", *TESTED_IN))
    return any(file in made_of or file.startswith(folders) for file in files)


def before(pages: list[str]) -> Iterator[tuple[str, ...]]:
    stems = " or ".join(Path(page).stem for page in pages)
    yield *PYTEST[:4], "tests/book/test_chapters.py", "tests/book/test_round_trip.py", "-k", stems
    yield *PYTEST[:4], "-p", "tests.book.execution", "--nbmake", *pages
    if tests := sorted({test for page in pages for test in claim_tests(page)}):
        yield *PYTEST, *tests


def after(pages: list[str]) -> Iterator[tuple[str, ...]]:
    yield sys.executable, "-m", "tests.site.browser"
    yield *PYTEST, "tests/site", *(part for page in pages for part in ("--page", page))
    shown, differ = sorted(set().union(*map(widgets, pages))), changed()
    tried = [name for name in shown if is_made_of(name, differ)]
    if left := [name for name in shown if name not in tried]:
        print(f"As committed, hence without their own tests: {', '.join(left)}", flush=True)
    if tried:
        yield *PYTEST, *(f"{folder}/test_{name}.py" for name in tried for folder in TESTED_IN)


def main(stage: str, *named: str) -> int:
    asked = list(named) or sorted(pages() & changed())
    if not asked:
        print("No page differs from the last commit: name one with PAGE=book/part/page.md")
        return 1
    print(f"Checking {', '.join(asked)}", flush=True)
    commands = {"before": before, "after": after}[stage](asked)
    return next((code for command in commands if (code := subprocess.run(command, cwd=ROOT).returncode)), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
