"""The territories without a browser: owners and letters in node against nmn."""

import numpy as np
import pytest

from nmn import product
from nmn.experiments.guarantees.owners import owners
from nmn.widgets.territories import Territories
from nmn.widgets.territories.still import territories
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")


@pytest.mark.parametrize("rule", ["yat", "linear", "rbf"])
def test_a_territory_belongs_to_the_neuron_that_answers_most(rule):
    rng = np.random.default_rng(7)
    cases, true = [], []
    for _ in range(40):
        points = rng.uniform(-3, 3, (int(rng.integers(2, 7)), 2))
        eps, x = float(10 ** rng.uniform(-6, 1)), rng.normal(size=(50, 2)) * 10 ** rng.uniform(-2, 3, (50, 1))
        cases.append([points.tolist(), x.tolist(), rule, eps])
        true.append(owners(points, x, rule=rule, eps=eps).tolist())
    expression = "([points, x, rule, eps]) => x.map((at) => owner(points, at, rule, eps))"
    assert node("territories", expression, cases) == true


def test_far_away_a_territory_of_yat_is_a_double_cone_and_of_a_linear_neuron_is_not():
    points = Territories().points
    turn = np.deg2rad(np.arange(0.5, 360, 1))
    u = np.stack([np.cos(turn), np.sin(turn)], -1)
    expression = "([points, x, rule]) => x.map((at) => owner(points, at, rule, 0.5))"
    cases = [[points, (1e6 * u).tolist(), rule] for rule in ("yat", "linear")]
    yat, linear = map(np.array, node("territories", expression, cases))
    far = np.argmax([np.asarray(product.far_field(np.array(w), u)) for w in points], axis=0)
    assert np.array_equal(yat, far) and np.array_equal(yat[:180], yat[180:])
    assert not np.array_equal(linear[:180], linear[180:])


def test_letters_stand_inside_their_territories_one_for_each_piece():
    size = 72
    cells = np.zeros((size, size), int)
    cells[10:30, 10:30], cells[40:70, 50:70] = 1, 1
    # Too small for a letter: one cell, and a square that is nowhere three cells deep.
    cells[5, 60], cells[40:44, 10:14] = 2, 3
    (found,) = node("territories", f"(cells) => deepest(cells, {size})", [cells.ravel().tolist()])
    assert sorted(owner for owner, _, _ in found) == [0, 1, 1]
    cells[40:45, 10:15] = 3
    (more,) = node("territories", f"(cells) => deepest(cells, {size})", [cells.ravel().tolist()])
    assert [3, 12, 42] in more and len(more) == 4
    for owner, column, row in found:
        around = cells[row - 5 : row + 6, column - 5 : column + 6]
        assert around.shape == (11, 11) and np.all(around == owner)


@pytest.mark.parametrize("rule", ["yat", "linear", "rbf"])
def test_in_the_still_a_letter_stands_in_the_middle_of_its_arc(rule):
    points = np.array(Territories().points)
    (ax,) = territories(points, rule=rule, reach=10, eps=0.5).axes
    letters = ax.texts[len(points) :]
    turn = np.deg2rad(np.arange(-2, 3))[:, None]
    for letter in letters:
        x, y = letter.xy
        assert np.hypot(x, y) == pytest.approx(8.2)
        near = np.hstack([np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y])
        assert set(owners(points, near, rule=rule, eps=0.5)) == {"ABCD".index(letter.get_text())}
    # By ⵟ a neuron owns a direction and its opposite.
    both = [letter.get_text() for letter in letters]
    assert (sorted(both) == sorted(2 * both[: len(both) // 2])) == (rule == "yat")
