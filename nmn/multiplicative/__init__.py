"""Units that multiply: u(x) = Π_k σ(w_k·x + b_k), layers of them, and the network that proves density."""

from nmn.multiplicative.factors import Bump, Factor, Gaussian, Sigmoid, Tanh
from nmn.multiplicative.interpolant import quasi_interpolant
from nmn.multiplicative.product import Product

__all__ = ["Bump", "Factor", "Gaussian", "Product", "Sigmoid", "Tanh", "quasi_interpolant"]
