"""The look of every figure: its axes and ink, and the SVG or PNG that it shows itself as."""

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from nmn.figures.style import INK, PALETTE, BookFigure, figure


def test_a_figure_has_the_axes_that_are_asked_for_in_reading_order():
    made, axes = figure(2, 3, width=5.0, height=4.0)
    assert [ax.get_subplotspec().num1 for ax in axes] == list(range(6))
    grid = axes[0].get_gridspec()
    assert (grid.nrows, grid.ncols) == (2, 3) and tuple(made.get_size_inches()) == (5, 4)
    assert isinstance(made, BookFigure) and not made.dense and len(figure()[1]) == 1


def test_the_frame_is_open_and_all_of_it_is_one_ink():
    _, (ax,) = figure()
    assert {name for name, spine in ax.spines.items() if spine.get_visible()} == {"left", "bottom"}
    inks = [ax.spines["left"].get_edgecolor(), ax.xaxis.label.get_color(), ax.title.get_color()]
    inks += [tick.label1.get_color() for axis in (ax.xaxis, ax.yaxis) for tick in axis.get_major_ticks()]
    assert {mpl.colors.to_hex(ink) for ink in inks} == {INK}
    assert [ax.plot([0, 1])[0].get_color() for _ in PALETTE] == list(PALETTE)
    assert ax.xaxis.label.get_fontsize() == 12 and ax.title.get_fontsize() == 12


def test_words_do_not_overlap():
    """The layout makes room for them."""
    made, axes = figure(2, 2)
    for ax in axes:
        ax.set(xlabel="below", ylabel="beside", title="above")
    made.svg()
    upper, lower = axes[0].get_tightbbox(), axes[2].get_tightbbox()
    assert lower.y1 <= upper.y0 and upper.x1 <= axes[1].get_tightbbox().x0


def test_a_figure_shows_itself_as_svg_and_a_dense_one_as_png():
    assert figure()[0]._repr_mimebundle_().keys() == {"image/svg+xml"}
    assert figure(dense=True)[0]._repr_mimebundle_().keys() == {"image/png"}


def test_the_svg_is_the_same_every_time_and_has_no_ground_of_its_own():
    def drawn() -> str:
        made, (ax,) = figure()
        # Clipped: then the paths have names, which are made of a hash.
        ax.plot([0, 1], [0, 1])
        return made.svg()

    assert drawn() == drawn() and drawn().startswith("<?xml")
    assert "dc:date" not in drawn() and "clip-path" in drawn()
    ground = re.search(r'id="patch_1".*?style="([^"]*)"', drawn(), re.DOTALL)
    assert ground and "fill: none" in ground[1]


@pytest.mark.parametrize("clear", [True, False])
def test_the_png_is_as_large_and_as_clear_as_asked(clear):
    made, _ = figure(width=2.0, height=1.0)
    image = Image.open(io.BytesIO(made.png(dpi=50, transparent=clear)))
    assert image.size == (100, 50) and "Software" not in image.info
    assert np.asarray(image.convert("RGBA"))[0, 0, 3] == (0 if clear else 255)
    usual = Image.open(io.BytesIO(made.png()))
    assert usual.size == (320, 160) and np.asarray(usual)[0, 0, 3] == 0


def test_the_settings_of_the_reader_stay_as_they_were():
    before = dict(mpl.rcParams)
    made, _ = figure()
    made.svg()
    assert dict(mpl.rcParams) == before
