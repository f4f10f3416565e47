"""What a law may know of itself, few values or a map from uniform points, and that nobody inherits it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


class Levels(NamedTuple):
    """The few values of a pixel, scale · values, and their chances."""

    values: Float[np.ndarray, " a"]
    """Whole numbers, rising: each with its negative, since X and −X are alike."""
    chances: Float[np.ndarray, " a"]
    scale: float

    def sizes(self) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
        """Sizes other than 0, and their chances."""
        above = self.values > 0
        return jnp.asarray(self.scale * self.values[above]), jnp.asarray(2 * self.chances[above])


SIGNS = Levels(np.array([-1.0, 1.0]), np.array([0.5, 0.5]), 1.0)


class Maker(NamedTuple):
    """How uniform points become signals: so many coordinates a signal, and the map, in NumPy and float64."""

    dimension: int
    signals: Callable[[Float[np.ndarray, "count dimension"]], Float[np.ndarray, "count n"]]


def keep_own(cls: type, base: type, source: str, answers: Sequence[str]) -> None:
    """Put ``base``'s answers in place of what ``cls``, with a ``source`` of its own, inherits from another's.

    An answer belongs to the ``source`` of the class that gives it; one that is given where ``source`` is
    still abstract is meant for all who fill it in.
    """
    if source not in vars(cls):
        return
    for name in answers:
        owner = next(each for each in cls.__mro__ if name in vars(each))
        if owner is not cls and not getattr(getattr(owner, source), "__isabstractmethod__", False):
            setattr(cls, name, vars(base)[name])
