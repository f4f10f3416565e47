"""The level sets of ⵟ: conics with the foci and the width that are said, and nothing where there is none."""

import numpy as np
import pytest

from nmn import product
from nmn.product.levels import level_set

pytestmark = pytest.mark.usefixtures("float64")
# (w, b, ε): the bias makes m = ‖w‖² + b positive, negative and 0.
CASES = [([2.0, 0.0], 0.0, 4.0), ([1.5, -1.0], 0.7, 0.3), ([0.3, 0.4], -1.0, 2.0), ([1.0, 2.0], -5.0, 0.5)]
SHARES = (0.02, 0.3, 0.8, 0.99)


def points(w, conic):
    """The curve by the formula of the docstring, around the first focus."""
    side = np.sign(w @ (conic.foci[0] - w)) or 1.0
    along = side * w / np.linalg.norm(w)
    turn = np.linspace(0.011, 2 * np.pi - 0.012, 400)
    r = conic.parameter / (1 - conic.eccentricity * np.cos(turn))
    return conic.foci[0] + (r * np.stack([np.cos(turn), np.sin(turn)])).T @ [along, [-along[1], along[0]]]


@pytest.mark.parametrize(("w", "bias", "eps"), CASES)
@pytest.mark.parametrize("share", SHARES)
def test_every_point_has_the_level_and_the_property_of_the_foci(w, bias, eps, share):
    w = np.array(w)
    level = share * float(product.supremum(w, eps=eps, bias=bias))
    conic = level_set(w, level, eps=eps, bias=bias)
    x = points(w, conic)
    x = x[np.linalg.norm(x, axis=1) < 1e3]
    assert len(x) > 100 and np.allclose(product.yat(w, x, eps=eps, bias=bias), level, rtol=1e-9)
    one, other = np.linalg.norm(x[:, None] - conic.foci, axis=2).T
    assert conic.kind == ("ellipse" if level > w @ w else "hyperbola")
    constant = one + other if conic.kind == "ellipse" else np.abs(one - other)
    # 2A, and the distance of the foci is e times that.
    assert np.ptp(constant) < 1e-6 * constant.max()
    assert np.linalg.norm(conic.foci[0] - conic.foci[1]) == pytest.approx(conic.eccentricity * constant[0])
    # The first focus is the one next to w.
    near, far = np.linalg.norm(conic.foci - w, axis=1)
    assert near <= far + 1e-12


def test_at_the_square_of_w_it_is_a_parabola():
    w = np.array([2.0, 0.0])
    conic = level_set(w, 4.0, eps=1.0)
    assert conic.kind == "parabola" and conic.eccentricity == 1
    # Half a step of the peak: w + ε/(2‖w‖²) w, and every point is as far from it as from the directrix.
    assert conic.foci == pytest.approx(np.array([[2.25, 0.0]]))
    x = points(w, conic)
    assert np.allclose(product.yat(w, x, eps=1.0), 4.0)
    directrix = conic.foci[0, 0] - conic.parameter
    assert np.allclose(np.linalg.norm(x - conic.foci[0], axis=1), x[:, 0] - directrix)


def test_where_there_is_no_curve_it_says_so():
    for w, level in (([0.0, 0.0], 1.0), ([2.0, 0.0], 20.0), ([2.0, 0.0], 0.0), ([2.0, 0.0], float("nan"))):
        with pytest.raises(ValueError, match="w must not be 0" if not any(w) else "level must lie between"):
            level_set(w, level, eps=1.0)
