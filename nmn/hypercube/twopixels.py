"""Two independent pixels of one law: how steady the answer of each direction is."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.hypercube.laws import Marginal
from nmn.hypercube.laws.quadrature import half_line

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_END = 10.0


def flatness(angle: Float[ArrayLike, "*batch"], marginal: Marginal) -> Float[np.ndarray, "*batch"]:
    """ρ(d) = (E|d·X|)² for d = (cos angle, sin angle), X two independent pixels of the ``marginal``.

    The signs are independent of the sizes U and V, and ½|a + b| + ½|a − b| = max(|a|, |b|): so with
    c >= s the sizes of the entries of d, E|d·X| = E max(cU, sV) = c E U + E (sV − cU)₊.
    """
    angle = np.asarray(angle, float)
    s, c = np.sort(np.abs([np.cos(angle), np.sin(angle)]), 0).reshape(2, -1)
    return (_mean(c, s, marginal) ** 2).reshape(angle.shape)


def _mean(
    c: Float[np.ndarray, " k"], s: Float[np.ndarray, " k"], marginal: Marginal
) -> Float[np.ndarray, " k"]:
    """E max(cU, sV), s <= c."""
    levels = marginal.levels()
    if levels is not None:
        sizes, p = levels.scale * np.abs(levels.values), levels.chances
        return np.einsum(
            "i,j,kij->k", p, p, np.maximum(np.outer(c, sizes)[:, :, None], np.outer(s, sizes)[:, None])
        )
    z, chances = (np.asarray(v, float) for v in half_line(marginal.steepness()))
    v = _pixel(marginal, z)
    # What of U lies below sV/c, node for node of V: up to z = edge, where q(edge) = sV/c.
    edge = _below(marginal, np.outer(s / c, v))
    inner = edge[..., None] * (_NODES + 1) / 2
    gains = np.outer(s, v)[..., None] - c[:, None, None] * _pixel(marginal, inner)
    part = (gains * np.exp(-(inner**2) / 2)) @ _WEIGHTS * edge / np.sqrt(2 * np.pi)
    return (np.outer(c, v) + part) @ chances


def _pixel(marginal: Marginal, z: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
    return np.asarray(marginal.pixel(jnp.asarray(z)), float)


def _below(marginal: Marginal, x: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
    """The z >= 0 with q(z) = x, by halving."""
    low, high = np.zeros_like(x), np.full_like(x, _END)
    for _ in range(50):
        middle = (low + high) / 2
        short = _pixel(marginal, middle) < x
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return low
