"""Films of learning as compact text: one byte a weight, so that a page can carry them all."""

import base64
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from nmn.experiments.localization.learning import Films
from nmn.figures.localization.looks import LOOK


class Unpacked(NamedTuple):
    """What ``pack`` kept of ``Films``."""

    times: Float[np.ndarray, " frames"]
    weights: dict[str, Float[np.ndarray, "seeds frames n"]]
    losses: dict[str, Float[np.ndarray, "seeds frames"]]


def pack(films: Films) -> dict[str, Any]:
    """Weights as whole numbers from −127 to 127 times a float32 scale for each frame, all as base64.

    The scale is the frame's largest |w_i| over 127, so a weight is off by at most 1/254 of that, 0.4 %.
    Losses are kept as float32, times to four figures. Little-endian, laws by seeds by frames by pixels.
    The laws have the names that readers see (``named``).
    ValueError: runs of different shapes, NaN, a frame of nothing but zeros.
    """
    names = list(films.weights)
    if len({w.shape for w in films.weights.values()}) != 1:
        raise ValueError("films must hold runs of one shape for all laws, and at least one law")
    w = np.stack([films.weights[name] for name in names]).astype(float)
    scales = (np.abs(w).max(-1, keepdims=True) / 127).astype("<f4")
    if not (np.isfinite(scales).all() and (scales > 0).all()):
        raise ValueError("films must hold finite weights that are not all 0 in a frame")
    whole = np.clip(np.rint(w / scales), -127, 127).astype("i1")
    losses = np.stack([films.losses[name] for name in names]).astype("<f4")
    return {
        "times": [float(f"{time:.4g}") for time in films.times],
        "names": [named(name) for name in names],
        "shape": list(w.shape),
        "weights": _text(whole),
        "scales": _text(scales),
        "losses": _text(losses),
    }


def named(law: str) -> str:
    """What a law of ``learning.FAMILIES`` is called in pictures; another one keeps its name."""
    return LOOK[law][0] if law in LOOK else law


def unpack(packed: dict[str, Any]) -> Unpacked:
    """The films again, to the figures that were kept.

    ValueError: a part is missing, or too long or too short for the shape; times or scales that cannot be.
    """
    try:
        laws, seeds, frames, n = packed["shape"]
        whole, scales, losses = (
            np.frombuffer(base64.b64decode(packed[part], validate=True), kind).reshape(shape).astype(float)
            for part, kind, shape in (
                ("weights", "i1", (laws, seeds, frames, n)),
                ("scales", "<f4", (laws, seeds, frames, 1)),
                ("losses", "<f4", (laws, seeds, frames)),
            )
        )
        times, names = np.array(packed["times"], float), list(packed["names"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"packed must be what pack returns: {error}") from error
    if len(set(names)) != laws or times.shape != (frames,) or frames < 2 or not min(laws, seeds, n) > 0:
        raise ValueError("packed must have a name for each law, a time for each frame, and two frames")
    if not (np.diff(times) > 0).all() or not (np.isfinite(scales) & (scales > 0)).all():
        raise ValueError("packed must have times that rise and scales above 0")
    if not np.isfinite(losses).all() or not whole.any(-1).all():
        raise ValueError("packed must have finite losses and no frame of nothing but zeros")
    weights = {name: whole[k] * scales[k] for k, name in enumerate(names)}
    return Unpacked(times, weights, {name: losses[k] for k, name in enumerate(names)})


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()
