"""A task: two classes of signals on the ring that a neuron learns to tell apart."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from nmn.hypercube import laws, ring


class Task(eqx.Module):
    """Signals of a ``positive`` class, of label Y = 1, and of a ``negative`` one, Y = 0, both equally likely.

    Their f is f(w) = E₁[1(w·X >= 0) X] of the positive class. Of both together a neuron sees ¼(Σ₀ + Σ₁), its
    ``pull``: E[1(w·X >= 0) X Xᵀ] = ½ Σ for an even law, since x and −x give the same X Xᵀ and one of them
    passes, so the loss has the quadratic part ⅛ wᵀ(Σ₀ + Σ₁)w, exact for every pair of laws.
    A PyTree: ``vmap`` over tasks works. ValueError: not two laws, not the same number of pixels.

    >>> from nmn.hypercube import Task, laws
    >>> Task(positive=laws.IsingRing.from_length(8, 3.0), negative=laws.UniformCube(8)).n
    8
    """

    positive: laws.Law
    negative: laws.Law

    def __init__(self, positive: laws.Law, negative: laws.Law):
        for name, law in (("positive", positive), ("negative", negative)):
            if not isinstance(law, laws.Law):
                raise ValueError(f"{name} must be a law of a signal such as laws.UniformCube(8), got {law!r}")
        if positive.n != negative.n:
            raise ValueError(
                f"positive and negative must have as many pixels, got n = {positive.n} and {negative.n}"
            )
        self.positive, self.negative = positive, negative

    @property
    def n(self) -> int:
        """The number of pixels."""
        return self.positive.n

    def pull(self) -> Float[Array, "n n"]:
        """¼(Σ₀ + Σ₁): −∂/∂w of ⅛ wᵀ(Σ₀ + Σ₁)w is minus this times w, what pulls w back."""
        rows = (jnp.asarray(law.correlation()) for law in (self.positive, self.negative))
        return ring.circulant(sum(rows)) / 4

    def spectrum(self) -> Float[np.ndarray, " n"]:
        """The eigenvalues of ``pull``, in the order of ``numpy.fft.fft``, in float64, none below 0."""
        return (self.positive.spectrum() + self.negative.spectrum()) / 4

    def pulled(self, w: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
        """¼(Σ₀ + Σ₁)w by Fourier modes, in float64."""
        return np.fft.ifft(self.spectrum() * np.fft.fft(w)).real


def tasked(task: Task) -> Task:
    """``task``. ValueError: it is none."""
    if not isinstance(task, Task):
        raise ValueError(f"task must be a Task(positive=..., negative=...) of two laws, got {task!r}")
    return task
