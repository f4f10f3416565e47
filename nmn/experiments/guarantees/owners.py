"""Who owns a place: which of several prototypes answers an example most, by ⵟ and by two other rules."""

import numpy as np
from jaxtyping import Float, Int

from nmn import product

RULES = ("yat", "linear", "rbf")


def owners(
    points: Float[np.ndarray, "units d"], x: Float[np.ndarray, "*batch d"], *, rule: str, eps: float
) -> Int[np.ndarray, "*batch"]:
    """argmax_j of ⵟ(w_j, x) ("yat"), of w_j·x ("linear") or of −‖x − w_j‖² ("rbf"); the first in a tie.

    ``eps`` is that of ⵟ. ValueError: another rule, and what ``product.yat`` refuses.
    """
    if rule == "yat":
        answers = np.asarray(product.yat(points, x[..., None, :], eps=eps))
    elif rule == "linear":
        answers = x @ points.T
    elif rule == "rbf":
        answers = -np.sum((x[..., None, :] - points) ** 2, axis=-1)
    else:
        raise ValueError(f"rule must be one of {', '.join(RULES)}; got {rule!r}")
    return np.argmax(answers, axis=-1)
