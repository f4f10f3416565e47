"""The README's picture is the one that the code draws."""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nmn.widgets.landscape import cover

STORED = Path(__file__).resolve().parents[2] / "book" / "_static" / "cover.png"


def test_the_stored_cover_is_what_the_code_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "cover.png"
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "cover.py"), str(named)])
    runpy.run_path(cover.__file__, run_name="__main__")
    drawn, stored = Image.open(named).convert("RGBA"), Image.open(STORED).convert("RGBA")
    assert drawn.size == stored.size
    # Another release of matplotlib may smooth an edge differently; another picture differs by far more.
    assert np.abs(np.asarray(drawn, float) - np.asarray(stored, float)).mean() < 1.0
    assert np.asarray(drawn)[..., 3].min() == 255
