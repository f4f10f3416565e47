"""A grid of parameters, one function at every point of it, kept on disk as it is computed.

``sweep(cell, Grid(...), path)`` runs any plain function of JAX over all combinations of its parameters, on
all devices of this machine or on the workers of a Dask cluster, and goes on where it was stopped.
``Learning`` is the cell that ships: NLGP signals learned by one neuron, which
``python -m nmn.hypercube.sweep --help`` sweeps from a shell. Needs what ``pip install '.[sweep]'`` brings;
without Dask there is all but ``client``.
"""

from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.learning import Learning, learn
from nmn.hypercube.sweep.results import load
from nmn.hypercube.sweep.run import sweep
from nmn.hypercube.sweep.settings import Settings

__all__ = ["Grid", "Learning", "Settings", "learn", "load", "sweep"]
