"""The ⵟ-product: values, gradients, and what can be proved of their size."""

from nmn.product.pairwise import pairwise
from nmn.product.values import grad_w, grad_x, gram, yat

__all__ = ["grad_w", "grad_x", "gram", "pairwise", "yat"]
