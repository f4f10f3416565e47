"""A crowd of examples around one ⵟ-neuron: which share of what moves its weights comes from far away?"""

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn import product


def disc(n: int, radius: float, rng: np.random.Generator) -> Float[np.ndarray, "n 2"]:
    """n inputs, uniform in the disc of this radius around the origin of the plane."""
    k, angle = radius * np.sqrt(rng.uniform(size=n)), rng.uniform(0, 2 * np.pi, n)
    return k[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def far_share(
    seeds: range, *, eps: float, n: int = 4000, radius: float = 100.0, beyond: float = 10.0
) -> Float[np.ndarray, " seeds"]:
    """Share of Σ‖∇_w ⵟ(w, x)‖ that comes from ‖x‖ > ``beyond``, for w = (1, 0) and one crowd a seed."""
    w, shares = np.array([1.0, 0.0]), []
    for seed in seeds:
        x = disc(n, radius, np.random.default_rng(seed))
        volume = np.linalg.norm(product.grad_w(w, x, eps=eps), axis=1)
        shares.append(volume[np.linalg.norm(x, axis=1) > beyond].sum() / volume.sum())
    return np.array(shares)


def volume(centre: Float[ArrayLike, "2"], radii: Float[np.ndarray, " k"], *, eps: float) -> float:
    """∫ ‖∇_w ⵟ(w, x)‖ dx over rings of these radii about a centre, for w = (1, 0): trapezoids, 400 rays."""
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    rings = np.asarray(centre) + radii[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    sizes = np.linalg.norm(product.grad_w(np.array([1.0, 0.0]), rings, eps=eps), axis=-1)
    return float(np.trapezoid(2 * np.pi * radii * sizes.mean(1), radii))
