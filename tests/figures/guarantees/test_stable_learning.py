"""The curves of the chapter on stable learning show what its theorems say."""

import numpy as np
import pytest

from nmn.figures.guarantees import stable_learning

pytestmark = pytest.mark.usefixtures("float64")


def curves(ax):
    return {line.get_label(): np.asarray(line.get_ydata(), float) for line in ax.lines}


def test_one_gradient_fades_and_the_other_stays():
    nudge, lesson = (curves(ax) for ax in stable_learning.two_gradients(rho=2.0).axes)
    for degrees in (0, 30, 60, 85):
        label = f"θ = {degrees}°"
        assert nudge[label][-1] < 1e-3
        assert lesson[label][-1] == pytest.approx(4 * np.cos(np.deg2rad(degrees)), rel=1e-2)
    assert np.isnan(nudge["θ = 90° (zero)"]).all()  # nothing to draw on a logarithmic axis
    assert lesson["linear neuron"][-1] == pytest.approx(2e4)


def test_the_far_curve_lies_on_its_limit():
    drawn = curves(stable_learning.input_constant(rho=1.5).axes[0])
    np.testing.assert_allclose(drawn["k = 200‖w‖"], drawn["limit ρ²|sin 2θ|"], atol=0.1)


def test_the_dashed_bounds_are_touched_and_not_crossed():
    for bias in (0.0, -0.4):
        for ax in stable_learning.steepness(bias=bias).axes:
            values, bound = (np.abs(line.get_ydata()).max() for line in ax.lines[:2])
            assert 0.995 * bound < values <= bound * (1 + 1e-9)


def test_a_far_step_turns_the_eye_by_step_over_distance():
    near, far = (np.deg2rad(stable_learning.turn(k, 0.6)) for k in (200.0, 800.0))
    assert near == pytest.approx(0.6 / 200, rel=1e-4) and far == pytest.approx(0.6 / 800, rel=1e-4)


@pytest.mark.parametrize("name", ["sight", "loudness"])
def test_pictures_are_drawn(name):
    shown = getattr(stable_learning, name)()._repr_mimebundle_()
    assert len(*shown.values()) > 5000
