"""What the functions of this library take, and the errors they raise when they get something else."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, ArrayLike, Float


def concrete(value: ArrayLike | Array) -> np.ndarray | None:
    """The numbers in ``value``, or None while JAX traces it and there are none to look at."""
    return None if isinstance(value, Tracer) else np.asarray(value)


def real(name: str, value: ArrayLike | Array) -> Float[Array, "..."]:
    """``value`` as a float array of at least 32 bits: integers become floats, float64 stays under x64.

    Raises ValueError when it is complex or not numeric, or holds a NaN (seen outside ``jit`` only).
    """
    try:
        array = jnp.asarray(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from error
    if jnp.iscomplexobj(array):
        raise ValueError(f"{name} must be real, got dtype {array.dtype}")
    exact = not jnp.issubdtype(array.dtype, jnp.floating)
    array = array.astype(float if exact else jnp.promote_types(array.dtype, jnp.float32))
    seen = concrete(array)
    if seen is not None and np.isnan(seen).any():
        raise ValueError(f"{name} must not hold NaN, got {int(np.isnan(seen).sum())} in shape {seen.shape}")
    return array


def number(name: str, value: ArrayLike | Array) -> float:
    """``value`` as one float, infinity included. Raises ValueError: no real number, more than one, NaN."""
    if real(name, value).shape:
        raise ValueError(f"{name} must be one number, got shape {jnp.shape(value)}")
    # Not by way of a JAX array, which may be of single precision.
    return float(np.asarray(value))


def vectors(name: str, value: ArrayLike | Array, axes: int | None = None) -> Float[Array, "..."]:
    """``value`` as vectors along its last axis; with ``axes``, exactly that many axes. Raises ValueError."""
    array = real(name, value)
    if axes is not None and array.ndim != axes:
        raise ValueError(f"{name} must have {axes} axes, the last one of length d, got shape {array.shape}")
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} must have a last axis of length d >= 1, got shape {array.shape}")
    return array


def matched(
    left: tuple[str, Float[Array, "..."]], right: tuple[str, Float[Array, "..."]]
) -> tuple[Float[Array, "..."], Float[Array, "..."]]:
    """Both arrays in their common dtype; ValueError when their vectors differ in length."""
    (first, a), (second, b) = left, right
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"{first} and {second} must hold vectors of the same length d, got shapes {a.shape} and {b.shape}"
        )
    dtype = jnp.promote_types(a.dtype, b.dtype)
    return a.astype(dtype), b.astype(dtype)


def constant(
    name: str, value: ArrayLike | Array, shape: tuple[int, ...], dtype: jnp.dtype
) -> Float[Array, "..."]:
    """A parameter such as the bias, in ``dtype``; ValueError when it does not broadcast to ``shape``."""
    array = real(name, value).astype(dtype)
    try:
        fits = jnp.broadcast_shapes(array.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name} must be a number or broadcast to shape {shape}, got shape {array.shape}")
    return array


def positive(
    name: str, value: ArrayLike | Array, shape: tuple[int, ...], dtype: jnp.dtype
) -> Float[Array, "..."]:
    """As ``constant``, and greater than zero and finite in ``dtype`` (seen outside ``jit`` only)."""
    array = constant(name, value, shape, dtype)
    seen = concrete(array)
    if seen is not None and not ((seen > 0) & np.isfinite(seen)).all():
        raise ValueError(
            f"{name} must be a finite number > 0 in {jax.dtypes.canonicalize_dtype(dtype)}, got {value!r}"
        )
    return array
