"""Signals on a ring of pixels, and how one ReLU neuron learns to tell two classes of them apart.

Where a docstring names no source, the formula is elementary, or it is derived there or in the book's part on
localization.
"""

from nmn.hypercube.task import Task

__all__ = ["Task"]
