"""The option --page: what it chooses, and what it says of a page that is not there."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.patience import SECONDS
from tests.site.spread import together

ROOT = Path(__file__).resolve().parents[2]


def collected(*options: str) -> subprocess.CompletedProcess[str]:
    """What pytest would run of the tests of pages and of the ledger."""
    files = ["tests/site/test_pages.py", "tests/site/test_documents.py", "tests/site/test_ledger.py"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    return subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)


@pytest.mark.usefixtures("site")
def test_the_named_pages_are_looked_at_and_nothing_else() -> None:
    pages = ["book/glossary.html", "book/index.html", "book/claims.html"]
    said = collected("--page", "book/glossary", "--page", "book/index.html", "--page", "book/claims.md")
    tests = {line.removeprefix("tests/site/") for line in said.stdout.splitlines() if "::" in line}
    of_ledger = {test for test in tests if test.startswith("test_ledger.py")}
    assert tests - of_ledger == {f"test_pages.py::test_page[{page}]" for page in pages}
    assert len(of_ledger) > 5


@pytest.mark.usefixtures("site")
def test_a_page_that_is_not_there_is_named() -> None:
    said = collected("--page", "book/atlantis")
    assert said.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no such page" in said.stderr and "book/atlantis.html" in said.stderr


def test_each_page_is_free_and_the_tests_of_a_file_stay_together() -> None:
    page, other = "tests/site/test_pages.py::test_page[book/index.html]", "tests/site/test_lab.py::test_all"
    assert (together(page), together(other)) == (page, "tests/site/test_lab.py")

