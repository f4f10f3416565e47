"""The draw and its results as lines of JSON, written as they come."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.teeth.changes import Change
from tests.teeth.trial import NOTICED, Outcome


class Store:
    """A folder with one draw. `tests` is a key of the tests: a survivor of other tests is no result."""

    def __init__(self, folder: Path, *, tests: str) -> None:
        self._draw, self._results = folder / "draw.jsonl", folder / "results.jsonl"
        self._tests = tests

    def drawn(self) -> list[Change]:
        """The changes that were drawn; none before `keep`."""
        return [Change(**line) for line in _lines(self._draw)]

    def keep(self, drawn: Iterable[Change]) -> list[Change]:
        """Keeps a draw."""
        made = list(drawn)
        self._draw.parent.mkdir(parents=True, exist_ok=True)
        self._draw.write_text("".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in made), "utf8")
        return made

    def add(self, change: Change, outcome: Outcome) -> None:
        """Writes one result down."""
        line = {"of": self._tests, "key": change.key, **asdict(outcome)}
        with self._results.open("a", encoding="utf8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def results(self) -> list[tuple[Change, Outcome]]:
        """The last result of each change that has one that holds for the tests as they are."""
        found: dict[str, Outcome] = {}
        for line in _lines(self._results):
            tests, key = line.pop("of"), line.pop("key")
            found.pop(key, None)
            if tests == self._tests or line["found"] in NOTICED:
                found[key] = Outcome(**line)
        return [(change, found[change.key]) for change in self.drawn() if change.key in found]

    def settled(self) -> set[Change]:
        """The changes that need no trial any more."""
        return {change for change, _ in self.results()}


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf8").splitlines()] if path.exists() else []
