"""Compares values and gradients on a mesh of four devices with those on one; says what was compared.

A program of its own: how many devices there are is settled when JAX starts.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType
from jax.sharding import PartitionSpec as P

from nmn.product import gram, pairwise

RNG = np.random.default_rng(0)
W = jnp.asarray(RNG.normal(size=(4, 3)), jnp.float32)
# Far rows, one beside a prototype, and one with more close prototypes than rounds are worth.
CROWDED = jnp.concatenate([W, W[:1] + jnp.asarray(RNG.normal(size=(40, 3)), jnp.float32) / 1000])
ROWS = jnp.asarray(RNG.normal(size=(8, 3)), jnp.float32).at[0].set(W[1] + 1e-4)


# Axes of the mesh over which rows, prototypes and values are spread; a crowd only as in the first two.
LAYOUTS = (
    ("a", "b", P("a", "b")),
    (("a", "b"), "a", P(("a", "b"), None)),
    ("a", "a", P("a", None)),
    (None, "b", P(None, "b")),
    ("a", None, P("a", None)),
)


def value(x, w, bias):
    return pairwise(x, w, eps=0.01, bias=bias)


def both(x, w, bias):
    """Values, and the slopes of a sum of their sines: one program, for what takes long is to compile."""
    found, back = jax.vjp(value, x, w, bias)
    return found, back(jnp.cos(found))


def alike(found, true):
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(true), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4 * np.abs(other).max())


def by_shard_map():
    mesh = jax.make_mesh((4,), ("rows",), axis_types=(AxisType.Auto,))
    for w in (W, CROWDED):
        given = (ROWS, w, jnp.linspace(0, 1, len(w)))
        specs = (P("rows"), P(), P())
        spread = jax.shard_map(both, mesh=mesh, in_specs=specs, out_specs=(P("rows"), specs))
        alike(jax.jit(spread)(*given), jax.jit(both)(*given))


def by_explicit_axes():
    mesh = jax.make_mesh((2, 2), ("a", "b"), axis_types=(AxisType.Explicit,) * 2)
    for w, layouts in ((W, LAYOUTS), (CROWDED, LAYOUTS[:2])):
        given = (ROWS, w, jnp.linspace(0, 1, len(w)))
        true = jax.jit(both)(*given)
        for rows, units, wanted in layouts:
            with jax.set_mesh(mesh):
                specs = (P(rows), P(units), P(units))
                placed = [jax.device_put(array, spec) for array, spec in zip(given, specs, strict=True)]
                found = jax.jit(both)(*placed)
            assert jax.typeof(found[0]).sharding.spec == wanted
            alike(found, true)


def by_gram():
    mesh = jax.make_mesh((4,), ("rows",), axis_types=(AxisType.Explicit,))
    with jax.set_mesh(mesh):
        found = jax.jit(gram)(jax.device_put(ROWS, P("rows")))
    alike(found, gram(ROWS))


for name, compare in (("shard_map", by_shard_map), ("explicit", by_explicit_axes), ("gram", by_gram)):
    compare()
    print(name)
