"""The population flow against brute force: its constants, its exact path on the cube, where it rests."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws, ring
from nmn.hypercube.field import field
from nmn.hypercube.flow.path import _safe

SHORT, LONG = (0.7, 0.3), (3.0, 1.0)


def ising(n: int, lengths: tuple[float, float]) -> tuple[laws.IsingRing, laws.IsingRing]:
    positive, negative = (laws.IsingRing.from_length(n, length) for length in lengths)
    return positive, negative


def states(law: laws.CubeLaw) -> tuple[np.ndarray, np.ndarray]:
    """All corners and their probabilities, by definition of the law's weights."""
    x = np.array(list(itertools.product([-1.0, 1.0], repeat=law.n)))
    p = np.exp(float(getattr(law, "coupling", 0.0)) * (x * np.roll(x, 1, 1)).sum(1))
    return x, p / p.sum()


def brute_loss(w: np.ndarray, positive: laws.CubeLaw, negative: laws.CubeLaw) -> float:
    """½ E(relu(w·X) − Y)² over both classes, state by state."""
    total = 0.0
    for law, label in ((positive, 1.0), (negative, 0.0)):
        x, p = states(law)
        total += 0.5 * p @ (np.maximum(x @ w, 0) - label) ** 2 / 2
    return total


def brute_field(w: np.ndarray, law: laws.CubeLaw) -> np.ndarray:
    x, p = states(law)
    return (p * (x @ w >= 0)) @ x


def slope(w: np.ndarray, positive: laws.CubeLaw, negative: laws.CubeLaw) -> np.ndarray:
    """∂L/∂w by central differences: exact for a parabola, which L is on each cone."""
    rows = 1e-5 * np.eye(len(w))
    up, down = ([brute_loss(v, positive, negative) for v in side] for side in (w + rows, w - rows))
    return np.subtract(up, down) / 2e-5


def small_steps(
    w: np.ndarray, time: float, positive: laws.CubeLaw, negative: laws.CubeLaw, step: float = 1e-3
) -> np.ndarray:
    """Euler's method over brute force."""
    pull = np.asarray(positive.covariance() + negative.covariance()) / 4
    x, p = states(positive)
    count = round(time / step)
    for _ in range(count):
        w = w + time / count * ((p * (np.sign(x @ w) + 1) / 2) @ x / 2 - pull @ w)
    return w


@pytest.mark.parametrize("seed", range(3))
def test_loss_and_its_slope_have_these_constants(seed: int) -> None:
    positive, negative = ising(5, LONG)
    w = np.random.default_rng(seed).normal(size=5)
    assert flow.loss(w, Task(positive, negative)) == pytest.approx(
        brute_loss(w, positive, negative), abs=1e-14
    )
    measured = -slope(w, positive, negative)
    np.testing.assert_allclose(flow.drift(w, Task(positive, negative)), measured, atol=1e-9)
    both = np.asarray(positive.covariance() + negative.covariance())
    f = brute_field(w, positive)
    np.testing.assert_allclose(f / 2 - both @ w / 4, measured, atol=1e-9)
    assert np.abs(f / 2 - both @ w / 2 - measured).max() > 0.1, "equation (4) as printed"


def test_half_of_the_second_moment_passes_the_gate() -> None:
    law = laws.IsingRing(6, 0.4)
    x, p = states(law)
    w = np.random.default_rng(0).normal(size=6)
    passing = (x * (p * (x @ w >= 0))[:, None]).T @ x
    np.testing.assert_allclose(passing, law.covariance() / 2, atol=1e-14)


def test_loss_at_zero_is_known_but_not_its_slope() -> None:
    positive, negative = ising(6, SHORT)
    assert flow.loss(np.zeros(6), Task(positive, negative)) == 0.25
    with pytest.raises(ValueError, match="w must not be all 0"):
        flow.drift(np.zeros(6), Task(positive, negative))


@pytest.mark.parametrize(
    "positive",
    [
        laws.IsingRing(6, 0.6),
        laws.Gaussian(ring.correlation(6, 1.5)),
        laws.Shell(ring.correlation(6, 1.5)),
        laws.Copula(np.eye(6)[0], laws.Ternary(0.3)),
    ],
    ids=lambda law: type(law).__name__,
)
def test_the_least_loss_along_a_ray(positive: laws.Law) -> None:
    negative = laws.Gaussian(ring.correlation(6, 0.8))
    d = np.random.default_rng(1).normal(size=6)
    best = flow.ray(d, Task(positive, negative))
    assert best.loss == pytest.approx(0.25 - best.flatness * best.contrast / 8, abs=1e-14)
    assert best.loss == pytest.approx(flow.loss(best.scale * d, Task(positive, negative)), abs=1e-13)
    around = [
        flow.loss(t * best.scale * d, Task(positive, negative)) for t in (0.01, 0.9, 0.99, 1.01, 1.1, 5)
    ]
    assert min(around) > best.loss
    one, zero = (d @ np.asarray(law.covariance()) @ d for law in (positive, negative))
    assert best.contrast == pytest.approx(one / (one + zero))
    x = np.asarray(positive.sample(jax.random.key(0), 200_000)) @ d
    assert best.flatness == pytest.approx(np.mean(np.abs(x)) ** 2 / np.mean(x**2), rel=0.01)


def test_flatness_of_a_gaussian_and_of_a_sign() -> None:
    gaussian = laws.Gaussian(ring.correlation(7, 2.0))
    d = np.random.default_rng(2).normal(size=7)
    assert flow.ray(d, Task(gaussian, gaussian)).flatness == pytest.approx(2 / np.pi)
    assert flow.ray(d, Task(gaussian, gaussian)).contrast == pytest.approx(0.5)
    assert flow.ray(np.eye(7)[3], Task(laws.IsingRing(7, 0.5), gaussian)).flatness == pytest.approx(1)


@pytest.mark.parametrize(("lengths", "seed"), [(SHORT, 0), (LONG, 1), (LONG, 2)])
def test_hops_against_small_steps(lengths: tuple[float, float], seed: int) -> None:
    positive, negative = ising(5, lengths)
    w = np.random.default_rng(seed).normal(size=5)
    path = flow.hops(w, Task(positive, negative))
    for t in (1.0, 3.0, 8.0):
        np.testing.assert_allclose(path(t), small_steps(w, t, positive, negative), atol=2e-3)


def test_a_cone_may_be_left_though_its_own_state_of_rest_lies_in_it() -> None:
    positive, negative = ising(5, LONG)
    w = 3 * np.random.default_rng(57).normal(size=5)
    here = np.linalg.solve(positive.covariance() + negative.covariance(), 2 * brute_field(w, positive))
    np.testing.assert_allclose(brute_field(here, positive), brute_field(w, positive), atol=1e-14)
    path = flow.hops(w, Task(positive, negative))
    assert len(path.times) > 1, "it leaves, and comes back"
    np.testing.assert_allclose(path.rest, here, atol=1e-13)
    for t in (0.7, 3.0):
        np.testing.assert_allclose(path(t), small_steps(w, t, positive, negative), atol=2e-3)


@pytest.mark.parametrize(("n", "lengths"), [(6, SHORT), (7, LONG), (9, LONG)])
def test_every_piece_has_the_field_of_its_points(n: int, lengths: tuple[float, float]) -> None:
    """No plane is crossed unseen: f is looked up all along the path, and falls nowhere between two pieces."""
    positive, negative = ising(n, lengths)
    path = flow.hops(np.random.default_rng(n).normal(size=n), Task(positive, negative))
    assert len(path.times) > 2
    ends = [*path.times[1:], path.times[-1] + 30]
    for start, end, f in zip(path.times, ends, path.fields, strict=True):
        for t in start + (end - start) * np.array([1e-6, 0.1, 0.5, 0.9, 1 - 1e-6]):
            np.testing.assert_allclose(f, field(path(t), positive).value, atol=1e-12)
    losses = [flow.loss(path(t), Task(positive, negative)) for t in np.linspace(0, 20, 40)]
    assert (np.diff(losses) < 1e-14).all()


def test_who_reaches_a_plane_goes_through_faster() -> None:
    positive, negative = ising(6, LONG)
    path = flow.hops(np.random.default_rng(3).normal(size=6), Task(positive, negative))
    x, p = states(positive)
    pull = np.asarray(positive.covariance() + negative.covariance()) / 4
    assert len(path.times) > 5
    for w, before, after in zip(path.weights[1:], path.fields, path.fields[1:], strict=False):
        crossed = np.flatnonzero(np.abs(x @ w) < 1e-12 * np.abs(w).sum())
        assert len(crossed) == 2, "one pair of corners"
        old, new = x[crossed] @ (before / 2 - pull @ w), x[crossed] @ (after / 2 - pull @ w)
        np.testing.assert_allclose(np.abs(new) - np.abs(old), 6 * p[crossed], atol=1e-12)


def test_the_end_of_the_path_is_a_stable_state_of_rest() -> None:
    positive, negative = ising(8, LONG)
    rng = np.random.default_rng(5)
    rest = flow.hops(rng.normal(size=8), Task(positive, negative)).rest
    assert rest is not None
    np.testing.assert_allclose(flow.drift(rest, Task(positive, negative)), 0, atol=1e-14)
    again = flow.hops(rest + 1e-4 * rng.normal(size=8), Task(positive, negative)).rest
    np.testing.assert_allclose(again, rest, atol=1e-12)
    settled = flow.settle(rest + 1e-4 * rng.normal(size=8), Task(positive, negative))
    np.testing.assert_allclose(settled, rest, atol=1e-12)


def test_a_path_that_is_cut() -> None:
    positive, negative = ising(6, LONG)
    w = np.random.default_rng(0).normal(size=6)
    whole, timed = flow.hops(w, Task(positive, negative)), flow.hops(w, Task(positive, negative), time=1.5)
    assert timed.rest is None and timed.end == 1.5
    np.testing.assert_allclose(timed(1.5), whole(1.5), atol=1e-14)
    counted = flow.hops(w, Task(positive, negative), most=2)
    assert len(counted.times) == 2 and counted.rest is None and counted.end == pytest.approx(whole.times[2])
    with pytest.raises(ValueError, match="time must be finite and from 0 to 1"):
        timed([0.0, 1.6])


def test_a_balanced_pair_stays_balanced_and_is_unstable() -> None:
    law = laws.UniformCube(4)
    path = flow.hops([1.0, 1, 0, 0], Task(law, law))
    np.testing.assert_allclose(path.rest, [0.25, 0.25, 0, 0], atol=1e-14)
    np.testing.assert_allclose(flow.drift([0.25, 0.25, 0, 0], Task(law, law)), 0, atol=1e-15)
    np.testing.assert_allclose(flow.hops([1.001, 1, 0, 0], Task(law, law)).rest, [0.5, 0, 0, 0], atol=1e-13)


def test_planes_that_a_mirror_swaps_are_crossed_at_once() -> None:
    w = np.random.default_rng(2).normal(size=7)
    path = flow.hops(w + np.roll(w[::-1], 1), Task(*ising(7, LONG)))
    assert len(path.times) > 2
    for t in (*path.times, path.times[-1] + 20):
        np.testing.assert_allclose(path(t), np.roll(path(t)[::-1], 1), atol=1e-12)
    for t in (path.times[1:] + path.times[:-1]) / 2:
        np.testing.assert_allclose(path(t), small_steps(path(0), t, *ising(7, LONG)), atol=2e-3)


@pytest.mark.parametrize(
    ("lengths", "inside"), [((0.7, 0.3), True), ((0.3, 0.7), True), ((3, 1), False), ((1, 3), True)]
)
def test_where_one_pixel_alone_is_a_state_of_rest(lengths: tuple[float, float], inside: bool) -> None:
    for n in (5, 8):
        positive, negative = ising(n, lengths)
        state = flow.pixel_state(Task(positive, negative), 2)
        one, zero = positive.covariance(), negative.covariance()
        np.testing.assert_allclose((one + zero) @ state.weights, one[2], atol=1e-13)
        assert (state.margin > 0) == inside
        drift = np.abs(flow.drift(state.weights, Task(positive, negative))).max()
        assert (drift < 1e-14) if inside else (drift > 1e-3)
        start = np.eye(n)[2] + 0.01 * np.random.default_rng(n).normal(size=n)
        end = flow.hops(start, Task(positive, negative)).rest
        assert np.allclose(end, state.weights, atol=1e-12) == inside
        if inside:
            lam = [np.fft.fft(np.asarray(law.correlation())).real for law in (positive, negative)]
            expected = 0.25 - np.mean(lam[0] ** 2 / (lam[0] + lam[1])) / 8
            assert flow.loss(state.weights, Task(positive, negative)) == pytest.approx(expected, abs=1e-14)


def test_settling_lowers_the_loss_to_a_state_of_rest() -> None:
    positive, negative = ising(8, SHORT)
    w = np.random.default_rng(0).normal(size=8)
    rest = flow.settle(w, Task(positive, negative))
    np.testing.assert_allclose(flow.drift(rest, Task(positive, negative)), 0, atol=1e-12)
    assert flow.loss(rest, Task(positive, negative)) < flow.loss(w, Task(positive, negative))


def test_settling_on_a_gaussian_finds_the_wave_with_the_largest_share() -> None:
    positive, negative = laws.Gaussian(ring.correlation(12, 2.5)), laws.Gaussian(ring.correlation(12, 1.0))
    share = np.fft.fft(positive.correlation()).real
    share = share / (share + np.fft.fft(negative.correlation()).real)
    best = int(np.argmax(share))
    rest = flow.settle(np.random.default_rng(0).normal(size=12), Task(positive, negative))
    assert np.linalg.norm(rest) == pytest.approx(flow.amplitude(Task(positive, negative))[best], rel=1e-9)
    assert (flow.growth(Task(positive, negative), best) <= 0).all()
    assert flow.ray(rest, Task(positive, negative)).contrast == pytest.approx(share[best])


def test_a_path_is_known_from_its_start_to_its_end_and_not_beyond() -> None:
    positive, negative = ising(4, LONG)
    w = np.random.default_rng(0).normal(size=4)
    path = flow.hops(w, Task(positive, negative), time=2.0)
    np.testing.assert_allclose(path(0.0), w, atol=1e-14)
    assert path([0.0, 2.0]).shape == (2, 4)
    for time in (-1e-9, 2.0 + 1e-9, np.nan):
        with pytest.raises(ValueError, match="time must be finite and from 0 to 2"):
            path(time)
    with pytest.raises(ValueError, match="time must be finite"):
        flow.hops(w, Task(positive, negative))(np.inf)
    one = flow.hops(w, Task(positive, negative), most=1)
    np.testing.assert_array_equal(one.times, [0])
    assert one.end == pytest.approx(flow.hops(w, Task(positive, negative)).times[1])


def test_a_step_is_safe_up_to_the_first_root() -> None:
    rng = np.random.default_rng(0)
    for height, speed in zip(rng.uniform(0, 2, size=(20, 3)), rng.normal(size=(20, 3)), strict=True):
        bend = float(rng.uniform(0.1, 3))
        roots = [max(np.roots([-bend / 2, v, h]).real) for h, v in zip(height, speed, strict=True)]
        assert _safe(height, speed, bend) == pytest.approx(min(roots), rel=1e-12)
    # Without cancellation: next to a plane, and where one leaves it.
    assert _safe(np.array([1e-20]), np.array([-1.0]), 1.0) == pytest.approx(1e-20, rel=1e-12)
    assert _safe(np.zeros(1), np.array([1e8]), 0.5) == pytest.approx(4e8, rel=1e-12)


def test_a_path_on_sixteen_pixels_is_within_reach() -> None:
    coins = laws.UniformCube(16)
    w = np.r_[20.0, np.random.default_rng(0).normal(size=15)]
    path = flow.hops(w, Task(coins, coins), most=1)
    np.testing.assert_allclose(path.fields[0], np.eye(16)[0] / 2, atol=1e-14)


def test_a_wave_that_neither_class_has_is_refused_where_all_waves_are_needed() -> None:
    agree = laws.Gaussian(np.ones(4))
    signs = laws.NLGP(np.ones(4), np.inf)
    for call in (
        lambda: flow.pixel_state(Task(signs, agree)),
        lambda: flow.settle(np.ones(4), Task(signs, agree)),
        lambda: flow.amplitude(Task(agree, agree)),
        lambda: flow.growth(Task(agree, agree), 0),
    ):
        with pytest.raises(ValueError, match="must have every wave between them, mode 1 is missing"):
            call()
    # Once one of the classes has it, be it ever so weak, it moves.
    faint = laws.Gaussian((1 - 1e-9) * np.ones(4) + 1e-9 * np.eye(4)[0])
    assert (flow.amplitude(Task(agree, faint)) > 0)[0]


def test_any_pixel_and_any_wave_may_be_asked_for() -> None:
    positive, negative = ising(5, SHORT)
    first = flow.pixel_state(Task(positive, negative))
    for pixel in range(5):
        found = flow.pixel_state(Task(positive, negative), np.int64(pixel))
        np.testing.assert_allclose(found.weights, np.roll(first.weights, pixel), atol=1e-15)
        assert found.margin == pytest.approx(first.margin)
    size = np.abs(first.weights)
    assert first.margin == pytest.approx((size[0] - size[1:].sum()) / size.sum())
    one, zero = laws.Gaussian(ring.correlation(5, 1.5)), laws.Gaussian(ring.correlation(5, 0.7))
    rows = [np.fft.fft(np.asarray(law.correlation())).real for law in (one, zero)]
    both, share = sum(rows), rows[0] / sum(rows)
    for mode in range(5):
        expected = both / 4 * (share / share[mode] - 1)
        expected[[mode, -mode]] = 0
        np.testing.assert_allclose(flow.growth(Task(one, zero), np.int64(mode)), expected, atol=1e-12)
    for bad in (-1, 5):
        with pytest.raises(ValueError, match="pixel must be a whole number from 0 to 4"):
            flow.pixel_state(Task(positive, negative), bad)
        with pytest.raises(ValueError, match="mode must be a whole number from 0 to 4"):
            flow.growth(Task(one, zero), bad)
    with pytest.raises(ValueError, match="mode must be one that X₁ has, got 1"):
        flow.growth(Task(laws.Gaussian([1.0, 0, 1, 0]), laws.Gaussian(np.eye(4)[0])), 1)


def test_a_plane_that_is_touched_and_not_crossed_is_refused() -> None:
    positive, negative = ising(5, LONG)
    x = np.array([1.0, 1, -1, 1, 1])
    w = np.random.default_rng(0).normal(size=5)
    w -= x * (x @ w) / 5
    corners, p = states(positive)
    signs = np.where(np.abs(corners @ w) < 1e-12, 0, np.sign(corners @ w))
    pull = np.asarray(positive.covariance() + negative.covariance()) / 4
    # At this length the drift runs along the plane of x, and no symmetry keeps it there.
    w *= x @ ((p * signs) @ corners) / 4 / (x @ pull @ w)
    with pytest.raises(ValueError, match="w touches the plane"):
        flow.hops(w, Task(positive, negative))


BAD = {
    "w must have shape": lambda p, q: flow.hops([1.0, 2], Task(p, q)),
    "w must be finite and not all 0": lambda p, q: flow.hops(np.zeros(4), Task(p, q)),
    "time must be > 0": lambda p, q: flow.hops(np.ones(4), Task(p, q), time=0),
    "positive must be a law on the cube": lambda p, q: flow.hops(
        np.ones(4), Task(laws.Gaussian(np.eye(4)[0]), q)
    ),
    "at most 16 pixels": lambda p, q: flow.hops(
        np.ones(17), Task(laws.UniformCube(17), laws.UniformCube(17))
    ),
    "as many pixels": lambda p, q: flow.loss(np.ones(4), Task(p, laws.UniformCube(5))),
    "negative must be a law": lambda p, q: flow.loss(np.ones(4), Task(p, 3)),
    "law of pixels −1 and 1": lambda p, q: flow.pixel_state(Task(laws.Gaussian(np.eye(4)[0]), q)),
    "pixel must be a whole number from 0 to 3": lambda p, q: flow.pixel_state(Task(p, q), 4),
    "pixel must be a whole number from 0 to 3, got 1.5": lambda p, q: flow.pixel_state(Task(p, q), 1.5),
    "w must be real": lambda p, q: flow.loss(np.ones(4) + 1j, Task(p, q)),
    "w must be real, got dtype complex": lambda p, q: flow.settle(np.ones(4) + 1j, Task(p, q)),
    "time must be an array of numbers": lambda p, q: flow.hops(np.ones(4), Task(p, q), time="long"),
    "positive must be Gaussian, Student or Shell": lambda p, q: flow.amplitude(Task(p, q)),
    "most must be larger": lambda p, q: flow.settle(np.arange(1.0, 5), Task(p, q), most=1),
    "d must be a direction": lambda p, q: flow.ray(
        [1.0, -1, 1, -1], Task(laws.NLGP(jnp.ones(4), jnp.inf), q)
    ),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BAD[message](laws.IsingRing(4, 0.5), laws.UniformCube(4))
