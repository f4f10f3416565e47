"""f from characteristic functions, f_j = (1/π) ∫ E[sin(t S) X_j]/t dt over t > 0 with S = w·X.

φ_j(t) = E[exp(itS) X_j] is a product of n small matrices for every t (transfer matrices), so n may be large.
The step sgn is periodic here, with the range of S inside one period, so that the integral is a sum over odd
multiples of one frequency. For whole numbers k_i = w_i/q the sum is finite and exact. Otherwise the step is
smoothed: its high frequencies fade out.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int
from scipy.special import erfc

from nmn.hypercube.field.cycle import Cycle
from nmn.hypercube.field.result import EPS, Field

# Those of a sum that is exact, and those of a smooth step.
_MOST_WHOLE = 1 << 18
_MOST = 1 << 16
_USUAL = 1 << 13
_BLOCK = 1 << 10
_OCTAVES = 6


def transfer(cycle: Cycle, error: float | None = None) -> Field:
    """Exact for w = q k with a reach < 2^19; smooth otherwise, with the error estimated, not bounded.

    Smooth: 2^13 frequencies, or up to 2^16 until the estimate is at most ``error``; ValueError if never.
    The estimate looks at each of the upper six octaves of frequencies for two things: how f changes when the
    frequencies end below it, and the mean of E cos(tS) over it, the chance of an S so near 0 that these t do
    not tell it from 0 (exact ties count too, though they do no harm). Their sum halves from octave to octave,
    and twice the largest is stated. That is tiny where S has a nearly smooth law: many pixels, no ties. It is
    not for few pixels or strong coupling, whose single states have to be told apart.
    """
    if cycle.reach < 2 * _MOST_WHOLE:
        return lattice(cycle)
    count = _USUAL
    while True:
        found = faded(cycle, count)
        if error is None or found.worst() <= error:
            return found
        if count >= _MOST:
            raise ValueError(
                f"error = {error:g} is out of reach of method 'transfer', {count} frequencies come to "
                f"{found.worst():.1e}: take 'auto', an exact method, or a larger error"
            )
        count *= 2


def lattice(cycle: Cycle) -> Field:
    """sgn(s) = (2/L) Σ cot(πh/2L) sin(πhs/L) over odd h < L, for every whole number |s| < L.

    L is one more than the ``reach``.
    """
    period = cycle.reach + 1
    k = np.array(cycle.whole, dtype=np.int64)
    products = np.zeros(cycle.m)
    for odd in _blocks(period // 2):
        # h k is reduced before it is divided: the angle stays exact.
        sines, _ = _waves(cycle, np.pi / period * (odd[:, None] * k % (2 * period)))
        products += sines @ (2 / period / np.tan(np.pi * odd / (2 * period)))
    return Field(cycle.field(products), EPS * 4 * cycle.m, "transfer", True)


def faded(cycle: Cycle, count: int) -> Field:
    """With the first ``count`` odd frequencies, the step's own up to a half of them, then fading."""
    # The step's fading edge, about 24 L / count wide, has to stay clear of the end of the range.
    period = np.abs(cycle.weights).sum() * cycle.largest * (1 + 50 / count)
    cuts = 2.0 ** np.arange(_OCTAVES + 1)
    products, near, sizes = np.zeros((len(cuts), cycle.m)), np.zeros(len(cuts)), np.zeros(len(cuts))
    for odd in _blocks(count):
        fade = 0.5 * erfc(12 * (cuts[:, None] * odd / (2 * count) - 0.5))
        sines, cosine = _waves(cycle, np.pi / period * odd[:, None] * cycle.weights)
        products += (fade * 4 / np.pi / odd) @ sines.T
        near, sizes = near + fade @ cosine, sizes + fade.sum(1)
    values = np.array([cycle.field(row) for row in products])
    change = np.abs(np.diff(values, axis=0)).max(1)
    untold = np.abs(np.diff(near) / np.diff(sizes)) * cycle.scale * cycle.largest / cycle.total()
    error = 2 * np.max((change + untold) / cuts[:-1]) + 16 * EPS * cycle.m
    return Field(values[0], float(error), "transfer", False)


def _blocks(count: int) -> Iterator[Int[np.ndarray, " h"]]:
    """The first ``count`` odd numbers, some at a time."""
    for start in range(0, count, _BLOCK):
        yield 2 * np.arange(start, min(start + _BLOCK, count)) + 1


def _waves(
    cycle: Cycle, angles: Float[np.ndarray, "h m"]
) -> tuple[Float[np.ndarray, "m h"], Float[np.ndarray, " h"]]:
    """Z E[sin(θ·x) x_j] for every pixel j and Z E[cos(θ·x)], for the angles θ of every frequency.

    Im Tr(M_0 … M_{j−1} V M_j … M_{m−1}) with M_i[x, y] = exp(iθ_i x) steps_i[x, y] and V the values.
    """
    size, m = angles.shape
    phases = np.exp(1j * angles.T[:, None] * cycle.values[:, None])
    matrices = phases[:, :, None] * cycle.steps[..., None]
    before = np.empty((m, *matrices.shape[1:]), complex)
    before[0] = np.eye(len(cycle.values))[:, :, None]
    for i in range(1, m):
        before[i] = np.einsum("xyh,yzh->xzh", before[i - 1], matrices[i - 1])
    after, sines = matrices[-1], np.empty((m, size))
    for i in range(m - 1, -1, -1):
        sines[i] = np.einsum("xyh,y,yxh->h", before[i], cycle.values, after).imag
        if i:
            after = np.einsum("xyh,yzh->xzh", matrices[i - 1], after)
    return sines, np.einsum("xxh->h", after).real
