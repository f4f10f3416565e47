"""Three pixels, exactly: the one even law of signs with a given correlation, and its f(w)."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from nmn.hypercube import laws
from nmn.hypercube.field import field


def law(c: float) -> laws.NLGP:
    """The even law of signs on the ring of three pixels with E[X_i X_j] = c in [-1/3, 1]: the only one."""
    hidden = math.sin(math.pi * c / 2)
    return laws.NLGP(np.array([1.0, hidden, hidden]), math.inf)


def thousandths(w: Sequence[float]) -> Float[np.ndarray, "3"]:
    """w as the decimals it shows, three a weight, in whole numbers: a tie w·x = 0 is one exactly."""
    return np.round(1000 * np.asarray(w))


def vote(w: Sequence[float], *, c: float) -> Float[np.ndarray, "3"]:
    """f(w) = ½ E[sgn(w·X) X] for that law, w read in ``thousandths``."""
    return field(thousandths(w), law(c)).value
