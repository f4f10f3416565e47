"""The words of a description."""

from collections.abc import Iterable
from typing import Any

from matplotlib.colors import to_hex

Told = dict[str, Any]


def words(*plain: str, **named: float | str | None) -> str:
    """Words, and values with their names, but for those that are empty or None."""
    values = ((n, f"{v:g}" if isinstance(v, int | float) else v) for n, v in named.items() if v is not None)
    return ", ".join([*filter(None, plain), *(f"{name} {value}" for name, value in values)])


def colour(value: Any) -> str:
    """#rrggbb, and the alpha where there is one."""
    told = to_hex(value, keep_alpha=True)
    return told[:7] if told.endswith("ff") else told


def colours(values: Iterable[Any]) -> str:
    """Of each."""
    return " ".join(map(colour, values))
