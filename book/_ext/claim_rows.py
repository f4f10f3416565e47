"""The rows of the claims ledger: what a row holds, how the files are read, what a row may not be."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SEEDS = {
    "000": "Stable learning, short form",
    "001": "Stable learning and gradient localization",
    "002": "Mathematical guarantees",
    "003": "Localization in one ReLU neuron",
    "004": "A multiplicative architecture, abstract",
}
VERDICTS = {"proved": "✓", "corrected": "≠", "refuted": "✗", "measured": "±", "open": "○"}
NEEDS_STATEMENT = ("corrected", "refuted", "measured")
KEYS = {"id", "sources", "claim", "verdict", "statement", "label", "repeats"}


@dataclass(frozen=True)
class Claim:
    """One claim of a seed, in our words, with its verdict and the label of its support.

    `id`: unique, kebab case; the prefix tells the note: g- (000, 001), m- (002), l- (003), a- (004).
    `sources`: where the claim is made, seed and place; the row stands in the file of the first.
    `claim`: what the note says, in one sentence. `verdict`: one of `VERDICTS`. `statement`: what is true
    instead (corrected, refuted), or the finding with its numbers (measured). `label`: the MyST label of the
    place in a chapter that settles it (not for open). `repeats`: rows that this one says again, or is a part
    or a consequence of, so that it stands and falls with them: the verdicts agree.
    """

    id: str
    sources: tuple[tuple[str, str], ...]
    claim: str
    verdict: str
    statement: str = ""
    label: str = ""
    repeats: tuple[str, ...] = ()

    @property
    def test(self) -> str:
        """Name of the function that checks the verdict."""
        return "test_" + self.id.replace("-", "_")

    @property
    def test_files(self) -> str:
        """Pattern of the files in tests/claims that may hold the function."""
        return f"test_seed_{self.sources[0][0]}*.py"


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _source_faults(sources: object) -> list[str]:
    if not isinstance(sources, list) or not sources:
        return [f"sources: got {sources!r}, takes a list of {{seed, where}}"]
    faults = []
    for source in sources:
        if not isinstance(source, dict) or set(source) != {"seed", "where"} or not _filled(source["where"]):
            faults.append(f"sources: got {source!r}, takes {{seed, where}}")
        elif source["seed"] not in SEEDS:
            faults.append(f"seed: got {source['seed']!r}, takes one of {', '.join(SEEDS)}")
    return faults


def _verdict_faults(row: dict[str, Any]) -> list[str]:
    verdict, faults = row.get("verdict"), []
    if verdict not in VERDICTS:
        return [f"verdict: got {verdict!r}, takes one of {', '.join(VERDICTS)}"]
    if verdict == "open":
        faults += [f"{key}: an open row has none" for key in ("label", "statement") if row.get(key)]
    elif not _filled(row.get("label")):
        faults.append(f"label: a {verdict} row needs one")
    if verdict in NEEDS_STATEMENT and not _filled(row.get("statement")):
        faults.append(f"statement: a {verdict} row needs one")
    return faults


def _repeat_faults(row: dict[str, Any], verdicts: dict[str, str]) -> list[str]:
    """What is wrong with the rows that a row says it repeats."""
    repeats = row.get("repeats", [])
    if not isinstance(repeats, list) or ("repeats" in row and not repeats):
        return [f"repeats: got {repeats!r}, takes a list of ids"]
    faults = []
    for name in repeats:
        if name == row.get("id") or name not in verdicts:
            faults.append(f"repeats: {name!r} is no other row")
        elif verdicts[name] != row.get("verdict"):
            faults.append(f"repeats: {name} is {verdicts[name]}, this row {row.get('verdict')}")
    return faults


def row_faults(row: object) -> list[str]:
    """All that is wrong with one row of the file, in words; empty when it is sound."""
    if not isinstance(row, dict):
        return [f"got {row!r}, takes a mapping"]
    name = row.get("id")
    faults = [f"{key}: unknown key" for key in sorted(set(row) - KEYS)]
    if not isinstance(name, str) or not re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", name):
        faults.append(f"id: got {name!r}, takes kebab case")
    if not _filled(row.get("claim")):
        faults.append("claim: takes a sentence")
    faults += _source_faults(row.get("sources")) + _verdict_faults(row)
    return [f"{name}: {fault}" for fault in faults]


def ledger_faults(rows: object) -> list[str]:
    """All that is wrong with the rows of a ledger taken together."""
    if not isinstance(rows, list):
        return ["the ledger takes a list of rows"]
    sound = [row for row in rows if isinstance(row, dict)]
    ids = Counter(row.get("id") for row in sound)
    repeated = [f"{name}: id used {count} times" for name, count in ids.items() if count > 1]
    verdicts = {str(row.get("id")): str(row.get("verdict")) for row in sound}
    twins = [f"{row.get('id')}: {fault}" for row in sound for fault in _repeat_faults(row, verdicts)]
    return [fault for row in rows for fault in row_faults(row)] + repeated + twins


def files(book: Path) -> list[Path]:
    """The files of a book's ledger, one a seed, in their order."""
    return sorted((book / "claims").glob("*.yml"))


def read(book: Path) -> list[Any]:
    """The rows of a book's ledger, as they are written. ValueError: a file with no list of its own rows."""
    rows: list[Any] = []
    for path in files(book):
        own = yaml.safe_load(path.read_text("utf-8"))
        if not isinstance(own, list):
            raise ValueError(f"{path.name}: got {type(own).__name__}, takes a list of rows")
        for row in own:
            if not _source_faults(row.get("sources")) and row["sources"][0]["seed"] != path.stem:
                raise ValueError(f"{path.name}: {row.get('id')} belongs to {row['sources'][0]['seed']}.yml")
        rows += own
    return rows


def load(book: Path) -> list[Claim]:
    """The claims of a book's ledger. Raises `ValueError` that lists every malformed row."""
    rows = read(book)
    if faults := ledger_faults(rows):
        raise ValueError("; ".join(faults))
    return [
        Claim(
            **{
                **row,
                "sources": tuple((source["seed"], source["where"]) for source in row["sources"]),
                "repeats": tuple(row.get("repeats", ())),
            }
        )
        for row in rows
    ]


def counts(claims: Sequence[Claim]) -> dict[str, int]:
    """How many claims have each verdict, every verdict named, in the order of `VERDICTS`."""
    found = Counter(claim.verdict for claim in claims)
    return {verdict: found[verdict] for verdict in VERDICTS}
