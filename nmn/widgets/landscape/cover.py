"""The picture of the README and of shared links: python -m nmn.widgets.landscape.cover FILE.png"""

import sys
from pathlib import Path

from nmn.figures.style import BookFigure
from nmn.widgets.landscape.still import landscape


def cover() -> BookFigure:
    """ⵟ around one prototype, with the arrows ∇_wⵟ that far examples send to it."""
    return landscape((1.5, 1.0), eps=0.5, arrows="w")


if __name__ == "__main__":
    # Seen outside the book, on whatever ground: it brings its own.
    Path(sys.argv[1]).write_bytes(cover().png(dpi=110, transparent=False))
