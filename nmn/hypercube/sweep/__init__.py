"""Many runs of the learning flow at once: a grid of signals and seeds, kept on disk as it is computed.

``sweep(Grid(...), path)`` runs the flow over a fixed sample (``flow.sampled``) for NLGP signals of every
correlation length, gain and seed, on all devices and processes JAX has, and goes on where it was stopped.
``python -m nmn.hypercube.sweep --help`` is the same from a shell.
"""

from nmn.hypercube.sweep.cell import learn
from nmn.hypercube.sweep.plan import Grid, Settings
from nmn.hypercube.sweep.run import sweep
from nmn.hypercube.sweep.store import load

__all__ = ["Grid", "Settings", "learn", "load", "sweep"]
