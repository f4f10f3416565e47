"""Laws written out as lists of signals and probabilities, and what one neuron does with them, by definition.

f, the loss and their slopes come from nothing in the library.
"""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from nmn.hypercube import laws

CORNERS = {n: np.array(list(itertools.product([-1.0, 1.0], repeat=n))) for n in range(1, 9)}

with jax.enable_x64(True):
    ISING = [laws.IsingRing.from_length(5, xi) for xi in (1.0, 3.0)]
ROWS = np.random.default_rng(0).normal(size=(6, 5))


def finite(law: laws.CubeLaw) -> tuple[np.ndarray, np.ndarray]:
    """All corners, and the probability of each."""
    x = CORNERS[law.n]
    return x, np.exp(np.asarray(law.log_probability(x)))


def let_through(w, x, p) -> np.ndarray:
    """f(w) = E[1(w·X >= 0) X]."""
    return (p * (x @ w >= 0)) @ x


def drift(w, one, zero) -> np.ndarray:
    """−∇L by automatic differentiation of ½ E(ŷ − Y)² over two finite laws."""

    def loss(w):
        answers = [(jnp.maximum(x @ w, 0), jnp.asarray(p)) for x, p in (one, zero)]
        return (answers[0][1] @ (answers[0][0] - 1) ** 2 + answers[1][1] @ answers[1][0] ** 2) / 4

    return -np.asarray(jax.grad(loss)(jnp.asarray(w)))


def moments(x, p) -> np.ndarray:
    return (x.T * p) @ x


def coins(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Independent fair signs."""
    return CORNERS[n], np.full(2**n, 2.0**-n)
