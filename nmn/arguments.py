"""What the functions of this library take, and the errors they raise when they get something else."""

import functools
from numbers import Integral

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, ArrayLike, Float


def concrete(value: ArrayLike | Array) -> np.ndarray | None:
    """The numbers in ``value``, or None while JAX traces it and there are none to look at."""
    return None if isinstance(value, Tracer) else np.asarray(value)


def floats(name: str, value: ArrayLike | Array) -> Float[Array, "..."]:
    """``value`` as a float array of at least 32 bits: integers become floats, float64 stays under x64.

    Its numbers are not looked at. Raises ValueError when it is complex or not numeric.
    """
    try:
        array = jnp.asarray(_unwrapped(value))
    except (OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from error
    if jnp.iscomplexobj(array):
        raise ValueError(f"{name} must be real, got dtype {array.dtype}")
    exact = not jnp.issubdtype(array.dtype, jnp.floating)
    return array.astype(float if exact else jnp.promote_types(array.dtype, jnp.float32))


def real(name: str, value: ArrayLike | Array) -> Float[Array, "..."]:
    """As ``floats``; ValueError for a NaN, too (seen outside ``jit`` only)."""
    array = floats(name, value)
    seen = concrete(array)
    if seen is not None and np.isnan(seen).any():
        raise ValueError(f"{name} must not hold NaN, got {int(np.isnan(seen).sum())} in shape {seen.shape}")
    return array


def _unwrapped(value: ArrayLike | Array) -> ArrayLike | Array:
    """Whole numbers as floats: JAX cuts off what its own integers cannot hold."""
    if isinstance(value, jax.Array):
        return value
    try:
        array = np.asarray(value)
        large = array.dtype.kind == "O" and all(isinstance(one, int) for one in array.flat)
        return array.astype(float) if large or array.dtype.kind in "biu" else value
    except (OverflowError, TypeError, ValueError):
        # Traced numbers in a list, no numbers, or one that no float can hold.
        return value


def result_dtype(*values: ArrayLike | Array) -> jnp.dtype:
    """The dtype of a result: that of the float arrays, also of 16 bits; JAX's float for all other numbers."""
    given = [jnp.dtype(getattr(value, "dtype", float)) for value in values]
    floats = [dtype if jnp.issubdtype(dtype, jnp.floating) else jnp.dtype(float) for dtype in given]
    return jax.dtypes.canonicalize_dtype(functools.reduce(jnp.promote_types, floats))


def number(name: str, value: ArrayLike | Array) -> float:
    """``value`` as one float, infinity included. ValueError: no real number, more than one, NaN, traced."""
    if isinstance(value, Tracer):
        raise ValueError(f"{name} must be a number at hand: it is fixed outside jit, vmap and grad")
    if real(name, value).shape:
        raise ValueError(f"{name} must be one number, got shape {jnp.shape(value)}")
    # Not by way of a JAX array, which may be of single precision.
    return float(np.asarray(value))


def whole(name: str, value: int, what: str = "", *, least: int = 1, most: int | None = None) -> int:
    """``value`` as a whole number, of ``what``. ValueError: a float, a bool, not ``least`` to ``most``."""
    fits = isinstance(value, Integral) and not isinstance(value, bool) and value >= least
    if not fits or (most is not None and value > most):
        kind = f"a whole number {what}".rstrip()
        room = f">= {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {kind} {room}, got {value!r}")
    return int(value)


def vectors(
    name: str, value: ArrayLike | Array, axes: int | None = None, *, nan: bool = False
) -> Float[Array, "..."]:
    """``value`` as vectors along its last axis; with ``axes``, exactly that many axes. Raises ValueError.

    ``nan``: data, whose numbers are not looked at.
    """
    array = (floats if nan else real)(name, value)
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


def ranked(array: Float[Array, "..."], rank: int) -> Float[Array, "..."]:
    """With ``rank`` axes, leading ones of length 1 added: some users let JAX add none by itself."""
    return jnp.expand_dims(array, tuple(range(rank - array.ndim)))


def constant(
    name: str, value: ArrayLike | Array, shape: tuple[int, ...], dtype: jnp.dtype, *, nan: bool = False
) -> Float[Array, "..."]:
    """A parameter such as the bias, in ``dtype``; ValueError when it does not broadcast to ``shape``.

    ``nan`` as in ``vectors``.
    """
    array = (floats if nan else real)(name, value).astype(dtype)
    try:
        fits = jnp.broadcast_shapes(array.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name} must be a number or broadcast to shape {shape}, got shape {array.shape}")
    return ranked(array, len(shape)) if array.ndim else array


def positive(
    name: str, value: ArrayLike | Array, shape: tuple[int, ...], dtype: jnp.dtype
) -> Float[Array, "..."]:
    """As ``constant``, finite and at least the smallest number that ``dtype`` does not round to zero.

    ValueError; while JAX traces the number, the compiled program raises a RuntimeError when it runs.
    """
    array = constant(name, value, shape, dtype, nan=True)
    least = float(jnp.finfo(array.dtype).tiny)
    rule = f"{name} must be a finite number > 0 in {array.dtype} (at least {least:.3g})"
    if any(isinstance(leaf, Tracer) for leaf in jax.tree.leaves(value)):
        return eqx.error_if(array, ~((array >= least) & jnp.isfinite(array)), rule)
    # What was given, in the dtype: inside ``jit`` the array of a number at hand is traced, too.
    seen = np.asarray(_unwrapped(value), array.dtype)
    if not ((seen >= least) & np.isfinite(seen)).all():
        raise ValueError(f"{rule}, got {value!r}")
    return array
