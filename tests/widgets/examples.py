"""One of each widget to look at: its default state, or where that must be made of something, a small one."""

from typing import Any

from nmn import widgets
from nmn.widgets.kit.host import Widget
from tests.widgets.sample_films import sample


class Learning(widgets.Learning):
    """The widget of some small films."""

    def __init__(self, **state: Any) -> None:
        super().__init__(**(widgets.Learning.of(sample()).state() | state))


KINDS: dict[str, type[Widget]] = widgets.KINDS | {Learning.name: Learning}


def example(name: str, **state: Any) -> Widget:
    """The widget of this name."""
    return KINDS[name](**state)
