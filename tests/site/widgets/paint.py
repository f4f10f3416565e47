"""Colours that were painted, beside those that should be."""

import numpy as np

# What shows where nothing is painted, in the light theme and in the dark one.
PAPER = {False: np.array([255, 255, 255]), True: np.array([0x14, 0x18, 0x1E])}


def agree(seen: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.max(np.abs(seen - expected), axis=-1) <= 6
