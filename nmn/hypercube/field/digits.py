"""The sign of Σ w_i x_i for small whole numbers x_i, decided exactly.

A float is a whole number times a power of two, so the weights are whole numbers on a common scale. Those are
cut into digits so short that every sum of one digit over all pixels is exact in float64, in any order.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

# Digits are put together again as floats times powers of two: 18 of them span less than 2^900.
_MOST = 18


def whole_numbers(w: Float[np.ndarray, " m"]) -> list[int]:
    """The smallest whole numbers k with w = q k for some q > 0: w is a float, so there is one. 0 stays 0."""
    ratios = [float(entry).as_integer_ratio() for entry in w]
    scale = max(below for _, below in ratios)
    whole = [above * (scale // below) for above, below in ratios]
    divisor = math.gcd(*whole) or 1
    return [entry // divisor for entry in whole]


@dataclass(frozen=True, eq=False)
class Digits:
    """w_i ∝ Σ_k parts[k, i] 2^{−k bits}, every part a whole number, the first signed, the others >= 0."""

    parts: Float[np.ndarray, "K m"]
    bits: int

    @classmethod
    def of(cls, w: Float[np.ndarray, " m"], largest: float) -> "Digits":
        """The digits of w, for |x_i| <= ``largest``. ValueError: the entries span more than 2^800."""
        bits = 52 - (len(w) * int(largest)).bit_length()
        rest = whole_numbers(w)
        parts: list[list[float]] = []
        while not parts or any(rest):
            last = all(abs(entry) >> bits == 0 for entry in rest)
            parts.append([float(entry if last else entry & ((1 << bits) - 1)) for entry in rest])
            rest = [0 if last else entry >> bits for entry in rest]
        if len(parts) > _MOST:
            raise ValueError(
                f"w spans more than 2^{bits * _MOST} from its largest entry to its last binary digit, too "
                "much to decide signs: set to 0 the entries that are 0 to you"
            )
        return cls(np.array(parts[::-1]), bits)

    def sign(self, sums: Float[np.ndarray, "K *states"]) -> Float[np.ndarray, "*states"]:  # noqa: F821 - a jaxtyping shape
        """sgn(w·x), −1, 0 or 1, from the sums parts @ x.

        The sums are added from the top. As long as that is exact nothing is lost; once it is not, the total
        is at least 2^52 units of the present digit, and all that follows is less than 2 Σ|x_i| of them.
        """
        total = sums[0]
        for k, lower in enumerate(sums[1:], 1):
            total = total + lower * 2.0 ** (-k * self.bits)
        return np.sign(total)

    def canonical(self, sums: Float[np.ndarray, "K states"]) -> Float[np.ndarray, "K states"]:
        """The same numbers with every digit but the first in [0, 2^bits): equal numbers look the same."""
        sums = sums.copy()
        for k in range(len(sums) - 1, 0, -1):
            carry = np.floor(sums[k] * 2.0**-self.bits)
            sums[k] -= carry * 2.0**self.bits
            sums[k - 1] += carry
        return sums
