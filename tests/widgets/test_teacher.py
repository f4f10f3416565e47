"""The teacher without a browser: the lesson in node against nmn, and what the story tells the child."""

import jax
import numpy as np
import pytest

from nmn import product
from nmn.experiments.guarantees.lesson import ARM, BUMP_PEAK, BUMP_WIDTH, EPS, lesson
from tests.widgets.node import node

pytestmark = pytest.mark.usefixtures("float64")


def field_of_the_teacher() -> np.ndarray:
    grid = np.stack(np.meshgrid(np.linspace(-12, 12, 25), np.linspace(-6, 6, 13)), -1).reshape(-1, 2)
    near, far = np.random.default_rng(1).uniform(-1, 1, (2, 200, 2))
    return np.concatenate([grid, far * [12, 6], 2 * near])


def test_the_teacher_is_the_product_seen_from_both_sides():
    places = field_of_the_teacher()
    for x, js in zip(places, node("teacher", "lesson", places.tolist()), strict=True):
        assert js == pytest.approx(lesson(x), rel=1e-6, abs=1e-9)


def test_a_linear_pupil_and_a_bump_hear_their_own_gradient():
    def bump(w, x):
        d2 = ((x - w) ** 2).sum() / (2 * BUMP_WIDTH**2)
        return BUMP_PEAK * BUMP_WIDTH * np.exp(0.5) * jax.numpy.exp(-d2)

    places = field_of_the_teacher()[::17]
    for x, js in zip(places, node("teacher", "lesson", places.tolist()), strict=True):
        slope = jax.grad(bump)(jax.numpy.asarray(ARM), x)
        assert js["bump"] == pytest.approx(float(np.linalg.norm(slope)), rel=1e-6, abs=1e-9)
        linear = jax.grad(lambda w, x=x: w @ x)(jax.numpy.asarray(ARM))
        assert js["linear"] == pytest.approx(float(np.linalg.norm(linear)))


def test_the_story_tells_the_child_what_is_true():
    """Silent exactly on the side line; far off, the step is small and the radio steady."""
    places = field_of_the_teacher()
    told = node("teacher", "(x) => [story(x), lesson(x)]", places.tolist())
    for x, (words, now) in zip(places, told, strict=True):
        far, cosine = np.linalg.norm(x), abs(x[0]) / max(np.linalg.norm(x), 1e-12)
        silent = np.all(np.asarray(product.grad_w(ARM, x, eps=EPS)) == 0)
        assert ("silent" in words) == silent == (x[0] == 0)
        assert now["part"] <= 1
        if silent:
            continue
        change = "a lot" if now["part"] > 0.5 else "a little" if now["part"] > 0.15 else "hardly changes"
        assert [how in words for how in ("a lot", "a little", "hardly")] == [
            how in change for how in ("a lot", "a little", "hardly")
        ]
        assert ("plays on" in words) == (now["radio"] > 0.35) != ("is soft" in words)
        assert ("nearly out to the side" in words) == (now["radio"] <= 0.35 and cosine < 0.35)
        assert words.startswith("Close by" if far < 4 else "Far off")
        if far > 6:
            assert now["part"] < 0.35 and now["radio"] == pytest.approx(2 * 0.5 * cosine, rel=0.3)


def test_she_can_walk_as_far_as_the_field_reaches():
    ways = [[1, 0], [0, 2], [-3, 0], [3, 1.5], [-3, 1], [0.1, -3], [0.3, 0.4]]
    for way, far in zip(ways, node("teacher", "furthest", ways), strict=True):
        end = far * np.array(way) / np.linalg.norm(way)
        assert np.max(np.abs(end) / [12, 6]) == pytest.approx(1)
    # In the middle there is no line yet: nothing holds her.
    assert node("teacher", "furthest", [[0, 0]])[0] > 1000


def test_what_is_louder_than_the_bar_says_so():
    assert node("teacher", "loudness", [0, 4.96, 5, 5.04]) == ["0.0", "5.0", "5.0", "5.0, off the scale"]
