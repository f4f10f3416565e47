"""Certificates: what exact arithmetic has checked for every argument, not at points drawn at random.

    vanishes           an identity: SymPy brings it to 0
    is_sum_of_squares  p ≥ 0 for all real arguments, because p = Σ weight · root²
    enclosed           a constant, between two numbers that surely hold it
    largest            the greatest value on a box, between two numbers
    is_below           f < bound on a whole box

The last three compute with balls (Arb, by python-flint): each operation returns an interval that holds
the exact result, roundings included. SymPy and python-flint come with the extra ``book``.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import add, mul

import sympy as sp
from flint import arb, ctx, fmpq

Box = Mapping[sp.Symbol, tuple[object, object]]
Ball = Callable[[tuple[arb, ...]], arb]

BITS = 128
# A bound that is touched is never decided; no certificate of the book needs a tenth of this.
PIECES = 100_000
FUNCTIONS = {
    sp.exp: arb.exp, sp.log: arb.log, sp.erf: arb.erf,
    sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan,
    sp.asin: arb.asin, sp.acos: arb.acos, sp.atan: arb.atan,
    sp.sinh: arb.sinh, sp.cosh: arb.cosh, sp.tanh: arb.tanh,
}  # fmt: skip
KNOWN = "sums, products, powers, " + ", ".join(kind.__name__ for kind in FUNCTIONS)


def vanishes(expression: sp.Expr | sp.MatrixBase) -> bool:
    """Whether SymPy brings an expression, or every entry of a matrix, to 0."""
    entries = expression if isinstance(expression, sp.MatrixBase) else [expression]
    return all(sp.simplify(entry) == 0 for entry in entries)


def is_sum_of_squares(p: sp.Expr, terms: Iterable[tuple[sp.Expr, sp.Expr]]) -> bool:
    """Whether p = Σ weight · root² over the given (weight, root): then p ≥ 0.

    A weight may hold symbols that are declared ``positive`` or ``nonnegative``; the inequality then
    stands for these. ValueError: a weight that is not surely ≥ 0, a root that is not surely real.
    """
    total = sp.Integer(0)
    for weight, root in terms:
        if not sp.sympify(weight).is_nonnegative:
            raise ValueError(f"a weight must be at least 0 by what its symbols are declared, got {weight}")
        if not sp.sympify(root).is_real:
            raise ValueError(f"a root must be real by what its symbols are declared, got {root}")
        total += weight * root**2
    return vanishes(p - total)


def _power(base: arb, exponent: int) -> arb:
    """base^exponent, 0 allowed inside: Arb's own power of a ball goes through the logarithm."""
    base = abs(base) if exponent % 2 == 0 else base
    product = reduce(mul, [base] * abs(exponent), arb(1))
    return product if exponent >= 0 else 1 / product


def _ball(expression: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> Ball:
    """A function from balls for the symbols to a ball that holds every value of the expression."""
    if expression in symbols:
        place = symbols.index(expression)
        return lambda at: at[place]
    if expression.is_Rational:
        number = fmpq(int(expression.p), int(expression.q))
        return lambda at: arb(number)
    if expression in (sp.pi, sp.E):
        return lambda at: arb.pi() if expression == sp.pi else arb(1).exp()
    parts = [_ball(part, symbols) for part in expression.args]
    if expression.is_Add or expression.is_Mul:
        join = add if expression.is_Add else mul
        return lambda at: reduce(join, (part(at) for part in parts))
    if expression.is_Pow and expression.exp.is_Integer:
        return lambda at: _power(parts[0](at), int(expression.exp))
    if expression.is_Pow and (2 * expression.exp).is_Integer:
        return lambda at: _power(parts[0](at).sqrt(), int(2 * expression.exp))
    if expression.is_Pow:
        return lambda at: parts[0](at) ** parts[1](at)
    if expression.func in FUNCTIONS:
        return lambda at: FUNCTIONS[expression.func](parts[0](at))
    raise ValueError(f"no ball arithmetic for {expression}: it takes numbers, symbols of the box and {KNOWN}")


def _between(low: arb, high: arb) -> tuple[float, float]:
    """Floats below and above; infinite where a ball holds no number."""
    below, above = float(low.lower()), float(high.upper())
    return (
        -math.inf if math.isnan(below) else math.nextafter(below, -math.inf),
        math.inf if math.isnan(above) else math.nextafter(above, math.inf),
    )


def enclosed(constant: sp.Expr) -> tuple[float, float]:
    """Two floats next to each other, or nearly, with the constant between them.

    ValueError: an expression with symbols, or with a function that balls do not know.
    """
    with ctx.workprec(BITS):
        value = _ball(sp.sympify(constant), ())(())
        return _between(value, value)


def _exact(end: object) -> fmpq:
    number = sp.sympify(end)
    if not number.is_Rational:
        raise ValueError(f"the ends of a box must be integers or sympy.Rational, got {end!r}")
    return fmpq(int(number.p), int(number.q))


def _narrowing(expression: sp.Expr, box: Box) -> Iterator[tuple[float, float]]:
    """Ever closer numbers around the greatest value on a box: the piece that may hold it is cut in two.

    On a piece f lies in the ball of f, and in f(middle) + Σ_i (ball of ∂f/∂x_i) · (piece − middle)_i.
    """
    symbols, expression = tuple(box), sp.sympify(expression)
    f, *slopes = (_ball(part, symbols) for part in (expression, *(expression.diff(x) for x in symbols)))

    def look(ends: tuple[tuple[fmpq, fmpq], ...]) -> tuple[float, float]:
        middle = tuple(arb((low + high) / 2) for low, high in ends)
        piece = tuple(arb(low).union(arb(high)) for low, high in ends)
        value = f(middle)
        turns = (slope(piece) * (x - m) for slope, x, m in zip(slopes, piece, middle, strict=True))
        low, high = _between(value, sum(turns, value))
        return low, min(high, _between(value, f(piece))[1])

    whole = tuple((_exact(low), _exact(high)) for low, high in box.values())
    low, high = look(whole)
    heap = [(-high, 0, whole)]
    for count in range(1, PIECES):
        top, _, ends = heapq.heappop(heap)
        yield low, -top
        i = max(range(len(ends)), key=lambda i: ends[i][1] - ends[i][0])
        start, end = ends[i]
        for half in ((start, (start + end) / 2), ((start + end) / 2, end)):
            piece = (*ends[:i], half, *ends[i + 1 :])
            found, high = look(piece)
            low = max(low, found)
            heapq.heappush(heap, (-high, 2 * count + (half[1] == end), piece))
    raise ArithmeticError(f"not decided with {PIECES} pieces: between {low} and {-heap[0][0]}")


def largest(expression: sp.Expr, box: Box, *, within: float = 1e-6) -> tuple[float, float]:
    """Two numbers, ``within`` of each other, with the greatest value of f on a closed box between them.

    ``box`` gives each symbol its two rational ends; what has no ends is put into the box first, as by
    x = t/(1 − t²). ValueError: as ``enclosed``; a symbol without ends. ArithmeticError: not decided, as
    where f is not bounded.
    """
    with ctx.workprec(BITS):
        return next((low, high) for low, high in _narrowing(expression, box) if high - low <= within)


def is_below(expression: sp.Expr, bound: sp.Expr, box: Box) -> bool:
    """Whether f < bound on the whole closed box; False where some point of it surely has f ≥ bound.

    Errors as ``largest``; a bound that is touched is never decided.
    """
    with ctx.workprec(BITS):
        gap = sp.sympify(expression) - bound
        return next(high < 0 for low, high in _narrowing(gap, box) if high < 0 or low >= 0)
