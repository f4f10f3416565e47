"""Twenty examples on a wavy line and an odd one: how far the odd one moves fits whose units stand still.

    f(x) = c + Σ_j a_j φ_j(x),   inputs in one dimension,

with six units at the same ``PLACES`` for every kind, or the input itself for a straight line. Only (c, a) is
fitted, to the sum of squares or of Huber's losses over the examples: the setting of the propositions on a
wild target and on a far input in the chapter on outliers.
"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from nmn.experiments.models import units_of

KINDS = ("linear", "relu", "rbf", "yat")
PLACES = np.linspace(-0.7, 0.7, 6)
WIDTH, EPS = 0.6, 0.3
# Where Huber's loss turns from a parabola into a straight line: some four times the wobble of the examples.
CORNER = 0.15
NEAR = np.linspace(-1, 1, 20)
HEIGHTS = 0.35 * NEAR - 0.35 * np.sin(4.2 * NEAR) + 0.04 * np.sin(5.0 * np.arange(20) ** 2)


def rows(kind: str, x: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n p"]:
    """(1, φ_1(x_i), φ_2(x_i), ...) for each input; ReLU units face right and left by turns.

    ValueError: a kind that is not in ``KINDS``.
    """
    turn = np.where(np.arange(len(PLACES)) % 2, -1.0, 1.0)
    units = {
        "linear": (np.ones(1), np.zeros(1)),
        "relu": (turn, -turn * PLACES),
        "rbf": (PLACES, np.full(len(PLACES), 1 / WIDTH)),
        "yat": (PLACES, np.sqrt(EPS) - PLACES**2),
    }
    if kind not in units:
        raise ValueError(f"kind must be one of {', '.join(units)}, got {kind!r}")
    w, s = units[kind]
    shown = units_of(kind, jnp.asarray(w)[:, None], jnp.asarray(s), jnp.asarray(x)[:, None], EPS)
    return np.c_[np.ones(len(x)), np.asarray(shown)]


def weights(
    phi: Float[np.ndarray, "n p"], y: Float[np.ndarray, " n"], *, huber: bool
) -> Float[np.ndarray, " p"]:
    """(c, a) with the least sum of ½r², or of Huber's losses, r = phi (c, a) − y.

    Huber's by least squares again and again, an example with |r| > CORNER counting for CORNER/|r|: no step
    makes the sum larger, and where a step changes nothing the sum is least, as it is convex.
    """
    found = np.linalg.lstsq(phi, y)[0]
    for _ in range(5000 if huber else 0):
        root = np.sqrt(CORNER / np.maximum(np.abs(phi @ found - y), CORNER))
        last, found = found, np.linalg.lstsq(root[:, None] * phi, root * y)[0]
        if np.max(np.abs(found - last)) < 1e-10:
            break
    return found


def curve(
    kind: str, odd: tuple[float, float] | None, x: Float[np.ndarray, " m"], *, huber: bool
) -> Float[np.ndarray, " m"]:
    """The fit to the twenty examples and the odd one (none: without it), at the inputs x."""
    inputs, y = (np.append(NEAR, odd[0]), np.append(HEIGHTS, odd[1])) if odd else (NEAR, HEIGHTS)
    return rows(kind, x) @ weights(rows(kind, inputs), y, huber=huber)


def moved(kind: str, odd: tuple[float, float], *, huber: bool) -> float:
    """How far the odd example moves the fit at one of the twenty, at most."""
    with_it, without = (curve(kind, one, NEAR, huber=huber) for one in (odd, None))
    return float(np.max(np.abs(with_it - without)))
