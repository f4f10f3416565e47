"""The ledger's directives write what readers need: anchors, links, verdicts in words, mathematics."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.limit import SECONDS

ROOT = Path(__file__).parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "sphinx_proof", "ledger"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_static_path = [{str(ROOT / "book" / "_static")!r}]
html_theme = "basic"
root_doc = "book/contents"
"""
ROWS = r"""
- id: g-settled
  sources: [{seed: "000", where: "Title"}, {seed: "001", where: "Title"}]
  claim: It grows as $k^2$.
  verdict: corrected
  statement: It grows as $k^{3}$.
  label: thm-one
- id: m-waiting
  sources: [{seed: "002", where: "Title"}]
  claim: Nobody knows.
  verdict: open
"""
CHAPTER = """# A chapter

:::{prf:theorem} Growth
:label: thm-one
It grows.
:::

## What the seeds say

```{claims}
:chapter:
```
"""
LEDGER = "# Claims\n\n```{claims-ledger}\n```\n"
CONTENTS = "# Contents\n\n```{toctree}\nclaims\nchapter\n```\n"


def build(root: Path, *, rows: str = ROWS, chapter: str = CHAPTER) -> tuple[int, str]:
    """Build a book of three pages as the real one is built; the exit code and what was said."""
    (root / "book" / "claims").mkdir(parents=True, exist_ok=True)
    first, second = rows.split("- id: m-")
    written = {"book/claims/000.yml": first, "book/claims/002.yml": "- id: m-" + second}
    written["book/contents.md"] = CONTENTS
    pages = {"conf.py": CONF, "book/claims.md": LEDGER, "book/chapter.md": chapter} | written
    for name, text in pages.items():
        # A page that was written anew is read anew.
        if not (root / name).exists() or (root / name).read_text("utf-8") != text:
            (root / name).write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-n",
        "-W",
        "--keep-going",
        "-q",
        str(root),
        str(root / "html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("book")
    code, said = build(root)
    assert code == 0, said
    return {
        name: (root / "html" / "book" / f"{name}.html").read_text("utf-8") for name in ("claims", "chapter")
    }


def test_each_row_has_an_anchor(html: dict[str, str]) -> None:
    assert 'id="claim-g-settled"' in html["claims"]
    assert 'id="claim-m-waiting"' in html["claims"]


def test_a_row_links_to_its_label_and_names_its_test(html: dict[str, str]) -> None:
    assert 'href="chapter.html#thm-one"' in html["claims"]
    assert "Theorem 1" in html["claims"]
    assert "in “A chapter”" in html["claims"]
    assert "<code>test_g_settled</code>" in html["claims"]


def test_mathematics_in_rows_is_mathematics(html: dict[str, str]) -> None:
    assert r"\(k^2\)" in html["claims"]
    assert r"\(k^{3}\)" in html["claims"]


def test_verdicts_are_words_and_are_counted(html: dict[str, str]) -> None:
    assert "</span> corrected</span> 1</li>" in html["claims"]
    assert "</span> refuted</span> 0</li>" in html["claims"]
    assert "2 claims in all" in html["claims"]


def test_the_filter_waits_for_its_script(html: dict[str, str]) -> None:
    form = html["claims"].split("<form")[1].split(">")[0]
    assert "hidden" in form
    assert "ledger.js" in html["claims"]
    assert "<tr hidden" not in html["claims"]


def test_the_controls_have_labels_and_the_names_that_the_script_asks_for(html: dict[str, str]) -> None:
    form = BeautifulSoup(html["claims"], "html.parser").select_one(".ledger > form.ledger-filter")
    assert form and (form["role"], form["aria-label"]) == ("search", "Filter the claims")
    controls = {label.find(["select", "input"])["name"]: label for label in form.select("label")}
    words = {name: next(label.stripped_strings) for name, label in controls.items()}
    assert words == {"seed": "Seed", "verdict": "Verdict", "text": "Text"}
    assert form.select_one("output")["role"] == "status"
    assert form.select_one("input")["type"] == "search" and form.select_one("input")["autocomplete"] == "off"
    for name, first in (("seed", "every seed"), ("verdict", "every verdict")):
        options = {o["value"]: o.text for o in controls[name].select("option")}
        assert options.pop("") == first and len(options) == 5
        assert all(text.startswith(value) for value, text in options.items())


def test_the_table_keeps_its_roles_as_cards(html: dict[str, str]) -> None:
    table = BeautifulSoup(html["claims"], "html.parser").select_one(".ledger table.ledger-table")
    assert table["role"] == "table" and table.select_one("caption").text
    assert [part["role"] for part in table.select("thead, tbody")] == ["rowgroup"] * 2
    heads = [(th.text, th["scope"], th["role"]) for th in table.select("thead > tr[role=row] > th")]
    assert heads == [(name, "col", "columnheader") for name in ("Claim", "Verdict", "Support")]
    settled, waiting = table.select("tbody > tr[role=row]")
    assert (settled["data-seeds"], settled["data-verdict"]) == ("000 001", "corrected")
    assert (waiting["data-seeds"], waiting["data-verdict"]) == ("002", "open")
    for row in (settled, waiting):
        assert [td["role"] for td in row.select("td")] == ["cell"] * 3
        sign = row.select_one("td:nth-child(2) .verdict .verdict-sign")
        assert sign["aria-hidden"] == "true" and sign.text
    assert "seed 000 and 001, Title" in settled.select_one(".ledger-source").text
    assert settled.select_one(".ledger-statement .ledger-lead").text == "What holds:"
    assert waiting.select_one("td.ledger-support").text == "not settled yet"


def test_what_the_style_looks_for_is_in_the_page(html: dict[str, str]) -> None:
    style = (ROOT / "book" / "_static" / "ledger.css").read_text("utf-8")
    tags = BeautifulSoup(html["claims"], "html.parser").select("[class]")
    given = {name for tag in tags for name in tag["class"]}
    assert set(re.findall(r"\.((?:ledger|verdict)[\w-]*)", style)) <= given


def test_a_chapter_shows_its_own_rows_only(html: dict[str, str]) -> None:
    assert 'href="claims.html#claim-g-settled"' in html["chapter"]
    assert "m-waiting" not in html["chapter"]
    assert "ledger.css" in html["chapter"]
    assert "ledger.js" not in html["chapter"]


def test_the_ledger_follows_the_names_in_the_chapters(tmp_path: Path) -> None:
    ledger = tmp_path / "html/book/claims.html"

    def written(old: str, new: str) -> str:
        assert build(tmp_path, chapter=CHAPTER.replace(old, new))[0] == 0
        return ledger.read_text("utf-8")

    assert "in “A chapter”" in written("", "")
    first = ledger.stat().st_mtime_ns
    # Prose is no name.
    written("It grows.", "It grows and grows.")
    assert ledger.stat().st_mtime_ns == first
    assert "in “One chapter”" in written("# A chapter", "# One chapter")
    before = ":::{prf:theorem} Sooner\n:label: thm-two\nIt starts.\n:::\n\n:::{prf:theorem} Growth"
    assert "Theorem 2" in written(":::{prf:theorem} Growth", before)
    # A file that no page has read.
    row = '- {id: l-new, sources: [{seed: "003", where: Title}], claim: It is new., verdict: open}\n'
    (tmp_path / "book" / "claims" / "003.yml").write_text(row, "utf-8")
    assert 'id="claim-l-new"' in written("", "")


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ({"rows": ROWS.replace("label: thm-one", "label: thm-lost")}, "thm-lost"),
        ({"rows": ROWS.replace("verdict: corrected", "verdict: likely")}, "got 'likely'"),
        ({"chapter": CHAPTER.replace(":chapter:", "").replace("{claims}", "{claims} g-lost")}, "g-lost"),
        ({"chapter": CHAPTER.replace(":label: thm-one\n", "")}, "no row of the ledger is settled here"),
    ],
)
def test_a_broken_ledger_fails_the_build(tmp_path: Path, planted: dict[str, str], complaint: str) -> None:
    code, said = build(tmp_path, **planted)
    assert code != 0
    assert complaint in said
