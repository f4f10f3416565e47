"""f(w) at the limits of its methods: how far each goes, what is chosen where, and weights of any size."""

import itertools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float, PRNGKeyArray
from scipy import special
from scipy.stats import qmc

from nmn.hypercube import laws, ring
from nmn.hypercube.field import enumeration, field, integer, meet, sampled
from nmn.hypercube.field.cycle import cycle
from nmn.hypercube.field.digits import Digits
from nmn.hypercube.field.transfer import faded, transfer

ROW = np.array([1.0, 0.6, 0.2, 0.05, 0.0, 0.05, 0.2, 0.6])
W = np.random.default_rng(1).normal(size=8)


class Alike(laws.CubeLaw):
    """All pixels agree: a law of the reader's own."""

    size: int

    @property
    def n(self) -> int:
        return self.size

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        return jnp.tile(jax.random.rademacher(key, (count, 1), float), self.n)

    def correlation(self) -> Float[Array, " n"]:
        return jnp.ones(self.n)

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        return jnp.where(jnp.abs(x.sum(-1)) == self.n, -math.log(2), -jnp.inf)


def level(n: int, total: int) -> np.ndarray:
    """n whole numbers without a common divisor, all near their mean, of this sum."""
    w = np.full(n, float(total // n))
    w[: total % n] += 1
    return w if total % n else w + np.r_[1, -1, np.zeros(n - 2)]


IRRATIONAL = np.sqrt(np.arange(1.0, 80))
REFUSED = {
    "at most 2\\^30 states, w has 2\\^31": (laws.UniformCube(31), IRRATIONAL[:31], "enumeration"),
    "at most 2\\^22, w has 2\\^23": (Alike(23), IRRATIONAL[:23], "enumeration"),
    "at most 2\\^22 states, w has 2\\^23": (laws.UniformCube(45), IRRATIONAL[:45], "meet"),
    # a² m (2 Σ|k| + 1) = 2 · 2 · 64 · 131073
    "at most 2\\^25 cells": (laws.UniformCube(64), level(64, 65536), "integer"),
}


@pytest.mark.parametrize("message", REFUSED)
def test_beyond_its_limit_a_method_refuses(message: str) -> None:
    law, w, method = REFUSED[message]
    assert (enumeration.MOST_STATES, enumeration.MOST_ASKED) == (2**30, 2**22)
    assert (meet.MOST_STATES, integer.MOST_CELLS) == (2**22, 2**25)
    with pytest.raises(ValueError, match=message):
        field(w, law, method=method)


def test_a_law_that_is_asked_for_each_corner_is_sampled_where_there_are_too_many() -> None:
    found = field(IRRATIONAL[:23], Alike(23))
    assert found.method == "monte-carlo"
    np.testing.assert_allclose(found.value, 0.5, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "total", "method"),
    [
        # Tables of 2^19 numbers at most are made without more ado: 4 m (2 Σ|k| + 1).
        *((20, 3276, "integer"), (20, 3277, "meet")),
        # Then halves of 2^20 states at most, then tables of 2^25 numbers.
        *((40, 10_000, "meet"), (41, 10_000, "integer"), (70, 59_919, "transfer")),
    ],
)
def test_auto_takes_what_is_affordable(n: int, total: int, method: str) -> None:
    law, w = laws.UniformCube(n), level(n, total)
    assert integer.cells(cycle(w, law)) == 4 * n * (2 * total + 1)
    found = field(w, law)
    assert found.method == method and found.exact
    # w·f = ½ E|w·X|, and w·X is nearly Gaussian.
    assert w @ found.value == pytest.approx(np.linalg.norm(w) / math.sqrt(2 * math.pi), rel=0.02)


def units(found, exact: float) -> float:
    return found.worst() / np.finfo(float).eps / exact


def test_closed_forms_state_what_rounding_leaves() -> None:
    """4 eps ‖w‖ λ_max/√(wᵀΣw) where Σ says it all, 4 eps for signs, nothing where nothing is seen."""
    covariance = np.asarray(ring.circulant(ROW))
    exact = 4 * np.linalg.norm(W) * np.linalg.eigvalsh(covariance)[-1] / math.sqrt(W @ covariance @ W)
    for law in (laws.Gaussian(ROW), laws.Student(ROW, 5.0), laws.Shell(ROW)):
        assert units(field(W, law), exact) == pytest.approx(1, rel=1e-9)
    assert units(field(np.eye(8)[2], laws.NLGP(ROW, jnp.inf)), 4) == 1
    assert units(field([2.0, 1.5, 1.0], laws.NLGP(ROW[[0, 1, 1]], jnp.inf)), 4) == 1
    assert field([1.0, -1, 0], laws.Gaussian(np.ones(3))).worst() == 0
    with jax.enable_x64(False):
        single = laws.Gaussian(ROW)
    assert units(field(W, single), exact) == pytest.approx(2.0**29, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "method"),
    [
        (lambda: laws.Gaussian(ROW), "closed"),
        (lambda: laws.IsingRing(8, 0.5), "enumeration"),
        (lambda: laws.IsingRing(8, 0.5), "transfer"),
        (lambda: laws.NLGP(ROW, 2.0), "sobol"),
    ],
)
def test_weights_may_have_any_size(make: Callable[[], laws.Law], method: str) -> None:
    law = make()
    plain = field(W, law, method=method)
    for size in (1e-290, 1e290):
        np.testing.assert_allclose(field(size * W, law, method=method).value, plain.value, atol=1e-12)
    # A ratio whose square no float can hold.
    tiny, none = (field(np.r_[W[:4], size * W[4:]], law, method=method) for size in (1e-200, 0.0))
    np.testing.assert_allclose(tiny.value, none.value, atol=tiny.worst() + none.worst() + 1e-12)


def test_digits_reach_as_far_as_they_can() -> None:
    """For two weights a digit has 50 bits, and 18 of them 900."""
    assert len(Digits.of(np.array([1.0, 2.0**-899]), 1).parts) == 18
    with pytest.raises(ValueError, match="w spans more than 2\\^900"):
        Digits.of(np.array([1.0, 2.0**-900]), 1)
    for m in (1, 2, 3, 4, 100):
        w = np.random.default_rng(m).normal(size=m) * 2.0 ** -np.arange(m)
        digits = Digits.of(w, 1)
        assert 2**51 <= 2 * m * 2**digits.bits <= 2**53, "sums of m digits are exact, and no shorter ones"
        assert np.abs(digits.parts).max() < 2**digits.bits and (digits.parts[1:] >= 0).all()


def by_shifts(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """(1/2n) Σ_k sgn(w·C_k x) C_k x for each signal x, shift by shift; 0 is what rounding may leave of it."""
    turned = np.stack([np.roll(x, k, 1) for k in range(len(w))])
    return np.mean(np.sign(np.round(turned @ w, 11))[..., None] * turned, 0) / 2


def test_monte_carlo_is_the_mean_of_its_signals_and_their_spread() -> None:
    law = laws.NLGP(ROW, 2.0)
    found = field(W, law, method="monte-carlo", key=jax.random.key(3))
    count = 1 << 16
    terms = by_shifts(W, np.asarray(law.sample(jax.random.fold_in(jax.random.key(3), 0), count)))
    np.testing.assert_allclose(found.value, terms.mean(0), rtol=1e-9)
    np.testing.assert_allclose(found.error, terms.std(0, ddof=1) / math.sqrt(count), rtol=1e-9)


def test_signs_that_floats_do_not_decide_count_as_nothing_and_in_full_as_an_error() -> None:
    law, w, key = laws.NLGP(ROW, 1000.0), np.r_[1.0, 1.0, np.zeros(6)], jax.random.key(3)
    found = field(w, law, method="monte-carlo", key=key)
    x = np.asarray(law.sample(jax.random.fold_in(key, 0), 1 << 16))
    terms = by_shifts(w, x)
    np.testing.assert_allclose(found.value, terms.mean(0), atol=1e-5)
    undecided = np.mean([np.round(np.roll(x, k, 1) @ w, 11) == 0 for k in range(8)])
    assert undecided > 0.05
    spread = terms.std(0, ddof=1) / 2**8
    np.testing.assert_allclose(found.error, spread + undecided * np.abs(x).max() / 2, rtol=1e-3)


def test_sobol_is_the_mean_of_32_point_sets_and_their_spread() -> None:
    found = field(W, laws.Gaussian(ROW), method="sobol", key=jax.random.key(3))
    means = []
    for seed in np.asarray(jax.random.bits(jax.random.key(3), (32,))):
        points = qmc.Sobol(8, rng=np.random.default_rng(int(seed))).random(2048)
        normal = special.ndtri(points + 2.0**-31)
        means.append(by_shifts(W, normal @ np.asarray(ring.root(ROW))).mean(0))
    np.testing.assert_allclose(found.value, np.mean(means, 0), rtol=1e-9)
    np.testing.assert_allclose(found.error, np.std(means, 0, ddof=1) / math.sqrt(32), rtol=1e-9)


def test_signals_are_handled_in_blocks_that_fill_every_target() -> None:
    for n in (1, 7, 8, 9, 40, 1000, 1 << 19, 1 << 21):
        block = sampled._block(n)
        assert block & (block - 1) == 0 and (1 << 16) % block == 0
        assert block * n <= max(1 << 19, n) and (block == 1 << 16 or 2 * block * n > 1 << 19)


@pytest.mark.parametrize(("method", "rate"), [("monte-carlo", 0.5), ("sobol", 1.0)])
def test_an_error_is_refused_once_it_would_take_too_many_signals(method: str, rate: float) -> None:
    """The error falls as 1/drawn^rate, and the most that is drawn is 2^30 pixels."""
    assert sampled.MOST_DRAWN == 2**30
    first = field(W, laws.Gaussian(ROW), method=method).worst()
    # As many signals as the last allowed, and a few more.
    within = first * (2.0**16 * 8 / 2**30) ** rate
    with pytest.raises(
        ValueError, match=r": 65536 signals come .* about 1e\+08 or more, the most is 134217728"
    ):
        field(W, laws.Gaussian(ROW), method=method, error=0.99 * within)


def test_transfer_is_exact_for_whole_numbers_up_to_its_limit() -> None:
    last = 2**19 - 1
    for third, whole in ((last - 5, True), (last - 4, False)):
        found = field([2.0, 3.0, third], laws.IsingRing(3, 0.3), method="transfer")
        assert found.exact == whole
        np.testing.assert_allclose(
            found.value, np.asarray(laws.IsingRing(3, 0.3).covariance())[2] / 2, atol=1e-6
        )


def test_transfer_takes_more_frequencies_until_the_last() -> None:
    ring_ = cycle(W[:3], laws.IsingRing(3, 0.1))
    np.testing.assert_array_equal(transfer(ring_).value, faded(ring_, 2**13).value)
    finest = faded(ring_, 2**16).worst()
    np.testing.assert_array_equal(transfer(ring_, finest).value, faded(ring_, 2**16).value)
    with pytest.raises(ValueError, match="65536 frequencies come to"):
        transfer(ring_, finest * 0.999)


@pytest.mark.parametrize("ternary", [False, True], ids=["signs", "ternary"])
def test_the_smooth_step_is_the_sum_that_is_told(ternary: bool) -> None:
    """From all states, one by one: frequencies that fade about a half of them, and six octaves below."""
    w, count = W[:5], 64
    law = laws.Copula(np.eye(5)[0], laws.Ternary(0.4)) if ternary else laws.IsingRing(5, 0.5)
    x = np.array(list(itertools.product((-1.0, 0, 1) if ternary else (-1.0, 1), repeat=5)))
    chance = np.where(x == 0, 0.6, 0.2).prod(1) if ternary else np.exp(law.log_probability(x))
    scale = 0.4**-0.5 if ternary else 1.0
    odd, total = 2 * np.arange(count) + 1, np.abs(w).sum()
    angle = np.pi * odd / (total * (1 + 50 / count))
    sines = (np.sin(np.outer(angle, x @ w)) * chance) @ (scale * x)
    cosines = np.cos(np.outer(angle, x @ w)) @ chance
    fades = [special.erfc(12 * (2.0**octave * odd / (2 * count) - 0.5)) / 2 for octave in range(7)]
    values = [(fade * 2 / np.pi / odd) @ sines for fade in fades]
    changes = [np.abs(a - b).max() for a, b in itertools.pairwise(values)]
    near = [scale * abs(((a - b) @ cosines) / (a - b).sum()) for a, b in itertools.pairwise(fades)]
    error = 2 * max((one + two) / 2**k for k, (one, two) in enumerate(zip(changes, near, strict=True)))
    found = faded(cycle(w, law), count)
    np.testing.assert_allclose(found.value, values[0], rtol=0, atol=1e-12)
    assert found.worst() == pytest.approx(error + 16 * 5 * np.finfo(float).eps, rel=1e-9)
