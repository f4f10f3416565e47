"""A layer of product units."""

from typing import Self

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, DTypeLike, Float, PRNGKeyArray, Real

from nmn.arguments import positive, real, result_dtype, vectors, whole
from nmn.multiplicative.factors import Factor, Gaussian


class Product(eqx.Module):
    """y_j = Π_k σ(w_jk·x + b_jk), for inputs (..., d) and outputs (..., units); k runs over ``factors``.

    With Gaussian σ a unit is exp(−‖W_j x + b_j‖²): local if the d columns of W_j are independent, hence
    only with d factors or more. With tanh or sigmoid no unit is local, however many factors it has: far
    out in most directions |σ| does not fade.

    **Initialisation.** A unit stands at a random place c_j of [−1, 1]^d: b_jk = −w_jk·c_j, and
    w_jk ~ N(0, I/(d ``width``²)).
    ValueError: sizes < 1, a ``factor`` that is none, a width that is not above 0, inputs without d features.

    >>> layer = multiplicative.Product(2, 5, factors=3, factor=multiplicative.Tanh(), key=jax.random.key(0))
    >>> jax.vmap(layer)(jnp.ones((7, 2))).shape
    (7, 5)
    """

    weight: Float[Array, "units factors d"]
    bias: Float[Array, "units factors"]
    factor: Factor

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        key: PRNGKeyArray,
        factors: int | None = None,
        factor: Factor | None = None,
        width: float = 0.5,
        dtype: DTypeLike | None = None,
    ) -> None:
        d, units = whole("in_features", in_features), whole("out_features", out_features)
        count = d if factors is None else whole("factors", factors)
        self.factor = _checked(Gaussian() if factor is None else factor)
        size = positive("width", width, (), jnp.float32)
        of_turn, of_place = jax.random.split(key)
        turn = jax.random.normal(of_turn, (units, count, d), float if dtype is None else dtype)
        self.weight = turn / (size * d**0.5).astype(turn.dtype)
        place = jax.random.uniform(of_place, (units, 1, d), turn.dtype, -1.0, 1.0)
        self.bias = -jnp.sum(self.weight * place, -1)

    @classmethod
    def coordinates(
        cls,
        places: Float[ArrayLike, "units d"],
        widths: Float[ArrayLike, "..."],
        *,
        factor: Factor | None = None,
    ) -> Self:
        """y_j = Π_k σ((x_k − c_jk)/width_jk): one factor a coordinate; ``widths`` broadcast with ``places``.

        ValueError: as the class; places that are no (units, d) numbers.
        """
        places, widths = vectors("places", places, 2), real("widths", widths)
        dtype = jnp.promote_types(places.dtype, widths.dtype)
        scale = jnp.broadcast_to(1 / positive("widths", widths, widths.shape, dtype), places.shape)
        made = cls(places.shape[1], len(places), key=jax.random.key(0), factor=factor, dtype=dtype)
        new = scale[..., None] * jnp.eye(places.shape[1], dtype=dtype), -scale * places
        return eqx.tree_at(lambda layer: (layer.weight, layer.bias), made, new)

    @property
    def in_features(self) -> int:
        """d."""
        return self.weight.shape[-1]

    @property
    def out_features(self) -> int:
        """How many units there are."""
        return self.weight.shape[-3]

    def __call__(
        self, x: Real[Array, "*batch d"], *, key: PRNGKeyArray | None = None
    ) -> Float[Array, "*batch units"]:
        """The outputs of every unit; ``key`` is not used (Equinox passes one to every layer of a stack)."""
        dtype = result_dtype(x, self.weight)
        x = vectors("x", x, nan=True)
        if x.shape[-1] != self.in_features:
            raise ValueError(f"x must have {self.in_features} features, got shape {x.shape}")
        # 16 bits are multiplied in float32, as in the other layers.
        wide = jnp.promote_types(dtype, jnp.float32)
        weight, bias = self.weight.astype(wide), self.bias.astype(wide)
        z = jnp.einsum("...d,ukd->...uk", x.astype(wide), weight) + bias
        return self.factor.product(z).astype(dtype)


def _checked(factor: Factor) -> Factor:
    if not isinstance(factor, Factor):
        raise ValueError(f"factor must be one such as multiplicative.Gaussian(), got {factor!r}")
    return factor
