"""The plane: the middles of the cells of a square, and axes that show it whole."""

import numpy as np

from nmn.figures.plane import plane, square
from nmn.figures.style import figure


def test_the_plane_holds_the_middle_of_each_cell():
    x = plane(6.0, 4)
    assert x.shape == (4, 4, 2)
    np.testing.assert_array_equal(x[0, :, 0], [-4.5, -1.5, 1.5, 4.5])
    np.testing.assert_array_equal(x, x.transpose(1, 0, 2)[..., ::-1])


def test_the_square_is_shown_whole_and_as_a_square():
    _, (ax,) = figure()
    square(ax, 6.0)
    assert ax.get_xlim() == ax.get_ylim() == (-6, 6) and ax.get_aspect() == 1
    assert "x_1" in ax.get_xlabel() and "x_2" in ax.get_ylabel()
