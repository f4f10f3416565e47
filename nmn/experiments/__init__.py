"""Measured comparisons that the chapters call: data, models, training, spread."""
