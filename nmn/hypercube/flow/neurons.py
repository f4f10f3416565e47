"""The neurons that learn: their weights and readouts, looked at before they start."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from nmn.arguments import concrete, real


class Neurons(NamedTuple):
    """ŷ(x) = Σ_k readout_k relu(weights_k · x)."""

    weights: Float[Array, "*kept K n"]
    readout: Float[Array, "*kept K"]

    @classmethod
    def mean(cls, weights: Float[ArrayLike, "K n"] | Float[ArrayLike, " n"]) -> "Neurons":
        """All readouts 1/K; a w of shape (n,) is one neuron ŷ = relu(w·x). ValueError: other shapes."""
        w = real("weights", weights)
        if w.ndim not in (1, 2) or not w.size:
            raise ValueError(f"weights must have shape (K, n) or (n,), got {w.shape}")
        w = w.reshape(-1, w.shape[-1])
        return cls(w, jnp.full(len(w), 1 / len(w), w.dtype))


def checked(name: str, neurons: Neurons, n: int) -> Neurons:
    """``neurons`` of n pixels, in one dtype. ValueError: no Neurons, weights not (K, n), readout not (K,)."""
    if not isinstance(neurons, Neurons):
        raise ValueError(f"{name} must be flow.Neurons, as flow.Neurons.mean(w) makes them, got {neurons!r}")
    w, readout = real("weights", neurons.weights), real("readout", neurons.readout)
    if w.ndim != 2 or w.shape[1] != n or readout.shape != w.shape[:1]:
        raise ValueError(
            f"{name} must have weights (K, {n}) and readout (K,), got shapes {w.shape} and {readout.shape}"
        )
    return Neurons(w, readout.astype(w.dtype))


def started(start: Neurons, n: int) -> Neurons:
    """``checked``, and none of them at 0. ValueError: as there, a neuron all 0 or not finite."""
    neurons = checked("start", start, n)
    sizes = concrete(jnp.linalg.norm(neurons.weights, axis=1))
    if sizes is not None and not ((sizes > 0) & (sizes < jnp.inf)).all():
        raise ValueError("weights must be finite, no neuron all 0: at 0 the loss has a kink and no gradient")
    return neurons


def one(w: Float[ArrayLike, " n"], n: int) -> Float[Array, " n"]:
    """``w`` as one neuron, a weight a pixel. ValueError: another shape, not finite, all 0."""
    array = real("w", w)
    if array.shape != (n,):
        raise ValueError(f"w must have shape ({n},), one weight a pixel, got shape {array.shape}")
    seen = concrete(array)
    if seen is not None and not (seen.any() and np.isfinite(seen).all()):
        raise ValueError("w must be finite and not all 0: at 0 the loss has a kink and no gradient")
    return array
