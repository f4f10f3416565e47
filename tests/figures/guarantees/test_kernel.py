"""The figures of the page on the kernel: differences, smallest eigenvalues, and straight lines."""

import numpy as np
import pytest

from nmn import product
from nmn.figures.guarantees import kernel


def test_the_third_list_is_the_first_less_the_second():
    one, two, rest = ([bar.get_height() for bar in ax.patches] for ax in kernel.lists().axes)
    np.testing.assert_allclose(rest, np.subtract(one, two))


@pytest.mark.parametrize("eps", [0.5, 1.0])
def test_the_smallest_eigenvalue_is_that_of_the_gram_matrix(eps):
    lines = kernel.smallest(eps).axes[0].lines
    for line, bias in zip(lines[:3], (0, 1, -1), strict=True):
        for y, low in line.get_xydata()[::100]:
            gram = np.asarray(product.gram(np.array([[1.0], [y]]), eps=eps, bias=bias), float)
            assert low == pytest.approx(np.linalg.eigvalsh(gram)[0], abs=1e-5)


def test_from_two_waves_on_the_spectrum_is_a_straight_line():
    for line, eps in zip(kernel.spectrum(9).axes[0].lines, (0.01, 0.1, 1.0), strict=True):
        steps = np.diff(np.log(line.get_ydata()[2:]))
        np.testing.assert_allclose(steps, -2 * np.arcsinh(np.sqrt(eps) / 2), rtol=1e-9)
        assert max(line.get_ydata()) == 1
