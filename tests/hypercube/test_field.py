"""f(w): every exact method against all states one by one, every estimate against its own stated error."""

import functools
import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float, PRNGKeyArray
from scipy import stats

from nmn.hypercube import laws, ring
from nmn.hypercube.field import METHODS, field
from nmn.hypercube.field.cycle import cycle
from nmn.hypercube.field.digits import Digits, whole_numbers
from nmn.hypercube.field.transfer import faded

EXACT = ("enumeration", "meet", "integer", "transfer", "auto")


def alone(n: int) -> np.ndarray:
    """The correlations of independent pixels."""
    return np.eye(n)[0]


LAWS = {
    "cube": laws.UniformCube,
    "ising": lambda n: laws.IsingRing(n, 0.7),
    "ising, opposed": lambda n: laws.IsingRing(n, -0.5),
    "ising, strong": lambda n: laws.IsingRing(n, 6.0),
    "ising, frustrated": lambda n: laws.IsingRing(n, -6.0),
    "ising, ground states": lambda n: laws.IsingRing(n, -np.inf),
    "ising, one state": lambda n: laws.IsingRing(n, np.inf),
    "ternary": lambda n: laws.Copula(alone(n), laws.Ternary(0.4)),
    "independent signs": lambda n: laws.NLGP(alone(n), jnp.inf),
}


def weights(n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(n)
    distance = np.minimum(np.arange(n), n - np.arange(n))
    return {
        "random": rng.normal(size=n),
        "tied": rng.choice([-0.1, 0.1, 0.2, 0.3], size=n),
        "integer": rng.integers(1, 5, size=n).astype(float),
        "sparse": rng.normal(size=n) * (np.arange(n) % 3 == 0),
        "one pixel": -2.0 * (np.arange(n) == n // 2),
        "bump": np.exp(-(distance**2) / 2.0),
        "coarse bump": np.round(4 * np.exp(-(distance**2) / 2.0)),
        "wide": 10.0 ** -rng.integers(0, 40, size=n) * rng.choice([-1, 1], size=n),
    }


@functools.cache
def states(name: str, n: int) -> tuple[np.ndarray, np.ndarray, float]:
    """All states in whole numbers, their probabilities by definition, and the scale of a pixel."""
    law = LAWS[name](n)
    values = (-1, 0, 1) if name == "ternary" else (-1, 1)
    x = np.array(list(itertools.product(values, repeat=n)))
    if name == "ternary":
        return x, np.where(x == 0, 0.6, 0.2).prod(1), 0.4**-0.5
    if isinstance(law, laws.IsingRing):
        # A coupling of 100 tells the ground states from all others, as an infinite one does.
        energy = np.clip(float(law.coupling), -100, 100) * np.sum(x * np.roll(x, -1, 1), 1)
        chance = np.exp(energy - energy.max())
        return x, chance / chance.sum(), 1.0
    return x, np.full(len(x), 2.0**-n), 1.0


@functools.cache
def fires(values: int, w: tuple[float, ...]) -> np.ndarray:
    """1(w·x >= 0) for all states, each sign decided in fractions."""
    x = states("ternary" if values == 3 else "cube", len(w))[0]
    exact = np.array([Fraction(entry) for entry in w], object)
    return np.array([total >= 0 for total in x.astype(object) @ exact])


def brute_force(name: str, w: np.ndarray) -> np.ndarray:
    """E[1(w·X >= 0) X], state by state."""
    x, chance, scale = states(name, len(w))
    return scale * (chance * fires(3 if name == "ternary" else 2, tuple(w.tolist()))) @ x


@pytest.mark.parametrize("n", [1, 2, 3, 6, 12])
@pytest.mark.parametrize("name", LAWS)
def test_every_method_agrees_with_brute_force(name: str, n: int) -> None:
    if (name.startswith("ising") and n < 2) or (name == "ternary" and n > 6):
        n = 7
    law = LAWS[name](n)
    for kind, w in weights(n).items():
        truth = brute_force(name, w)
        for method in EXACT:
            if method == "integer" and sum(map(abs, whole_numbers(w))) > 1e4:
                with pytest.raises(ValueError, match="small whole numbers"):
                    field(w, law, method=method)
                continue
            found = field(w, law, method=method)
            assert found.value.dtype == np.float64
            assert found.method == method or method == "auto"
            assert found.exact or method == "transfer"
            bound = 1e-12 if found.exact else found.worst()
            assert np.abs(found.value - truth).max() <= bound, (kind, method)
            assert not found.exact or found.worst() < 1e-12


def test_what_rounding_leaves_is_stated_and_is_what_it_leaves() -> None:
    """The errors that the exact methods state, in units of eps for n pixels, against fractions."""
    stated = {
        "enumeration": lambda n: n + 2.0 ** (n / 2 - 7),
        "meet": lambda n: n + 2.0 ** (n / 4),
        "integer": lambda n: 2 * n,
        "transfer": lambda n: 4 * n,
    }
    for n in (3, 12):
        law, w = LAWS["ising"](n), np.random.default_rng(n).integers(1, 9, n).astype(float)
        truth = brute_force("ising", w)
        for method, units in stated.items():
            found = field(w, law, method=method)
            assert found.worst() == pytest.approx(units(n) * np.finfo(float).eps, rel=1e-12, abs=0)
            assert np.abs(found.value - truth).max() <= 4 * found.worst(), (n, method)


def test_larger_rings_by_independent_methods() -> None:
    rng = np.random.default_rng(0)
    for law in (laws.UniformCube(21), laws.IsingRing(21, 1.0), laws.IsingRing(21, -1.0)):
        w = rng.normal(size=21)
        one, other = (field(w, law, method=method) for method in ("enumeration", "meet"))
        np.testing.assert_allclose(one.value, other.value, rtol=0, atol=1e-14)
    for law in (laws.UniformCube(100), laws.IsingRing(100, 1.0), laws.Copula(alone(100), laws.Ternary(0.3))):
        w = rng.integers(-6, 7, size=100).astype(float)
        one, other = (field(w, law, method=method) for method in ("integer", "transfer"))
        assert one.exact and other.exact
        np.testing.assert_allclose(one.value, other.value, rtol=0, atol=1e-13)


def test_sparse_weights_are_exact_on_a_long_ring() -> None:
    law, w = laws.IsingRing(100, 1.5), np.zeros(100)
    w[[3, 4, 9, 30, 31, 32, 70, 99]] = np.random.default_rng(1).normal(size=8)
    found = field(w, law)
    assert found.method == "meet" and found.exact
    # A pixel between two kept ones, by hand: the sign depends on the kept ones alone.
    a, b, gap = 9, 30, 21
    t = math.tanh(1.5)
    near, far = t**5, t ** (gap - 5)
    same, differ = (near + far) / (1 + near * far), (near - far) / (1 - near * far)
    mean = found.value[a] * (same + differ) / 2 + found.value[b] * (same - differ) / 2
    assert abs(found.value[a + 5] - mean) < 1e-14


ROW = np.asarray([1.0, 0.6, 0.2, 0.05, 0.0, 0.05, 0.2, 0.6])


def test_gaussian_closed_form() -> None:
    w = np.random.default_rng(3).normal(size=8)
    covariance = np.asarray(ring.circulant(ROW))
    found = field(w, laws.Gaussian(ROW))
    expected = covariance @ w / math.sqrt(2 * math.pi * w @ covariance @ w)
    np.testing.assert_allclose(found.value, expected, rtol=0, atol=found.worst())
    assert found.method == "closed" and found.exact and found.worst() < 1e-14


@pytest.mark.parametrize("dof", [2.5, 5.0, 40.0])
def test_student_constant(dof: float) -> None:
    w = np.random.default_rng(4).normal(size=8)
    mean = 2 * stats.t(dof).expect(lambda y: y, lb=0) * math.sqrt((dof - 2) / dof)
    gaussian = field(w, laws.Gaussian(ROW)).value * math.sqrt(math.pi / 2)
    np.testing.assert_allclose(field(w, laws.Student(ROW, dof)).value, mean * gaussian, rtol=1e-7)


@pytest.mark.parametrize("n", [1, 2, 3, 50])
def test_shell_constant(n: int) -> None:
    # (1 + U_1)/2 of a point on the sphere is Beta((n−1)/2, (n−1)/2); for n = 1 it is ±1, for n = 2 a cosine.
    mean = {1: 1.0, 2: 2 / math.pi}.get(n) or stats.beta((n - 1) / 2, (n - 1) / 2).expect(
        lambda y: abs(2 * y - 1)
    )
    found = field(np.eye(n)[0], laws.Shell(alone(n)))
    np.testing.assert_allclose(found.value, 0.5 * math.sqrt(n) * mean * np.eye(n)[0], rtol=1e-7, atol=1e-15)


def test_elliptical_law_that_w_never_sees() -> None:
    # All pixels agree, so that w·X = 0 for w = (1, −1, 0): a tie always, and E X = 0.
    found = field(np.array([1.0, -1.0, 0.0]), laws.Gaussian(np.ones(3)))
    np.testing.assert_array_equal(found.value, np.zeros(3))


@pytest.mark.parametrize(
    "make", [lambda: laws.UniformCube(6), lambda: laws.IsingRing(6, 0.8), lambda: laws.NLGP(ROW, jnp.inf)]
)
def test_examples_of_the_source(make: Callable[[], laws.Law]) -> None:
    """Seed 003, (8) to (11): true up to the factors ½ and, for the balanced pair, ¼, which it leaves out."""
    law = make()
    covariance = np.asarray(law.covariance())
    i, j = np.eye(law.n)[[1, 3]]
    cases = {
        "single": (i, 0.5 * i),
        "balanced": (i + j, 0.25 * (i + j)),
        "imbalanced": (1.2 * i + j, 0.5 * i),
        "opposite": (1.2 * i - j, 0.5 * i),
        "opposite, balanced": (i - j, 0.25 * (i - j)),
        "many small": (-5 * i + 0.5 * np.ones(law.n), -0.5 * i),
    }
    for w, expected in cases.values():
        found = field(w, law)
        assert found.method == "closed" and found.exact
        np.testing.assert_allclose(found.value, covariance @ expected, rtol=0, atol=1e-15)
        if isinstance(law, laws.CubeLaw):
            np.testing.assert_allclose(field(w, law, method="enumeration").value, found.value, atol=1e-15)


def test_three_bumps() -> None:
    """Equation (12), f ≈ Σ e_i, holds for α > β + 1 only; below, the three vote, whatever α > β > 1 are."""
    law = laws.UniformCube(5)
    for alpha, expected in ((2.75, (0.5, 0, 0)), (2.25, (0.25, 0.25, 0.25)), (2.5, (0.375, 0.125, 0.125))):
        w = np.array([alpha, 1.5, 1.0, 0, 0])
        for method in ("enumeration", "meet", "integer", "auto"):
            np.testing.assert_allclose(field(w, law, method=method).value[:3], expected, atol=1e-15)


@pytest.mark.parametrize("w", [(2.4, 1.5, 1.0), (2.5, -1.5, 1.0), (1.0, 1.0, 1.0), (3.0, 1.0, -1.0)])
def test_three_signs_of_a_gaussian(w: tuple[float, ...]) -> None:
    law = laws.NLGP((1.0, 0.4, 0.4), jnp.inf)
    found = field(np.array(w), law)
    assert found.method == "closed" and found.exact
    sample = field(np.array(w), law, method="monte-carlo", key=jax.random.key(5))
    assert np.all(np.abs(sample.value - found.value) < 5 * sample.error + 1e-14)


@pytest.mark.parametrize(
    "law, w, method",
    [
        (laws.UniformCube(30), np.ones(30), "integer"),
        (laws.UniformCube(18), np.sqrt(np.arange(1.0, 19)), "meet"),
        (laws.IsingRing(60, 0.5), np.round(240 * np.sqrt(np.arange(1, 61))), "transfer"),
        (laws.UniformCube(60), np.round(50 * np.sqrt(np.arange(1, 61))), "integer"),
        (laws.UniformCube(60), np.sqrt(np.arange(1.0, 61)), "transfer"),
        (laws.NLGP(ROW, 3.0), np.arange(8.0), "sobol"),
        (laws.NLGP(ROW, jnp.inf), np.arange(8.0), "sobol"),
        (laws.Copula(ROW, laws.Ternary(0.5)), np.arange(8.0), "sobol"),
        (laws.Copula(ROW, laws.Laplace()), np.arange(8.0), "sobol"),
    ],
)
def test_auto_says_which_method_it_took(law: laws.Law, w: np.ndarray, method: str) -> None:
    found = field(w, law)
    assert found.method == method
    whole = bool(np.all(w == np.round(w)))
    assert found.exact == (method not in ("transfer", "sobol") or (method == "transfer" and whole))


class Shifted(laws.CubeLaw):
    """All pixels agree, or alternate: a law on the cube that the library does not know."""

    @property
    def n(self) -> int:
        return 6

    def sample(self, key: PRNGKeyArray, count: int) -> Float[Array, "count n"]:
        """Two signs: that of the signal and that of its neighbours."""
        sign, other = jax.random.rademacher(key, (2, count, 1), float)
        return sign * other ** jnp.arange(6)

    def correlation(self) -> Float[Array, " n"]:
        return (jnp.arange(6) % 2 == 0).astype(float)

    def log_probability(self, x: Float[Array, "*batch n"]) -> Float[Array, "*batch"]:
        odd, even = x[..., 1::2], x[..., ::2]
        fits = jnp.all(odd == odd[..., :1], -1) & jnp.all(even == even[..., :1], -1)
        return jnp.where(fits, -math.log(4), -jnp.inf)


def test_a_law_of_the_readers_own() -> None:
    w = np.array([2.0, 1, 0, 0, 0.25, 0.75])
    found = field(w, Shifted())
    assert found.method == "enumeration" and found.exact
    np.testing.assert_allclose(found.value, [0.5, 0] * 3, atol=1e-15)
    w[0] = 1.5  # even and odd pixels weigh the same now
    np.testing.assert_allclose(field(w, Shifted()).value, [0.25] * 6, atol=1e-15)
    sample = field(w, Shifted(), method="monte-carlo")
    assert np.all(np.abs(sample.value - 0.25) < 5 * sample.error)
    with pytest.raises(ValueError, match="take 'monte-carlo'"):
        field(w, Shifted(), method="sobol")


def test_signs_are_decided_exactly() -> None:
    rng = np.random.default_rng(6)
    for trial in range(60):
        m = int(rng.integers(2, 9))
        w = rng.normal(size=m) * 2.0 ** -rng.integers(0, 1 + 30 * (trial % 4), size=m)
        x = rng.integers(-1, 2, size=(40, m))
        # Near ties: the last weight is minus what floats make of the sum of the others.
        w[-1] = -math.fsum(w[:-1])
        x[::2] = 1
        exact = np.array([Fraction(float(entry)) for entry in w], object)
        truth = [(total > 0) - (total < 0) for total in x.astype(object) @ exact]
        digits = Digits.of(w, 1)
        sums = digits.parts @ x.T
        np.testing.assert_array_equal(digits.sign(sums), truth)
        order = np.lexsort(digits.canonical(sums)[::-1])
        ordered = (x.astype(object) @ exact)[order]
        assert all(a <= b for a, b in itertools.pairwise(ordered))


def test_ties_that_floats_make_or_miss() -> None:
    law = laws.UniformCube(3)
    # 0.1 + 0.2 is more than 0.3, whatever floats say of their sum: three votes, not a tie.
    np.testing.assert_allclose(field(np.array([0.1, 0.2, 0.3]), law, method="meet").value, 0.25, atol=1e-15)
    np.testing.assert_allclose(field(np.array([1.0, 2.0, 3.0]), law).value, (0.125, 0.125, 0.375), atol=1e-15)
    # The last pixel decides where the others cancel, however small it is.
    for small in (1e-30, 1e-200):
        value = field(np.array([1.0, 1.0, small]), law, method="enumeration").value
        np.testing.assert_allclose(value, 0.25, atol=1e-15)


def test_what_f_must_do() -> None:
    rng = np.random.default_rng(7)
    w = rng.normal(size=10)
    row = ring.correlation(10, 1.5)
    for law in (laws.IsingRing(10, 0.6), laws.Gaussian(row), laws.NLGP(row, 2.0)):
        value = field(w, law).value
        np.testing.assert_allclose(field(4 * w, law).value, value, atol=1e-14)
        np.testing.assert_allclose(field(-w, law).value, -value, atol=1e-14)
        np.testing.assert_allclose(field(np.roll(w, 3), law).value, np.roll(value, 3), atol=1e-14)


@pytest.mark.parametrize("method", ["monte-carlo", "sobol"])
@pytest.mark.parametrize(
    "law",
    [
        laws.IsingRing(8, 0.7),
        laws.IsingRing(8, -0.4),
        laws.Copula(alone(8), laws.Ternary(0.4)),
        laws.Gaussian(ROW),
        laws.Student(ROW, 5.0),
        laws.Shell(ROW),
    ],
    ids=lambda law: type(law).__name__,
)
def test_standard_errors_are_what_they_say(law: laws.Law, method: str) -> None:
    scores = []
    for seed, kind in enumerate(("random", "tied", "integer", "sparse", "bump", "coarse bump") * 2):
        w = weights(8)[kind]
        found = field(w, law, method=method, key=jax.random.key(seed))
        assert found.method == method and not found.exact
        scores.append((found.value - field(w, law).value) / (found.error + 1e-15))
    # 12 runs of 8 entries that are not independent: the mean square is 1 within a few tenths.
    assert 0.7 < np.sqrt(np.mean(np.square(scores))) < 1.3
    assert np.abs(scores).max() < 4.5


def test_sobol_and_monte_carlo_agree_where_nothing_else_is_known() -> None:
    w = weights(8)["bump"]
    for marginal in (laws.Uniform(), laws.Laplace(), laws.Algebraic(2.0), laws.Ternary(0.3)):
        law = laws.Copula(ROW, marginal)
        one, other = field(w, law), field(w, law, method="monte-carlo", key=jax.random.key(8))
        assert np.all(np.abs(one.value - other.value) < 4.5 * np.hypot(one.error, other.error))


def test_sampling_goes_on_until_the_error_is_reached() -> None:
    law, w = laws.Gaussian(ROW), weights(8)["random"]
    for method in ("monte-carlo", "sobol"):
        first = field(w, law, method=method)
        found = field(w, law, method=method, error=first.worst() / 2)
        assert found.worst() <= first.worst() / 2
        assert np.all(np.abs(found.value - field(w, law).value) < 5 * found.error)
        with pytest.raises(ValueError, match="error = 1e-09 is out of reach"):
            field(w, law, method=method, error=1e-9)


def test_ties_that_only_floats_have_are_in_the_error() -> None:
    # With gain 1000 most pixels round to ±1. Of two opposite ones the larger |z| in truth decides.
    row, w = ring.correlation(6, 2.0), np.array([1.0, 1, 0, 0, 0, 0])
    z = np.asarray(laws.Gaussian(row).sample(jax.random.key(1), 200_000))
    on = np.where(np.abs(z[:, 0]) > np.abs(z[:, 1]), z[:, 0], z[:, 1]) >= 0
    truth = (on[:, None] * np.sign(z)).mean(0)
    law = laws.NLGP(row, 1000.0)
    for method in ("sobol", "monte-carlo"):
        found = field(w, law, method=method)
        assert np.all(np.abs(found.value - truth) < found.error + 5e-3)
        assert 0.02 < found.worst() < 0.2
        with pytest.raises(ValueError, match="out of reach"):
            field(w, law, method=method, error=1e-2)
    assert field(w + np.arange(6) / 7, law).worst() < 3e-3


def test_transfer_is_within_its_estimate() -> None:
    rng = np.random.default_rng(9)
    for trial in range(120):
        n = int(rng.integers(2, 22))
        law = (laws.UniformCube(n), laws.IsingRing(n, 0.5), laws.IsingRing(n, 2.0))[trial % 3]
        near_ties = rng.integers(-5, 6, size=n) / 10 + 0.01
        w = (rng.normal(size=n), near_ties, np.exp(-((np.arange(n) - n / 2) ** 2) / 20))[trial % 7 % 3]
        truth = field(w, law, method="meet").value
        # Few frequencies, so that there is an error to state.
        for found in (faded(cycle(w, law), 64), faded(cycle(w, law), 512)):
            assert np.abs(found.value - truth).max() <= found.worst()
    # The smoothed step at n = 100, where whole numbers give it an exact answer to meet.
    w, law = rng.integers(-9, 10, size=100).astype(float), laws.IsingRing(100, 1.0)
    found = faded(cycle(w, law), 1 << 13)
    np.testing.assert_allclose(found.value, field(w, law, method="integer").value, rtol=0, atol=1e-10)
    # Many pixels: the law of w·X is as good as smooth, and the estimate knows it.
    assert field(rng.normal(size=100), laws.UniformCube(100), method="transfer").worst() < 1e-12


def test_transfer_goes_on_until_the_error_is_reached() -> None:
    law, w = laws.IsingRing(24, 0.5), np.sqrt(np.arange(1.0, 25))
    first = field(w, law, method="transfer")
    found = field(w, law, method="transfer", error=first.worst() / 2)
    assert np.abs(found.value - field(w, law).value).max() <= found.worst() <= first.worst() / 2
    with pytest.raises(ValueError, match="out of reach of method 'transfer'"):
        field(w[:3], laws.IsingRing(3, 0.1), method="transfer", error=1e-16)


def test_auto_samples_where_transfer_fails() -> None:
    # Nearly all ties but none: nothing short of the exact sum tells one side from the other.
    w = np.array([0.1, -0.2, 0.3, -0.2] * 12) * (1 + 1e-9 * np.arange(48))
    found = field(w, laws.IsingRing(48, 3.0), error=2e-3)
    assert found.method == "sobol" and found.worst() <= 2e-3


def test_exact_in_float64_whatever_jax_does() -> None:
    with jax.enable_x64(False):
        w = np.array([0.1, 0.2, 0.3, 0.0, 1e-12])
        found = field(w, laws.UniformCube(5), method="meet")
        sample = field(np.ones(4), laws.NLGP((1.0, 0.5, 0.2, 0.5), 0.1), method="monte-carlo")
        assert not jax.config.jax_enable_x64
    np.testing.assert_allclose(found.value, brute_force("cube", w), rtol=0, atol=1e-15)
    assert found.value.dtype == sample.value.dtype == np.float64


CUBE = laws.UniformCube(4)


@pytest.mark.parametrize(
    "w, law, options, message",
    [
        (np.ones(4), CUBE, {"method": "gray"}, "method must be one of auto, closed"),
        (np.ones(5), CUBE, {}, r"w must have shape \(4,\)"),
        (np.array([1, np.nan, 0, 0]), CUBE, {}, "w must not hold NaN"),
        (np.array([1, np.inf, 0, 0]), CUBE, {}, "w must be finite"),
        (np.zeros(4), CUBE, {}, "w must not be all 0"),
        (np.ones(4), "cube", {}, "law must be a law"),
        (np.ones(4), CUBE, {"error": 0.0}, "error must be > 0"),
        (np.ones(4), CUBE, {"error": "small"}, "error must be an array of numbers"),
        (np.ones(4), CUBE, {"method": "closed"}, "no formula for UniformCube"),
        (np.arange(8.0), laws.NLGP(ROW, 2.0), {"method": "meet"}, "needs a law with exact probabilities"),
        (np.arange(8.0), laws.Gaussian(ROW), {"method": "enumeration"}, "take 'sobol' or 'monte-carlo'"),
        (
            np.arange(8.0),
            laws.Copula(ROW, laws.Ternary(0.5)),
            {"method": "integer"},
            "independent pixels of few levels",
        ),
        (np.arange(8.0), laws.Copula(alone(8), laws.Laplace()), {"method": "meet"}, "got Copula: take"),
        (np.arange(8.0), laws.NLGP(alone(8), 2.0), {"method": "transfer"}, "got NLGP: take"),
        (np.ones(40), laws.UniformCube(40), {"method": "enumeration"}, "at most 2\\^30 states.*take 'meet'"),
        (np.ones(60), laws.UniformCube(60), {"method": "meet"}, "at most 2\\^22 states.*take 'integer'"),
        (np.sqrt(np.arange(1.0, 9)), laws.UniformCube(8), {"method": "integer"}, "2\\^25 cells.*take 'meet'"),
        (np.array([1, 1e-300, 1, 1]), CUBE, {"method": "meet"}, "w spans more than"),
    ],
)
def test_refusals(w: np.ndarray, law: laws.Law, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        field(w, law, **options)


def test_not_under_jit() -> None:
    with pytest.raises(ValueError, match="outside jit"):
        jax.jit(lambda w: field(w, CUBE).value)(jnp.ones(4))
    assert "auto" in METHODS
