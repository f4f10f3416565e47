"""A fully connected layer of ⵟ-neurons."""

from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, DTypeLike, Float, PRNGKeyArray, Real

from nmn.arguments import matched, positive, result_dtype, vectors, whole
from nmn.product.batches import checked

# Spread σ of a fresh prototype's coordinates, next to inputs of rms 1.
SPREAD = 1 / 4
BIASES = ("none", "shared", "unit")


class Dense(eqx.Module):
    """y_j = α (w_j·x + b_j)² / (‖x − w_j‖² + ε), for inputs (..., d) and outputs (..., units).

    **Initialisation.** w_ij ~ N(0, σ²) with σ = 1/4, b = 0 and α = (1 + σ² + ε/d) / (√3 σ²). Why: let x have
    rms r, that is ‖x‖² = d r². Given x, w·x = σ r √d z with z ~ N(0, 1), whatever the mean of x, and
    ‖x − w‖² ≈ d (r² + σ²). So y ≈ α σ² r² z² / (r² + σ² + ε/d), and as E z⁴ = 3, its rms is

        r' = √3 α σ² r² / (r² + σ² + ε/d).

    This α makes r = 1 a fixed point, of slope 2 (σ² + ε/d) / (1 + σ² + ε/d): 0.12, stable. Another,
    r = σ² + ε/d = 0.06, is unstable: below it depth kills the signal. Chance at width n moves log r by
    about 1.6/√n a layer, so the two must be far apart. With α = 1 an rms of 1 is never safe: the lower
    one, if there is one, is above 1/√3 for every σ, and if there is none every signal dies. The price:
    fresh prototypes are short next to x and the distance varies little, so a fresh unit measures mostly
    the angle; proximity is learnt. ε must stay well below d.

    **What survives.** Two inputs at cosine c leave at E[z² z'²] / 3 = (1 + 2c²) / 3. Its fixed points are 1,
    unstable (near inputs part: 1 − c grows by 4/3 a layer), and 1/2, stable (c − 1/2 shrinks by 2/3 a layer).
    So depth does not merge different inputs, but a deep fresh stack makes all of them equally different:
    after 20 layers some 3·10⁻⁴ of what their cosines told is left, under the noise of a width of 1024.
    Narrow stacks stray from this: at width 16 the mean cosine after 20 layers is about 0.7.

    ``bias`` is "none", "shared" (one number) or "unit" (one a unit). With ``learn_eps``, ε is the exponential
    of a parameter, so it stays positive. Else it is a number of the layer, which is saved with it and which
    no optimizer moves. The outputs have the dtype of inputs and weights together: cast the layer to bfloat16
    and give it bfloat16, and they are bfloat16, while ε and all sums are float32. ``vmap`` over single rows
    costs what the batch does, and so does its gradient.
    ValueError: sizes < 1, another ``bias``, eps <= 0, inputs that do not have d features.

    In a stack with others, over a batch, as an ensemble, saved and read again:

    >>> import equinox as eqx, io
    >>> def stack(key):
    ...     first, second = jax.random.split(key)
    ...     return eqx.nn.Sequential([layers.Dense(2, 8, key=first), eqx.nn.Linear(8, 1, key=second)])
    >>> x = jnp.ones((5, 2))
    >>> jax.vmap(stack(jax.random.key(0)))(x).shape
    (5, 1)
    >>> ensemble = eqx.filter_vmap(stack)(jax.random.split(jax.random.key(1), 3))
    >>> eqx.filter_vmap(lambda one: jax.vmap(one)(x))(ensemble).shape
    (3, 5, 1)
    >>> file = io.BytesIO()
    >>> eqx.tree_serialise_leaves(file, ensemble)
    >>> bool(eqx.tree_equal(eqx.tree_deserialise_leaves(io.BytesIO(file.getvalue()), ensemble), ensemble))
    True
    """

    weight: Float[Array, "units d"]
    bias: Float[Array, " units"] | Float[Array, ""] | None
    scale: Float[Array, ""]
    log_eps: Float[Array, ""] | None
    fixed_eps: float | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        key: PRNGKeyArray,
        eps: float = 1e-5,
        learn_eps: bool = False,
        bias: Literal["none", "shared", "unit"] = "none",
        dtype: DTypeLike | None = None,
    ) -> None:
        d, units = whole("in_features", in_features), whole("out_features", out_features)
        if bias not in BIASES:
            raise ValueError(f"bias must be one of {BIASES}, got {bias!r}")
        self.weight = SPREAD * jax.random.normal(key, (units, d), float if dtype is None else dtype)
        dtype = self.weight.dtype
        first = positive("eps", eps, (), jnp.promote_types(dtype, jnp.float32))
        self.bias = None if bias == "none" else jnp.zeros((units,) if bias == "unit" else (), dtype)
        self.scale = ((1 + SPREAD**2 + first / d) / (3**0.5 * SPREAD**2)).astype(dtype)
        self.log_eps = jnp.log(first).astype(dtype) if learn_eps else None
        self.fixed_eps = None if learn_eps else float(eps)

    @property
    def in_features(self) -> int:
        """d."""
        return self.weight.shape[-1]

    @property
    def out_features(self) -> int:
        """How many units there are."""
        return self.weight.shape[-2]

    @property
    def eps(self) -> Float[Array, ""]:
        """ε > 0: fixed, or learnt; then held between e⁻⁸⁰ and e⁸⁰, where float32 has neither 0 nor ∞."""
        # 16 bits would round a usual ε to 0.
        dtype = jnp.promote_types(self.weight.dtype, jnp.float32)
        if self.log_eps is None:
            return jax.lax.stop_gradient(jnp.asarray(self.fixed_eps, dtype))
        return jnp.exp(jnp.clip(self.log_eps.astype(dtype), -80, 80))

    def __call__(
        self, x: Real[Array, "*batch d"], *, key: PRNGKeyArray | None = None
    ) -> Float[Array, "*batch units"]:
        """The outputs of every unit; ``key`` is not used (Equinox passes one to every layer of a stack)."""
        dtype = result_dtype(x, self.weight)
        x, weight = matched(("x", vectors("x", x, nan=True)), ("weight", self.weight))
        bias = jnp.zeros(()) if self.bias is None else self.bias
        # ε is positive by how it is made: nothing is looked at while the program runs.
        eps, bias, scale = (one.astype(x.dtype) for one in (self.eps, bias, self.scale))
        y = scale * checked(x.reshape(-1, x.shape[-1]), weight, eps, bias)
        return y.reshape(*x.shape[:-1], len(weight)).astype(dtype)
