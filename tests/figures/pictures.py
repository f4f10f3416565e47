"""The pictures that are kept: each function that makes one, as the book calls it and otherwise.

Results of experiments are made up here: small, and the same on every machine.
"""

from collections import defaultdict
from functools import partial

import numpy as np

from nmn.experiments.localization.learning import Films
from nmn.experiments.product.cancellation import Errors
from nmn.figures.guarantees import kernel, outliers, stable_learning
from nmn.figures.localization import measuring_localization, one_place
from nmn.figures.localization.looks import LOOK
from nmn.figures.multiplicative import adding
from nmn.figures.product import yat_product
from nmn.figures.style import BookFigure
from nmn.hypercube.laws import Erf, Ternary
from nmn.widgets.conecut import still as conecut
from nmn.widgets.landscape import cover
from nmn.widgets.landscape import still as landscape
from nmn.widgets.learning import still as learning
from nmn.widgets.oddpoint import still as oddpoint
from nmn.widgets.ringsignal import still as ringsignal
from nmn.widgets.steepness import still as steepness
from nmn.widgets.teacher import still as teacher
from nmn.widgets.territories import still as territories
from nmn.widgets.threepixels import still as threepixels
from nmn.widgets.worth import still as worth


def _made_up(*shape: int) -> np.ndarray:
    """Numbers from 0.5 to 2.5, not in order."""
    return 1.5 + np.sin(1 + 2.3 * np.arange(np.prod(shape))).reshape(shape)


RUNS = _made_up(5, 7)
DIVERGED = {
    "leverage": np.where(RUNS > 2.4, np.nan, RUNS),
    "label": np.where(RUNS > 2, np.inf, RUNS),
    "both": 30 * RUNS,
}
HARM = {"yat": {"leverage": RUNS, "label": RUNS[::-1] ** 3, "both": RUNS**2}, "relu_huber": DIVERGED}
STEPS = {
    ("waves", "yat"): 100 * RUNS[0],
    ("waves", "linear"): np.where(RUNS[1] > 1.5, np.inf, 300 * RUNS[1]),
    ("steps", "yat"): 50 * RUNS[2],
    ("steps", "tanh"): 700 * RUNS[3],
}
TIMES = np.r_[0, np.geomspace(0.1, 1000, 10)]
LAWS = {name: _made_up(2, 11, 12) ** (k + 1) for k, name in enumerate(LOOK)}
RING = np.array([0, 0, 0.1, -0.9, 0.2, 0, 0.3, 0, 0])

PICTURES: dict[str, partial[BookFigure]] = {
    "lists": partial(kernel.lists),
    "smallest": partial(kernel.smallest),
    "smallest, of another eps": partial(kernel.smallest, 0.4),
    "spectrum": partial(kernel.spectrum),
    "spectrum, short": partial(kernel.spectrum, 5),
    "walls_and_beams": partial(adding.walls_and_beams),
    "rubbed_out": partial(adding.rubbed_out),
    "masses": partial(
        adding.masses,
        {"sum_gaussian": RUNS, "yat": RUNS**2, "product_gaussian": RUNS[:1]},
        [1, 2, 4, 8, 16, 32, 64],
    ),
    "odd_ones": partial(outliers.odd_ones),
    "influence": partial(outliers.influence),
    "harm": partial(outliers.harm, HARM, [3, 10, 30, 100]),
    "distances": partial(
        outliers.distances, {"yat": [(1.5, 3, 5), (1, 1.4, 2)], "relu": [(1, 1.2, 2), (6, 9, 11)]}, [2, 30]
    ),
    "spread": partial(outliers.spread, STEPS, unit="steps"),
    "spread, shares": partial(
        outliers.spread,
        {("waves", "rbf"): RUNS[0] / 3, ("waves", "relu"): RUNS[1] / 3},
        unit="share",
        log=False,
    ),
    "sight": partial(stable_learning.sight),
    "sight, far and near": partial(stable_learning.sight, (5.0, 1.0), step=0.3, degrees=60),
    "two_gradients": partial(stable_learning.two_gradients),
    "two_gradients, of a longer prototype": partial(stable_learning.two_gradients, 2.0, degrees=(45,)),
    "input_constant": partial(stable_learning.input_constant),
    "input_constant, of a longer prototype": partial(stable_learning.input_constant, 2.0, distances=(7,)),
    "steepness": partial(stable_learning.steepness),
    "steepness, with a bias": partial(stable_learning.steepness, 1.4, eps=0.3, bias=-0.4),
    "loudness": partial(stable_learning.loudness),
    "kids": partial(one_place.kids),
    "yardstick": partial(measuring_localization.yardstick, 41),
    "at_rest": partial(one_place.at_rest, RING, -np.roll(RING, 2)),
    "lengths_over_time": partial(measuring_localization.lengths_over_time, TIMES[:5], *_made_up(3, 5, 4)),
    "locality": partial(one_place.locality, Films(TIMES, LAWS, {}, {})),
    "scores": partial(yat_product.scores, [2.0, 1.0]),
    "yard": partial(yat_product.yard),
    "level_sets": partial(yat_product.level_sets, [1.5, 1.0]),
    "level_sets, with a bias": partial(yat_product.level_sets, [1.0, -1.5], eps=0.6, bias=1.0, reach=4.0),
    "lift": partial(yat_product.lift),
    "lift, with a bias": partial(yat_product.lift, 1.3, eps=0.6, bias=0.5, inputs=(2.0,)),
    "rays": partial(yat_product.rays),
    "cancellation": partial(
        yat_product.cancellation,
        Errors(np.geomspace(1e-3, 10, 5), 1e-4 * _made_up(5, 4), 1e-9 * _made_up(5, 4) ** 3),
        squares=1024,
    ),
    "landscape": partial(landscape.landscape, (1.5, 1.0), eps=0.5, arrows="x"),
    "landscape, at zero": partial(landscape.landscape, (0.0, 0.0), eps=0.5, arrows="w"),
    "cover": partial(cover.cover),
    "learning": partial(
        learning.learning,
        TIMES,
        {"one": LAWS["gaussian"][0], "other": LAWS["gaussian"][1] * RING[3:6].repeat(4)},
        frame=3,
    ),
    "learning, alone": partial(learning.learning, TIMES[:7], {"one": -LAWS["laplace"][0, :7]}, frame=5),
    "odd_point": partial(oddpoint.odd_point, 30.0, 0.3, huber=False),
    "odd_point, wild": partial(oddpoint.odd_point, 0.2, 3.0, huber=True),
    "ring_signal": partial(ringsignal.ring_signal, 0, xi=3.0, gain=3.0),
    "ring_signal, signs": partial(ringsignal.ring_signal, 4, xi=1.0, gain=np.inf),
    "slopes": partial(steepness.slopes, (1.0, 0.6), eps=0.3),
    "slopes, softer": partial(steepness.slopes, (-0.5, 0.0), eps=2.0),
    "teacher": partial(teacher.teacher, (8.1, 2.7)),
    "teacher, near": partial(teacher.teacher, (-1.2, -0.5)),
    "territories": partial(
        territories.territories, [[2.6, 0.4], [1.6, 2.1], [-0.5, 2.5]], rule="yat", reach=10, eps=0.5
    ),
    # An arc begins at the last direction that is looked at.
    "territories, nearest": partial(
        territories.territories, [[2.0, 2.3], [1.0, -1.5], [1.6, -1.7]], rule="rbf", reach=10, eps=0.5
    ),
    # One arc is just long enough for a letter, one is not.
    "territories, linear": partial(
        territories.territories,
        [[-0.5, -1.3], [0.9, 1.3], [0.8, 0.6], [0.3, 1.6], [0.0, -1.7], [-2.3, 0.6]],
        rule="linear",
        reach=10,
        eps=0.5,
    ),
    "three_pixels": partial(threepixels.three_pixels, [0.88, 0.42, -0.2], c=0.2, scale=1.0),
    "three_pixels, on a border": partial(threepixels.three_pixels, [-0.6, 0.35, 0.25], c=-0.3, scale=0.4),
    "three_pixels, one of them zero": partial(threepixels.three_pixels, [0, -0.4, -0.9], c=0.6, scale=1.0),
    "cone_cut": partial(conecut.cone_cut, 6.5, eps=4.0),
    "cone_cut, a parabola": partial(conecut.cone_cut, 4.0, eps=1.0),
    "cone_cut, a hyperbola": partial(conecut.cone_cut, 1.6, eps=2.0),
    "cone_cut, nothing": partial(conecut.cone_cut, 12.0, eps=4.0),
    "worth": partial(worth.worth, 30, Erf(np.inf)),
    "worth, often zero": partial(worth.worth, 333, Ternary(0.4)),
}


def by_file() -> dict[str, list[str]]:
    """The names of the pictures, by the module that makes them."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, made in PICTURES.items():
        found[made.func.__module__.removeprefix("nmn.").removeprefix("figures.")].append(name)
    return found
