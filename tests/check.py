"""What is asked of the pages at hand, for whoever writes: `make check`, or with `PAGE=book/part/page.md`.

    python -m tests.check before [PAGE ...]     lint, the cells, the tests of the claims
    python -m tests.check after [PAGE ...]      the built page in a browser, its widgets

Without a page, those that differ from the last commit.
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

PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2")


def changed() -> list[str]:
    """The pages of the book that differ from the last commit, new ones too."""
    listed = ""
    for ask in ("diff --name-only -z HEAD", "ls-files --others --exclude-standard -z"):
        command = ["git", *ask.split(), "--", "book"]
        listed += subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    pages = {page.relative_to(ROOT).as_posix() for page in claim_evidence.sources(ROOT / "book")}
    return sorted(pages & set(listed.split("\0")))


def claim_tests(page: str) -> Iterator[str]:
    """The tests of the claims that a page settles."""
    labels = claim_evidence.labels((ROOT / page).read_text("utf8"))
    for claim in claim_rows.load(ROOT / "book"):
        found = claim_evidence.test_of(claim, ROOT / "tests" / "claims") if claim.label in labels else None
        if found:
            yield f"{found[0].relative_to(ROOT).as_posix()}::{found[1].name}"


def widget_tests(page: str) -> Iterator[str]:
    """The tests of the widgets that a built page shows, of each in Python and in a browser."""
    built = ROOT / "_build" / "html" / Path(page).with_suffix(".html")
    for name in sorted(set(re.findall(r'data-nmn-widget="(\w+)"', built.read_text("utf8")))):
        yield from (f"tests/widgets/test_{name}.py", f"tests/site/widgets/test_{name}.py")


def before(pages: list[str]) -> Iterator[tuple[str, ...]]:
    stems = " or ".join(Path(page).stem for page in pages)
    yield *PYTEST[:4], "tests/book/test_chapters.py", "tests/book/test_round_trip.py", "-k", stems
    yield *PYTEST[:4], "-p", "tests.book.execution", "--nbmake", *pages
    if tests := sorted({test for page in pages for test in claim_tests(page)}):
        yield *PYTEST, *tests


def after(pages: list[str]) -> Iterator[tuple[str, ...]]:
    yield sys.executable, "-m", "tests.site.browser"
    yield *PYTEST, "tests/site", *(part for page in pages for part in ("--page", page))
    if tests := sorted({test for page in pages for test in widget_tests(page)}):
        yield *PYTEST, *tests


def main(stage: str, *named: str) -> int:
    pages = list(named) or changed()
    if not pages:
        print("No page differs from the last commit: name one with PAGE=book/part/page.md")
        return 1
    print(f"Checking {', '.join(pages)}", flush=True)
    commands = {"before": before, "after": after}[stage](pages)
    return next((code for command in commands if (code := subprocess.run(command, cwd=ROOT).returncode)), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
