"""Gauss–Legendre rules for means over one or two correlated Gaussians, smooth but for a kink at 0."""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

# N(0, 1) has less than 1e-22 of its mass beyond.
_END = 10.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(80)


def half_line(steepness: Float[Array, ""] | float = 1.0) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
    """Nodes z > 0 and weights for E h(Z) = Σ weight h(z), Z ~ N(0, 1), h even and smooth on z > 0.

    ``steepness``: h may bend on the scale 1/steepness near 0; a second panel of nodes looks there.
    """
    bend = jnp.clip(6 / jnp.asarray(steepness), 1e-3, _END / 2)
    inner, outer = (_NODES + 1) / 2 * bend, bend + (_NODES + 1) / 2 * (_END - bend)
    z = jnp.concatenate([inner, outer])
    lengths = jnp.concatenate([jnp.full(80, 1.0) * bend, jnp.full(80, 1.0) * (_END - bend)])
    weights = np.tile(_WEIGHTS, 2) * lengths / 2
    return z, weights * 2 * jnp.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


@eqx.filter_jit
def product_mean(odd: Callable[[Array], Array], correlation: Float[Array, " n"]) -> Float[Array, " n"]:
    """E[h(Y) h(Z)] for standard Gaussians Y, Z of each correlation, h odd and smooth on z > 0.

    In polar coordinates Y = r cos α, Z = r cos(α − γ) with cos γ the correlation. The sectors α where Y and
    Z have the same sign and where they differ are smooth, and opposite sectors are alike.
    """
    gamma = jnp.arccos(jnp.clip(correlation, -1, 1))[:, None, None]
    unit, weight = (_NODES + 1) / 2, _WEIGHTS / 2
    r = jnp.asarray(unit * _END)[None, :, None]
    radial = jnp.asarray(weight * _END)[None, :, None] * r * jnp.exp(-(r**2) / 2)

    def sector(start: Array, width: Array) -> Array:
        angle = start + width * unit
        value = odd(r * jnp.cos(angle)) * odd(r * jnp.cos(angle - gamma))
        return jnp.sum(radial * (width * weight) * value, (1, 2))

    # α − γ in (−π/2, π/2) and α in (−π/2, π/2): same sign on (γ − π/2, π/2), then different up to γ + π/2.
    same = sector(gamma - jnp.pi / 2, jnp.pi - gamma)
    different = sector(jnp.full_like(gamma, jnp.pi / 2), gamma)
    return 2 * (same + different) / (2 * jnp.pi)
