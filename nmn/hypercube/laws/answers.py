"""What a law may know of itself, few values or a map from uniform points, and that nobody inherits it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


@dataclass(frozen=True, eq=False)
class Levels:
    """The few values of a pixel, scale · values, and their chances.

    ValueError: values that are no whole numbers or do not rise, a value or a chance that is not that of its
    negative, since X and −X are alike; chances that are below 0 or do not sum to 1; scale <= 0.
    """

    values: Float[np.ndarray, " a"]
    chances: Float[np.ndarray, " a"]
    scale: float

    def __post_init__(self) -> None:
        values, chances = np.asarray(self.values, float), np.asarray(self.chances, float)
        rising = values.ndim == 1 and len(values) > 0 and bool((np.diff(values) > 0).all())
        if not rising or (values != np.rint(values)).any():
            raise ValueError(f"values must be whole numbers that rise, got {self.values!r}")
        if (values != -values[::-1]).any():
            raise ValueError(f"values must hold the negative of each, got {self.values!r}")
        if chances.shape != values.shape or (chances < 0).any() or abs(chances.sum() - 1) > 1e-6:
            raise ValueError(f"chances must be one a value, none below 0, of sum 1, got {self.chances!r}")
        if np.abs(chances - chances[::-1]).max() > 1e-6:
            raise ValueError(f"chances must be those of the negatives, got {self.chances!r}")
        if not 0 < self.scale < np.inf:
            raise ValueError(f"scale must be > 0, got {self.scale!r}")

    def sizes(self) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
        """Sizes other than 0, and their chances."""
        above = self.values > 0
        return jnp.asarray(self.scale * self.values[above]), jnp.asarray(2 * self.chances[above])

    def kurtosis(self) -> float:
        """E X⁴ − 3."""
        return float(self.chances @ (self.scale * self.values) ** 4 - 3)


SIGNS = Levels(np.array([-1.0, 1.0]), np.array([0.5, 0.5]), 1.0)


class Maker(NamedTuple):
    """How uniform points become signals: so many coordinates a signal, and the map, in NumPy and float64."""

    dimension: int
    signals: Callable[[Float[np.ndarray, "count dimension"]], Float[np.ndarray, "count n"]]


def owns(cls: type, answer: str, source: str) -> bool:
    """Whether the ``answer`` that ``cls`` inherits is about the ``source`` that it inherits, too.

    It is, where no class that brings a ``source`` comes before the one that answers. It also is where just
    one does, and the one that answers has none: an abstract class, or a mixin, speaks of whoever fills it in.
    """
    order = cls.__mro__
    brings = [source in vars(each) and not _abstract(vars(each)[source]) for each in order]
    place = next(i for i, each in enumerate(order) if answer in vars(each))
    others = sum(brings[:place])
    return others == 0 or (others == 1 and _abstract(getattr(order[place], source, None)))


def keep_own(cls: type, base: type, source: str, answers: Sequence[str]) -> None:
    """Put ``base``'s answers in place of those that ``cls`` inherits about another ``source``."""
    for name in [name for name in answers if not owns(cls, name, source)]:
        setattr(cls, name, vars(base)[name])


def _abstract(method: Any) -> bool:
    """Whether this is no method yet."""
    return method is None or getattr(method, "__isabstractmethod__", False)
