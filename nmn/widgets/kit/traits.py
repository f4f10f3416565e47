"""What the state of a widget may hold: finite numbers in a range, and places in the plane."""

import math
from collections.abc import Iterable
from operator import gt
from typing import Any

import traitlets


def _numbers(value: object, count: int = 2) -> list[float] | None:
    """`count` finite floats, or None: tuples and arrays become the list that JSON can carry."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return None
    try:
        numbers = [float(v) for v in value]
    except (TypeError, ValueError):
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None


class Place(traitlets.TraitType[Any, Any]):
    """Two coordinates, each within ± its limit."""

    def __init__(self, default: tuple[float, float], *, limit: tuple[float, float], **options: Any) -> None:
        self.limit = limit
        self.info_text = f"two finite numbers within ±{limit[0]:g} and ±{limit[1]:g}"
        super().__init__(list(default), **options)

    def validate(self, obj: Any, value: Any) -> list[float]:
        numbers = _numbers(value)
        if numbers is None or any(map(gt, map(abs, numbers), self.limit)):
            self.error(obj, value)
        return numbers


class Places(traitlets.TraitType[Any, Any]):
    """Two to six places in the plane, each coordinate within ± limit."""

    def __init__(self, default: list[list[float]], *, limit: float, **options: Any) -> None:
        self.limit = limit
        self.info_text = f"two to six pairs of finite numbers within ±{limit:g}"
        super().__init__(default, **options)

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            self.error(obj, value)
        places = [_numbers(v) for v in value]
        sound = [p for p in places if p is not None and max(map(abs, p)) <= self.limit]
        if not 2 <= len(places) <= 6 or len(sound) != len(places):
            self.error(obj, value)
        return sound


class Weights(traitlets.TraitType[Any, Any]):
    """Three weights within ±1, not all 0, kept to three decimals: 0.1 + 0.2 − 0.3 is then exactly 0."""

    info_text = "three finite numbers within ±1 that are not all 0 to three decimals"

    def validate(self, obj: Any, value: Any) -> list[float]:
        numbers = _numbers(value, 3)
        weights = [round(v, 3) + 0.0 for v in numbers or ()]
        if numbers is None or not any(weights) or max(map(abs, numbers)) > 1:
            self.error(obj, value)
        return weights


class Between(traitlets.Float[Any, Any]):
    """A finite number from low to high, both included."""

    def __init__(self, default: float, *, low: float, high: float, **options: Any) -> None:
        self.low, self.high = low, high
        self.info_text = f"a number from {low:g} to {high:g}"
        super().__init__(default, **options)

    def validate(self, obj: Any, value: Any) -> float:
        number = super().validate(obj, value)
        # A NaN is in no range.
        if not self.low <= number <= self.high:
            self.error(obj, value)
        return number


class UpToInfinity(Between):
    """A number from low to high; high stands for ∞, for which JSON has no sign, and ∞ itself is taken too."""

    def __init__(self, default: float, *, low: float, high: float, **options: Any) -> None:
        super().__init__(default, low=low, high=high, **options)
        self.info_text += ", or infinity"

    def validate(self, obj: Any, value: Any) -> float:
        return super().validate(obj, self.high if isinstance(value, float) and value == math.inf else value)
