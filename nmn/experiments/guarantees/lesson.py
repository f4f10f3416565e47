"""What one example does to three kinds of neuron: what a step of it changes, and how strongly it teaches."""

import numpy as np
from jaxtyping import Float

from nmn import product

# The pupil: the arm w, its softening, and the RBF neuron beside it.
ARM, EPS = np.array([0.5, 0.0]), 1.0
BUMP_WIDTH, BUMP_PEAK = 2.0, 1.5


def lesson(x: Float[np.ndarray, "2"]) -> dict[str, float]:
    """What the teacher at x does: ⵟ, ‖∇ₓⵟ‖, its part of the Lipschitz constant, and ‖∇_w‖.

    ‖∇_w‖ is that of ⵟ ("radio"), of a linear neuron and of an RBF neuron ("bump"). The RBF neuron is
    scaled to be at its loudest as loud as BUMP_PEAK, about the most that ‖∇_wⵟ‖ reaches.
    """
    apart = np.linalg.norm(x - ARM) / BUMP_WIDTH
    step = np.linalg.norm(product.grad_x(ARM, x, eps=EPS))
    return {
        "number": float(product.yat(ARM, x, eps=EPS)),
        "step": float(step),
        "part": float(step / product.lipschitz(ARM, eps=EPS)),
        "radio": float(np.linalg.norm(product.grad_w(ARM, x, eps=EPS))),
        "linear": float(np.linalg.norm(x)),
        "bump": float(BUMP_PEAK * apart * np.exp((1 - apart**2) / 2)),
    }
