"""The sign of w·x on the cube as a Boolean function: who decides it, by how much, and how many there are."""

from nmn.hypercube.threshold.partition import deciding, differencing, gap, relaxed_gap
from nmn.hypercube.threshold.regions import cones
from nmn.hypercube.threshold.votes import chow, critical_index, influence

__all__ = [
    "chow",
    "cones",
    "critical_index",
    "deciding",
    "differencing",
    "gap",
    "influence",
    "relaxed_gap",
]
