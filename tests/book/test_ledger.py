"""The claims ledger is sound: every row well formed, every verdict supported, every theorem listed."""

import copy
import shutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import claim_evidence
import claim_rows
import pytest

ROOT = Path(__file__).parents[2]
BOOK, CLAIM_TESTS = ROOT / "book", ROOT / "tests" / "claims"
ROWS: list[dict[str, Any]] = claim_rows.read(BOOK)

Row = dict[str, Any]
PROVED = next(row["id"] for row in ROWS if row["verdict"] == "proved")


def test_every_row_is_sound() -> None:
    assert claim_rows.ledger_faults(ROWS) == []


def test_every_verdict_has_a_label_and_a_test() -> None:
    assert claim_evidence.support_faults(claim_rows.load(BOOK), BOOK, CLAIM_TESTS) == []


def test_every_theorem_has_a_row() -> None:
    assert claim_evidence.theorem_faults(claim_rows.load(BOOK), BOOK) == []


def test_every_seed_has_claims() -> None:
    named = {source["seed"] for row in ROWS for source in row["sources"]}
    assert named == set(claim_rows.SEEDS)


def test_the_counts_add_up() -> None:
    claims = claim_rows.load(BOOK)
    assert sum(claim_rows.counts(claims).values()) == len(claims) == len(ROWS)


# From here on a fault is planted in a copy of the ledger, and has to be found.


def planted(change: Callable[[Row], object]) -> list[str]:
    """The faults of a copy of the ledger whose first row was settled, then changed; none repeats another."""
    rows = copy.deepcopy(ROWS)
    for row in rows:
        row.pop("repeats", None)
    rows[0] |= {"verdict": "corrected", "statement": "Something else holds.", "label": "thm-planted"}
    assert claim_rows.ledger_faults(rows) == []
    change(rows[0])
    return claim_rows.ledger_faults(rows)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda row: row.pop("id"), "id:"),
        (lambda row: row.update(id="Not_Kebab"), "takes kebab case"),
        (lambda row: row.update(id=ROWS[1]["id"]), "used 2 times"),
        (lambda row: row.pop("claim"), "claim:"),
        (lambda row: row.update(claim=" "), "claim:"),
        (lambda row: row.pop("sources"), "sources:"),
        (lambda row: row.update(sources=[]), "sources:"),
        (lambda row: row.update(sources=[{"seed": "000"}]), "takes {seed, where}"),
        (lambda row: row.update(sources=[{"seed": "009", "where": "Title"}]), "seed:"),
        (lambda row: row.update(sources=[{"seed": 0, "where": "Title"}]), "seed:"),
        (lambda row: row.pop("verdict"), "verdict:"),
        (lambda row: row.update(verdict="plausible"), "verdict:"),
        (lambda row: row.update(verdict="open"), "label: an open row has none"),
        (lambda row: row.pop("label"), "label: a corrected row needs one"),
        (lambda row: row.pop("statement"), "statement: a corrected row needs one"),
        (lambda row: row.update(verdict="refuted", statement=""), "statement: a refuted row needs one"),
        (lambda row: row.update(verdict="measured", statement=""), "statement: a measured row needs one"),
        (lambda row: row.update(proof="obvious"), "proof: unknown key"),
        (lambda row: row.update(repeats=[]), "repeats: got [], takes a list of ids"),
        (lambda row: row.update(repeats=PROVED), "takes a list of ids"),
        (lambda row: row.update(repeats=["g-gone"]), "repeats: 'g-gone' is no other row"),
        (lambda row: row.update(repeats=[row["id"]]), "is no other row"),
        (lambda row: row.update(repeats=[PROVED]), f"repeats: {PROVED} is proved, this row corrected"),
    ],
)
def test_a_malformed_row_is_found(change: Callable[[Row], object], complaint: str) -> None:
    faults = planted(change)
    assert any(complaint in fault for fault in faults), faults


def test_a_ledger_that_is_no_list_is_found() -> None:
    assert claim_rows.ledger_faults({"id": "g-limit"}) == ["the ledger takes a list of rows"]
    assert claim_rows.ledger_faults(["g-limit"]) == ["got 'g-limit', takes a mapping"]


def test_a_claim_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        claim_rows.load(BOOK)[0].verdict = "proved"  # type: ignore[misc]


def test_loading_names_the_faults(tmp_path: Path) -> None:
    ledger = tmp_path / "claims" / "000.yml"
    ledger.parent.mkdir()
    ledger.write_text("- {id: g-a, claim: One., verdict: maybe, sources: [{seed: '000', where: Title}]}")
    with pytest.raises(ValueError, match=r"g-a: verdict: got 'maybe'"):
        claim_rows.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{g-a: One.}", "001.yml: got dict, takes a list"),
        ("- {id: g-a, sources: [{seed: '000', where: Title}]}", "g-a belongs to 000.yml"),
    ],
)
def test_a_file_that_is_not_its_sources_is_found(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "001.yml").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        claim_rows.load(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A book of one chapter, one settled claim and one test."""
    (tmp_path / "book" / "part").mkdir(parents=True)
    (tmp_path / "claims").mkdir()
    (tmp_path / "book" / "claims").mkdir()
    (tmp_path / "book" / "claims" / "000.yml").write_text(
        "- id: g-sound\n  sources: [{seed: '000', where: Title}]\n  claim: One is one.\n"
        "  verdict: proved\n  label: thm-one\n"
    )
    (tmp_path / "book" / "part" / "chapter.md").write_text(
        "# One\n\n:::{prf:theorem} One\n:label: thm-one\nOne is one.\n:::\n"
    )
    (tmp_path / "claims" / "test_seed_000_more.py").write_text("def test_g_sound():\n    assert 1 == 1\n")
    assert small_faults(tmp_path) == []
    return tmp_path


def small_faults(root: Path) -> list[str]:
    claims = claim_rows.load(root / "book")
    supported = claim_evidence.support_faults(claims, root / "book", root / "claims")
    return supported + claim_evidence.theorem_faults(claims, root / "book")


def test_a_test_beside_those_of_its_source_is_not_its_test(small: Path) -> None:
    (small / "claims" / "test_seed_000_more.py").rename(small / "claims" / "test_seed_001.py")
    assert small_faults(small) == ["g-sound: no test_g_sound in test_seed_000*.py"]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "complaint"),
    [
        ("book/part/chapter.md", ":label: thm-one", ":label: thm-two", "no label 'thm-one'"),
        ("book/part/chapter.md", ":label: thm-one", ":label: thm-two", "theorem thm-two has no row"),
        ("book/part/chapter.md", ":label: thm-one\n", "", "without a label has no row"),
        ("claims/test_seed_000_more.py", "test_g_sound", "test_g_other", "no test_g_sound"),
        ("claims/test_seed_000_more.py", "def ", "@pytest.mark.skip\ndef ", "does not run"),
        ("claims/test_seed_000_more.py", "def ", "@pytest.mark.xfail\ndef ", "does not run"),
        ("claims/test_seed_000_more.py", "assert 1 == 1", "pass", "asserts nothing"),
    ],
)
def test_a_verdict_without_support_is_found(
    small: Path, path: str, old: str, new: str, complaint: str
) -> None:
    replace(small / path, old, new)
    faults = small_faults(small)
    assert any(complaint in fault for fault in faults), faults


def test_pages_are_those_of_the_book_and_of_its_parts(small: Path) -> None:
    for name in ("index.md", "_static/notes.md", "part/_draft.md", "part/deep/page.md"):
        (small / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (small / "book" / name).write_text("# Title\n")
    found = [path.relative_to(small / "book").as_posix() for path in claim_evidence.sources(small / "book")]
    assert found == ["index.md", "part/_draft.md", "part/chapter.md"]


def test_a_missing_test_folder_is_found(small: Path) -> None:
    shutil.rmtree(small / "claims")
    assert small_faults(small)


@pytest.mark.parametrize(
    "source",
    [
        "(thm-x)=\n## Title",
        ":::{prf:theorem} Title\n:label: thm-x\n:::",
        "```{math}\n:label: thm-x\na\n```",
        "$$\na\n$$ (thm-x)",
        "$$ a $$ (thm-x)",
        ":::{figure} a.svg\n:name: thm-x\n:::",
    ],
)
def test_labels_are_found_in_every_form(source: str) -> None:
    assert claim_evidence.labels(source) == {"thm-x"}


def test_the_name_of_a_figure_is_a_label() -> None:
    cell = "```{code-cell}\n---\nmystnb:\n  figure:\n    caption: c\n    name: fig-x\n---\nname = 1\n```"
    assert claim_evidence.labels(cell) == {"fig-x"}
    assert claim_evidence.labels('mystnb: {figure: {caption: c, name: "fig-x"}}') == {"fig-x"}
