"""What a sweep computes: the grid of cells, and the settings that all of them share."""

import dataclasses
import math
from collections.abc import Sequence

import jax
import numpy as np
from jaxtyping import Float, Int

from nmn.hypercube import ring

AXES = ("xi0", "xi1", "gain", "seed")


@dataclasses.dataclass(frozen=True)
class Grid:
    """All combinations of lengths, gains and seeds; the last axis, the seed, runs fastest.

    ValueError: an empty axis, a value twice, a length or gain <= 0 or NaN (gain inf is the sign), a seed that
    is no whole number from 0 to 2³¹ − 1.
    """

    xi0: Sequence[float]
    """Correlation lengths ξ₀ of the negative class."""
    xi1: Sequence[float]
    """Correlation lengths ξ₁ of the positive class, the one f is taken over."""
    gain: Sequence[float]
    """Gains of both classes."""
    seed: Sequence[int]
    """Each is the start and the noise of its runs. Cells of one seed share both, whatever their signals."""

    def __post_init__(self) -> None:
        for name in AXES:
            values = getattr(self, name)
            kind = int if name == "seed" else float
            try:
                axis = tuple(kind(value) for value in values)
                same = all(a == b for a, b in zip(axis, values, strict=True))
            except (TypeError, ValueError) as error:
                raise ValueError(f"{name} must be a list of numbers, got {values!r}") from error
            if not axis or not same or len(set(axis)) < len(axis) or not all(map(_FITS[name], axis)):
                raise ValueError(
                    f"{name} must be a list, not empty, of different {_TAKES[name]}, got {values!r}"
                )
            object.__setattr__(self, name, axis)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values on each axis."""
        return tuple(len(getattr(self, name)) for name in AXES)

    def cells(self) -> dict[str, Float[np.ndarray, " cells"] | Int[np.ndarray, " cells"]]:
        """The four values of every cell."""
        axes = np.meshgrid(*(np.array(getattr(self, name)) for name in AXES), indexing="ij")
        return {name: axis.ravel() for name, axis in zip(AXES, axes, strict=True)}


@dataclasses.dataclass(frozen=True)
class Settings:
    """How each cell is run. ValueError: a number out of range, steps not a multiple of every."""

    n: int = 40
    """Pixels."""
    samples: int = 1 << 15
    """Signals of the positive class in the fixed sample of a cell."""
    steps: int = 10_000
    """A cell that has not come to rest after so many steps is left as it is, ``converged`` False."""
    step: float = 0.1
    """The time one step of Euler's method takes."""
    every: int = 20
    """Steps between two looks at whether a cell has come to rest."""
    tolerance: float = 1e-4
    """At rest means ‖dw/dt‖ <= tolerance ‖w‖. 0: run all steps."""
    start: float = 0.1
    """Standard deviation of each weight at the start."""
    batch: int = 4
    """Cells that one device runs together and writes as one chunk."""

    def __post_init__(self) -> None:
        for name in ("n", "samples", "steps", "every", "batch"):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} must be a whole number >= 1, got {value!r}")
        for name in ("step", "start", "tolerance"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise ValueError(f"{name} must be a finite number, not below 0, got {value!r}")
            if not value and name != "tolerance":
                raise ValueError(f"{name} must be greater than 0, got {value!r}")
        if self.steps % self.every:
            raise ValueError(f"steps must be a multiple of every = {self.every}, got {self.steps}")


def agree(grid: Grid, settings: Settings) -> None:
    """ValueError: a length that signals of n pixels cannot have."""
    for name in ("xi0", "xi1"):
        for xi in getattr(grid, name):
            try:
                ring.correlation(settings.n, xi)
            except ValueError as error:
                raise ValueError(f"{name} does not fit n = {settings.n}: {error}") from error


def describe(grid: Grid, settings: Settings) -> dict[str, str]:
    """Everything the numbers depend on, as text: two sweeps are the same when this is."""
    axes = {name: " ".join(map(str, getattr(grid, name))) for name in AXES}
    rest = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    kinds = {name: float if name in ("step", "tolerance", "start") else int for name in rest}
    dtype = str(jax.dtypes.canonicalize_dtype(float))
    return axes | {name: str(kinds[name](value)) for name, value in rest.items()} | {"dtype": dtype}


_FITS = {
    "xi0": lambda xi: 0 < xi < math.inf,
    "xi1": lambda xi: 0 < xi < math.inf,
    "gain": lambda gain: gain > 0,
    "seed": lambda seed: 0 <= seed < 2**31,
}
_TAKES = {
    "xi0": "lengths > 0",
    "xi1": "lengths > 0",
    "gain": "gains > 0, inf included",
    "seed": "whole numbers from 0 to 2³¹ − 1",
}
