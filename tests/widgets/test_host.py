"""The base of the widgets without a browser: what belongs to a state, its words, the picture of its page."""

import base64
import io
import re
from typing import Any

import numpy as np
import pytest
import traitlets
from PIL import Image

from nmn.widgets.kit import link
from nmn.widgets.kit.host import Widget
from nmn.widgets.landscape import Landscape
from tests.widgets.examples import KINDS, LIBRARY, example
from tests.widgets.node import Reader

# Of every widget a state unlike the one it opens with, and what its words then say, number for number.
WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "landscape": (
        {"w": [-2.25, 0.5], "eps": 1.25, "arrows": "w"},
        r"for w = \(-2\.25, 0\.50\) and ε = 1\.25: .* arrows for ∇_w\.$",
    ),
    "learning": (
        {"law": "Laplace", "seed": 1, "frame": 4},
        r"over 12 pixels .* At time 2\.599 under .* Laplace .* is 0\.124, .* Gaussian .* is 0\.111 ",
    ),
    "oddpoint": (
        {"x": 0.2, "y": 2.5, "loss": "huber"},
        r"0\.2 out and 2\.5 high, .* by Huber’s loss\. .* line 0\.04, .* \(ReLU\) 0\.05, .* ⵟ 0\.05\.$",
    ),
    "ringsignal": ({"xi": 0.9, "gain": 2.5}, r"length ξ = 0\.9 and gain g = 2\.5;"),
    "steepness": (
        {"x": [0.5, -1], "eps": 0.25},
        r"and ε = 0\.25, .* at x = \(0\.50, -1\.00\) .* the slope is 0\.809 and L is 9\.33\.$",
    ),
    "teacher": (
        {"teacher": [1, 2]},
        r"^A field seen from above: you in the middle pointing right, a teacher",
    ),
    "territories": (
        {"points": [[1, 1], [2, 2], [0, 1]], "rule": "linear", "reach": 25.5},
        r"out to ±25\.5, coloured by which of 3 neurons, .* by the dot product\.$",
    ),
    "threepixels": (
        {"w": [0.8, 0.3, -0.4], "c": -0.25, "scale": 0.5},
        r"for c = -0\.25: w = \(0\.4, 0\.15, -0\.2\) and f\(w\) = \(0\.5, -0\.125, -0\.125\)\.$",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_page_reads_all_of_the_state_and_nothing_else(name: str):
    module, held = link.esm(name), set(example(name).state())
    assert set(re.findall(r'model\.get\("(\w+)"\)', module)) == held
    assert set(re.findall(r'\bput\("(\w+)"', module)) <= held
    # What never changes, the page need not watch.
    watched = set(re.findall(r"change:(\w+)", module))
    assert watched == held - {"hint", "film"}


@pytest.mark.parametrize("name", KINDS)
def test_a_kernel_and_a_page_share_the_state_and_the_module(name: str):
    widget = example(name)
    sent = widget.get_state()
    assert {key: sent[key] for key in widget.state()} == widget.state()
    assert sent["_esm"] == link.esm(name) and sent["_css"] == link.stylesheet()
    assert all(word in repr(widget) for word in (type(widget).__name__, "=")) and "hint" not in repr(widget)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_words_for_the_picture_are_those_of_its_state(name: str):
    state, told = WORDS[name]
    words = example(name, **state).alternative()
    assert re.search(told, words), words


def test_what_is_not_synchronised_is_no_part_of_the_state():
    class Odd(Landscape):
        name = "landscape"
        own = traitlets.Int(3)
        shared = traitlets.Int(4).tag(sync=True)

    assert Odd().state() == Landscape().state() | {"shared": 4}
    assert list(Odd().state()) == sorted(Odd().state())


def test_a_widget_without_a_picture_says_so():
    class Bare(Widget):
        name = "landscape"

    for asked in (Bare().still, Bare().alternative):
        with pytest.raises(NotImplementedError):
            asked()


def test_the_picture_in_the_page_is_the_still_on_white():
    widget = Landscape()
    html = widget.static_html()
    _, (tag, image), *_ = Reader(html).tags
    assert tag == "img" and "ⵟ" in image["alt"]
    shown = Image.open(io.BytesIO(base64.b64decode(image["src"].split(",")[1])))
    assert shown.format == "WEBP" and shown.mode == "RGB"
    drawn = Image.open(io.BytesIO(widget.still().png(dpi=120))).convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    assert shown.size == drawn.size
    assert np.abs(np.asarray(shown, float) - np.asarray(paper.convert("RGB"), float)).mean() < 4
    # Three dots to two CSS pixels.
    assert [int(image[side]) for side in ("width", "height")] == [2 * side // 3 for side in drawn.size]


def test_letters_stand_in_the_page_as_they_are():
    html = Landscape(hint="ⵟ and ε").static_html()
    assert "ⵟ and ε" in html and "\\u" not in html
