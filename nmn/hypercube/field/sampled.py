"""f from samples, averaged over all n shifts of each: Monte Carlo, and randomised Sobol points.

The law is the same after a shift, so each signal stands for n of them: ½ mean_k sgn(w·C_k x) C_k x, two
convolutions. The estimate then moves with w exactly, as f does. sgn in place of 1(· >= 0) uses X ~ −X.

Where pixels take few values ties are frequent and are found exactly. Other laws have none, but floats may:
with a large gain erf rounds to 1, and equal weights on two such pixels cancel. What cannot be decided for
that reason counts as 0 and is added to the error in full.
"""

from collections.abc import Callable

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray
from scipy import fft
from scipy.stats import qmc

from nmn.hypercube import laws
from nmn.hypercube.field.digits import Digits
from nmn.hypercube.field.result import Field

USUAL_SAMPLES = 1 << 16
# Numbers drawn before an error is said to be out of reach: some minutes.
MOST_DRAWN = 1 << 30
# Independent randomisations of the Sobol points; their spread is the error.
_COPIES = 32
_BLOCK = 1 << 19

Average = Callable[[Float[np.ndarray, "count n"]], tuple[Float[np.ndarray, "count n"], float]]
# The mean, its standard error, and what more samples do not mend.
Means = Callable[[int], tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"], float]]


def monte_carlo(
    w: Float[np.ndarray, " n"], law: laws.Law, key: PRNGKeyArray, error: float | None = None
) -> Field:
    """2^16 independent signals, or as many as bring the standard error of every entry to ``error``.

    ValueError: that takes more than 2^30 pixels.
    """
    average, size = _shift_average(w, law), _block(law.n)
    sums, squares, open_ended, drawn = np.zeros(law.n), np.zeros(law.n), 0.0, 0

    def grow(target: int) -> tuple[np.ndarray, np.ndarray, float]:
        nonlocal sums, squares, open_ended, drawn
        while drawn < target:
            terms, undecided = average(np.asarray(_draw(law, jax.random.fold_in(key, drawn), size), float))
            open_ended += undecided
            sums, squares, drawn = sums + terms.sum(0), squares + (terms**2).sum(0), drawn + size
        mean = sums / drawn
        spread = np.sqrt(np.maximum(squares / drawn - mean**2, 0) / (drawn - 1))
        return mean, spread, open_ended / drawn

    return _until("monte-carlo", grow, law.n, error, rate=0.5)


def sobol(w: Float[np.ndarray, " n"], law: laws.Law, key: PRNGKeyArray, error: float | None = None) -> Field:
    """32 randomised Sobol point sets, 2^16 points in all or more; their spread gives the standard error.

    ValueError: as ``monte_carlo``, or a law without a ``maker``. Source: Owen 1995.
    """
    maker = law.maker()
    if maker is None:
        raise ValueError(
            f"method 'sobol' cannot make {type(law).__name__} of uniform numbers: take 'monte-carlo'"
        )
    dimension, signals = maker
    average = _shift_average(w, law)
    seeds = np.asarray(jax.random.bits(key, (_COPIES,)))
    engines = [qmc.Sobol(dimension, rng=np.random.default_rng(int(seed))) for seed in seeds]
    sums, open_ended, drawn = np.zeros((_COPIES, law.n)), 0.0, 0

    def grow(target: int) -> tuple[np.ndarray, np.ndarray, float]:
        nonlocal open_ended, drawn
        while drawn < target // _COPIES:
            # Powers of two keep the points balanced.
            count = min(drawn or USUAL_SAMPLES // _COPIES, _block(law.n))
            for copy, engine in enumerate(engines):
                # The points are multiples of 2^−30: their cells' centres are never 0 or 1.
                terms, undecided = average(signals(engine.random(count) + 2.0**-31))
                sums[copy] += terms.sum(0)
                open_ended += undecided / _COPIES
            drawn += count
        means = sums / drawn
        return means.mean(0), means.std(0, ddof=1) / np.sqrt(_COPIES), open_ended / drawn

    return _until("sobol", grow, law.n, error, rate=1.0)


def _block(n: int) -> int:
    """Signals handled together: a power of two, so that blocks fill every target and Sobol points balance."""
    return min(1 << (_BLOCK // n).bit_length() >> 1, USUAL_SAMPLES) or 1


@eqx.filter_jit
def _draw(law: laws.Law, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
    return law.sample(key, count)


def _until(method: str, grow: Means, n: int, error: float | None, rate: float) -> Field:
    """Twice as many until the error is small; refused once even error ~ 1/drawn^rate comes too late."""
    target = USUAL_SAMPLES
    while True:
        value, spread, floor = grow(target)
        if error is None or spread.max() + floor <= error:
            return Field(value, spread + floor, method, False)
        needed = target * (spread.max() / (error - floor)) ** (1 / rate) if error > floor else np.inf
        if needed * n > MOST_DRAWN or 2 * target * n > MOST_DRAWN:
            raise ValueError(
                f"error = {error:g} is out of reach of method {method!r}: {target} signals come to "
                f"{spread.max() + floor:.1e} ({floor:.1e} stays), it would take about {needed:.0e} or "
                f"more, the most is {MOST_DRAWN // n}: take a larger error"
            )
        target *= 2


def _shift_average(w: Float[np.ndarray, " n"], law: laws.Law) -> Average:
    """x ↦ (1/2n) Σ_k sgn(w·C_k x) C_k x, C_k the shift by k pixels, for each signal x.

    And the sum over the signals of how far off an entry may be for signs that floats do not decide.
    """
    levels = law.levels()
    digits = None if levels is None else Digits.of(w, np.abs(levels.values).max())
    n, size = len(w), np.abs(w).max()
    filtered = fft.rfft(w / size)

    def average(x: Float[np.ndarray, "count n"]) -> tuple[Float[np.ndarray, "count n"], float]:
        modes = fft.rfft(x, axis=1)
        sums = fft.irfft(filtered * modes.conj(), n, axis=1)
        signs, undecided = np.sign(sums), 0.0
        largest = np.abs(x).max()
        near = np.abs(sums) <= 1e-12 * n * largest
        if levels is not None and digits is not None:
            _settle(signs, near, x / levels.scale, digits)
        elif near.any():
            signs[near] = 0
            undecided = near.sum() * largest / (2 * n)
        return fft.irfft(fft.rfft(signs, axis=1) * modes, n, axis=1) / (2 * n), undecided

    return average


def _settle(
    signs: Float[np.ndarray, "count n"],
    near: Bool[np.ndarray, "count n"],
    x: Float[np.ndarray, "count n"],
    digits: Digits,
) -> None:
    """Decide exactly, in place, the signs of sums of whole x too near 0 for a sum in floats to tell."""
    rows, places = np.nonzero(near)
    pixels = np.arange(x.shape[1])
    for start in range(0, len(rows), _BLOCK // 16):
        row, place = rows[start : start + _BLOCK // 16], places[start : start + _BLOCK // 16]
        shifted = np.rint(x[row[:, None], pixels - place[:, None]])
        signs[row, place] = digits.sign(digits.parts @ shifted.T)
