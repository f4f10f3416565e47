"""f by meeting in the middle: each half of the ring is enumerated, and its sums are ranked among the other's.

sgn(a + b) for a sum a of one half and b of the other is the sign of b's place relative to −a: with the
probabilities of b added up in that order, E[sgn | a] is two look-ups. On a ring the halves are tied together
at two places, so the sums are added up once for each state of the pixels there.
"""

import itertools

import numpy as np
from jaxtyping import Float, Int

from nmn.hypercube.field import arc
from nmn.hypercube.field.cycle import Cycle
from nmn.hypercube.field.digits import Digits
from nmn.hypercube.field.result import EPS, Field

MOST_STATES = 1 << 22


def meet(cycle: Cycle) -> Field:
    """2^{m/2} states on either side and their sorting. ValueError: more than 2^22 on a side, m = 44 signs.

    Source: Horowitz and Sahni 1974, for subset sums.
    """
    count, m, values = len(cycle.values), cycle.m, cycle.values
    half = m // 2
    if cycle.states(m - half) > MOST_STATES:
        raise ValueError(
            f"method 'meet' takes halves of at most 2^22 states, w has {count}^{m - half} in one: take "
            "'integer' if w is of small whole numbers, 'transfer', or 'auto'"
        )
    digits = Digits.of(cycle.weights, cycle.largest)
    left, right = (arc.sums(part, values) for part in np.split(digits.parts, [half], 1))
    ranks = _ranks(digits.canonical(np.concatenate([-left, right], 1)))
    at_left, at_right = np.split(ranks, [left.shape[1]])
    of_left = arc.weights(cycle.steps[: half - 1], count)
    of_right = arc.weights(cycle.steps[half : m - 1], count)
    between, around = cycle.steps[half - 1], cycle.steps[-1]
    seen_left = _seen(cycle, at_left, at_right, of_right, between, around)
    seen_right = -_seen(cycle, at_right, at_left, of_left, around, between)
    products = np.concatenate(
        [
            arc.products(of_left * seen_left, values, half),
            arc.products(of_right * seen_right, values, m - half),
        ]
    )
    return Field(cycle.field(products), EPS * (m + 2.0 ** (m / 4)), "meet", True)


def _ranks(keys: Float[np.ndarray, "K states"]) -> Int[np.ndarray, " states"]:
    """The place of every number (a column of digits, the first one weightiest) in order, equal ones alike."""
    order = np.lexsort(keys[::-1]) if len(keys) > 1 else np.argsort(keys[0])
    ordered = keys[:, order]
    new = np.any(ordered[:, 1:] != ordered[:, :-1], 0)
    ranks = np.empty(len(order), np.intp)
    ranks[order] = np.concatenate([[0], np.cumsum(new)])
    return ranks


def _seen(
    cycle: Cycle,
    at: Int[np.ndarray, " states"],
    others_at: Int[np.ndarray, " others"],
    others: Float[np.ndarray, " others"],
    out: Float[np.ndarray, "a a"],
    back: Float[np.ndarray, "a a"],
) -> Float[np.ndarray, " states"]:
    """For each state of this side: the weight of the other side's states ranked above it, less those below.

    ``out`` is the step from this side's last pixel to the other's first, ``back`` from its last to our first.
    """
    count = len(cycle.values)
    first, last = arc.ends(len(at), count)
    others_first, others_last = arc.ends(len(others), count)
    if cycle.independent:
        return back[0, first] * _balance(others_at, others * out[0, others_first], at)
    seen = np.zeros(len(at))
    for x, y in itertools.product(range(count), repeat=2):
        here = (first == x) & (last == y)
        joined = others * out[y, others_first] * back[others_last, x]
        seen[here] = _balance(others_at, joined, at[here])
    return seen


def _balance(
    at: Int[np.ndarray, " others"], mass: Float[np.ndarray, " others"], where: Int[np.ndarray, " states"]
) -> Float[np.ndarray, " states"]:
    """The mass at or above each place minus the mass below it."""
    cells = np.bincount(at, mass)
    below = np.concatenate([[0.0], _running(cells)])
    # Mass at the place itself counts as above: over all states ties add up to nothing, as X and −X are alike.
    return below[-1] - 2 * below[np.minimum(where, len(cells))]


def _running(cells: Float[np.ndarray, " cells"]) -> Float[np.ndarray, " cells"]:
    """Running sums, in rows of about √cells: few additions in a row, little rounding."""
    width = int(len(cells) ** 0.5) + 1
    rows = np.pad(cells, (0, -len(cells) % width)).reshape(-1, width).cumsum(1)
    rows[1:] += rows[:-1, -1].cumsum()[:, None]
    return rows.ravel()[: len(cells)]
