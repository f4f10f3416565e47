"""What a product unit multiplies: σ of one variable, and Π_k σ(z_k) so that many factors lose no digit."""

import abc
import math

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float
from scipy.special import k0, k1


class Factor(eqx.Module):
    """σ, with values in [−1, 1]. One of one's own states ``__call__``, and ``integral`` where it is local."""

    @abc.abstractmethod
    def __call__(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """σ(z)."""

    def product(self, z: Float[Array, "*batch factors"]) -> Float[Array, "*batch"]:
        """Π_k σ(z_k) over the last axis."""
        return jnp.prod(self(z), -1)

    def integral(self) -> float | None:
        """∫ σ over the line, None where |σ| has none: products of such a σ need not fade."""
        return None


class Gaussian(Factor):
    """e^{−z²}: as many factors in orthogonal directions as there are coordinates make an RBF unit."""

    def __call__(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """e^{−z²}."""
        return jnp.exp(-(z**2))

    def product(self, z: Float[Array, "*batch factors"]) -> Float[Array, "*batch"]:
        """exp(−Σ_k z_k²)."""
        return jnp.exp(-jnp.sum(z**2, -1))

    def integral(self) -> float:
        """√π."""
        return math.sqrt(math.pi)


class Bump(Factor):
    """exp(1 − 1/(1 − z²)) for |z| < 1, else 0: smooth, and exactly 0 outside."""

    def __call__(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """σ(z)."""
        return self.product(z[..., None])

    def product(self, z: Float[Array, "*batch factors"]) -> Float[Array, "*batch"]:
        """exp(−Σ_k z_k²/(1 − z_k²)), 0 where one |z_k| >= 1."""
        inside = jnp.abs(z) < 1
        # Outside, a number whose slope is harmless stands in, since 0 · ∞ would be NaN.
        square = jnp.where(inside, z, 0.0) ** 2
        return jnp.where(inside.all(-1), jnp.exp(-jnp.sum(square / (1 - square), -1)), 0.0)

    def integral(self) -> float:
        """√e (K₁(½) − K₀(½)), Bessel functions: about 1.2069."""
        return math.sqrt(math.e) * float(k1(0.5) - k0(0.5))


class Sigmoid(Factor):
    """1/(1 + e^{−z})."""

    def __call__(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """1/(1 + e^{−z})."""
        return jax.nn.sigmoid(z)

    def product(self, z: Float[Array, "*batch factors"]) -> Float[Array, "*batch"]:
        """exp(−Σ_k log(1 + e^{−z_k}))."""
        return jnp.exp(jnp.sum(jax.nn.log_sigmoid(z), -1))


class Tanh(Factor):
    """tanh z: products without locality, since |tanh| tends to 1."""

    def __call__(self, z: Float[Array, "..."]) -> Float[Array, "..."]:
        """tanh z."""
        return jnp.tanh(z)
