"""How the laws of ``learning.FAMILIES`` look: signs in the warm colour, the Gaussian in the accent."""

from collections.abc import Mapping

from nmn.figures.style import ACCENT, PALETTE

LOOK: Mapping[str, tuple[str, str, str]] = {
    "gaussian": ("Gaussian", ACCENT, "-"),
    "student": ("Student", PALETTE[5], ":"),
    "laplace": ("Laplace", PALETTE[5], "--"),
    "ternary": ("Ternary", PALETTE[3], "-"),
    "uniform": ("Uniform", PALETTE[2], "-"),
    "nlgp_1": ("NLGP gain 1", PALETTE[2], "--"),
    "nlgp_3": ("NLGP gain 3", PALETTE[4], "-"),
    "nlgp_inf": ("NLGP gain ∞", PALETTE[1], "-"),
    "ising": ("Ising ring", PALETTE[1], "--"),
}
"""Label, colour and dashes."""
