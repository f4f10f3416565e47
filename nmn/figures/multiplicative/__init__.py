"""Figures of the chapters on units that multiply."""
