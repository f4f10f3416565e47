"""The numbers that all cells of a sweep over NLGP signals share."""

import dataclasses
import math

from nmn.arguments import whole


@dataclasses.dataclass(frozen=True)
class Settings:
    """How each cell is run. ValueError: a number out of range."""

    n: int = 40
    """Pixels."""
    samples: int = 1 << 15
    """Signals of the positive class in the fixed sample of a cell."""
    steps: int = 10_000
    """A cell that has not come to rest after so many steps is left as it is, ``converged`` False."""
    step: float = 0.1
    """The time one step of Euler's method takes."""
    tolerance: float = 1e-4
    """At rest means ‖dw/dt‖ <= tolerance ‖w‖. 0: run all steps."""
    start: float = 0.1
    """Standard deviation of each weight at the start."""

    def __post_init__(self) -> None:
        for name in ("n", "samples", "steps"):
            # Beyond 2²⁴ a float32 no longer holds every number of steps.
            most = 1 << 24 if name == "steps" else None
            object.__setattr__(self, name, whole(name, getattr(self, name), most=most))
        for name in ("step", "start", "tolerance"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise ValueError(f"{name} must be a finite number, not below 0, got {value!r}")
            if not value and name != "tolerance":
                raise ValueError(f"{name} must be greater than 0, got {value!r}")
            # One number, written in one way: settings are compared as text.
            object.__setattr__(self, name, float(value))
