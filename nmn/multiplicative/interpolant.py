"""The network that proves density: one product unit at each point of a grid, as high as the target there."""

from collections.abc import Callable, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import number
from nmn.multiplicative.factors import Factor, Gaussian
from nmn.multiplicative.product import Product


def quasi_interpolant(
    f: Callable[[Float[Array, "points d"]], Float[ArrayLike, " points"]],
    low: Sequence[float],
    high: Sequence[float],
    *,
    spacing: float,
    width: float,
    factor: Factor | None = None,
) -> eqx.nn.Sequential:
    """Σ_c f(c) (h/(λI))^d Π_k σ((x_k − c_k)/λ) over the grid of points c of [low, high], spaced by h.

    λ is ``width``, I = ∫σ. The sum stands for the integral in f ∗ σ_λ, which smooths f over λ: it tends to f
    as λ → 0 with h/λ → 0. For the Gaussian σ and a C² target that fades before the box ends, the error is
    λ²Δf/4 + o(λ²), and what the grid adds is below 2d e^{−(πλ/h)²} max|f| to first order: 10⁻⁴ d at λ = h.
    Returns ``Product`` and a linear layer of one output, in sequence.
    ValueError: h or λ not above 0, a box without d sides, or whose low is above its high, a σ of no integral.

    >>> net = multiplicative.quasi_interpolant(
    ...     lambda x: jnp.exp(-4 * x[:, 0] ** 2), [-2.0], [2.0], spacing=0.05, width=0.05)
    >>> bool(abs(net(jnp.array([0.3]))[0] - jnp.exp(-0.36)) < 0.01)
    True
    """
    sigma = Gaussian() if factor is None else factor
    h, size = number("spacing", spacing), number("width", width)
    if not 0 < h < np.inf or not 0 < size < np.inf:
        raise ValueError(f"spacing and width must be > 0 and finite, got {spacing!r} and {width!r}")
    ends = np.array([low, high], float)
    if ends.ndim != 2 or not ends.shape[1] or not (ends[0] <= ends[1]).all():
        raise ValueError(f"low and high must be one number a coordinate, low <= high, got {low!r}, {high!r}")
    whole = sigma.integral()
    if whole is None:
        raise ValueError(f"factor must have an integral over the line, {type(sigma).__name__} has none")
    # The end belongs to the grid, whatever rounding makes of the number of steps.
    axes = [start + h * np.arange(int((end - start) / h + 1e-9) + 1) for start, end in ends.T]
    places = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, len(axes))
    layer = Product.coordinates(places, size, factor=sigma)
    heights = jnp.asarray(f(jnp.asarray(places)), layer.weight.dtype)
    if heights.shape != (len(places),):
        raise ValueError(f"f must give one value a point, got shape {heights.shape} for {len(places)} points")
    out = eqx.nn.Linear(len(places), 1, use_bias=False, key=jax.random.key(0), dtype=layer.weight.dtype)
    out = eqx.tree_at(lambda one: one.weight, out, heights[None] * (h / (size * whole)) ** len(axes))
    return eqx.nn.Sequential([layer, out])
