"""f by looking at every state: all states of the last pixels at once, for each state of the first in turn.

Sums are exact whole numbers (see ``digits``), so no walk from neighbour to neighbour, such as a Gray code, is
needed to save additions, and none can drift. X and −X weigh the same: half of the states do.
"""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from nmn.hypercube import laws
from nmn.hypercube.field import arc
from nmn.hypercube.field.cycle import Cycle
from nmn.hypercube.field.digits import Digits
from nmn.hypercube.field.result import EPS, Field

# States looked at together: tables of this size stay in the processor's cache.
_BLOCK = 1 << 14
MOST_STATES = 1 << 30
# A law that only knows its log_probability is asked for each state.
MOST_ASKED = 1 << 22

# For the state number i of the first pixels: the probabilities of all states of the others.
Chances = Callable[[int], Float[np.ndarray, " states"]]


def enumeration(cycle: Cycle) -> Field:
    """2^{m−1} states (3^m for three values) of the m pixels with weight. ValueError: more than 2^30."""
    if cycle.states(cycle.m) > MOST_STATES:
        raise ValueError(
            f"method 'enumeration' takes at most 2^30 states, w has {len(cycle.values)}^{cycle.m}: "
            "take 'meet', 'integer', 'transfer' or 'auto'"
        )
    count, m = len(cycle.values), cycle.m
    tail = min(m - 1, int(np.log(_BLOCK) / np.log(count)))
    head = m - tail
    inner = arc.weights(cycle.steps[head : m - 1], count)
    first, last = arc.ends(len(inner), count)
    before, after = cycle.steps[head - 1], cycle.steps[m - 1]
    joined = [[inner * before[y, first] * after[last, x] for y in range(count)] for x in range(count)]
    front = arc.weights(cycle.steps[: head - 1], count)
    start, end = arc.ends(len(front), count)
    products = _sweep(cycle.weights, cycle.values, head, lambda i: front[i] * joined[start[i]][end[i]])
    return Field(cycle.field(products), _rounding(m), "enumeration", True)


def asked(law: laws.Law) -> int | None:
    """How many states ``enumeration_of`` would ask the law for; None where it knows no probabilities."""
    levels = law.levels()
    if levels is None or law.log_probability(jnp.full(law.n, levels.scale * levels.values[-1])) is None:
        return None
    return int(len(levels.values) ** law.n)


def enumeration_of(w: Float[np.ndarray, " n"], law: laws.Law) -> Field:
    """The same for any law of few levels, by its ``log_probability``. ValueError: more than 2^22 states."""
    levels, n = law.levels(), len(w)
    if levels is None:
        raise AssertionError("only laws that may be asked come here")
    count = len(levels.values)
    if count**n > MOST_ASKED:
        raise ValueError(
            f"method 'enumeration' asks {type(law).__name__} for each state's probability, at most 2^22, "
            f"w has {count}^{n}: take 'sobol' or 'monte-carlo'"
        )
    head = max(1, n - int(np.log(_BLOCK) / np.log(count)))
    heads, tails = (levels.values[states(k, count)] for k in (head, n - head))

    def chances(i: int) -> np.ndarray:
        x = levels.scale * np.concatenate([np.tile(heads[i], (len(tails), 1)), tails], 1)
        return np.exp(np.asarray(law.log_probability(jnp.asarray(x))).astype(float))

    value = levels.scale * _sweep(w, levels.values, head, chances) / 2
    return Field(value, _rounding(n), "enumeration", True)


def _sweep(
    w: Float[np.ndarray, " m"], values: Float[np.ndarray, " a"], head: int, chances: Chances
) -> Float[np.ndarray, " m"]:
    """Σ_x P(x) sgn(w·x) x_i for every i, P even in x."""
    digits, count = Digits.of(w, np.abs(values).max()), len(values)
    back = arc.sums(digits.parts[:, head:], values)
    front = arc.sums(digits.parts[:, :head], values)
    of_front, of_back = np.zeros(front.shape[1]), np.zeros(back.shape[1])
    twice = 1 + (values > 0)
    first, _ = arc.ends(front.shape[1], count)
    for i in map(int, np.flatnonzero(values[first] >= 0)):
        signed = digits.sign(front[:, i, None] + back) * (chances(i) * twice[first[i]])
        of_front[i] = signed.sum()
        of_back += signed
    return np.concatenate(
        [arc.products(of_front, values, head), arc.products(of_back, values, len(w) - head)]
    )


def states(n: int, count: int) -> Int[np.ndarray, "states n"]:
    """The states of n pixels of ``count`` levels, each as the places of its levels; the last runs fastest."""
    return np.arange(count**n)[:, None] // count ** np.arange(n)[::-1] % count


def corners(n: int) -> Float[np.ndarray, "states n"]:
    """All of {−1, 1}^n, the last pixel runs fastest; the second half is the first times −1, backwards."""
    return 2.0 * states(n, 2) - 1


def _rounding(m: int) -> float:
    """Rounding of 2^m terms of total 1, as it grows on average: their square root in units of eps."""
    return EPS * (m + 2.0 ** (m / 2 - 7))
