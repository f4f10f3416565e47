"""Pixels round a ring, each bound to the next: the form in which the exact back ends take a law.

P(x) = Π_i steps_i[x_i, x_{i+1}] / Z, i round the ring. The Ising ring is of this form, and so are independent
pixels with few values. Pixels of weight 0 do not touch the sign of w·X and are summed out: what is left is a
shorter cycle of the same form, and the field of a pixel that was left out follows from its two neighbours.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from nmn.hypercube import laws
from nmn.hypercube.field.digits import whole_numbers


@dataclass(frozen=True, eq=False)
class Cycle:
    """m >= 2 pixels with the ``weights`` w on them and their law.

    A pixel is scale · values[x]; ``lift`` turns the field of these pixels into that of all n.
    """

    weights: Float[np.ndarray, " m"]
    values: Float[np.ndarray, " a"]
    steps: Float[np.ndarray, "m a a"]
    lift: Float[np.ndarray, "n m"]
    scale: float = 1.0

    @property
    def m(self) -> int:
        """The number of pixels kept."""
        return len(self.weights)

    @property
    def independent(self) -> bool:
        """Whether the pixels are: no step looks at where it comes from."""
        return bool(np.all(self.steps == self.steps[:, :1]))

    @cached_property
    def whole(self) -> list[int]:
        """The weights as whole numbers on some scale."""
        return whole_numbers(self.weights)

    @property
    def reach(self) -> int:
        """The largest sum, Σ|k_i| max|x| for the whole numbers k_i."""
        return sum(map(abs, self.whole)) * int(self.largest)

    @property
    def largest(self) -> float:
        """The largest of the values."""
        return float(np.abs(self.values).max())

    def total(self) -> float:
        """Z, the trace of the product of all steps."""
        product = np.eye(len(self.values))
        for step in self.steps:
            product = product @ step
        return float(np.trace(product))

    def states(self, pixels: int) -> int:
        """How many states that many pixels have."""
        return len(self.values) ** pixels

    def field(self, products: Float[np.ndarray, " m"]) -> Float[np.ndarray, " n"]:
        """f on all n pixels from Z E[sgn(w·x) x_i] on the kept ones."""
        return self.lift @ (self.scale * products / (2 * self.total()))


def cycle(w: Float[np.ndarray, " n"], law: laws.Law) -> Cycle | None:
    """``law`` and ``w`` as a cycle, or None where the law has no such form."""
    levels, bonds = law.levels(), law.bonds()
    if levels is None or bonds is None:
        return None
    # Only for signs and independent pixels are those left out a matter of two coefficients: see ``_lift``.
    few = len(levels.values) == 2 or bool(np.all(bonds == bonds[0]))
    if not (np.isfinite(bonds).all() and (bonds >= 0).all() and bonds.any()):
        raise ValueError(f"law must have bonds that are weights >= 0, not all 0, got {bonds!r}")
    # On a scale on which the product of many neither overflows nor vanishes.
    radius = np.abs(np.linalg.eigvals(bonds)).max()
    bonds = bonds if abs(radius - 1) < 1e-9 else bonds / radius
    return _assemble(w, levels.values, bonds, levels.scale, np.flatnonzero(w) if few else np.arange(len(w)))


def _assemble(w: np.ndarray, values: np.ndarray, step: np.ndarray, scale: float, kept: np.ndarray) -> Cycle:
    n = len(w)
    if len(kept) == 1:
        # A cycle has two pixels; the second has weight 0 here. If n = 1 it is a free one that nobody sees.
        kept = np.unique([kept[0], (kept[0] + 1) % n]) if n > 1 else np.array([0, 0])
    gaps = np.diff(kept, append=kept[0] + n) if n > 1 else np.array([1, 1])
    weights = w[kept] if n > 1 else np.array([w[0], 0.0])
    steps = np.array([np.linalg.matrix_power(step, gap) for gap in gaps])
    if n == 1:
        # One pixel is bound to itself: the second one is it again.
        steps = np.array([np.diag(np.diag(step)), np.eye(len(values))])
    return Cycle(weights, values, steps, _lift(n, kept, gaps, values, step), scale)


def _lift(
    n: int, kept: np.ndarray, gaps: np.ndarray, values: np.ndarray, step: np.ndarray
) -> Float[np.ndarray, "n m"]:
    """Rows α, β with E[x_j | kept pixels] = α x_a + β x_b, a and b the kept pixels on both sides of j.

    For signs every odd function of two is of this form; independent pixels have α = β = 0.
    """
    lift, m = np.zeros((n, len(kept))), len(kept)
    for a, (place, gap) in enumerate(zip(kept, gaps, strict=True)):
        if place < n and not lift[place].any():
            lift[place, a] = 1.0
        whole = np.linalg.matrix_power(step, gap)
        for d in range(1, gap):
            there, back = np.linalg.matrix_power(step, d), np.linalg.matrix_power(step, gap - d)
            # Where both ends cannot be as asked (no chance at all) the mean does not matter.
            mean = (there * values) @ back / np.where(whole > 0, whole, 1.0)
            lift[(place + d) % n, a] += (mean[-1, -1] + mean[-1, 0]) / 2
            lift[(place + d) % n, (a + 1) % m] += (mean[-1, -1] - mean[-1, 0]) / 2
    return lift
