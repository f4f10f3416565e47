"""Numbers that are as exact as an eye sees them, and where two descriptions differ."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axis import Axis

# The part of the length of an axis, or of a span, by which two numbers may differ and look the same.
FINE = 1e-4


class Near(float):
    """A number, and how far from it another one looks the same."""

    within: float

    def __new__(cls, value: float, within: float) -> "Near":
        made = super().__new__(cls, value)
        made.within = float(within)
        return made

    def rounded(self) -> float:
        """With as many digits as tell it from what does not look the same, and one more."""
        if not math.isfinite(self) or not self.within > 0:
            return float(self)
        return round(float(self), 1 - math.floor(math.log10(self.within))) + 0.0

    def seems(self, other: float) -> bool:
        """Whether the other one looks the same."""
        return abs(self - other) <= self.within if math.isfinite(self) else str(float(self)) == str(other)


def along(axis: Axis, values: Any) -> list[Near]:
    """Numbers on an axis: as near as a small part of its length, as it is scaled."""
    scale = axis.get_transform()
    low, high = scale.transform(axis.get_view_interval())
    values = np.atleast_1d(np.asarray(values, float))
    seen, step = scale.transform(values), FINE * abs(high - low)
    # At an end of the axis there may be nothing on one side.
    sides = [abs(scale.inverted().transform(seen + way) - values) for way in (-step, step)]
    return [Near(v, within) for v, within in zip(values, np.fmin(*sides), strict=True)]


def even(values: Any, span: float = 1.0) -> Any:
    """Numbers, nested or not: as near as a small part of the span."""
    return [even(value, span) for value in values] if np.ndim(values) else Near(float(values), FINE * span)


def differences(kept: Any, drawn: Any, place: str = "") -> Iterator[str]:
    """Where `drawn`, its numbers `Near`, is not as `kept`: a line for each place."""
    if isinstance(kept, dict) and isinstance(drawn, dict):
        for key in kept | drawn:
            inside = f"{place}, {key}" if place else str(key)
            yield from differences(kept.get(key, "nothing"), drawn.get(key, "nothing"), inside)
    elif isinstance(kept, list) and isinstance(drawn, list) and len(kept) == len(drawn):
        for at, (one, other) in enumerate(zip(kept, drawn, strict=True), 1):
            yield from differences(one, other, f"{place} {at}")
    elif isinstance(drawn, Near) and isinstance(kept, int | float):
        if not drawn.seems(kept):
            yield f"{place}: kept {kept}, drawn {drawn.rounded()}"
    elif kept != drawn:
        yield f"{place}: kept {kept}, drawn {drawn}"
