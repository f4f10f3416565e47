"""The laws: what they say of themselves against what they draw, and against closed forms."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

from nmn.hypercube import laws, ring
from nmn.hypercube.laws.quadrature import half_line, product_mean

N = 9
ROW = (1.0, 0.6, 0.2, 0.05, 0.0, 0.0, 0.05, 0.2, 0.6)
ALONE = (1.0,) + (0.0,) * (N - 1)
LAWS = {
    "cube": lambda: laws.UniformCube(N),
    "ising": lambda: laws.IsingRing(N, 0.7),
    "ising, negative": lambda: laws.IsingRing(N, -0.4),
    "gaussian": lambda: laws.Gaussian(ROW),
    "student": lambda: laws.Student(ROW, 12.0),
    "shell": lambda: laws.Shell(ROW),
    "nlgp 0.5": lambda: laws.NLGP(ROW, 0.5),
    "nlgp 3": lambda: laws.NLGP(ROW, 3.0),
    "sign": lambda: laws.NLGP(ROW, jnp.inf),
    "uniform": lambda: laws.Copula(ROW, laws.Uniform()),
    "laplace": lambda: laws.Copula(ROW, laws.Laplace()),
    "ternary": lambda: laws.Copula(ROW, laws.Ternary(0.4)),
    "algebraic": lambda: laws.Copula(ROW, laws.Algebraic(-0.8)),
    "independent": lambda: laws.Copula(ALONE, laws.Laplace()),
}


@pytest.mark.parametrize("name", LAWS)
def test_sample_has_the_covariance_and_kurtosis_of_the_law(name: str) -> None:
    law, count = LAWS[name](), 200_000
    x = np.asarray(law.sample(jax.random.key(3), count))
    assert x.shape == (count, N)
    products = np.einsum("si,sj->ij", x, x) / count
    spread = np.sqrt(np.einsum("si,sj->ij", x**2, x**2) / count / count)
    assert np.all(np.abs(products - np.asarray(law.covariance())) < 5.5 * spread + 1e-12)
    fourth = np.mean(x**4, 1)
    assert abs(fourth.mean() - 3 - float(law.kurtosis())) < 5.5 * fourth.std() / np.sqrt(count) + 1e-12
    assert np.all(np.abs(x.mean(0)) < 5.5 * x.std(0) / np.sqrt(count))


@pytest.mark.parametrize("n", [2, 3, 6, 11])
@pytest.mark.parametrize("coupling", [0.0, 0.9, -0.5])
def test_ising_probabilities_and_correlation(n: int, coupling: float) -> None:
    law = laws.IsingRing(n, coupling)
    corners = np.array(list(itertools.product([-1.0, 1.0], repeat=n)))
    weight = np.exp(coupling * np.sum(corners * np.roll(corners, -1, 1), 1))
    probability = np.exp(law.log_probability(corners))
    np.testing.assert_allclose(probability, weight / weight.sum(), rtol=1e-12)
    np.testing.assert_allclose(
        law.covariance(), (corners * probability[:, None]).T @ corners, rtol=0, atol=1e-13
    )


def ising_chances(n: int, coupling: float) -> tuple[np.ndarray, np.ndarray]:
    """All corners and their probabilities: e^{−2|J|} for each bond that does not follow J, over the sum."""
    corners = np.array(list(itertools.product([-1.0, 1.0], repeat=n)))
    broken = np.sum(corners * np.roll(corners, -1, 1) * (-1 if coupling < 0 else 1) < 0, 1)
    # The fewest possible cost nothing, whatever J is: 0 is then left where J is infinite.
    excess = broken - broken.min()
    chance = np.where(excess == 0, 1.0, np.exp(-2 * abs(coupling) * np.maximum(excess, 1)))
    return corners, chance / chance.sum()


STRONG = [3.0, 8.0, 20.0, 60.0, 400.0, np.inf]


@pytest.mark.parametrize("x64", [True, False], ids=["float64", "float32"])
@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_ising_at_every_coupling(n: int, x64: bool) -> None:
    for coupling in [0.0, *STRONG, *np.negative(STRONG)]:
        corners, chance = ising_chances(n, coupling)
        with jax.enable_x64(x64):
            law = laws.IsingRing(n, coupling)
            row, found = np.asarray(law.correlation()), np.asarray(jnp.exp(law.log_probability(corners)))
        eps = float(np.finfo(row.dtype).eps)
        assert row.dtype == (np.float64 if x64 else np.float32)
        np.testing.assert_allclose(row, (corners * chance[:, None]).T @ corners[:, 0], atol=8 * eps)
        # A logarithm of −2n|J| has so many units of rounding.
        rounding = 8 * eps * n * (1 + 2 * min(abs(coupling), 60))
        np.testing.assert_allclose(found, chance, rtol=rounding, atol=1e-37)


def test_the_frustrated_bond_is_anywhere() -> None:
    law = laws.IsingRing(5, -np.inf)
    np.testing.assert_allclose(law.correlation(), [1, -0.6, 0.2, 0.2, -0.6], rtol=1e-15)


@pytest.mark.parametrize("x64", [True, False], ids=["float64", "float32"])
@pytest.mark.parametrize("coupling", [0.0, 0.6, -0.6, -2.0, -8.0, 40.0, -300.0, np.inf, -np.inf])
def test_ising_sampler_is_exact(coupling: float, x64: bool) -> None:
    for n in (5, 4):
        with jax.enable_x64(x64):
            x = np.asarray(laws.IsingRing(n, coupling).sample(jax.random.key(0), 100_000))
        corners, chance = ising_chances(n, coupling)
        place = 2 ** np.arange(n)
        seen, order = (((some + 1) / 2 @ place).astype(int) for some in (x, corners))
        seen = np.bincount(seen, minlength=2**n)[order]
        # Corners too rare for the test of fit are one class, and that one may be too rare itself.
        able = 100_000 * chance > 5
        expected = 100_000 * np.append(chance[able], chance[~able].sum())
        seen = np.append(seen[able], seen[~able].sum())
        if expected[-1] < 5:
            assert seen[-1] <= 20 * bool(expected[-1] > 1e-12)
            seen, expected = seen[:-1], expected[:-1] * seen[:-1].sum() / expected[:-1].sum()
        assert stats.chisquare(seen, expected).pvalue > 1e-4


@pytest.mark.parametrize("coupling", [0.6, -0.6])
def test_ising_sampler_of_its_own_probabilities(coupling: float) -> None:
    n, count = 5, 100_000
    law = laws.IsingRing(n, coupling)
    x = np.asarray(law.sample(jax.random.key(0), count))
    seen = np.bincount(((x + 1) / 2 @ 2 ** np.arange(n)).astype(int), minlength=2**n)
    corners = 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1) - 1
    expected = count * np.exp(np.asarray(law.log_probability(corners)))
    assert stats.chisquare(seen, expected * count / expected.sum()).pvalue > 1e-4


@pytest.mark.parametrize("p", [0.3, 1.0])
def test_independent_ternary_probabilities_are_those_of_the_samples(p: float) -> None:
    n, count = 4, 50_000
    law = laws.Copula(np.eye(n)[0], laws.Ternary(p))
    points = np.array(list(itertools.product([-1.0, 0.0, 1.0], repeat=n))) / np.sqrt(p)
    probability = np.exp(np.asarray(law.log_probability(points)))
    assert probability.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose((points.T * probability) @ points, np.eye(n), atol=1e-12)
    x = np.asarray(law.sample(jax.random.key(0), count))
    seen = np.bincount((np.rint(x * np.sqrt(p) + 1) @ 3 ** np.arange(n)[::-1]).astype(int), minlength=3**n)
    able = probability > 0
    assert not seen[~able].any()
    assert stats.chisquare(seen[able], count * probability[able] / probability.sum()).pvalue > 1e-4


@pytest.mark.parametrize(
    "law",
    [laws.Copula(np.eye(3)[0], laws.Laplace()), laws.Copula([1.0, 0.2, 0.2], laws.Ternary(0.5))],
    ids=["density", "dependent"],
)
def test_a_copula_without_exact_probabilities_says_so(law: laws.Copula) -> None:
    assert law.log_probability(np.zeros((2, 3))) is None


@pytest.mark.parametrize("x64", [False, True])
def test_a_pixel_agrees_with_itself_to_the_last_bit(x64: bool) -> None:
    with jax.enable_x64(x64):
        for n, part in itertools.product((2, 5, 13), np.linspace(0.15, 1, 40)):
            row = ring.correlation(n, part * n)
            coupling = (-1.0) ** n * 3 * float(part)
            made = (laws.Gaussian(row), laws.NLGP(row, 2.0), laws.IsingRing(n, coupling))
            assert [float(law.correlation()[0]) for law in made] == [1, 1, 1], (n, part)


def test_ising_length_under_jit_and_without_end() -> None:
    row = jax.jit(lambda xi: laws.IsingRing.from_length(12, xi).correlation())
    np.testing.assert_allclose(row(5.0), laws.IsingRing.from_length(12, 5.0).correlation(), rtol=1e-14)
    with jax.enable_x64(False):
        # The coupling is the float32 next to the true one, not one that was worked out in float32.
        for xi in (0.3, 2.0, 7.7, 123.4):
            assert laws.IsingRing.from_length(12, xi).coupling == np.float32(np.arctanh(np.exp(-1 / xi)))
    for xi in (np.inf, 1e300):
        np.testing.assert_allclose(laws.IsingRing.from_length(12, xi).correlation(), 1, rtol=1e-14)


@pytest.mark.parametrize(
    "law",
    [laws.UniformCube(3), laws.IsingRing(3, 0.7), laws.Copula(np.eye(3)[0], laws.Ternary(0.3))],
    ids=["cube", "ising", "ternary"],
)
def test_signals_may_lie_in_one_axis_or_in_many(law: laws.Law) -> None:
    x = np.random.default_rng(0).choice([-1.0, 1.0], size=(2, 4, 5, 3))
    x[..., 0] *= 1 if isinstance(law, laws.CubeLaw) else np.arange(5) % 2
    many = law.log_probability(x)
    assert many.shape == (2, 4, 5)
    for place in np.ndindex(2, 4, 5):
        np.testing.assert_allclose(law.log_probability(x[place]), many[place], rtol=1e-12)


def test_ising_length() -> None:
    row = np.asarray(laws.IsingRing.from_length(200, 5.0).correlation())
    np.testing.assert_allclose(row[:20], np.exp(-np.arange(20) / 5.0), rtol=1e-12)


def test_nlgp_between_its_limits() -> None:
    small, sign = laws.NLGP(ROW, 1e-3), laws.NLGP(ROW, jnp.inf)
    np.testing.assert_allclose(small.correlation(), ROW, atol=1e-6)
    np.testing.assert_allclose(sign.correlation(), 2 / np.pi * np.arcsin(ROW), rtol=1e-14)
    np.testing.assert_allclose(float(sign.kurtosis()), -2, rtol=1e-12)
    assert abs(float(small.kurtosis())) < 1e-5
    assert set(np.unique(sign.sample(jax.random.key(0), 500))) == {-1.0, 1.0}


def test_nlgp_no_longer_changes_with_the_gain_at_its_end() -> None:
    def correlation(gain):
        return laws.NLGP(ROW, gain).correlation()

    def signals(gain):
        return laws.NLGP(ROW, gain).sample(jax.random.key(0), 5)

    end = jnp.asarray(jnp.inf)
    for of_gain in (correlation, signals):
        assert not jax.jacfwd(of_gain)(end).any() and not jax.jacrev(of_gain)(end).any()
    # Next to the end the slope falls as 1/g³; at a usual gain it is that of the differences.
    slope = jax.jacfwd(correlation)(jnp.asarray(2.0))
    difference = (correlation(2.01) - correlation(1.99)) / 0.02
    np.testing.assert_allclose(slope, difference, rtol=1e-3, atol=1e-4)
    assert np.abs(slope).max() > 1e-3


@pytest.mark.parametrize("name", ["cube", "ising", "coins"])
def test_a_probability_is_asked_for_signals_of_its_pixels(name: str) -> None:
    law = laws.Copula(ALONE, laws.Ternary(0.4)) if name == "coins" else LAWS[name]()
    assert law.log_probability(np.ones((2, 3, N))).shape == (2, 3)
    for odd in (np.ones(N + 1), np.ones((N, 2)), np.ones(()), np.ones((2, 1))):
        with pytest.raises(ValueError, match=f"x must have {N} pixels along its last axis"):
            law.log_probability(odd)


def test_a_sign_of_exactly_zero_is_a_sign_too() -> None:
    sign = laws.NLGP(ROW, jnp.inf).marginal.pixel(jnp.array([-2.0, -0.0, 0.0, 2.0]))
    np.testing.assert_array_equal(np.abs(sign), 1)
    np.testing.assert_array_equal(laws.NLGP(ROW, 3.0).marginal.pixel(jnp.zeros(1)), 0)


@pytest.mark.parametrize("gain", [0.1, 1.0, 30.0, 1e4])
def test_nlgp_kurtosis_against_adaptive_quadrature(gain: float) -> None:
    from scipy.special import erf

    scale = 2 / np.pi * np.arcsin(2 * gain**2 / (1 + 2 * gain**2))
    fourth = (
        2
        * integrate.quad(
            lambda z: erf(gain * z) ** 4 * stats.norm.pdf(z), 0, 12, points=[1 / gain, 4 / gain], epsabs=1e-12
        )[0]
    )
    np.testing.assert_allclose(float(laws.NLGP(ROW, gain).kurtosis()), fourth / scale**2 - 3, atol=1e-7)


def test_copulas_agree_where_two_laws_are_one() -> None:
    np.testing.assert_allclose(
        laws.Copula(ROW, laws.Uniform()).correlation(), laws.NLGP(ROW, 2**-0.5).correlation(), atol=1e-12
    )
    np.testing.assert_allclose(
        laws.Copula(ROW, laws.Ternary(1.0)).correlation(), 2 / np.pi * np.arcsin(ROW), atol=1e-12
    )


@pytest.mark.parametrize("marginal", [laws.Laplace(), laws.Ternary(0.3), laws.Algebraic(2.0)], ids=str)
@pytest.mark.parametrize("correlation", [0.5, -0.9])
def test_copula_correlation_against_hermite_series(marginal: laws.Marginal, correlation: float) -> None:
    # E[q(Y) q(Z)] = Σ_k (E[q(Z) he_k(Z)])² ρ^k with he_k orthonormal.
    z, h = np.linspace(-9, 9, 720_001, retstep=True)
    density = np.asarray(marginal.pixel(z)) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * h
    before, now, total = np.zeros_like(z), np.ones_like(z), 0.0
    for k in range(120):
        total += np.sum(density * now) ** 2 * correlation**k
        before, now = now, (z * now - np.sqrt(k) * before) / np.sqrt(k + 1)
    found = float(marginal.product_mean(jnp.array([correlation]))[0])
    assert abs(found - total) < 2e-5


@pytest.mark.parametrize("kurtosis", [-1.1, -0.5, 0.0, 3.0, 50.0])
def test_algebraic_family_has_the_kurtosis_asked_for(kurtosis: float) -> None:
    marginal = laws.Algebraic(kurtosis)
    assert abs(marginal.kurtosis() - kurtosis) < 1e-9
    k = marginal.power
    second = 2 * integrate.quad(lambda y: y**2 * (1 + y**k) ** (-1 - 1 / k) / 2, 0, np.inf)[0]
    z = np.array([-1.5, 0.0, 0.3, 2.0])
    y = np.asarray(marginal.pixel(z)) * np.sqrt(second)
    cdf = (1 + y * (1 + np.abs(y) ** k) ** (-1 / k)) / 2
    np.testing.assert_allclose(cdf, stats.norm.cdf(z), rtol=1e-8)


@pytest.mark.parametrize("name", LAWS)
def test_laws_run_batched(name: str) -> None:
    law = LAWS[name]()
    # So that a law may be an argument of what is compiled: sizes and exponents are known when it is traced.
    assert all(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(law))
    keys = jax.random.split(jax.random.key(0), 3)
    together = jax.jit(jax.vmap(lambda key: law.sample(key, 4)))(keys)
    np.testing.assert_allclose(together[1], law.sample(keys[1], 4), rtol=1e-12)


def test_nlgp_batches_over_gain_and_length() -> None:
    rows = jnp.stack([ring.correlation(N, 1.0), ring.correlation(N, 2.0)])
    gains = jnp.array([0.5, jnp.inf])
    kurtoses = jax.vmap(lambda row, gain: laws.NLGP(row, gain).kurtosis())(rows, gains)
    np.testing.assert_allclose(kurtoses[1], -2, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: laws.UniformCube(0), "n must"),
        (lambda: laws.IsingRing(1, 0.5), "n must be at least 2"),
        (lambda: laws.IsingRing(5, np.nan), "coupling must not hold NaN"),
        (lambda: laws.IsingRing.from_length(5, -1.0), "xi must"),
        (lambda: laws.IsingRing.from_length(5, 0.0), "xi must"),
        (lambda: laws.IsingRing.from_length(5, np.nan), "xi must"),
        (lambda: laws.Gaussian([1.0, 0.9, -0.9, 0.9]), "eigenvalue below 0"),
        (lambda: laws.Student(ROW, 2.0), "dof must be more than 2"),
        (lambda: laws.NLGP(ROW, 0.0), "gain must be > 0"),
        (lambda: laws.NLGP(ROW, np.nan), "gain"),
        (lambda: laws.Ternary(0.0), "p must be"),
        (lambda: laws.Ternary("half"), "p must be"),
        (lambda: laws.Algebraic(None), "kurtosis must be"),
        (lambda: laws.IsingRing.from_length(5, "long"), "xi must be"),
        (lambda: laws.Algebraic(-1.2), "kurtosis must be in"),
        (lambda: laws.Copula(ROW, "laplace"), "marginal must be"),
    ],
)
def test_laws_that_cannot_exist_are_refused(call, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        call()


KEY = jax.random.key(0)
INTERVALS = {
    "p": (laws.Ternary, [1e-9, 1.0], [0.0, -0.1, 1 + 1e-9]),
    "kurtosis": (laws.Algebraic, [-1.1899, 999.9], [-1.19, 1000.0]),
    "dof": (lambda dof: laws.Student(ROW, dof), [2.001, 1e6], [2.0, 0.5, np.inf]),
    "gain": (lambda gain: laws.NLGP(ROW, gain), [1e-3, np.inf], [0.0, -1.0]),
    "xi of Ising": (lambda xi: laws.IsingRing.from_length(5, xi), [0.05, np.inf], [0.0, -1.0]),
    "xi": (lambda xi: ring.correlation(5, xi), [0.05, 5.0], [0.0, 5.001, np.inf]),
    "n of coins": (laws.UniformCube, [1, np.int64(2)], [0, -1, 1.5, True]),
    "n of Ising": (lambda n: laws.IsingRing(n, 0.5), [2, 3], [1, 0, 2.5]),
    "count": (lambda count: laws.UniformCube(3).sample(KEY, count), [1, np.int64(2)], [0, 1.5, True]),
}


@pytest.mark.parametrize("name", INTERVALS)
def test_an_argument_may_be_anywhere_between_its_limits_and_not_beyond(name: str) -> None:
    make, inside, outside = INTERVALS[name]
    for value in inside:
        made = make(value)
        if name == "kurtosis":
            assert made.kurtosis() == pytest.approx(value, rel=1e-9)
    for value in outside:
        with pytest.raises(ValueError, match=f"{name.split()[0]} must"):
            make(value)


def test_a_row_counts_as_a_correlation_but_for_rounding() -> None:
    slack = 64 * 4 * np.finfo(float).eps
    for size, fits in ((0.9, True), (1.1, False)):
        off = size * slack
        # An eigenvalue of −off, a variance off by that, and two ways round that differ by that.
        for row in ([1.0, 0.0, -1.0 - off, 0.0], [1 + off, 0.5, 0.2, 0.5], [1.0, 0.5, 0.2, 0.5 + off]):
            if fits:
                np.testing.assert_array_equal(ring.valid_correlation(row), row)
            else:
                with pytest.raises(ValueError, match="row must"):
                    ring.valid_correlation(row)


def test_quadrature_is_exact_where_means_are_known() -> None:
    for steepness in (1e-3, 1.0, 50.0, 1e4):
        z, weights = half_line(steepness)
        moments = [float(jnp.sum(weights * z**k)) for k in (0, 2, 4, 6)]
        np.testing.assert_allclose(moments, [1, 1, 3, 15], rtol=1e-12)
        assert (z > 0).all()
    c = jnp.array([-1.0, -0.7, 0.0, 0.3, 1.0])
    np.testing.assert_allclose(product_mean(lambda z: z, c), c, atol=1e-12)
    np.testing.assert_allclose(product_mean(lambda z: z**3, c), 9 * c + 6 * c**3, atol=1e-11)
    np.testing.assert_allclose(product_mean(jnp.sign, c), 2 / np.pi * np.arcsin(c), atol=1e-12)


@pytest.mark.parametrize("name", LAWS)
def test_a_count_of_signals_is_a_whole_number(name: str) -> None:
    for count in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="count must be a whole number of signals >= 1, got"):
            LAWS[name]().sample(jax.random.key(0), count)


def test_student_kurtosis_is_infinite_below_four_degrees() -> None:
    assert np.isinf(laws.Student(ROW, 4.0).kurtosis())
    np.testing.assert_allclose(laws.Student(ROW, 10.0).kurtosis(), 1.0)
