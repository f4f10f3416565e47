"""The figures of the page on how to measure a place show what it says."""

import numpy as np
import pytest

from nmn.figures.localization import measuring_localization as draw
from nmn.hypercube import measures


def test_the_yardstick_names_each_field_with_its_measure():
    said = [[text.get_text() for text in ax.texts] for ax in draw.yardstick(40).axes]
    assert [name for name, _ in said] == list(draw.shapes(40))
    for (_, ipr), w in zip(said, draw.shapes(40).values(), strict=True):
        assert float(ipr.split()[1]) == pytest.approx((w**4).sum() / (w**2).sum() ** 2, rel=5e-3)
    # The noise that is drawn is an ordinary one.
    assert measures.inverse_participation(draw.shapes(40)["noise"]) == pytest.approx(3 / 42, rel=0.03)


def test_lengths_are_those_of_the_paths():
    paths = np.random.default_rng(0).normal(size=(3, 5, 4))
    lines = {
        line.get_label(): line.get_ydata() for line in draw.lengths_over_time(range(5), *paths).axes[0].lines
    }
    for label, path in zip(("online descent", "the flow, with ¼", "the source, with ½"), paths, strict=True):
        np.testing.assert_allclose(lines[label], np.sqrt((path**2).sum(1)))
