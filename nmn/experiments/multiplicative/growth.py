"""How much of a network lies in a box, as the box grows: ∫ |u|² over [−R, R]²."""

from collections.abc import Callable, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from nmn.layers import Dense
from nmn.multiplicative import Gaussian, Product, Tanh
from nmn.regularity import box_norm

LAYERS: dict[str, Callable[[int, PRNGKeyArray], Callable[..., Array]]] = {
    # One factor: a unit that looks along one direction only, as those of a sum do.
    "sum_gaussian": lambda units, key: Product(2, units, factors=1, factor=Gaussian(), key=key),
    "sum_tanh": lambda units, key: Product(2, units, factors=1, factor=Tanh(), key=key),
    "product_gaussian": lambda units, key: Product(2, units, factor=Gaussian(), key=key),
    "product_tanh": lambda units, key: Product(2, units, factor=Tanh(), key=key),
    "yat": lambda units, key: Dense(2, units, eps=0.1, key=key),
}


def network(
    kind: str, key: PRNGKeyArray, *, units: int = 8
) -> Callable[[Float[Array, "n 2"]], Float[Array, " n"]]:
    """Σ_j c_j φ_j(x) with fresh units of a kind and c_j ~ N(0, 1). ValueError: a kind not in ``LAYERS``."""
    if kind not in LAYERS:
        raise ValueError(f"kind must be one of {', '.join(LAYERS)}, got {kind!r}")
    of_layer, of_heights = jax.random.split(key)
    layer, heights = LAYERS[kind](units, of_layer), jax.random.normal(of_heights, (units,))
    return eqx.filter_jit(lambda x: layer(x) @ heights)


def masses(
    kind: str, radii: Sequence[float], *, seeds: int = 5, units: int = 8
) -> Float[np.ndarray, "seeds radii"]:
    """∫ |u|² over [−R, R]² for each R, for ``seeds`` networks."""
    keys = jax.random.split(jax.random.key(0), seeds)
    found = []
    for key in keys:
        u = network(kind, key, units=units)

        def rows(x: Float[np.ndarray, "n 2"], u: Callable[[Array], Array] = u) -> Float[np.ndarray, " n"]:
            return np.asarray(u(jnp.asarray(x, jnp.float32)))

        # Panels shorter than the narrowest unit: a ridge is missed by none.
        found.append(
            [box_norm(rows, radius, d=2, panels=max(16, round(2 * radius))) ** 2 for radius in radii]
        )
    return np.array(found)


def orders(found: Float[np.ndarray, "seeds radii"], radii: Sequence[float]) -> Float[np.ndarray, " seeds"]:
    """s in mass ~ R^s, from the two largest boxes."""
    return np.log(found[:, -1] / found[:, -2]) / np.log(radii[-1] / radii[-2])
