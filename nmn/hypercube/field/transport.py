"""Signals from points of the unit cube: a uniform point becomes a signal of the law."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float
from scipy.special import expit, gammaincinv, ndtri

from nmn.hypercube import laws, ring

Points = Float[np.ndarray, "count dimension"]
Signals = Float[np.ndarray, "count n"]


def transport(law: laws.Law) -> tuple[int, Callable[[Points], Signals]]:
    """How many coordinates a signal takes, and the map. ValueError: a law it does not know."""
    if isinstance(law, laws.UniformCube):
        return law.n, lambda u: np.sign(u - 0.5)
    if isinstance(law, laws.IsingRing):
        return law.n, lambda u: _ising(u, float(law.strength()))
    if isinstance(law, laws.Gaussian):
        root = np.asarray(ring.root(law.row), float)
        return law.n, lambda u: ndtri(u) @ root
    if isinstance(law, laws.Student | laws.Shell | laws.NLGP | laws.Copula):
        return _over_gaussian(law)
    raise ValueError(
        f"method 'sobol' cannot make {type(law).__name__} of uniform numbers: take 'monte-carlo'"
    )


def _over_gaussian(
    law: laws.Student | laws.Shell | laws.NLGP | laws.Copula,
) -> tuple[int, Callable[[Points], Signals]]:
    n, gaussian = transport(law.gaussian)
    if isinstance(law, laws.Student):
        dof = float(law.dof)
        length = lambda u: np.sqrt((dof - 2) / (2 * gammaincinv(dof / 2, u)))  # noqa: E731
        return n + 1, lambda u: length(u[:, n:]) * gaussian(u[:, :n])
    if isinstance(law, laws.Shell):
        root = np.asarray(ring.root(law.gaussian.row), float)

        def shell(u: Points) -> Signals:
            noise = ndtri(u)
            return np.sqrt(n) * noise / np.linalg.norm(noise, axis=1, keepdims=True) @ root

        return n, shell
    pixel = law.pixel if isinstance(law, laws.NLGP) else law.marginal.pixel
    return n, lambda u: np.asarray(pixel(jnp.asarray(gaussian(u))), float)


def _ising(u: Points, coupling: float) -> Signals:
    """Pixel after pixel, each given the one before it and the first, to which the ring comes back."""
    count, n = u.shape
    same = expit(2 * coupling)
    step = np.array([[same, 1 - same], [1 - same, same]])
    # chance[i, s, t]: that t follows s, i steps on.
    chance = np.array([np.linalg.matrix_power(step, i) for i in range(n + 1)])
    state = np.zeros((count, n), int)
    state[:, 0] = u[:, 0] > 0.5
    for i in range(1, n):
        before, first = state[:, i - 1], state[:, 0]
        up = chance[1, before, 1] * chance[n - i, 1, first]
        down = chance[1, before, 0] * chance[n - i, 0, first]
        state[:, i] = u[:, i] * (up + down) < up
    return 2.0 * state - 1
