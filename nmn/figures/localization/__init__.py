"""Figures of the part on localization."""
