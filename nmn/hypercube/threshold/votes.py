"""The power of each pixel over the sign of w·X, and where the weights stop being of different sizes."""

import numpy as np
from jaxtyping import ArrayLike, Float

from nmn.arguments import number
from nmn.hypercube.field import field
from nmn.hypercube.laws import CubeLaw, UniformCube
from nmn.hypercube.threshold.partition import weights


def chow(w: Float[ArrayLike, " n"], law: CubeLaw | None = None) -> Float[np.ndarray, " n"]:
    """The Chow parameters E[sgn(w·X) X_j], sgn 0 = 0: twice f(w). For fair coins, the Banzhaf powers.

    ``law``: fair coins when it is left out. Errors as in ``field``. Source: Chow 1961; O'Donnell 2014, ch. 5.
    """
    return 2 * field(w, UniformCube(len(weights(w))) if law is None else law).value


def influence(w: Float[ArrayLike, " n"]) -> Float[np.ndarray, " n"]:
    """P(1(w·X >= 0) changes when pixel j is flipped), for fair coins: |E[sgn(w·X) X_j]|, ties included.

    With Y = w·X without pixel j: it changes when −|w_j| <= Y < |w_j|, so with probability
    P(|Y| < |w_j|) + P(|Y| = |w_j|)/2, as Y and −Y are alike. That is E[sgn(Y + |w_j| S) S] for a fair sign S.
    Errors as in ``field``.
    """
    return np.abs(chow(w))


def critical_index(w: Float[ArrayLike, " n"], tau: float) -> int:
    """The least ℓ >= 1 with |w_(ℓ)| <= τ (Σ_{i >= ℓ} w_(i)²)^{1/2}, sizes in falling order; n + 1 if none.

    From ℓ on the weights are so even that their sum is nearly Gaussian (Berry–Esseen error of order τ);
    the ℓ − 1 before it tower over what follows. ValueError: τ outside (0, 1), weights that are not finite.
    Source: Servedio 2007; O'Donnell 2014.
    """
    if not 0 < number("tau", tau) < 1:
        raise ValueError(f"tau must be in (0, 1), got {tau!r}")
    sizes = np.sort(np.abs(weights(w)))[::-1]
    rest = np.sqrt(np.cumsum(sizes[::-1] ** 2)[::-1])
    even = np.flatnonzero(sizes <= tau * rest)
    return int(even[0]) + 1 if len(even) else len(sizes) + 1
