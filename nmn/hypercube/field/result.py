"""What the field's back ends return."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Field:
    """f(w) in float64, how it was found, and how far off it may be.

    ``error`` is, for every entry or for all alike: what rounding leaves (``exact``); an estimate from what
    lower frequencies miss (transfer, where not exact); one standard error (monte-carlo, sobol).
    """

    value: Float[np.ndarray, " n"]
    error: float | Float[np.ndarray, " n"]
    method: str
    exact: bool

    def worst(self) -> float:
        """The largest entry of ``error``."""
        return float(np.max(self.error))
