"""Seed 001: the one claim on stable learning that seed 000 does not make."""

import sympy as sp


def test_g_gradient_formula() -> None:
    w, x = sp.Matrix(sp.symbols("w1:4", real=True)), sp.Matrix(sp.symbols("x1:4", real=True))
    eps = sp.Symbol("epsilon", positive=True)
    s, D = w.dot(x), (w - x).dot(w - x) + eps
    formula = 2 * s * w / D - 2 * s**2 * (x - w) / D**2
    for i in range(3):
        assert sp.simplify(sp.diff(s**2 / D, x[i]) - formula[i]) == 0
