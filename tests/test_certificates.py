"""Certificates: the true is certified, the plausible false is not, what is undecided says so."""

import math
import re

import pytest
import sympy as sp

from nmn.certificates import enclosed, is_below, is_sum_of_squares, largest, vanishes

x, y = sp.symbols("x y", real=True)
e = sp.symbols("e", positive=True)
R = sp.Rational


def test_an_identity_vanishes_and_a_near_miss_does_not() -> None:
    assert vanishes((x + y) ** 2 - x**2 - 2 * x * y - y**2)
    assert not vanishes((x + y) ** 2 - x**2 - 2 * x * y - y**2 + R(1, 10**30))
    turn = sp.Matrix([[sp.cos(x), -sp.sin(x)], [sp.sin(x), sp.cos(x)]])
    assert vanishes(turn * turn.T - sp.eye(2))
    assert not vanishes(turn * turn - sp.eye(2))


def test_a_sum_of_squares_is_expanded() -> None:
    p = x**2 + 2 * e * x + e**2 + e * y**2
    assert is_sum_of_squares(p, [(1, x + e), (e, y)])
    assert not is_sum_of_squares(p, [(1, x - e), (e, y)])
    assert not is_sum_of_squares(p, [(1, x + e)])


@pytest.mark.parametrize(
    ("weight", "root", "message"),
    [(-1, x, "a weight"), (x, y, "a weight"), (1, sp.I * x, "a root"), (1, sp.Symbol("z"), "a root")],
)
def test_what_is_not_surely_a_square_with_a_weight_is_refused(
    weight: sp.Expr, root: sp.Expr, message: str
) -> None:
    with pytest.raises(ValueError, match=f"{message} must be"):
        is_sum_of_squares(weight * root**2, [(weight, root)])


@pytest.mark.parametrize(
    ("constant", "digits"),
    [
        (sp.pi, "3.14159265358979323846"),
        (sp.E, "2.71828182845904523536"),
        (R(1, 3), "0.33333333333333333333"),
        (sp.sqrt(2) ** 3, "2.82842712474619009760"),
        (R(7, 2) ** R(1, 3), "1.51829448593783125"),
        (sp.erf(R(1, 2)), "0.52049987781304653768"),
        (sp.atan(-3), "-1.24904577239825442583"),
        (-sp.exp(-40), "-4.24835425529158899532e-18"),
    ],
)
def test_a_constant_lies_between_neighbouring_floats(constant: sp.Expr, digits: str) -> None:
    low, high = enclosed(constant)
    assert sp.Float(str(low), 40) < sp.Float(digits, 40) < sp.Float(str(high), 40)
    assert high <= math.nextafter(math.nextafter(low, math.inf), math.inf)


@pytest.mark.parametrize(
    ("f", "box", "value"),
    [
        (x * (1 - x), {x: (0, 1)}, R(1, 4)),
        (x * y * (1 - x - y), {x: (0, 1), y: (0, 1)}, R(1, 27)),
        (x / (1 + x**2), {x: (-7, 5)}, R(1, 2)),
        (-((x - R(1, 3)) ** 2), {x: (-1, 1)}, 0),
        (x**3, {x: (-2, R(3, 2))}, R(27, 8)),
        (sp.sqrt(x) * sp.exp(-x), {x: (R(1, 10), 4)}, sp.exp(-R(1, 2)) / sp.sqrt(2)),
        (1 / (x**2 + R(1, 100)), {x: (-3, 2)}, 100),
    ],
)
def test_the_greatest_value_lies_between(f: sp.Expr, box: dict, value: sp.Expr) -> None:
    low, high = largest(f, box, within=1e-5)
    assert low - 1e-12 <= float(value) <= high and high - low <= 1e-5
    assert is_below(f, value + R(1, 10**4), box)
    assert not is_below(f, value - R(1, 10**4), box)


def test_a_peak_that_no_grid_would_meet_is_met() -> None:
    needle = 1 / (1 + (10**9 * (x - R(1, 7))) ** 2)
    assert not is_below(needle, R(99, 100), {x: (0, 1)})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: enclosed(x), "no ball arithmetic for x"),
        (lambda: largest(x * y, {x: (0, 1)}), "no ball arithmetic for y"),
        (lambda: enclosed(sp.gamma(R(1, 3))), "no ball arithmetic for gamma(1/3)"),
        (lambda: largest(x, {x: (0, 0.5)}), "must be integers or sympy.Rational, got 0.5"),
        (lambda: is_below(x, 1, {x: (0, sp.pi)}), "must be integers or sympy.Rational, got pi"),
    ],
)
def test_what_balls_cannot_do_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_a_bound_that_is_touched_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nmn.certificates.PIECES", 500)
    with pytest.raises(ArithmeticError, match="not decided with 500 pieces: between"):
        is_below(x * (sp.sqrt(2) - x), R(1, 2), {x: (0, 1)})
