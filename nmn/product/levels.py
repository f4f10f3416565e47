"""The level sets of ⵟ around one prototype: conics, turned around the line through w."""

from typing import NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float


class LevelSet(NamedTuple):
    """The inputs x with ⵟ_b(w, x) = c, 0 < c < sup ⵟ_b, in a plane through the line of w."""

    kind: str
    """An ellipse, a parabola or a hyperbola: c above, at or below ‖w‖²."""
    eccentricity: float
    """e = ‖w‖/√c."""
    parameter: float
    """ℓ, half the width at a focus: around the first one, at the angle ν, r = ℓ/(1 − e cos ν)."""
    foci: Float[np.ndarray, "k d"]
    """The focus next to w, and the other one, which a parabola has not."""


def level_set(w: Float[ArrayLike, " d"], level: float, *, eps: float, bias: float = 0.0) -> LevelSet:
    """The conic ⵟ_b(w, x) = c, from one root: ρ = ‖w‖, m = ρ² + b, q = √(m² − ε(c − ρ²)).

    ℓ = q/√c, and the foci lie ερ/(|m| + q) and ερ/(|m| − q) from w, along w (against w for m < 0). There the
    spheres touch the floor that touch the cone of one angle to ω all round (Dandelin).
    ValueError: w = 0; no such curve: c <= 0 or c >= ρ² + m²/ε.
    """
    v = np.asarray(w, float)
    rho = float(np.linalg.norm(v))
    if rho == 0:
        raise ValueError("w must not be 0: ⵟ has no direction then")
    m = rho**2 + bias
    top = rho**2 + m**2 / eps
    if not 0 < level < top:
        raise ValueError(f"level must lie between 0 and the supremum {top:g}, got {level!r}")
    q = np.sqrt(m**2 - eps * (level - rho**2))
    kind = "parabola" if level == rho**2 else "ellipse" if level > rho**2 else "hyperbola"
    steps = [eps / (abs(m) + q)] + ([] if kind == "parabola" else [eps / (abs(m) - q)])
    foci = v + (1 if m >= 0 else -1) * np.outer(steps, v)
    return LevelSet(kind, rho / float(np.sqrt(level)), float(q) / float(np.sqrt(level)), foci)
