"""What can be proved of the size of ⵟ_b(w, ·) for one prototype w: peak, far field, Lipschitz constants.

All constants come from one picture. With v = x − w, m = ‖w‖² + b, z = (v, √ε) and ω = (w, m/√ε),

    ⵟ_b(w, x) = (ω·z)² / ‖z‖² = ‖ω‖² cos² of the angle between ω and z,

and β = arctan(‖w‖ √ε / |m|), in [0, π/2], is the angle between ω and the axis of ε (up to sign). The
constants are the best ones, for every d >= 1, every w and every sign of m.
Proofs: the chapter on stable learning. ⵟ_b is symmetric: swap w and x for the same facts about w.

m = 0 is a case of its own, and a difference of rounded numbers: whoever means b = −‖w‖² can only write a
number near it. So m counts as zero, in ``attained`` and in all that asks it, as long as

    |m| ≤ (3 + ⌈log₂ d⌉) · (spacing of floats at 1) · ‖w‖²,

which is what can be left of an exact zero when w and b are rounded and the squares are added twice, by the
caller and here.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Bool, Float, Int, Real

from nmn.arguments import concrete, constant, matched, positive, ranked, vectors


def supremum(
    w: Real[ArrayLike, "*batch d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0
) -> Float[Array, "*batch"]:
    """sup_x ⵟ_b(w, x) = ‖ω‖² = ‖w‖² + (‖w‖² + b)² / ε.

    Reached at ``argmax`` if ``attained``. Else, with ‖w‖² + b = 0, ⵟ_b only tends to it, far out along ±w.
    ValueError: eps <= 0, a bias that does not broadcast, NaN. Source: corrects 002, the maximum.
    """
    _, rho2, m, eps = _parts(w, eps, bias)
    return rho2 + m * m / eps


def attained(
    w: Real[ArrayLike, "*batch d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0
) -> Bool[Array, "*batch"]:
    """Whether some input reaches ``supremum``: when ‖w‖² + b ≠ 0 but for rounding, or w = 0.

    The rounding is that of the first lines of this file. ValueError as in ``supremum``.
    """
    w, rho2, m, _ = _parts(w, eps, bias)
    return ~_vanishes(w, rho2, m) | (rho2 == 0)


def argmax(
    w: Real[ArrayLike, "*batch d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0
) -> Float[Array, "*batch d"]:
    """The input x* = (1 + ε / (‖w‖² + b)) w where ⵟ_b(w, ·) is largest; the only one when ‖w‖² + b ≠ 0.

    Next to ‖w‖² + b = 0 it lies far out and is as uncertain as that sum, and ⵟ_b so flat that its value there
    is ``supremum`` all the same. When w = 0, ⵟ_b is largest at 0, or zero everywhere. ValueError as in
    ``supremum``, and when no input is best, not ``attained``, or the best one is too far out for a float
    (under ``jit`` the answer is then infinite).
    """
    w, rho2, m, eps = _parts(w, eps, bias)
    step = jnp.where(_vanishes(w, rho2, m), jnp.inf, eps / m)
    step = jnp.where(rho2 > 0, step, 0)[..., None]
    # 0 stays 0 also when the step is infinite.
    best = jnp.where(w == 0, w, w + step * w)
    far = concrete(~jnp.isfinite(best).all(-1))
    if far is not None and far.any():
        raise ValueError(
            f"bias must differ from -‖w‖² = {float(-rho2.ravel()[far.argmax()])}, where no input reaches "
            f"the supremum, by more than rounding, got {bias!r}"
        )
    return best


def far_field(
    w: Real[ArrayLike, "*#batch d"], direction: Real[ArrayLike, "*#batch d"]
) -> Float[Array, "*batch"]:
    """lim ⵟ_b(w, k u) for k → ∞, with u = direction / ‖direction‖: (w·u)², whatever ε and the bias.

    Leading axes broadcast. ValueError: lengths that differ, NaN, a direction that is zero or infinite.
    """
    w, u = matched(("w", vectors("w", w)), ("direction", vectors("direction", direction)))
    rank = max(w.ndim, u.ndim)
    return jnp.sum(ranked(w, rank) * ranked(_unit(u), rank), -1) ** 2


def far_gradient(
    w: Real[ArrayLike, " d"],
    direction: Real[ArrayLike, " d"],
    *,
    eps: ArrayLike = 1e-5,
    bias: ArrayLike = 0.0,
    angle: float | None = None,
) -> tuple[Int[Array, ""], Float[Array, ""]]:
    """Order p and constant C with k^p ‖∇ₓ ⵟ_b(w, k u)‖ → C for k → ∞, u = direction / ‖direction‖.

    θ is the angle between w and u, ρ = ‖w‖, m = ρ² + b. The first case that gives C ≠ 0 holds:

        p = 1: C = ρ² |sin 2θ|      p = 2: C = 2ρ |m| along ±w, 2ρ |b| sideways (w·u = 0)
        p = 3: C = 2ρ² ε along ±w with m = 0, and 2b² when w = 0      p = 0: ∇ₓ ⵟ_b is zero all along u

    m = 0 is meant but for rounding, as in ``attained``.

    Angles closer to 0 or π/2 than ``angle`` count as exactly along w or sideways (default: 8 d roundings).
    One vector at a time. ValueError: as in ``far_field``, eps <= 0, a bias that is not one number.
    """
    w, u = matched(("w", vectors("w", w, axes=1)), ("direction", vectors("direction", direction, axes=1)))
    u, eps, b = _unit(u), positive("eps", eps, (), w.dtype), constant("bias", bias, (), w.dtype)
    rho2, rho, along = _square(w), jnp.linalg.norm(w), jnp.sum(w * u)
    across = jnp.linalg.norm(w - along * u)
    small = rho * (8 * w.size * jnp.finfo(w.dtype).eps if angle is None else angle)
    on_line, sideways = across <= small, jnp.abs(along) <= small
    first = jnp.where(on_line | sideways, 0, 2 * jnp.abs(along) * across)
    m = jnp.where(_vanishes(w, rho2, rho2 + b), 0, rho2 + b)
    second = 2 * rho * jnp.abs(jnp.where(on_line, m, b))
    third = jnp.where(rho > 0, jnp.where(on_line, 2 * rho2 * eps, 0), 2 * b * b)
    cases = jnp.stack([first, second, third])
    leading = jnp.argmax(cases > 0)
    return jnp.where(cases[leading] > 0, leading + 1, 0), cases[leading]


def lipschitz(
    w: Real[ArrayLike, "*batch d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0
) -> Float[Array, "*batch"]:
    """The best Lipschitz constant of x ↦ ⵟ_b(w, x): L = (‖ω‖²/√ε) cos³((π/2 − 2β)/3).

    It is the largest ‖∇ₓ ⵟ_b‖, reached on the line through w, at distance √ε |tan((π/2 − 2β)/3)| from w.
    For ε → 0 with b fixed and m ≠ 0 it grows as (3√3/8) m² ε^(−3/2). ValueError as in ``supremum``.
    """
    _, rho2, m, eps = _parts(w, eps, bias)
    beta = _tilt(rho2, m, eps)
    return (rho2 + m * m / eps) / jnp.sqrt(eps) * jnp.cos((jnp.pi / 2 - 2 * beta) / 3) ** 3


def gradient_lipschitz(
    w: Real[ArrayLike, "*batch d"], *, eps: ArrayLike = 1e-5, bias: ArrayLike = 0.0
) -> Float[Array, "*batch"]:
    """The best Lipschitz constant of x ↦ ∇ₓ ⵟ_b(w, x): L₁ = (2‖ω‖²/ε) cos⁴(min(β/2, |π/4 − β/2|)).

    It is the largest size of an eigenvalue of the Hessian, reached on the line through w, at distance
    √ε tan of that angle. Always between 1.45 and 2 times ‖ω‖²/ε. ValueError as in ``supremum``.
    """
    _, rho2, m, eps = _parts(w, eps, bias)
    beta = _tilt(rho2, m, eps)
    angle = jnp.minimum(beta / 2, jnp.abs(jnp.pi / 4 - beta / 2))
    return 2 * (rho2 + m * m / eps) / eps * jnp.cos(angle) ** 4


def _parts(w: ArrayLike, eps: ArrayLike, bias: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """w, ‖w‖², m = ‖w‖² + b and ε, the last three in the shape of the leading axes of w."""
    w = vectors("w", w)
    eps = positive("eps", eps, w.shape[:-1], w.dtype)
    rho2 = _square(w)
    return w, rho2, rho2 + constant("bias", bias, w.shape[:-1], w.dtype), eps


@jax.jit
def _square(w: Array) -> Array:
    """‖w‖², added up pairwise: in one order everywhere, and no further off than ``_vanishes`` allows."""
    squares = w * w
    while (d := squares.shape[-1]) > 1:
        even = squares[..., : d - 1 : 2] + squares[..., 1::2]
        squares = jnp.concatenate([even, squares[..., d - d % 2 :]], -1)
    return squares[..., 0]


def _vanishes(w: Array, rho2: Array, m: Array) -> Array:
    """Whether m is zero but for rounding."""
    return jnp.abs(m) <= (3 + math.ceil(math.log2(w.shape[-1]))) * jnp.finfo(w.dtype).eps * rho2


def _tilt(rho2: Array, m: Array, eps: Array) -> Array:
    """β. A zero ω has no direction; any β will do, as its constants are zero."""
    return jnp.arctan2(jnp.sqrt(rho2 * eps), jnp.abs(m))


def _unit(direction: Array) -> Array:
    length = jnp.linalg.norm(direction, axis=-1, keepdims=True)
    seen = concrete(length)
    if seen is not None and not ((seen > 0) & np.isfinite(seen)).all():
        raise ValueError(
            f"direction must be finite and not zero, got length {seen.min()} in {direction.shape}"
        )
    return direction / length
