"""What a function of whole arrays needs to run on any mesh of devices."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax.sharding import PartitionSpec, auto_axes, get_abstract_mesh
from jaxtyping import Array


def on_any_mesh(function: Callable[..., Array], *arguments: Array, like: tuple[Array, ...]) -> Array:
    """``function(*arguments)``, whose axis k is spread over the devices as the first axis of ``like[k]``.

    Under ``shard_map`` the way back of a function with rules of its own must sum over the devices where an
    argument is the same on all of them: it does once all arguments have the type of what differs. On a mesh
    of explicit axes JAX lays out what is inside by itself, and the result as told here.
    """
    mesh = get_abstract_mesh()
    if mesh.manual_axes:
        differs = sum(argument.ravel()[0] for argument in arguments)
        arguments = tuple(jnp.where(False, differs, argument) for argument in arguments)
    if not mesh.explicit_axes:
        return function(*arguments)
    axes: list[str | tuple[str, ...] | None] = []
    for array in like:
        axis = jax.typeof(array).sharding.spec[0]
        # An axis of the mesh can spread one axis of an array only.
        axes.append(None if _names(axis) & _names(*axes) else axis)
    return auto_axes(function, axes=mesh.explicit_axes, out_sharding=PartitionSpec(*axes))(*arguments)


def _names(*axes: str | tuple[str, ...] | None) -> set[str]:
    split = ((axis,) if isinstance(axis, str) else axis or () for axis in axes)
    return {name for names in split for name in names}
