"""One lesson, by the formulas of its three neurons."""

import numpy as np
import pytest

from nmn.experiments.guarantees.lesson import lesson


@pytest.mark.parametrize("x", [(2.0, 1.0), (0.5, 0.1), (-3.0, 0.0), (0.5, -2.0)])
def test_a_lesson_is_what_its_formulas_say(x: tuple[float, float]) -> None:
    x, w = np.array(x), np.array([0.5, 0.0])
    s, gap = x @ w, x - w
    q = s / (gap @ gap + 1)
    # ‖ω‖² = ‖w‖² + ‖w‖⁴ and β = arctan(1/‖w‖), for ε = 1.
    steepest = (0.25 + 0.0625) * np.cos((np.pi / 2 - 2 * np.arctan(2)) / 3) ** 3
    step = np.linalg.norm(2 * q * w - 2 * q**2 * gap)
    far = np.linalg.norm(gap)
    expected = {
        "number": s * q,
        "step": step,
        "part": step / steepest,
        "radio": np.linalg.norm(2 * q * x + 2 * q**2 * gap),
        "linear": np.hypot(*x),
        # Loudest at its width of 2, where it is 1.5.
        "bump": 1.5 * far / 2 * np.exp(0.5 - far**2 / 8),
    }
    assert lesson(x) == pytest.approx(expected, rel=1e-5)
