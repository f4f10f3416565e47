"""From where the sphere of directions is seen, so that w is in sight."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

# Where the sphere is seen from, and how far from the middle of the picture w may be.
EYE, RIM = (0.75, 0.5, 0.45), 0.9


def view(w: Sequence[float]) -> Float[np.ndarray, "3 3"]:
    """(right, up, towards the eye) as rows: seen from EYE, turned as little as brings w within RIM."""
    eye, goal = (np.asarray(v, float) / np.linalg.norm(v) for v in (EYE, w))
    up = np.array([0, 0, 1]) - eye[2] * eye
    up /= np.linalg.norm(up)
    rows = np.stack([np.cross(up, eye), up, eye])
    x, y, z = rows @ goal
    turn = math.atan2(math.hypot(x, y), z) - math.asin(RIM)
    if turn <= 0:
        return rows
    # Rodrigues: the eye turns towards w, about the line at a right angle to both.
    axis = np.cross(eye, goal) if math.hypot(x, y) > 1e-9 else rows[1]
    a = axis / np.linalg.norm(axis)
    cross = np.cross(np.eye(3), a)
    rotation = np.eye(3) + math.sin(turn) * cross + (1 - math.cos(turn)) * cross @ cross
    return rows @ rotation.T
