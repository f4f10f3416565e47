"""One hidden layer, four kinds of unit, the same number of parameters and the same care.

Every network is f(x) = c + Σ_j a_j φ(x; w_j, s_j), with units (d + 2) + 1 parameters:

    linear  w·x + s          relu  max(0, w·x + s)
    rbf     exp(−s² ‖x − w‖²)    yat   (w·x + s)² / (‖x − w‖² + ε)

Each kind has one number of its own to choose, its ``knob``: the length of w for linear and ReLU, the
width at the start over √d for RBF, ε/d for ⵟ (distances in a cube grow as √d). All four are placed
alike: a unit starts at a random place of the cube (its centre, its prototype, or the place of its kink).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.product import yat

# The settings that each kind may choose its knob from: three for each.
KNOBS = {
    "linear": (0.5, 1.5, 4.5),
    "relu": (0.5, 1.5, 4.5),
    "rbf": (0.2, 0.5, 1.2),
    "yat": (0.02, 0.1, 0.5),
}
KINDS = tuple(KNOBS)


class Network(NamedTuple):
    """The parameters of a network with one hidden layer."""

    w: Float[Array, "units d"]
    s: Float[Array, " units"]
    a: Float[Array, " units"]
    c: Float[Array, ""]


def units_of(
    kind: str, w: Float[Array, "units d"], s: Float[Array, " units"], x: Float[Array, "n d"], knob: ArrayLike
) -> Float[Array, "n units"]:
    """φ(x_i; w_j, s_j) of every input and unit of a kind. ValueError: a kind that is not in ``KINDS``."""
    if kind == "linear":
        return x @ w.T + s
    if kind == "relu":
        return jax.nn.relu(x @ w.T + s)
    if kind == "rbf":
        # By differences: the expanded square would lose the digits of close pairs.
        squares = jnp.sum((x[:, None] - w) ** 2, -1)
        return jnp.exp(-(s**2) * squares)
    if kind == "yat":
        return yat(w, x[:, None], eps=jnp.asarray(knob) * w.shape[1], bias=s)
    raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")


def predict(kind: str, net: Network, x: Float[Array, "n d"], knob: ArrayLike) -> Float[Array, " n"]:
    """f(x_i) of every input."""
    return units_of(kind, net.w, net.s, x, knob) @ net.a + net.c


def start(key: PRNGKeyArray, kind: str, d: int, knob: ArrayLike, *, units: int) -> Network:
    """A network before training: units at random places of [−1, 1]^d, small random output weights.

    A ⵟ-unit starts with its bias at √ε − ‖w‖², where its peak is 1 + ‖w‖², whatever ε is.
    """
    of_place, of_turn, of_out = jax.random.split(key, 3)
    place = jax.random.uniform(of_place, (units, d), minval=-1.0, maxval=1.0)
    turn = jax.random.normal(of_turn, (units, d))
    turn = jnp.asarray(knob) * turn / jnp.linalg.norm(turn, axis=1, keepdims=True)
    if kind in ("linear", "relu"):
        w, s = turn, -jnp.sum(turn * place, 1)
    elif kind == "rbf":
        w, s = place, jnp.full(units, 1 / (jnp.asarray(knob) * jnp.sqrt(d)))
    else:
        w, s = place, jnp.sqrt(jnp.asarray(knob) * d) - jnp.sum(place**2, 1)
    return Network(w, s, jax.random.normal(of_out, (units,)) / jnp.sqrt(units), jnp.zeros(()))
