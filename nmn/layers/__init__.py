"""Layers of ⵟ-neurons, as Equinox modules: one a file."""

from nmn.layers.dense import Dense

__all__ = ["Dense"]
