"""f(w) of three pixels in node against nmn.hypercube: law, field, the 14 regions, ties, numbers, the view."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from nmn.hypercube import laws, threepixels, threshold
from nmn.hypercube.field import field
from nmn.widgets.threepixels import ThreePixels
from nmn.widgets.threepixels.still import three_pixels
from nmn.widgets.threepixels.view import view as threepixels_view
from tests.widgets.node import node

CORNERS = np.array(list(itertools.product([1, -1], repeat=3)))
ENDS = [-1 / 3, 1.0]
# One w inside each region: the pixels, and the majorities.
INSIDE = [*np.eye(3), *-np.eye(3), *CORNERS.astype(float)]


pytestmark = pytest.mark.usefixtures("float64")


def ising(coupling: float) -> tuple[laws.IsingRing, float]:
    law = laws.IsingRing(3, coupling)
    return law, float(law.correlation()[1])


def nlgp(hidden: float) -> tuple[laws.NLGP, float]:
    law = laws.NLGP([1, hidden, hidden], math.inf)
    return law, float(law.correlation()[1])


def every_law() -> list[tuple[laws.IsingRing | laws.NLGP, float]]:
    """Both kinds of law with the correlation of two pixels; the ends −1/3 and 1 to the last bits."""
    couplings, hidden = (-4, -0.7, -0.1, 0, 0.2, 0.9, 3), (-0.5, -0.3, 0, 0.4, 0.95, 1)
    return [*map(ising, couplings), *map(nlgp, hidden)]


def directions() -> list[list[float]]:
    """Weights of three decimals: random ones, and all kinds of ties, some that floats miss."""
    drawn = np.random.default_rng(3).uniform(-1, 1, (60, 3)).round(3)
    ties = [[0.3, 0.1, 0.2], [0.1, 0.2, -0.3], [0.7, 0.7, 0], [0, -0.4, 0.4], [0.6, 0.35, 0.25]]
    close = [[0.57] * 3, [1, 0, 0], [0, 0, -0.001], [0.5, 0.5, 0.001], [1, 0.5, 0.499]]
    return [*drawn.tolist(), *ties, [-0.9, 0.8, 0.1], *close]


def whole(w) -> np.ndarray:
    return np.round(1000 * np.asarray(w))


def brute(w, c: Fraction) -> list[Fraction]:
    """½ Σ P(x) sgn(w·x) x over the eight corners, in fractions."""
    total = [Fraction(0)] * 3
    for x in CORNERS.tolist():
        chance = ((1 + 3 * c) if abs(sum(x)) == 3 else (1 - c)) / 8
        value = sum(int(a) * b for a, b in zip(whole(w), x, strict=True))
        total = [t + chance * ((value > 0) - (value < 0)) * b / 2 for t, b in zip(total, x, strict=True)]
    return total


def read(texts: list[str]) -> list[Fraction]:
    return [Fraction(text.replace("−", "-")) for text in texts]


def test_one_law_for_each_correlation():
    known = every_law()
    found = node("threepixels", "(c) => CORNERS.map((x) => [x, chance(x, c)])", [c for _, c in known])
    for (law, c), chances in zip(known, found, strict=True):
        x, p = np.array([x for x, _ in chances]), np.array([p for _, p in chances])
        assert sorted(map(tuple, x)) == sorted(map(tuple, CORNERS)) and p.sum() == pytest.approx(1)
        assert np.all(p >= -1e-15)
        assert x.T @ (p[:, None] * x) == pytest.approx(np.asarray(law.covariance()), abs=1e-12)
        assert np.asarray(law.covariance())[0, 1] == pytest.approx(c, abs=1e-15)
        if isinstance(law, laws.IsingRing):
            assert p == pytest.approx(np.exp(np.asarray(law.log_probability(x))), abs=1e-12)


def test_f_is_that_of_nmn_for_every_law_ties_included():
    cases = [[w, c] for _, c in every_law() for w in directions()]
    shown = iter(node("threepixels", "([w, c]) => field(w, c)", cases))
    for law, _ in every_law():
        for w in directions():
            assert next(shown) == pytest.approx(field(whole(w), law).value, abs=1e-13), (w, law)


def test_f_is_the_sum_over_the_corners_in_fractions():
    levels = [Fraction(-1, 3), Fraction(1), Fraction(0), *(Fraction(k, 100) for k in (-30, -7, 20, 55, 99))]
    cases = [[w, float(c)] for c in levels for w in directions()]
    expression = "([w, c]) => [field(w, c), field(w, c).map(exact), w.map(exact)]"
    shown = iter(node("threepixels", expression, cases))
    for c in levels:
        for w in directions():
            value, texts, weights = next(shown)
            true = brute(w, c)
            assert value == pytest.approx([float(v) for v in true], abs=1e-15)
            # The numbers on the page are not rounded.
            assert read(texts) == true, (w, c, texts)
            assert read(weights) == [Fraction(int(v), 1000) for v in whole(w)]


def test_a_number_that_no_short_decimal_holds_says_so():
    numbers = [0.123456789, -1 / 3, -0.25, 0, 1e-12, 0.00125, 5 / 12, -2 / 3]
    assert node("threepixels", "(v) => exact(v)", numbers) == [
        "≈ 0.12346", "−1/3", "−0.25", "0", "0", "0.00125", "5/12", "−2/3",
    ]  # fmt: skip


def lattice() -> list[list[float]]:
    """Every direction of small whole numbers: each region, edge and corner of the sphere many times."""
    steps = [v / 1000 for v in range(-4, 5)]
    return [list(w) for w in itertools.product(steps, repeat=3) if any(w)]


def test_there_are_fourteen_regions_of_two_kinds():
    points = lattice() + directions()
    found = node("threepixels", "(w) => [sides(w), region(w), story(w), CORNERS]", points)
    patterns: dict[tuple[int, ...], set[tuple[str, int]]] = {}
    for w, (sides, there, words, corners) in zip(points, found, strict=True):
        true = np.sign(np.array(corners) @ whole(w)).astype(int)
        assert sides == true.tolist()
        ties, size = int(np.sum(true == 0)), np.abs(whole(w))
        kind = {2: "border", 4: "corner"}.get(ties) or (
            "pixel" if 2 * size.max() > size.sum() else "majority"
        )
        assert there == {"kind": kind, "pixel": int(np.argmax(size)) if kind == "pixel" else -1}
        expected = {
            "border": "the mean of both", "corner": "the mean of all four",
            "majority": "majority of the three decides",
            "pixel": f"One pixel decides: pixel {np.argmax(size) + 1}",
        }[kind]  # fmt: skip
        assert expected in words and ("minus" in words) == (kind == "pixel" and min(w) == -size.max() / 1000)
        if not ties:
            patterns.setdefault(tuple(sides), set()).add((kind, there["pixel"]))
    assert len(patterns) == threshold.cones(3) == 14
    kinds = [next(iter(names))[0] for names in patterns.values() if len(names) == 1]
    assert sorted(kinds) == ["majority"] * 8 + ["pixel"] * 6


@pytest.mark.parametrize("coupling", [0.4, -0.6])
def test_where_one_pixel_decides_f_is_its_column_and_where_none_does_it_is_a_vote(coupling):
    law, c = ising(coupling)
    covariance = np.asarray(law.covariance())
    chance = np.exp(np.asarray(law.log_probability(CORNERS)))
    points = directions()
    for w, (there, f) in zip(
        points, node("threepixels", f"(w) => [region(w), field(w, {c})]", points), strict=True
    ):
        if there["kind"] == "pixel":
            i = there["pixel"]
            assert f == pytest.approx(np.sign(w[i]) * covariance[i] / 2, abs=1e-14)
        elif there["kind"] == "majority":
            vote = np.sign(CORNERS @ np.sign(w))
            assert f == pytest.approx((chance * vote) @ CORNERS / 2, abs=1e-14)


def test_on_a_border_f_is_the_mean_of_the_regions_there():
    law, c = ising(0.3)
    points = lattice()
    found = node("threepixels", f"(w) => [region(w).kind, field(w, {c})]", points)
    rng = np.random.default_rng(0)
    around = rng.normal(size=(60, 3)) * 0.05
    seen = {"border": 2, "corner": 4}
    for w, (kind, f) in list(zip(points, found, strict=True))[::5]:
        if kind not in seen:
            continue
        near = [field(whole(w) + step, law).value for step in around]
        different = np.unique(np.round(near, 12), axis=0)
        assert len(different) == seen[kind] and f == pytest.approx(different.mean(0), abs=1e-11)


def test_f_stands_still_inside_jumps_across_a_border_and_sees_no_length():
    walk = [[0.88 - 0.02 * k, 0.3, -0.2] for k in range(26)]
    found = np.array(node("threepixels", "(w) => field(w, 0.2)", [[round(v, 3) for v in w] for w in walk]))
    changes = np.abs(np.diff(found, axis=0)).max(1)
    # 0.88, 0.86, ... 0.52 outweigh 0.5 together, 0.50 ties, 0.48 does not.
    assert np.flatnonzero(changes > 0).tolist() == [18, 19] and changes.max() > 0.1
    short = node("threepixels", "(w) => field(w, 0.2)", [[0.88, 0.42, -0.2], [0.44, 0.21, -0.1]])
    assert short[0] == short[1]


@pytest.mark.parametrize(
    ("c", "count"), [(-1 / 3, 8), (-0.33, 14), (0.0, 14), (0.2, 14), (0.99, 14), (1.0, 2)]
)
def test_regions_share_their_f_only_at_the_ends_of_c(c, count):
    law = threepixels.law(c)
    true = np.unique(np.round([field(w, law).value for w in INSIDE], 9) + 0.0, axis=0)
    ((values, note),) = node("threepixels", "(c) => [values(c), note(c)]", [c])
    assert values == len(true) == count and bool(note) == (c in ENDS)
    if not note:
        return
    never = [x for x in CORNERS if (abs(x.sum()) == 3) == (c < 0)]
    assert ("dotted circles" in note) == (len(never) > 2) and ("only" in note) == (len(never) == 6)
    assert len(never) == {True: 2, False: 6}[c < 0]


def test_the_still_has_the_only_law_of_its_correlation():
    for c in (-1 / 3, -0.2, 0.0, 0.3, 1.0):
        assert np.asarray(threepixels.law(c).correlation()) == pytest.approx([1, c, c], abs=1e-12)
        js = node("threepixels", f"(w) => field(w, {c})", directions())
        for w, found in zip(directions(), js, strict=True):
            assert found == pytest.approx(threepixels.vote(w, c=c), abs=1e-12)


def test_the_sphere_turns_as_little_as_shows_w():
    points = [w for w in lattice() if np.abs(whole(w)).max() == 4] + [[-0.75, -0.5, -0.45]]
    for w, view in zip(points, node("threepixels", "start", points), strict=True):
        seen = np.array(view)
        assert seen == pytest.approx(threepixels_view(w), abs=1e-9)
        assert seen @ seen.T == pytest.approx(np.eye(3), abs=1e-9) and np.linalg.det(seen) > 0
        x, y, z = seen @ w / np.linalg.norm(w)
        assert z > 0 and math.hypot(x, y) <= 0.9 + 1e-9


def test_a_place_on_the_disc_is_a_direction_and_back():
    rng = np.random.default_rng(5)
    cases = [[w, (rng.uniform(-0.65, 0.65, 2)).tolist()] for w in directions()[:40]]
    expression = """([w, p]) => {
      const view = start(w), near = lifted(view, p), out = lifted(view, p.map((v) => 9 * v / norm(p)));
      return [seen(view, near), norm(near), seen(view, out), seen(turned(view, out), out)];
    }"""
    for (_, p), (back, size, out, after) in zip(cases, node("threepixels", expression, cases), strict=True):
        assert back[:2] == pytest.approx(p, abs=0.002) and back[2] > 0 and size == pytest.approx(1, abs=0.002)
        # From far out: just past the rim, in the same direction on the screen, and turned back to the rim.
        assert math.hypot(*out[:2]) == pytest.approx(0.93, abs=0.005) and out[2] > 0
        assert out[0] * p[1] == pytest.approx(out[1] * p[0], abs=0.004) and out[0] * p[0] > 0
        assert math.hypot(*after[:2]) == pytest.approx(0.9, abs=1e-9) and after[2] > 0


def test_the_arrow_keys_reach_every_region():
    """From the default, a step of the handle at a time, to the middle of each region; the sphere turns."""
    expression = """(goal) => {
      let w = [0.88, 0.42, -0.2], view = start(w), moves = 0;
      while (sides(w).join() !== sides(goal).join() && moves++ < 200) {
        const at = seen(view, w), to = seen(view, goal), gap = [to[0] - at[0], to[1] - at[1]];
        // A goal behind is gone for past the rim on its side.
        const way = to[2] > 0 ? gap : to, i = Math.abs(way[0]) > Math.abs(way[1]) ? 0 : 1;
        w = lifted(view, at.slice(0, 2).map((v, k) => v + (k === i ? 0.053 * Math.sign(way[i]) : 0)));
        view = turned(view, w);
      }
      return moves;
    }"""
    assert max(node("threepixels", expression, [list(w) for w in INSIDE])) <= 120


def test_weights_are_kept_to_three_decimals_wherever_they_come_from():
    for value in ((0.8, 0.5, 0.3), np.array([0.8, 0.5, 0.3]), [0.80001, 0.49999, 0.3]):
        assert ThreePixels(w=value).w == [0.8, 0.5, 0.3]
    assert repr(ThreePixels(w=[-0.0, 1, 0]).w) == "[0.0, 1.0, 0.0]"
    widget = ThreePixels()
    widget.set_state({"w": [0.1, 0.2, -0.3], "c": 1.0})
    assert widget.w == [0.1, 0.2, -0.3] and widget.c == 1


def test_the_words_for_the_picture_carry_its_numbers():
    told = ThreePixels(w=[0.8, 0.5, 0.3], c=0.2, scale=0.5).alternative()
    assert "w = (0.4, 0.25, 0.15)" in told and "f(w) = (0.4, 0.2, 0.2)" in told


def test_the_default_makes_the_point():
    """One pixel decides, and f has another shape than w: another order, another sign."""
    widget = ThreePixels()
    f = threepixels.vote(widget.w, c=widget.c)
    ((told, there),) = node("threepixels", "(w) => [story(w), region(w)]", [widget.w])
    assert there["kind"] == "pixel" and told.startswith("One pixel decides: pixel 1.")
    assert widget.w[1] > 0 > widget.w[2] and f[1] == pytest.approx(f[2]) and f[2] > 0


@pytest.mark.parametrize("w", [[0.88, 0.42, -0.2], [-0.3, 0.2, -0.9], [0.7, 0.7, 0]])
def test_the_still_is_a_picture_of_its_state(w):
    other = three_pixels([0.2, 0.3, 0.9], c=0.2, scale=1).png(dpi=40)
    made = three_pixels(w, c=0.2, scale=1)
    assert made.dense and made.png(dpi=40) != other
    assert three_pixels(w, c=-1 / 3, scale=1).png(dpi=40) != made.png(dpi=40)
