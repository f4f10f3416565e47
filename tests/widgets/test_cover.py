"""The README's picture is the one that the code draws."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from nmn.widgets.landscape.cover import cover

STORED = Path(__file__).resolve().parents[2] / "book" / "_static" / "cover.png"


def test_the_stored_cover_is_what_the_code_draws() -> None:
    drawn = Image.open(io.BytesIO(cover().png(dpi=110, transparent=False))).convert("RGB")
    stored = Image.open(STORED).convert("RGB")
    assert drawn.size == stored.size
    # Another release of matplotlib may smooth an edge differently; another picture differs by far more.
    assert np.abs(np.asarray(drawn, float) - np.asarray(stored, float)).mean() < 1.0
