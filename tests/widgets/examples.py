"""One of each widget to look at: its default state, or where that must be made of something, a small one."""

from importlib import import_module
from typing import Any

from nmn.widgets import learning
from nmn.widgets.kit import link
from nmn.widgets.kit.host import Widget
from tests.widgets.sample_films import sample


def _of(folder: str) -> type[Widget]:
    """The widget of a folder."""
    held = vars(import_module(f"nmn.widgets.{folder}")).values()
    (kind,) = (one for one in held if isinstance(one, type) and vars(one).get("name") == folder)
    return kind


class Learning(learning.Learning):
    """The widget of some small films."""

    def __init__(self, **state: Any) -> None:
        super().__init__(**(learning.Learning.of(sample()).state() | state))


# Every widget by the name of its folder: as the library has them, and as examples are made of them.
LIBRARY: dict[str, type[Widget]] = {folder: _of(folder) for folder in link.names()}
KINDS: dict[str, type[Widget]] = LIBRARY | {"learning": Learning}


def example(name: str, **state: Any) -> Widget:
    """The widget of this name."""
    return KINDS[name](**state)
