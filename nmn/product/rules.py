"""How JAX differentiates and maps ``pairwise``.

Three primitives: the values, their change along a direction, and the way back of that change. The second is
the derivative of the first, the third and it are each other's transposes; so derivatives go forward and
backward. Why not ``custom_vjp``: it has no forward mode, and under ``vmap`` over single rows it makes one
gradient of w for each of them before it sums. Here ``vmap`` over rows is a call on more rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.experimental import jet
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir
from jaxtyping import Array, Float

from nmn.product.sums import all_cotangents, all_tangents, all_values, by_rows


def values(
    x: Float[Array, "batch d"],
    w: Float[Array, "units d"],
    eps: Float[Array, " units"],
    bias: Float[Array, " units"],
) -> Float[Array, "batch units"]:
    """(x_i·w_j + b_j)² / (‖x_i − w_j‖² + ε_j), to be differentiated and mapped as one likes."""
    return _values.bind(x, w, eps, bias)[0]


def _primitive(name: str, compute: Callable[..., Any], shaped: Callable[..., Any]) -> Primitive:
    """A primitive of several results: ``shaped`` makes their types from those of the arguments."""

    def results(*arguments: Array) -> Sequence[Array]:
        found = compute(*arguments)
        return found if isinstance(found, tuple) else (found,)

    made = Primitive(name)
    made.multiple_results = True
    made.def_impl(jax.jit(results))
    made.def_abstract_eval(shaped)
    mlir.register_lowering(made, mlir.lower_fun(results, multiple_results=True))
    return made


# The arguments of each: x, w, ε, b; x·w; a direction (dx, dw, dε, db), or a cotangent of the values.
_values = _primitive("pairwise", all_values, lambda x, w, *_: [x.update(shape=(x.shape[0], w.shape[0]))] * 2)
_tangent = _primitive("pairwise_tangent", all_tangents, lambda x, w, eps, bias, dot, *_: [dot])
_cotangent = _primitive("pairwise_cotangent", all_cotangents, lambda *avals: list(avals[:4]))


# Differentiation.


def _differentiate_values(primals: Sequence[Array], tangents: Sequence[Any]) -> tuple[Any, Any]:
    found, dot = _values.bind(*primals)
    change = _tangent.bind(*primals, dot, *map(ad.instantiate_zeros, tangents))
    # x·w is for the other two only, and they count what hangs on it as what hangs on x and w.
    return (found, dot), (*change, ad.Zero(jax.typeof(dot)))


def _linear_in(
    primitive: Primitive, exact: Callable[..., Any]
) -> Callable[[Sequence[Array], Sequence[Any]], tuple[Any, Any]]:
    """The derivative of a primitive that is linear in all after x·w; ``exact``: the same by definition."""

    def differentiate(primals: Sequence[Array], tangents: Sequence[Any]) -> tuple[Any, Any]:
        found = primitive.bind(*primals)
        direction = [ad.instantiate_zeros(tangent) for tangent in tangents]
        if all(isinstance(tangent, ad.Zero) for tangent in tangents[:4]):
            return found, primitive.bind(*primals[:5], *direction[5:])
        used = (*primals[:4], *primals[5:])
        return found, jax.jvp(exact, used, (*direction[:4], *direction[5:]))[1]

    return differentiate


def _exact_tangent(*arguments: Array) -> list[Array]:
    return [jax.jvp(by_rows, arguments[:4], arguments[4:])[1]]


def _exact_cotangent(*arguments: Array) -> list[Array]:
    return list(jax.vjp(by_rows, *arguments[:4])[1](arguments[4]))


def _turn_back(cotangents: Sequence[Any], *arguments: Any) -> list[Any]:
    (g,), known, direction = cotangents, arguments[:5], arguments[5:]
    back = _cotangent.bind(*known, ad.instantiate_zeros(g))
    wanted = (ad.is_undefined_primal(argument) for argument in direction)
    return [None] * 5 + [one if asked else None for one, asked in zip(back, wanted, strict=True)]


def _turn_forth(cotangents: Sequence[Any], *arguments: Any) -> list[Any]:
    return [None] * 5 + _tangent.bind(*arguments[:5], *map(ad.instantiate_zeros, cotangents))


ad.primitive_jvps[_values] = _differentiate_values
ad.primitive_jvps[_tangent] = _linear_in(_tangent, _exact_tangent)
ad.primitive_jvps[_cotangent] = _linear_in(_cotangent, _exact_cotangent)
ad.primitive_transposes[_tangent] = _turn_back
ad.primitive_transposes[_cotangent] = _turn_forth


def _taylor(primals: Sequence[Array], series: Sequence[Any], **_: Any) -> tuple[Any, Any]:
    def definition(x: Array, w: Array, eps: Array, bias: Array) -> list[Array]:
        s, gap = jnp.sum(x[:, None] * w[None], -1) + bias[None], x[:, None] - w[None]
        return [s * s / (jnp.sum(gap * gap, -1) + eps[None]), s]

    # The rules of `jet` hold coefficients, not derivatives.
    return jet.jet(definition, primals, series, factorial_scaled=False)


_RULES: dict[Primitive, Callable[..., Any]] = jet.jet_rules
_RULES[_values] = _taylor


# Mapping.

ROW, UNIT, PAIR = "row", "unit", "pair"
Mapped = tuple[Sequence[Array], Sequence[int]]


def _as_more(primitive: Primitive, axes: Sequence[str]) -> Callable[..., Mapped]:
    """``vmap`` over rows, or over units, is the primitive on more of them; over both, one call after another.

    ``axes``: what the first axis of each argument counts; of a PAIR the first counts rows, the second units.
    """

    def mapped(arguments: Sequence[Array], dims: Sequence[int | None]) -> Mapped:
        moving = {axis for axis, dim in zip(axes, dims, strict=True) if dim is not None}
        if moving >= {ROW, UNIT}:
            return _in_turn(primitive)(arguments, dims)
        more = UNIT if UNIT in moving else ROW
        size = next(a.shape[d] for a, d in zip(arguments, dims, strict=True) if d is not None)
        joined = []
        for argument, dim, axis in zip(arguments, dims, axes, strict=True):
            if axis not in {more, PAIR}:
                joined.append(argument)
                continue
            of_all = jnp.broadcast_to(argument, (size, *argument.shape)) if dim is None else argument
            joined.append(_joined(of_all, dim or 0, int(axis == PAIR and more == UNIT)))
        found = [_parted(one, size, int(more == UNIT)) for one in primitive.bind(*joined)]
        return found, [0] * len(found)

    return mapped


def _joined(array: Array, mapped: int, axis: int) -> Array:
    """The mapped axis of an array in one with the axis that comes as ``axis`` of the others."""
    moved = jnp.moveaxis(array, mapped, axis)
    return moved.reshape(*moved.shape[:axis], -1, *moved.shape[axis + 2 :])


def _parted(array: Array, size: int, axis: int) -> Array:
    """Such an axis in two again, the mapped one in front."""
    parts = array.reshape(*array.shape[:axis], size, -1, *array.shape[axis + 1 :])
    return jnp.moveaxis(parts, axis, 0)


def _in_turn(primitive: Primitive) -> Callable[..., Mapped]:
    """``vmap`` as one call after another: a plain one would take both branches of each ``cond``."""

    def mapped(arguments: Sequence[Array], dims: Sequence[int | None]) -> Mapped:
        moving = [jnp.moveaxis(a, d, 0) for a, d in zip(arguments, dims, strict=True) if d is not None]

        def step(now: Sequence[Array]) -> list[Array]:
            given = iter(now)
            return primitive.bind(
                *(a if d is None else next(given) for a, d in zip(arguments, dims, strict=True))
            )

        found = jax.lax.map(step, moving)
        return found, [0] * len(found)

    return mapped


_FOUR = (ROW, UNIT, UNIT, UNIT)
batching.primitive_batchers[_values] = _as_more(_values, _FOUR)
batching.primitive_batchers[_tangent] = _as_more(_tangent, (*_FOUR, PAIR, *_FOUR))
# On more rows there would be one cotangent of w for all of them.
batching.primitive_batchers[_cotangent] = _in_turn(_cotangent)
