"""What the state of a widget may hold: the ends of every range, and what is said beyond them."""

import math

import numpy as np
import pytest
from traitlets import TraitError

from nmn.widgets.kit import traits
from nmn.widgets.kit.host import Widget
from tests.widgets.examples import KINDS, LIBRARY, example

# Of every trait that is a number: its least and its largest value, and how both are told.
RANGES = {
    ("conecut", "level"): (0.5, 40, "a number from 0.5 to 40"),
    ("conecut", "eps"): (0.5, 8, "a number from 0.5 to 8"),
    ("landscape", "eps"): (0.01, 5, "a number from 0.01 to 5"),
    ("oddpoint", "x"): (-1, 100, "a number from -1 to 100"),
    ("oddpoint", "y"): (-1, 3, "a number from -1 to 3"),
    ("ringsignal", "xi"): (0.3, 10, "a number from 0.3 to 10"),
    ("ringsignal", "gain"): (0.1, 100, "a number from 0.1 to 100, or infinity"),
    ("steepness", "eps"): (0.01, 5, "a number from 0.01 to 5"),
    ("territories", "reach"): (4, 200, "a number from 4 to 200"),
    ("territories", "eps"): (1e-6, 10, "a number from 1e-06 to 10"),
    ("threepixels", "c"): (-1 / 3, 1, "a number from -0.333333 to 1"),
    ("threepixels", "scale"): (0.1, 1, "a number from 0.1 to 1"),
    ("worth", "shout"): (-1, 0.8, "a number from -1 to 0.8"),
}
# Of every trait that is a place: the limits of its coordinates.
LIMITS = {("landscape", "w"): (3, 3), ("steepness", "x"): (2.5, 1.5), ("teacher", "teacher"): (12, 6)}
POINTS = "two to six pairs of finite numbers within ±3"
WEIGHTS = "three finite numbers within ±1 that are not all 0 to three decimals"


def refused(name: str, trait: str, value: object, told: str) -> None:
    """Whose trait it is, and what it expected."""
    whose = rf"The '{trait}' trait of an? {KINDS[name].__name__} instance expected {told}, not "
    with pytest.raises(TraitError, match=whose):
        example(name, **{trait: value})


def test_every_trait_with_a_range_is_in_the_tables():
    kinds = (traits.Between, traits.Place)
    ranged = {
        (name, key)
        for name, made in LIBRARY.items()
        for key, trait in made.class_traits().items()
        if isinstance(trait, kinds)
    }
    assert ranged == {*RANGES, *LIMITS}


@pytest.mark.parametrize(("name", "trait"), RANGES)
def test_a_number_is_taken_up_to_both_ends_and_not_beyond(name: str, trait: str):
    low, high, told = RANGES[name, trait]
    for end, beyond in ((low, -math.inf), (high, math.inf)):
        widget = example(name, **{trait: end})
        assert getattr(widget, trait) == end
        refused(name, trait, math.nextafter(end, beyond), told)
    refused(name, trait, math.nan, told)


@pytest.mark.parametrize(("name", "trait"), LIMITS)
def test_a_place_is_taken_up_to_its_limits_and_not_beyond(name: str, trait: str):
    limits = LIMITS[name, trait]
    told = "two finite numbers within ±{} and ±{}".format(*limits)
    for signs in ((1, 1), (-1, 1), (1, -1)):
        corner = [sign * limit for sign, limit in zip(signs, limits, strict=True)]
        assert getattr(example(name, **{trait: corner}), trait) == corner
        for i, sign in enumerate(signs):
            far = [c + 1e-9 * sign * (k == i) for k, c in enumerate(corner)]
            refused(name, trait, far, told)
    for odd in ("12", 3, None, [1], [1, 2, 3], [math.nan, 0], [0, math.inf], [1, "one"], [1, None]):
        refused(name, trait, odd, told)


def test_two_to_six_places_are_taken_up_to_their_limit():
    for count in (2, 6):
        points = [[3.0, -3.0]] * count
        assert example("territories", points=points).points == points
    odd = ([[3, 0]] * 7, [[3, 0]], [], [[3.000001, 0], [0, 0]], [[0, 0], [0, -3.000001]], [[0, 0], [1]])
    for points in (*odd, "1234", 5, None, [[0, 0], "12"], [[0, 0], 3], [[0, 0], [0, math.nan]]):
        refused("territories", "points", points, POINTS)


def test_three_weights_within_one_are_taken_but_not_nothing():
    assert example("threepixels", w=(1, -1, 0.0005001)).w == [1, -1, 0.001]
    assert example("threepixels", w=[0, 0, 0.0006]).w == [0, 0, 0.001]
    for w in (
        [0, 0, 0.0004],
        [1.0000001, 0, 0],
        [0, -1.0000001, 0],
        [1, 0],
        [1, 0, 0, 0],
        "100",
        None,
        [1, 0, math.nan],
    ):
        refused("threepixels", "w", w, WEIGHTS)


def test_the_number_of_a_draw_has_two_ends():
    for draw in (0, 999):
        assert example("ringsignal", draw=draw).draw == draw
    for draw in (-1, 1000, 0.5):
        with pytest.raises(TraitError, match=f"'draw' trait of a Signal instance .*{draw}"):
            example("ringsignal", draw=draw)


def test_infinity_alone_stands_for_the_upper_end():
    assert example("ringsignal", gain=math.inf).gain == 100
    assert example("ringsignal", gain=np.inf).gain == 100
    for odd in (-math.inf, "inf", 100.5):
        refused("ringsignal", "gain", odd, "a number from 0.1 to 100, or infinity")


def test_a_choice_is_one_of_its_words():
    for name, trait, words in (
        ("landscape", "arrows", "xw"),
        ("territories", "rule", ("yat", "linear", "rbf")),
    ):
        for word in words:
            assert getattr(example(name, **{trait: word}), trait) == word
        refused(name, trait, "y", "any of .*")


def test_a_list_given_as_default_is_no_ones_alone():
    first, second = example("landscape"), example("landscape")
    assert isinstance(first, Widget) and first.w is not None
    first.w = [0, 0]
    assert second.w == [1.5, 1.0]
