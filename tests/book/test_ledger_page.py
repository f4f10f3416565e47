"""The ledger's directives write what readers need: anchors, links, verdicts in words, mathematics."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from tiny_book import Built, build

ROOT = Path(__file__).parents[2]
# A claim for each kind of place that can settle one, and for each verdict.
ROWS = {
    "book/claims/000.yml": r"""
- id: g-theorem
  sources: [{seed: "000", where: Title}, {seed: "001", where: Title}, {seed: "001", where: Section 2}]
  claim: It grows as $k^2$.
  verdict: corrected
  statement: It grows as $k^{3}$.
  label: thm-one
- id: g-equation
  sources: [{seed: "000", where: Title}]
  claim: It is one.
  verdict: proved
  label: eq-one
""",
    "book/claims/002.yml": r"""
- id: m-waiting
  sources: [{seed: "002", where: Title}]
  claim: Nobody knows.
  verdict: open
- id: m-again
  sources: [{seed: "002", where: Title}]
  claim: One it is.
  verdict: proved
  label: eq-one
  repeats: [g-equation]
""",
    "book/claims/003.yml": r"""
- id: l-section
  sources: [{seed: "003", where: Title}]
  claim: It is fast.
  verdict: measured
  statement: It takes 3 s.
  label: sec-one
- id: l-sentence
  sources: [{seed: "003", where: Title}]
  claim: It is slow.
  verdict: refuted
  statement: It is not.
  label: par-one
""",
}
CHAPTER = """# A chapter

:::{prf:theorem} Growth
:label: thm-one
It grows.
:::

(sec-one)=
## A section

$$ a = 1 $$ (eq-one)

(par-one)=
Only words.

```{claims}
:chapter:
```
"""
PAGES = ROWS | {
    "book/claims.md": "# Claims\n\n```{claims-ledger}\n```\n",
    "book/chapter.md": CHAPTER,
    "book/named.md": "# Named\n\n```{claims} g-theorem m-waiting\n```\n\n```{claims-count}\n```\n",
    "book/contents.md": "# Contents\n\n```{toctree}\nclaims\nchapter\nnamed\n```\n",
}

# What each page shows, as a tree: spaces between elements and Sphinx's own classes do not count.
COUNTS = """
<ul class="ledger-counts">
<li><span class="verdict verdict-proved"><span aria-hidden="true" class="verdict-sign">✓</span>proved</span>2</li>
<li><span class="verdict verdict-corrected"><span aria-hidden="true" class="verdict-sign">≠</span>corrected</span>1</li>
<li><span class="verdict verdict-refuted"><span aria-hidden="true" class="verdict-sign">✗</span>refuted</span>1</li>
<li><span class="verdict verdict-measured"><span aria-hidden="true" class="verdict-sign">±</span>measured</span>1</li>
<li><span class="verdict verdict-open"><span aria-hidden="true" class="verdict-sign">○</span>open</span>1</li>
<li>6 claims in all</li></ul>"""  # noqa: E501
FORM = """
<form aria-label="Filter the claims" class="ledger-filter" hidden="hidden" role="search">
<label>Source <select name="seed">
<option value="">every source</option>
<option value="000">000: Stable learning, short form</option>
<option value="001">001: Stable learning and gradient localization</option>
<option value="002">002: Mathematical guarantees</option>
<option value="003">003: Localization in one ReLU neuron</option>
<option value="004">004: A multiplicative architecture, abstract</option></select></label>
<label>Verdict <select name="verdict">
<option value="">every verdict</option>
<option value="proved">proved</option>
<option value="corrected">corrected</option>
<option value="refuted">refuted</option>
<option value="measured">measured</option>
<option value="open">open</option></select></label>
<label>Text <input autocomplete="off" name="text" type="search"></label>
<output role="status"></output></form>"""
HEAD = """
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Claim</th>
<th role="columnheader" scope="col">Verdict</th>
<th role="columnheader" scope="col">Support</th></tr></thead>"""
STATEMENTS = {
    "g-theorem": ("What holds:", r"It grows as \(k^{3}\)."),
    "l-section": ("Found:", "It takes 3 s."),
    "l-sentence": ("What holds:", "It is not."),
}
CLAIMS = {
    "g-theorem": ("corrected", "≠", "000 001 001", r"It grows as \(k^2\)."),
    "g-equation": ("proved", "✓", "000", "It is one."),
    "m-waiting": ("open", "○", "002", "Nobody knows."),
    "m-again": ("proved", "✓", "002", "One it is."),
    "l-section": ("measured", "±", "003", "It is fast."),
    "l-sentence": ("refuted", "✗", "003", "It is slow."),
}
# Its address in the chapter and what the link shows.
PLACES = {
    "g-theorem": ("#thm-one", "Theorem 1"),
    "g-equation": ("#equation-eq-one", "(1)"),
    "m-again": ("#equation-eq-one", "(1)"),
    "l-section": ("#sec-one", "A section"),
    "l-sentence": ("#par-one", "the text"),
}


def row(name: str, page: str) -> str:
    """A row as it stands on a page."""
    verdict, sign, seeds, claim = CLAIMS[name]
    anchor, link = (f'id="claim-{name}"', "") if page == "claims" else ("", "claims.html")

    def shown(name: str) -> str:
        words = f"<code>{name}</code>" if page == "claims" else name
        return f'<a href="{link}#claim-{name}">{words}</a>'

    twins = ""
    if name == "m-again":
        twins = f'<div class="ledger-source">Stands and falls with {shown("g-equation")}</div>'
    where = "source 000 and 001, Title; source 001, Section 2" if " " in seeds else f"source {seeds}, Title"
    statement, support = "", "not settled yet"
    if name in STATEMENTS:
        lead, holds = STATEMENTS[name]
        statement = f'<div class="ledger-statement"><strong class="ledger-lead">{lead}</strong>{holds}</div>'
    if name in PLACES:
        address, words = PLACES[name]
        home = "" if page == "chapter" else "chapter.html"
        # The number of an equation says where it is.
        where_else = " in “A chapter”" if home and words != "(1)" else ""
        test = f"test_{name.replace('-', '_')}"
        support = (
            f'<div><a href="{home}{address}">{words}</a>{where_else}</div><div><code>{test}</code></div>'
        )
    return f"""
<tr {anchor} data-seeds="{seeds}" data-verdict="{verdict}" role="row">
<td role="cell"><div class="ledger-claim">{claim}</div>{statement}
<div class="ledger-source">{shown(name)} · {where}</div>{twins}</td>
<td role="cell"><span class="verdict verdict-{verdict}">
<span aria-hidden="true" class="verdict-sign">{sign}</span>{verdict}</span></td>
<td class="ledger-support" role="cell">{support}</td></tr>"""


def table(page: str, caption: str, names: list[str]) -> str:
    rows = "".join(row(name, page) for name in names)
    return f"""<table class="ledger-table" role="table"><caption>{caption}</caption>{HEAD}
<tbody role="rowgroup">{rows}</tbody></table>"""


HERE = "Claims of the sources settled on this page"
WANTED = {
    "claims": [COUNTS + FORM + table("claims", "Every claim of the five sources", list(CLAIMS))],
    "chapter": [table("chapter", HERE, list(PLACES))],
    "named": [table("named", HERE, ["g-theorem", "m-waiting"]), COUNTS],
}


def tree(part: Tag) -> str:
    """The elements in order, with what Sphinx and docutils add to ours left out."""
    found = ""
    for child in part.children:
        if isinstance(child, Tag):
            names = [name for name in child.get("class", []) if name.startswith(("ledger", "verdict"))]
            kept = {**child.attrs, "class": " ".join(names)}
            said = "".join(f" {key}={kept[key]!r}" for key in sorted(kept) if kept[key] or key != "class")
            plain = child.name in {"p", "span"} and not said
            found += tree(child) if plain else f"<{child.name}{said}>{tree(child)}</{child.name}>\n"
        else:
            found += "".join(str(child).split())
    return found


def build_ledger(root: Path, **changed: str) -> Built:
    """The book of these pages as the real one is built; `changed`: pages or rows that say something else."""
    paths = {f"book/claims/{name[4:]}.yml" if "rows" in name else f"book/{name}.md": text
             for name, text in changed.items()}  # fmt: skip
    return build(
        root, PAGES | paths, "myst_parser", "sphinx_proof", "ledger", root_doc="book/contents",
        myst_enable_extensions=["colon_fence", "dollarmath"],
        html_static_path=[str(ROOT / "book/_static")],
    )  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build_ledger(tmp_path_factory.mktemp("book"))
    assert built.warnings == ""
    return built


@pytest.mark.parametrize("page", WANTED)
def test_a_page_shows_exactly_this(book: Built, page: str) -> None:
    shown = [tree(part) for part in book.body(f"book/{page}").select(".ledger")]
    assert shown == [tree(BeautifulSoup(wanted, "html.parser")) for wanted in WANTED[page]]


def test_what_the_style_looks_for_is_in_the_page(book: Built) -> None:
    style = (ROOT / "book" / "_static" / "ledger.css").read_text("utf-8")
    given = {name for tag in book.body("book/claims").select("[class]") for name in tag["class"]}
    assert set(re.findall(r"\.((?:ledger|verdict)[\w-]*)", style)) <= given


def test_style_and_script_are_where_they_are_needed(book: Built) -> None:
    for page, files in {
        "claims": ["ledger.css", "ledger.js"],
        "chapter": ["ledger.css"],
        "named": ["ledger.css"],
        "contents": [],
    }.items():
        asked = re.findall(r"_static/(ledger\.\w+)", book.text(f"book/{page}.html"))
        assert asked == files, page
    # The script is run when the table is there.
    assert re.search(r"<script defer[^>]*ledger\.js", book.text("book/claims.html"))


def test_what_a_name_in_a_chapter_changes_is_written_again(tmp_path: Path) -> None:
    ledger = tmp_path / "_build/html/book/claims.html"

    def written(old: str = "", new: str = "") -> str:
        assert build_ledger(tmp_path, chapter=CHAPTER.replace(old, new)).warnings == ""
        return ledger.read_text("utf-8")

    assert "in “A chapter”" in written()
    first = ledger.stat().st_mtime_ns
    # Prose is no name, and pages without claims are not concerned.
    contents = tmp_path / "_build/html/book/contents.html"
    others = contents.stat().st_mtime_ns
    written("It grows.", "It grows and grows.")
    assert ledger.stat().st_mtime_ns == first
    assert "in “One chapter”" in written("# A chapter", "# One chapter")
    before = ":::{prf:theorem} Sooner\n:label: thm-two\nIt starts.\n:::\n\n:::{prf:theorem} Growth"
    assert "Theorem 2" in written(":::{prf:theorem} Growth", before)
    earlier = "$$ b = 2 $$ (eq-two)\n\n$$ a = 1 $$"
    assert re.search(r"#equation-eq-one[^(]*\(2\)", written("$$ a = 1 $$", earlier))
    assert contents.stat().st_mtime_ns >= others


def test_a_page_follows_the_rows_that_it_shows_and_new_files_of_rows(tmp_path: Path) -> None:
    build_ledger(tmp_path)
    rows = ROWS["book/claims/000.yml"].replace("It is one.", "It is two.")
    built = build_ledger(tmp_path, rows000=rows)
    assert "It is two." in built.text("book/claims.html")
    assert "It is two." in built.text("book/chapter.html")
    # No page has read this file.
    new = '- {id: a-new, sources: [{seed: "004", where: Title}], claim: It is new., verdict: open}\n'
    assert 'id="claim-a-new"' in build_ledger(tmp_path, rows000=rows, rows004=new).text("book/claims.html")


def test_the_flag_stands_on_the_first_line_or_on_its_own(book: Built, tmp_path: Path) -> None:
    built = build_ledger(tmp_path, chapter=CHAPTER.replace("{claims}\n:chapter:", "{claims} :chapter:"))
    assert built.body("book/chapter") == book.body("book/chapter")


@pytest.mark.parametrize(
    ("changed", "place", "complaint"),
    [
        (
            {"rows000": ROWS["book/claims/000.yml"].replace("label: thm-one", "label: thm-lost")},
            "claims.md:3",
            "thm-lost",
        ),
        (
            {"rows002": ROWS["book/claims/002.yml"].replace("verdict: open", "verdict: likely")},
            "claims.md:3",
            "m-waiting: verdict: got 'likely'",
        ),
        (
            {"chapter": CHAPTER.replace("{claims}\n:chapter:", "{claims} g-lost g-theorem")},
            "chapter.md:16",
            "claims: no row g-lost in book/claims",
        ),
        (
            {"chapter": "# A chapter\n\n```{claims}\n:chapter:\n```\n"},
            "chapter.md:3",
            "no row of the ledger is settled here",
        ),
    ],
)
def test_a_broken_ledger_is_named_with_its_place(
    tmp_path: Path, changed: dict[str, str], place: str, complaint: str
) -> None:
    built = build_ledger(tmp_path, **changed)
    assert any(place in line and complaint in line for line in built.warnings.splitlines()), built.warnings
    assert "Traceback" not in built.warnings


def test_a_page_that_settles_nothing_shows_no_table(tmp_path: Path) -> None:
    built = build_ledger(tmp_path, chapter="# A chapter\n\n```{claims}\n:chapter:\n```\n")
    assert built.body("book/chapter").select("table") == []
