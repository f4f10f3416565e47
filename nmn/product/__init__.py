"""The ⵟ-product: values, gradients, and what can be proved of their size."""

from nmn.product.batches import pairwise
from nmn.product.bounds import (
    argmax,
    attained,
    far_field,
    far_gradient,
    gradient_lipschitz,
    lipschitz,
    supremum,
)
from nmn.product.values import grad_w, grad_x, gram, yat

__all__ = [
    "argmax",
    "attained",
    "far_field",
    "far_gradient",
    "grad_w",
    "grad_x",
    "gradient_lipschitz",
    "gram",
    "lipschitz",
    "pairwise",
    "supremum",
    "yat",
]
