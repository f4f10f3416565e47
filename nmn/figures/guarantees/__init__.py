"""Figures of the part on guarantees."""
