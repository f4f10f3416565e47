"""The stored harm of far inputs: of today's code, and what measuring a part of it again gives."""

import json
from pathlib import Path

import numpy as np
import pytest

from nmn.experiments.guarantees import contamination, far

pytestmark = pytest.mark.usefixtures("float32")


def test_it_was_measured_by_the_code_of_today() -> None:
    found = json.loads(far.STORE.read_text("utf8"))
    assert found["code"] == far.code(), f"out of date: run {found['command']}"
    assert found["command"] == "python -m nmn.experiments.guarantees.far"
    assert tuple(found["sizes"]) == far.SIZES and found["seeds"] == 20


def test_a_part_measured_again_is_what_is_stored() -> None:
    """A plane by linear units: what is convex ends in the same place on every processor."""
    again = contamination.trial("linear", "plane_2d", (1.5, 100.0), outliers=("leverage",))["leverage"]
    kept = far.stored()["plane_2d", "linear"]
    assert kept.shape == (1 + len(far.SIZES), 20)
    rows = [0, 1 + far.SIZES.index(1.5), 1 + far.SIZES.index(100.0)]
    np.testing.assert_allclose(np.median(kept[rows], 1), np.median(again, 1), rtol=0.1)


def test_what_is_known_is_not_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def measure(task: str, name: str) -> np.ndarray:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(f"{task} {name}")
        return np.full((8, 20), len(asked) + 1e-9)

    monkeypatch.setattr(far, "measure", measure)
    path = tmp_path / "new" / "far.json"
    with pytest.raises(KeyboardInterrupt):
        far.update(path)
    first = json.loads(path.read_text("utf8"))["errors"]
    assert list(first) == asked and first[asked[1]] == [[2.0] * 20] * 8
    monkeypatch.setattr(far, "measure", lambda task, name: np.full((8, 20), 7.0))
    far.update(path)
    found = far.stored(path)
    assert list(found) == list(far.CASES)
    assert [float(errors[0, 0]) for errors in found.values()] == [1, 2, 7, 7, 7, 7]
    # Of other code nothing is kept.
    monkeypatch.setattr(far, "code", lambda: "changed")
    far.update(path)
    assert all((errors == 7).all() for errors in far.stored(path).values())
