"""Figures of the part on the ⵟ-product."""
