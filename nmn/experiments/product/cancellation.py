"""What the expanded squared distance loses in float32, measured against float64.

‖x − w‖² = ‖x‖² + ‖w‖² − 2 x·w holds for real numbers. In float32 the right side
subtracts two numbers near 2‖w‖², and the digits that survive are few.
"""

from collections.abc import Iterable
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from nmn import product

U32 = 2.0**-24
"""Unit roundoff of float32: no single rounding has a larger relative error."""


class Errors(NamedTuple):
    """Relative errors of ⵟ against float64, one row a distance, one column a pair."""

    distance: np.ndarray
    expanded: np.ndarray
    ours: np.ndarray


def expanded_distance(x: Float[Array, "batch d"], w: Float[Array, "units d"]) -> Float[Array, "batch units"]:
    """‖x‖² + ‖w‖² − 2 x·w for all pairs: one matrix product, and the cancellation."""
    squares = jnp.sum(x * x, axis=1)[:, None] + jnp.sum(w * w, axis=1)
    return jnp.maximum(squares - 2 * x @ w.T, 0)


def expanded(
    x: Float[Array, "batch d"], w: Float[Array, "units d"], *, eps: float
) -> Float[Array, "batch units"]:
    """ⵟ of all pairs on the expanded distance: what most fast code computes."""
    return (x @ w.T) ** 2 / (expanded_distance(x, w) + eps)


def exact(x: np.ndarray, w: np.ndarray, *, eps: float) -> np.ndarray:
    """ⵟ of each row of x with the same row of w, by difference, in float64: the reference."""
    x, w = x.astype(np.float64), w.astype(np.float64)
    return np.sum(x * w, axis=1) ** 2 / (np.sum((x - w) ** 2, axis=1) + eps)


def close_pairs(
    distance: float, *, d: int = 512, n: int = 128, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """n prototypes from N(0, I) and n inputs, each `distance` from its own; float32, shapes (n, d)."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(n, d))
    step = rng.normal(size=(n, d))
    x = w + distance * step / np.linalg.norm(step, axis=1, keepdims=True)
    return x.astype(np.float32), w.astype(np.float32)


def errors(
    distances: Iterable[float], *, eps: float = 1e-5, d: int = 512, n: int = 128, seed: int = 0
) -> Errors:
    """Relative error of ⵟ, expanded and by `product.pairwise`, for pairs at each distance."""
    rows = []
    for distance in distances:
        x, w = close_pairs(distance, d=d, n=n, seed=seed)
        truth = exact(x, w, eps=eps)
        fast = np.diag(np.asarray(expanded(jnp.asarray(x), jnp.asarray(w), eps=eps), np.float64))
        ours = np.diag(np.asarray(product.pairwise(x, w, eps=eps), np.float64))
        rows.append((distance, np.abs(fast / truth - 1), np.abs(ours / truth - 1)))
    return Errors(*(np.array(column) for column in zip(*rows, strict=True)))
