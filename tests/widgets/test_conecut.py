"""The floor that cuts the cone, in node against nmn: curve, foci, cone, balls, words."""

import numpy as np
import pytest

from nmn import product
from nmn.product.levels import level_set
from nmn.widgets.conecut import ConeCut
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")
W = np.array([2.0, 0.0])
STATES = [(c, eps) for eps in (0.5, 1.0, 4.0, 8.0) for c in (0.5, 1.6, 3.98, 4.0, 4.02, 5.0, 5.9)]


def omega(eps):
    """The arrow of the page, with the direction across w left out."""
    return np.array([2.0, 0.0, 4.0 / np.sqrt(eps)])


def test_every_point_of_the_curve_has_the_level_and_lies_on_the_cone():
    for (c, eps), pieces in zip(STATES, node("conecut", "([c, eps]) => curve(c, eps)", STATES), strict=True):
        assert len(pieces) == (2 if c < 4 else 1)
        for x in map(np.array, pieces):
            assert np.allclose(product.yat(W, x, eps=eps), c, rtol=1e-6), (c, eps)
            z = np.c_[x - W, np.full(len(x), np.sqrt(eps))]
            cosine = z @ omega(eps) / np.linalg.norm(z, axis=1) / np.linalg.norm(omega(eps))
            assert np.allclose(cosine**2, c / (omega(eps) @ omega(eps)), rtol=1e-6)
            # One half of the cone a piece: of a hyperbola the second one is cut by the other half.
            assert np.all(cosine > 0) or (c < 4 and np.all(cosine < 0))
        signs = {bool((np.array(x) @ W > 0).all()) for x in pieces}
        assert signs == ({True, False} if c < 4 else {True})


def test_kind_foci_and_width_are_those_of_nmn_and_the_foci_keep_their_promise():
    for (c, eps), js in zip(STATES, node("conecut", "([c, eps]) => cut(c, eps)", STATES), strict=True):
        true = level_set(W, c, eps=eps)
        assert js["kind"] == true.kind and js["eccentricity"] == pytest.approx(true.eccentricity)
        assert js["width"] == pytest.approx(true.parameter)
        assert np.array(js["foci"]) == pytest.approx(true.foci, rel=1e-9)
        (pieces,) = node("conecut", "([c, eps]) => curve(c, eps)", [(c, eps)])
        x = np.concatenate(pieces)
        away = np.linalg.norm(x[:, None] - np.array(js["foci"]), axis=2).T
        # Sum, difference, or as far from the focus as from the directrix.
        both = away[0] + away[-1] if c > 4 else np.abs(away[0] - away[-1])
        constant = away[0] - x[:, 0] if c == 4 else both
        assert np.ptp(constant) < 1e-6 * (1 + away.max())


def test_each_ball_touches_the_cone_all_round_and_the_floor_at_its_focus():
    for (c, eps), js in zip(STATES, node("conecut", "([c, eps]) => cut(c, eps)", STATES), strict=True):
        arrow, floor = omega(eps) / np.linalg.norm(omega(eps)), np.sqrt(eps)
        for s, focus in zip(js["spheres"], js["foci"], strict=True):
            centre, radius = s * arrow, abs(s) * np.sqrt(1 - c / (omega(eps) @ omega(eps)))
            assert radius == pytest.approx(abs(centre[2] - floor), rel=1e-9)
            assert centre[0] + 2 == pytest.approx(focus[0], rel=1e-9)
            # The distance to every line of the cone.
            opening = np.arccos(np.sqrt(c) / np.linalg.norm(omega(eps)))
            turn = np.linspace(0, 6, 9)[:, None]
            side = np.cross(arrow, [0, 1.0, 0])
            lines = np.cos(opening) * arrow + np.sin(opening) * (
                np.cos(turn) * side + np.sin(turn) * [0, 1.0, 0]
            )
            assert np.linalg.norm(np.cross(lines, centre), axis=1) == pytest.approx([radius] * 9)


def test_the_tilt_and_the_opening_tell_the_kind():
    for (c, eps), js in zip(STATES, node("conecut", "([c, eps]) => angles(c, eps)", STATES), strict=True):
        both = js["tilt"] + js["opening"]
        assert np.tan(np.deg2rad(js["tilt"])) == pytest.approx(np.sqrt(eps) / 2)
        assert both == pytest.approx(90) if c == 4 else (both < 90) == (c > 4)


def test_the_ends_are_told():
    expression = "([c, eps]) => [story(c, eps), curve(c, eps), cut(c, eps).kind]"
    told = node("conecut", expression, [(8, 4), (8.1, 4), (8, 8)])
    (point, no_points, kind), (none, empty, other), (beyond, _, third) = told
    assert kind == "point" and "one point" in point and no_points == []
    assert other == "none" and "no value of ⵟ is larger than 8.00" in none and empty == []
    assert third == "none" and "larger than 6.00" in beyond
    words = dict(zip((1.6, 4.0, 6.5), node("conecut", "(c) => story(c, 4)", [1.6, 4.0, 6.5]), strict=True))
    assert "both halves" in words[1.6] and "parallel" in words[4.0] and "one half" in words[6.5]
    steps = [
        (3.97, 9),
        (4.05, 9),
        (7.9, 1),
        (3.9, 9),
        (8.2, 20),
        (3.9, 4.2),
        (4.2, 3.9),
        (8.3, 7.7),
        (4.2, 4),
    ]
    found = node("conecut", "([c, last]) => snapped(c, last, 4)", steps)
    assert found == [4, 4, 8, 3.9, 8.2, 4, 4, 8, 4.2]


def test_the_picture_in_space_shows_cone_floor_and_ball_where_they_are():
    """What a line of sight meets lies on it, and on cone, floor or ball; the furthest comes first."""
    expression = """([x, y, c, eps]) => ({ hits: hits(x, y, { c, eps, ...cut(c, eps) }),
      middle: MIDDLE, right: RIGHT, up: UP, ahead: AHEAD, spheres: cut(c, eps).spheres })"""
    rng = np.random.default_rng(0)
    states = [(6.5, 4.0), (1.6, 4.0), (4.0, 1.0)]
    cases = [[*rng.uniform(-5, 5, 2) * [1, 0.6], c, eps] for c, eps in states for _ in range(60)]
    kinds = set()
    for (x, y, c, eps), seen in zip(cases, node("conecut", expression, cases), strict=True):
        frame = np.array([seen["right"], seen["up"], seen["ahead"]])
        assert frame @ frame.T == pytest.approx(np.eye(3), abs=1e-12)
        far = [hit["far"] for hit in seen["hits"]]
        assert far == sorted(far, reverse=True)
        for hit in seen["hits"]:
            kinds.add(hit["what"])
            p = np.array(hit["at"])
            assert frame[:2] @ (p - seen["middle"]) == pytest.approx([x, y])
            if hit["what"] == "floor":
                assert p[2] == pytest.approx(np.sqrt(eps))
            elif hit["what"] == "cone":
                arrow = omega(eps)
                assert (arrow @ p) ** 2 == pytest.approx(c * (p @ p), rel=1e-6, abs=1e-9)
            else:
                arrow = omega(eps) / np.linalg.norm(omega(eps))
                sizes = [abs(s) * np.sqrt(1 - c / (4 + 16 / eps)) for s in seen["spheres"]]
                gaps = [
                    np.linalg.norm(p - s * arrow) - r for s, r in zip(seen["spheres"], sizes, strict=True)
                ]
                assert np.abs(gaps).min() < 1e-9
            assert 0 <= hit["lit"] <= 1 + 1e-9
    assert kinds == {"floor", "cone", "sphere"}


def test_the_default_is_an_ellipse_and_the_still_has_its_foci():
    first = ConeCut()
    side, plane = first.still().axes
    foci = level_set(W, first.level, eps=first.eps).foci[:, 0]
    assert level_set(W, first.level, eps=first.eps).kind == "ellipse"
    for ax, height in ((side, 2.0), (plane, 0.0)):
        (dots,) = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_marker() == "o"]
        assert dots.get_xdata() == pytest.approx(foci) and dots.get_ydata() == pytest.approx([height] * 2)
    assert "level 6.5" in first.alternative() and len(ConeCut(level=9.0).still().axes[0].lines) == 1


@pytest.mark.parametrize(("level", "eps"), [(9.0, 1.0), (4.0, 2.0), (1.6, 0.5)])
def test_in_the_still_each_circle_touches_the_floor_at_its_focus_and_both_lines_of_the_cone(level, eps):
    side = ConeCut(level=level, eps=eps).still().axes[0]
    lines = [line.get_xydata() for line in side.lines if line.get_marker() == "None"][:2]
    rings = [line.get_xydata() for line in side.lines if len(line.get_xydata()) == 361]
    for ring, focus in zip(rings, level_set(W, level, eps=eps).foci[:, 0], strict=True):
        centre, radius = (ring.max(0) + ring.min(0)) / 2, np.ptp(ring[:, 0]) / 2
        assert centre[0] == pytest.approx(focus) and np.ptp(ring[:, 1]) / 2 == pytest.approx(radius)
        assert abs(centre[1] - np.sqrt(eps)) == pytest.approx(radius)
        for one, other in lines:
            way, off = (other - one) / np.linalg.norm(other - one), centre - W
            assert abs(way[0] * off[1] - way[1] * off[0]) == pytest.approx(radius)
