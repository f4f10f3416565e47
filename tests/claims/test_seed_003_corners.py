"""Source 003 on the corners of the cube: who decides, the gap and its relaxation, and the count of votes."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import optimize, stats

from nmn.hypercube import Task, flow, laws, ring, threshold
from tests.claims.written_out import CORNERS, ISING, ROWS, coins, finite, let_through, moments

pytestmark = pytest.mark.usefixtures("float64")

UNEVEN = (CORNERS[5], np.arange(1, 33) / 528)
"""A law on the corners that is neither even nor translation-invariant."""


def least(w: np.ndarray) -> float:
    """The gap of w, over all corners."""
    return float(np.abs(CORNERS[len(w)] @ w).min())


def spread(seed: int, n: int) -> np.ndarray:
    """Weights of very different sizes, the largest first."""
    w = np.random.default_rng(seed).normal(size=n) ** 3
    return w[np.argsort(-np.abs(w))]


def test_l_sufficient_conditions() -> None:
    for one, zero in itertools.product((0.5, 1.0, 2.0, 3.0), repeat=2):
        task = Task(*(laws.IsingRing.from_length(7, xi) for xi in (one, zero)))
        Σ1, Σ0 = (np.asarray(law.covariance()) for law in (task.positive, task.negative))
        w = np.linalg.solve(Σ0 + Σ1, Σ1[0])
        meets = w[0] > np.abs(w[1:]).sum()
        rests = np.abs(flow.drift(w, task)).max() < 1e-9
        assert meets == rests
        if meets:
            # Stable: the flow comes back.
            near = w + 0.01 * ROWS[0, 0] * np.cos(np.arange(7))
            np.testing.assert_allclose(flow.hops(near, task).rest, w, atol=1e-8)
    # With other lengths there is none: the condition asks for something.
    signs = [laws.NLGP(ring.correlation(40, xi), np.inf) for xi in (3.0, 1.0)]
    assert flow.pixel_state(Task(*signs)).margin < 0
    # Four coins meet it, and do not always end there.
    four = Task(laws.UniformCube(4), laws.UniformCube(4))
    ends = [np.abs(flow.hops(w, four).rest).max() for w in np.random.default_rng(0).normal(size=(20, 4))]
    assert 0 < sum(np.isclose(end, 0.5) for end in ends) < 20


def test_l_dominant_rare() -> None:
    draw = np.random.default_rng(0)
    for n in (3, 5, 8):
        size = np.abs(draw.normal(size=(100_000, n)))
        share = np.mean(2 * size.max(1) > size.sum(1))
        assert 2.0 ** (-n) < share < n * 2.0 ** -(n - 1)
    # The bound cannot be halved each time: for sizes with exponential tails it is reached.
    size = draw.exponential(size=(100_000, 5))
    assert np.mean(2 * size.max(1) > size.sum(1)) == pytest.approx(5 / 16, abs=0.01)
    assert 40 * 2.0**-39 < 1e-10
    size = np.abs(draw.normal(size=(100_000, 40)))
    assert not np.any(2 * size.max(1) > size.sum(1))


def test_l_one_pixel_start() -> None:
    # One pixel decides: all other entries may be cut away, whatever the law on the corners.
    for x, p in (UNEVEN, finite(ISING[1])):
        for others in ROWS[:, 1:]:
            w = np.r_[-1.0, 0.999 * others / np.abs(others).sum()]
            cut = np.where(np.arange(5) == 0, w, 0)
            np.testing.assert_allclose(let_through(w, x, p), let_through(cut, x, p), atol=1e-15)
            # A little less, and what is cut away counts.
            w = np.r_[-1.0, 1.001 * others / np.abs(others).sum()]
            assert np.abs(let_through(w, x, p) - let_through(cut, x, p)).max() > 1e-4


def test_l_split() -> None:
    other = 0
    for w in ROWS:
        for k in range(1, 5):
            head, tail = CORNERS[5][:, :k] @ w[:k], CORNERS[5][:, k:] @ w[k:]
            np.testing.assert_array_equal(CORNERS[5] @ w >= 0, head >= -tail)
            other += np.any((CORNERS[5] @ w >= 0) != (head >= tail))
    assert other > 10  # with the other sign of the tail it would not hold


def holds(w: np.ndarray, inside: np.ndarray) -> bool:
    """Whether the entries inside give the sign of w·x at every corner, and never 0."""
    x = CORNERS[len(w)]
    head = x[:, inside] @ w[inside]
    return bool(np.all(head != 0) and np.all(np.sign(head) == np.sign(x @ w)))


def test_l_order_free() -> None:
    # All divisions of the entries into two sets, ordered or not: the condition and the sign go together.
    met = 0
    for seed in range(6):
        w = np.random.default_rng(seed).permutation(spread(seed, 6))
        for some in itertools.chain.from_iterable(itertools.combinations(range(6), k) for k in range(1, 6)):
            inside = np.isin(np.arange(6), some)
            meets = np.abs(w[~inside]).sum() < least(w[inside])
            assert meets == holds(w, inside)
            met += meets
    assert met > 5


def test_l_gap() -> None:
    for k in (1, 2, 5):
        w = spread(k, k)
        heights = np.unique(np.abs(CORNERS[k] @ w))
        assert threshold.gap(w) == pytest.approx(heights[0]) and heights[0] > 0
    # A sum that vanishes: the smallest positive value is not the gap.
    heights = np.unique(np.abs(CORNERS[3] @ [2.0, 1, 1]))
    assert threshold.gap([2, 1, 1]) == 0 == heights[0] and heights[heights > 0].min() == 2


def test_l_tail_condition() -> None:
    for w in ROWS:
        reach = np.abs(CORNERS[5] @ w).max()
        assert reach == pytest.approx(np.abs(w).sum())
        assert reach > np.abs(w.sum()) or np.all(w > 0)


def test_l_tail_drops() -> None:
    for seed in range(20):
        w = spread(seed, 6)
        for k in range(1, 6):
            if np.abs(w[k:]).sum() < least(w[:k]):
                np.testing.assert_array_equal(CORNERS[6] @ w >= 0, CORNERS[6][:, :k] @ w[:k] >= 0)
            else:
                assert not holds(w, np.arange(6) < k)


def test_l_separating_sets() -> None:
    w = np.array([1.0, 0.8, 0.3, 0.2, 0.1])
    x, p = finite(ISING[1])
    head, tail = x[:, :2] @ w[:2], x[:, 2:] @ w[2:]
    good = np.abs(tail) < np.abs(head)
    assert 0 < good.sum() < 32
    np.testing.assert_array_equal((x @ w >= 0)[good], (head >= 0)[good])
    cut = np.where(np.arange(5) < 2, w, 0)
    off = np.abs(let_through(w, x, p) - let_through(cut, x, p)).max()
    assert 1e-3 < off <= p[~good].sum()  # so on the set alone f is not settled


def test_l_universal_statements() -> None:
    # The same cut for laws that share nothing but the corners.
    w = np.array([3.0, 2.0, 0.2, -0.3, 0.1])
    assert np.abs(w[2:]).sum() < least(w[:2])
    cut = np.where(np.arange(5) < 2, w, 0)
    fields = []
    for x, p in (UNEVEN, finite(ISING[0]), (CORNERS[5], np.eye(32)[7])):
        np.testing.assert_allclose(let_through(w, x, p), let_through(cut, x, p), atol=1e-15)
        fields.append(let_through(w, x, p))
    assert np.abs(fields[0] - fields[1]).max() > 0.01
    # Off the corners it fails.
    x, p = np.array([[0.05, 0, 0, 1, 0], [-0.05, 0, 0, -1, 0]]), np.full(2, 0.5)
    assert np.abs(let_through(w, x, p) - let_through(cut, x, p)).max() > 0.1


def test_l_probable_subset() -> None:
    # The bound for every k and many weights, and a case that comes near it.
    near = 0.0
    for x, p in (finite(ISING[1]), UNEVEN):
        for seed in range(30):
            w = spread(seed, 5)
            for k in range(1, 5):
                head, tail = x[:, :k] @ w[:k], x[:, k:] @ w[k:]
                outside = p[np.abs(tail) >= np.abs(head)].sum()
                cut = np.where(np.arange(5) < k, w, 0)
                off = np.abs(let_through(w, x, p) - let_through(cut, x, p)).max()
                assert off <= outside + 1e-12
                near = max(near, off / outside if outside else 0)
    assert near > 0.45  # half of the bound would not do


def test_l_smallest_k() -> None:
    for seed in range(12):
        w = spread(seed, 7)
        k = threshold.deciding(w)
        meets = [np.abs(w[j:]).sum() < least(w[:j]) for j in range(1, 8)]
        assert k == 1 + meets.index(True)
        x = CORNERS[7]
        p = np.arange(1, 129) / 8256
        cut = np.where(np.arange(7) < k, w, 0)
        np.testing.assert_allclose(let_through(w, x, p), let_through(cut, x, p), atol=1e-15)
        if k > 1:
            assert not holds(w, np.arange(7) < k - 1)
    # How many fields there are for so many pixels, out of 1882 for five.
    assert [threshold.cones(k) for k in (1, 2, 3)] == [2, 4, 14]


def test_l_remaining_terms() -> None:
    # Three entries that stay: what they do is not what the largest does alone, and depends on their sizes.
    x, p = finite(ISING[1])
    rest = [0.0, 0.0]
    one, outvoted, decides = (
        let_through(np.array(w + rest), x, p) for w in ([1.0, 0, 0], [2.0, 1.5, 1], [2.6, 1.5, 1])
    )
    np.testing.assert_allclose(decides, one, atol=1e-15)
    assert np.abs(outvoted - one).max() > 0.02


def test_l_small_entries_vanish() -> None:
    x, p = coins(3)
    for tiny in (0.1, 1e-9):
        np.testing.assert_allclose(let_through(np.array([1, 1, tiny]), x, p), 0.25)
        np.testing.assert_allclose(let_through(np.array([1.1, 1, tiny / 2]), x, p), [0.5, 0, 0])


def relaxed(w: np.ndarray, seed: int) -> float:
    """The least length of Σ w_i u_i over unit vectors of the plane, by descent from a random start."""

    def length(angle: np.ndarray) -> float:
        return abs(w @ np.exp(1j * angle)) ** 2

    start = np.random.default_rng(seed).uniform(0, 7, len(w))
    return math.sqrt(optimize.minimize(length, start, method="BFGS", options={"gtol": 1e-12}).fun)


def test_l_sdp_relation() -> None:
    for w in ROWS:
        A = -np.outer(w, w)
        optimum = max(x @ A @ x for x in CORNERS[5])
        assert optimum == pytest.approx(-(least(w) ** 2), abs=1e-12)
        assert abs(optimum) > 1e-6


def test_l_sdp_quadratic() -> None:
    w, x = sp.symbols("w1:5"), sp.symbols("x1:5")
    form = sum(-w[i] * w[j] * x[i] * x[j] for i in range(4) for j in range(4))
    assert sp.expand(form + sum(a * b for a, b in zip(w, x, strict=True)) ** 2) == 0


def test_l_sdp_square_root() -> None:
    for w in (*ROWS, np.array([3.0, 1, 1])):
        optimum, gap = max(-((x @ w) ** 2) for x in CORNERS[len(w)]), least(w)
        assert optimum == pytest.approx(-(gap**2), abs=1e-12)
        assert abs(optimum + math.sqrt(gap)) > 1e-2 or abs(gap - 1) < 1e-9
    # −√δ is right for δ = 1 and δ = 0.
    assert least(np.ones(3)) == 1 and least(np.ones(2)) == 0
    δ = sp.symbols("delta", nonnegative=True)
    assert set(sp.solve(δ**2 - sp.sqrt(δ), δ)) >= {0, 1}


def test_l_sdp_grothendieck() -> None:
    # The integer optimum is never above the relaxed one: what bounds it from below bounds δ from above.
    w = np.ones(3)
    assert least(w) == 1 and min(relaxed(w, seed) for seed in range(4)) < 1e-4
    for w in ROWS:
        assert least(w) >= max(0, 2 * np.abs(w).max() - np.abs(w).sum()) - 1e-12
        assert -(least(w) ** 2) <= -(min(relaxed(w, seed) for seed in range(4)) ** 2) + 1e-9


def test_l_sdp_loose() -> None:
    for w in (*ROWS, np.array([4.0, -1, 0.5, 1, 1]), np.array([0.2, -3.0, 1, 1, 0.5]), np.ones(5)):
        bound = max(0, 2 * np.abs(w).max() - np.abs(w).sum())
        assert min(relaxed(w, seed) for seed in range(6)) == pytest.approx(bound, abs=1e-4)
        assert threshold.relaxed_gap(w) == pytest.approx(bound)
        assert (bound == pytest.approx(least(w))) == (bound > 0)
    assert least(np.ones(5)) == 1  # and the bound is 0


def test_l_maximum_shown() -> None:
    w = np.array([2.0, 1.5, 1.2])
    np.testing.assert_allclose(let_through(w, *coins(3)), 0.25)
    np.testing.assert_allclose(let_through(w[::-1], *coins(3)), 0.25)
    x, p = finite(ISING[0])
    np.testing.assert_allclose(
        let_through(np.array([0, 0.3, -2.0, 0.5, 1]), x, p), -moments(x, p)[2] / 2, atol=1e-12
    )


def test_l_maximum_general() -> None:
    x, p = finite(ISING[1])
    one = moments(x, p)[0] / 2
    for w in np.random.default_rng(3).normal(size=(200, 5)) + 3 * np.eye(5)[0]:
        equal = np.allclose(let_through(w, x, p), one, atol=1e-9)
        assert equal == (w[0] > np.abs(w[1:]).sum())


def active_given(w: np.ndarray, x: np.ndarray, p: np.ndarray, j: int) -> float:
    """P(w·X >= 0 | X_j = 1)."""
    up = x[:, j] == 1
    return float(p[up & (x @ w >= 0)].sum() / p[up].sum())


def test_l_other_pixels_independent() -> None:
    x, p = finite(ISING[1])
    w, c = np.array([3.0, 0.5, 0.5, 0.5, 0.5]), moments(x, p)[0, 1]
    assert active_given(w, x, p, 1) == pytest.approx((1 + c) / 2) and c > 0.3
    assert let_through(w, x, p)[1] + 0.5 == pytest.approx((1 + c) / 2)
    w = np.array([2.0, 1.5, 1.2])
    assert [active_given(w, *coins(3), j) for j in range(3)] == [0.75] * 3


def test_l_largest_pixel_sign() -> None:
    x, p = finite(ISING[0])
    w = np.array([-3.0, 0.5, 1, 0.5, 0.5])
    assert np.all(x[x @ w >= 0, 0] == -1)
    x, p = coins(3)
    active = x @ np.array([2.0, 1.5, 1.2]) >= 0
    assert p[active & (x[:, 0] == -1)].sum() / p[active].sum() == 0.25
    # 101 entries of about the same size: the first differs if the others say so without it.
    wrong = stats.binom.cdf(49, 100, 0.5)
    assert wrong == pytest.approx(0.46, abs=0.005)


def test_l_sum_over_half() -> None:
    for x, p in (finite(ISING[1]), UNEVEN):
        for w in ROWS:
            half = x[x @ w >= 0]
            by_corner = sum(p[np.all(x == corner, axis=1)][0] * corner for corner in half)
            np.testing.assert_allclose(by_corner, let_through(w, x, p), atol=1e-15)


def test_l_product_of_indicators() -> None:
    x = CORNERS[4]
    for corner in x:
        np.testing.assert_array_equal(np.prod(x == corner, axis=1), np.all(x == corner, axis=1))


def test_l_indicator_polynomial() -> None:
    for one, other in itertools.product((-1, 1), repeat=2):
        assert np.sign(other) * (one + other) / 2 == (one == other)
    assert np.sign(1) * (0.5 + 1) / 2 not in (0, 1)  # off the corners it is no indicator


def test_l_exchange_sum_mean() -> None:
    x, p = UNEVEN
    w = ROWS[2]
    half = x[x @ w >= 0]
    factors = np.prod(half[:, None] * (x[None] + half[:, None]) / 2, axis=2)  # Θ × signals
    inside, outside = p @ (factors.sum(0)[:, None] * x), (factors @ (p[:, None] * x)).sum(0)
    np.testing.assert_allclose(inside, outside, atol=1e-15)
    np.testing.assert_allclose(outside, let_through(w, x, p), atol=1e-15)


def test_l_entrywise_product() -> None:
    for n in (2, 3, 4, 5):
        x = CORNERS[n]
        moved = [np.prod((x + x[-1]) * x[-1] / 2 * x[:, [j]], axis=1) for j in range(n)]
        once = [np.prod((x + x[-1]) * x[-1] / 2, axis=1) * x[:, j] for j in range(n)]
        # At the other corner, where the product is not 0, X_j is −1.
        low = [np.prod((x + x[0]) * x[0] / 2 * x[:, [j]], axis=1) for j in range(n)]
        right = [np.prod((x + x[0]) * x[0] / 2, axis=1) * x[:, j] for j in range(n)]
        np.testing.assert_array_equal(moved, once)
        assert np.array_equal(low, right) == (n % 2 == 1)


def test_l_theta() -> None:
    x, p = finite(ISING[1])
    for w in (*ROWS, np.array([1.0, 0, 1, 0, 0])):
        np.testing.assert_array_equal(x[x @ w > 0] @ w > 0, True)
    w = np.array([1.0, 0, 1, 0, 0])
    tied = x @ w == 0
    assert tied.any() and np.all(np.maximum(x @ w, 0)[tied] == 0)
    np.testing.assert_allclose(p[tied] @ x[tied], 0, atol=1e-15)


def test_l_indicator_sum() -> None:
    for w in (*ROWS, np.array([1.0, 0, 1, 0, 0])):
        x = CORNERS[5]
        half = x[x @ w >= 0]
        summed = np.prod(x[:, None] == half[None], axis=2).sum(1)
        np.testing.assert_array_equal(summed, x @ w >= 0)


def counts(w: np.ndarray) -> np.ndarray:
    """Of the corners with w·x >= 0, how many have pixel j up."""
    x = CORNERS[len(w)]
    return (x[x @ w >= 0] == 1).sum(0)


def pixel_sum(w: np.ndarray, x: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Σ_j E[g_j(X) X], the right-hand side of (20)."""
    up, half = counts(w), (CORNERS[len(w)] @ w >= 0).sum()
    return p @ (np.where(x == 1, up, half - up).sum(1)[:, None] * x)


def test_l_split_into_pixels() -> None:
    for w in ROWS:
        fair = let_through(w, *coins(5))
        np.testing.assert_allclose(pixel_sum(w, *coins(5)), 16 * fair, atol=1e-12)
        x, p = finite(ISING[1])
        np.testing.assert_allclose(pixel_sum(w, x, p), 16 * moments(x, p) @ fair, atol=1e-12)
    # Where no pixel decides alone it is not even the same direction.
    w = np.array([1.0, 0.9, 0.8, 0, 0.1])
    both = np.stack([pixel_sum(w, x, p), let_through(w, x, p)])
    assert np.linalg.svd(both)[1][1] > 1e-2


def test_l_large_entry_sign() -> None:
    for w in (np.array([5.0, 1, -1, 1, 0.5]), np.array([-5.0, 1, -1, 1, 0.5])):
        assert counts(w)[0] == (16 if w[0] > 0 else 0)


def test_l_small_entry_one() -> None:
    for w in ROWS:
        assert counts(w * (np.arange(5) < 4))[4] == 8
        np.testing.assert_allclose(counts(w), 8 * (1 + 2 * let_through(w, *coins(5))))
    assert counts(np.array([1.0, 1, 0.1]))[2] == 3  # 4 (1 + ½)/2, and not 2: a tie of the others


def test_l_clear_divide() -> None:
    np.testing.assert_array_equal(counts(np.array([1.2, 1.1, 1.0])), 3)
    # One entry of a growing among 400 of size 1: P(|S| < a), S the sum of 400 fair signs.
    shares = [stats.binom.cdf((399 + a) // 2, 400, 0.5) * 2 - 1 for a in range(1, 81, 2)]
    assert shares[0] < 0.05 and shares[-1] > 0.99
    assert np.diff(shares).min() > 0 and np.diff(shares).max() < 0.08
    w = np.r_[3.0, np.ones(6)]
    assert 2 * let_through(w, *coins(7))[0] == pytest.approx(stats.binom.cdf(4, 6, 0.5) * 2 - 1)


def test_l_ask_how() -> None:
    # 2 f°_j is the probability that flipping pixel j changes whether the neuron is active.
    x = CORNERS[6]
    for seed in range(4):
        w = np.random.default_rng(seed).normal(size=6)
        for j in range(6):
            flipped = np.where(np.arange(6) == j, -x, x)
            influence = np.mean((x @ w >= 0) != (flipped @ w >= 0))
            assert influence == pytest.approx(2 * abs(let_through(w, *coins(6))[j]))
            assert abs(counts(w)[j] - 16) == pytest.approx(16 * influence)


def test_l_one_large_entry() -> None:
    # Signs and order of the entries only carry the counts along, and a growing entry never loses votes.
    w = np.random.default_rng(5).normal(size=6)
    order, sign = np.array([3, 1, 5, 0, 2, 4]), np.array([1, -1, -1, 1, 1, -1])
    up = counts(w)
    np.testing.assert_array_equal(counts((w * sign)[order]), np.where(sign == 1, up, 32 - up)[order])
    grown = [counts(np.r_[a, w[1:]])[0] for a in np.linspace(0.01, 8, 60)]
    assert grown[0] == 16 and grown[-1] == 32 and np.all(np.diff(grown) >= 0)
    assert len(set(grown)) > 3


def g(w: np.ndarray, x: np.ndarray, j: int) -> int:
    """The corners x' with w·x' >= 0 and x'_j = x_j, one by one."""
    return sum(1 for other in CORNERS[len(w)] if w @ other >= 0 and other[j] == x[j])


def test_l_g_sum() -> None:
    for w in ROWS[:2]:
        for x in CORNERS[5][::5]:
            for j in range(5):
                assert g(w, x, j) == 8 * (1 + 2 * x[j] * let_through(w, *coins(5))[j])


def test_l_g_counts() -> None:
    for w in (*ROWS[:2], np.array([1.0, 0, 1, 0, 0])):
        half = CORNERS[5][CORNERS[5] @ w >= 0]
        for x in CORNERS[5][::3]:
            for j in range(5):
                up, down = (half[:, j] == 1).sum(), (half[:, j] == -1).sum()
                assert g(w, x, j) == up * (x[j] == 1) + down * (x[j] == -1)
