"""ⵟ as a kernel: the partial sums of its feature map, features drawn at random, eigenvalues on the circle."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray, Real

from nmn.arguments import constant, matched, positive, result_dtype, vectors


def series(
    x: Real[ArrayLike, "n d"], y: Real[ArrayLike, "m d"], terms: int, *, eps: ArrayLike, bias: ArrayLike = 0.0
) -> Float[Array, "n m"]:
    """Σ_{k < terms} 2^k (x·y)^k (x·y + b)² / (ε + ‖x‖² + ‖y‖²)^(k+1), for all pairs: it tends to ⵟ_b(x, y).

    What is missing is exactly ⵟ_b(x, y) · (2 x·y / (ε + ‖x‖² + ‖y‖²))^terms. ValueError: eps <= 0, lengths
    that differ, not two axes, terms < 0. Source: the book, the page on the kernel.
    """
    if terms < 0:
        raise ValueError(f"terms must be at least 0, got {terms}")
    dtype = result_dtype(x, y)
    x, y = matched(("x", vectors("x", x, axes=2)), ("y", vectors("y", y, axes=2)))
    eps, bias = positive("eps", eps, (), x.dtype), constant("bias", bias, (), x.dtype)
    dot = x @ y.T
    top = eps + jnp.sum(x**2, 1)[:, None] + jnp.sum(y**2, 1)
    powers = jnp.arange(terms, dtype=x.dtype)[:, None, None]
    return ((dot + bias) ** 2 / top * jnp.sum((2 * dot / top) ** powers, 0)).astype(dtype)


def random_features(
    key: PRNGKeyArray, x: Real[ArrayLike, "n d"], draws: int, *, eps: ArrayLike
) -> Float[Array, "n features"]:
    """Rows z with E z(x)·z(y) = ⵟ(x, y): (g·x)(h·x) (cos ω·x, sin ω·x) / √(ε draws), two numbers a draw.

    g, h ~ N(0, I), s ~ Exp(ε), ω ~ N(0, 2s I), anew for each draw; one key for all rows that are to be
    compared. The variance of z(x)·z(y) is at most 9 ‖x‖⁴ ‖y‖⁴ / (ε² draws). ValueError: eps <= 0, draws < 1,
    not two axes. Source: the book, the page on the kernel.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws}")
    dtype, x = result_dtype(x), vectors("x", x, axes=2)
    eps = positive("eps", eps, (), x.dtype)
    normal, wait = jax.random.split(key)
    g, h, omega = jax.random.normal(normal, (3, x.shape[1], draws), x.dtype)
    scale = jax.random.exponential(wait, (draws,), x.dtype) / eps
    angle = (x @ omega) * jnp.sqrt(2 * scale)
    weight = (x @ g) * (x @ h) / jnp.sqrt(eps * draws)
    return jnp.concatenate([weight * jnp.cos(angle), weight * jnp.sin(angle)], 1).astype(dtype)


def circle_eigenvalues(count: int, *, eps: float) -> np.ndarray:
    """λ_0, …, λ_{count−1} of ⵟ on the unit circle with its uniform law; all but λ_0 count twice.

    With A = 2 + ε, R = √(A² − 4), r = (A − R)/2: λ_k = A² r^k / (4R) from k = 2 on, λ_0 = (1 + r²)/(2R),
    λ_1 = (3r + r³)/(4R). ValueError: eps <= 0, count < 1. Source: the book, the page on the kernel.
    """
    if count < 1 or not eps > 0:
        raise ValueError(f"count must be at least 1 and eps positive, got {count} and {eps}")
    top = 2 + eps
    root = np.sqrt(eps * (4 + eps))
    r = 2 / (top + root)
    values = top**2 * r ** np.arange(count) / (4 * root)
    values[:2] = np.array([(1 + r**2) / (2 * root), (3 * r + r**3) / (4 * root)])[:count]
    return values
