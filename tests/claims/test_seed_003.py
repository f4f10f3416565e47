"""Source 003, localization: equations (1) to (5) and (7), the four properties, and where one pixel decides.

Laws are written out wherever they are finite, so that f, the loss and their slopes come from their
definitions and from nothing in the library but the flow that is under test.
"""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp

from nmn.experiments.localization import learning
from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.field import field
from tests.claims import margin
from tests.claims.written_out import CORNERS, ISING, ROWS, drift, finite, let_through, moments

pytestmark = pytest.mark.usefixtures("float64")


def skewed(n: int) -> tuple[np.ndarray, np.ndarray]:
    """n independent pixels that are 2 with probability 1/5 and −1/2 otherwise: mean 0, variance 1."""
    x = np.array(list(itertools.product([2.0, -0.5], repeat=n)))
    return x, np.prod(np.where(x > 0, 0.2, 0.8), axis=1)


def test_l_translation_invariance_suffices() -> None:
    # Translation-invariant and not even: the second term is not that of Σ, whatever the factor.
    x, p = skewed(3)
    np.testing.assert_allclose(moments(x, p), np.eye(3), atol=1e-12)
    terms = []
    for w in (np.array([1.0, 0.3, 0.2]), -np.array([1.0, 0.3, 0.2])):
        terms.append((let_through(w, x, p) / 2 - drift(w, (x, p), (x, p))) @ w / (w @ w))
    assert abs(terms[0] - terms[1]) > 0.1  # a multiple of Σ = I would give the same number twice
    # Even and not translation-invariant: it is.
    x, p = CORNERS[3], np.array([8.0, 1, 2, 3, 3, 2, 1, 8]) / 28
    w = np.array([0.7, -0.4, 0.2])
    np.testing.assert_allclose(drift(w, (x, p), (x, p)), let_through(w, x, p) / 2 - moments(x, p) @ w / 2)


def test_l_length_scale() -> None:
    lengths = np.geomspace(0.2, 30, 60)
    rows = np.array([ring.correlation(30, float(xi)) for xi in lengths])
    # Where the correlation is neither 0 nor 1 to machine precision, it grows with ξ.
    between = (rows[:-1] > 1e-12) & (rows[1:] < 1 - 1e-9)
    assert np.all(np.diff(rows, axis=0)[between] > 0) and np.all(np.diff(rows, axis=0) >= -1e-15)
    assert rows[0, 1:].max() < 1e-10 and rows[-1].min() > 0.99
    # The scale is ξ: on a long ring the correlation at distance ξ is 1/e.
    for xi in (2, 5):
        assert ring.correlation(60, float(xi))[xi] == pytest.approx(math.exp(-1), abs=1e-12)


@pytest.mark.parametrize("xi", [0.5, 2.0, 6.0, 12.0])
def test_l_covariance(xi: float) -> None:
    n = 12
    place = np.arange(n)
    asked = np.exp(-((place[:, None] - place) ** 2) / xi**2)
    shifted = np.roll(asked, (1, 1), axis=(0, 1))
    assert np.abs(asked - shifted).max() > 1e-4  # a shift changes it: no translation-invariant law has it
    row = np.asarray(ring.correlation(n, xi))
    wrapped = np.asarray(ring.circulant(row))
    np.testing.assert_array_equal(wrapped, np.roll(wrapped, (1, 1), axis=(0, 1)))
    image = np.arange(-60, 61)
    gaussian = np.exp(-((np.pi * xi * (place[:, None] / n + image)) ** 2)).sum(1)
    spectrum = np.fft.fft(row).real
    np.testing.assert_allclose(spectrum, spectrum[0] * gaussian / gaussian[0], atol=1e-12)


def filmed() -> dict[str, np.ndarray]:
    """The IPR at the start, under ``start``, and at the end for each law, seed by seed."""
    # As the chapter films it, in its precision, so that one of the two finds what the other has computed.
    with jax.enable_x64(False):
        films = learning.watch()
    ends = {name: np.asarray(measures.inverse_participation(w[:, -1])) for name, w in films.weights.items()}
    assert films.times[-1] == pytest.approx(200)
    return ends | {"start": np.asarray(measures.inverse_participation(films.weights["gaussian"][:, 0]))}


def test_l_one_neuron_model() -> None:
    ends = filmed()
    assert ends["start"].mean() == pytest.approx(0.07, abs=0.01)
    for name in ("nlgp_inf", "ising"):
        margin.check_above(ends[name], 0.5)
    margin.check_above(ends["nlgp_3"], 0.3)
    margin.check_above(ends["uniform"], ends["start"], times=1.5)
    for name in ("gaussian", "laplace", "ternary"):
        margin.check_below(ends[name], ends["start"])


def test_l_support_is_key() -> None:
    # At gain 3 no pixel is 1 in size, and runs end at a place all the same.
    x = np.asarray(laws.NLGP(ring.correlation(8, 2.0), 3.0).sample(jax.random.key(0), 1000))
    assert np.abs(np.abs(x) - 1).min() > 0
    margin.check_above(filmed()["nlgp_3"], 0.3)
    # On the corners one pixel is best: every other one of many directions is worth less.
    x, p = finite(ISING[1])
    worth = [(p @ np.abs(x @ d)) ** 2 / (p @ (x @ d) ** 2) for d in (*np.eye(5), *ROWS)]
    np.testing.assert_allclose(worth[:5], 1)
    assert max(worth[5:]) < 0.99


def test_l_dynamics() -> None:
    one, zero = (finite(law) for law in ISING)
    Σ = moments(*one) + moments(*zero)
    for w in ROWS:
        f = let_through(w, *one)
        np.testing.assert_allclose(drift(w, one, zero), f / 2 - Σ @ w / 4, atol=1e-12)
        np.testing.assert_allclose(flow.drift(w, Task(*ISING)), f / 2 - Σ @ w / 4, atol=1e-12)
        step = flow.sampled_drift(jnp.asarray(w), jnp.asarray(one[0]), Task(*ISING).pull())
        np.testing.assert_allclose(step, np.sign(one[0] @ w) @ one[0] / 128 - Σ @ w / 4, atol=1e-12)
        # The note's right-hand side is no multiple of the true one.
        note = f / 2 - Σ @ w / 2
        both = np.stack([note, drift(w, one, zero)])
        assert np.linalg.svd(both)[1][1] > 1e-2
    # Its solution is ½ w(2t) all the same: v = ½w gives dv/dt = ½ · 2 · (−∇L(2v)).
    v = ROWS[0] / 2
    np.testing.assert_allclose(drift(2 * v, one, zero), let_through(v, *one) / 2 - Σ @ v / 2, atol=1e-12)
    # From one and the same start, so from twice the start by the true flow, another direction can be the end.
    spins = Task(*(laws.IsingRing.from_length(8, xi) for xi in (3.0, 1.0)))
    starts = np.random.default_rng(0).normal(size=(8, 8))
    ends = [[flow.hops(k * w, spins).rest for k in (1, 2)] for w in starts]
    other = [a @ b < 0.99 * np.linalg.norm(a) * np.linalg.norm(b) for a, b in ends]
    assert 1 <= sum(other) < 8


def test_l_quadratic_term() -> None:
    one, zero = (finite(law) for law in ISING)
    for w in ROWS:
        second = let_through(w, *one) / 2 - drift(w, one, zero)
        np.testing.assert_allclose(second, (moments(*one) + moments(*zero)) @ w / 4, atol=1e-12)
    x, p = skewed(3)
    for w in ROWS[:, :3]:
        M = moments(x, p * (x @ w >= 0))
        np.testing.assert_allclose(let_through(w, x, p) / 2 - drift(w, (x, p), (x, p)), M @ w, atol=1e-12)
        assert np.abs(M - moments(x, p) / 2).max() > 0.05


def test_l_universal_structure() -> None:
    # Two even label-0 laws with the same covariance: coins, and pixels 0 or ±√2. The drift is the same.
    one = finite(ISING[1])
    coins = (CORNERS[5], np.full(32, 1 / 32))
    x = np.array(list(itertools.product([-math.sqrt(2), 0.0, math.sqrt(2)], repeat=5)))
    rare = (x, np.prod(np.where(x == 0, 0.5, 0.25), axis=1))
    for w in ROWS:
        np.testing.assert_allclose(drift(w, one, coins), drift(w, one, rare), atol=1e-12)
    # A skewed one of the same covariance: it is not.
    assert np.abs(drift(ROWS[0], one, coins) - drift(ROWS[0], one, skewed(5))).max() > 0.01


def test_l_f_as_gradient() -> None:
    x, p = finite(ISING[1])

    def h(w):
        return p @ np.maximum(x @ w, 0)

    for w in ROWS:
        assert np.abs(x @ w).min() > 1e-3
        slope = [(h(w + 1e-6 * e) - h(w - 1e-6 * e)) / 2e-6 for e in np.eye(5)]
        np.testing.assert_allclose(slope, let_through(w, x, p), atol=1e-8)
    tie, v = np.array([1.0, 0, 1, 0, 0]), ROWS[1]
    right, left = (h(tie + 1e-6 * v) - h(tie)) / 1e-6, (h(tie) - h(tie - 1e-6 * v)) / 1e-6
    on_border = p[x @ tie == 0] @ np.abs(x[x @ tie == 0] @ v)
    assert right - left == pytest.approx(on_border, abs=1e-8) and on_border > 0.1
    assert (right + left) / 2 == pytest.approx(let_through(tie, x, p) @ v, abs=1e-8)


def test_l_property_scale() -> None:
    for x, p in (finite(ISING[1]), skewed(5)):
        for w in (*ROWS, np.array([1.0, 0, 1, 0, 0])):
            for scale in (1e-8, 0.5, 1e8):
                np.testing.assert_array_equal(let_through(scale * w, x, p), let_through(w, x, p))


def test_l_property_sign() -> None:
    x, p = finite(ISING[1])
    for w in (*ROWS, np.array([1.0, 0, 1, 0, 0])):
        np.testing.assert_allclose(let_through(-w, x, p), -let_through(w, x, p), atol=1e-15)
    # Mean 0, no ties, not even: it holds. Mean 0 with ties, translation-invariant: it does not.
    x, p = skewed(5)
    np.testing.assert_allclose(let_through(-ROWS[0], x, p), -let_through(ROWS[0], x, p), atol=1e-12)
    x, p, w = np.array([[1.0, 1], [-1, 0], [0, -1]]), np.full(3, 1 / 3), np.array([1.0, -1])
    np.testing.assert_allclose(p @ x, 0, atol=1e-15)
    np.testing.assert_allclose(let_through(w, x, p) + let_through(-w, x, p), [1 / 3, 1 / 3])
    # In general: E X + E[1(w·X = 0) X].
    p = np.array([0.6, 0.3, 0.1])
    tied = (p * (x @ w == 0)) @ x
    np.testing.assert_allclose(let_through(w, x, p) + let_through(-w, x, p), p @ x + tied)


def test_l_property_translation() -> None:
    for x, p in (finite(ISING[1]), skewed(5)):
        for w in ROWS:
            moved = let_through(np.roll(w, 1), x, p)
            np.testing.assert_allclose(moved, np.roll(let_through(w, x, p), 1), atol=1e-12)
    # A law with a special pixel does not have it.
    x, p = CORNERS[3], np.array([8.0, 1, 2, 3, 3, 2, 1, 8]) / 28
    w = np.array([0.7, -0.4, 0.2])
    assert np.abs(let_through(np.roll(w, 1), x, p) - np.roll(let_through(w, x, p), 1)).max() > 0.05


def sheared() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Six points of a translation-invariant ring of two pixels, and an A of order six that permutes them."""
    A = np.array([[1.0, 1], [-1, 0]])
    x = np.array([np.linalg.matrix_power(A.astype(int), k) @ [1, 0] for k in range(6)], float)
    return x, np.full(6, 1 / 6), A


def test_l_property_symmetry() -> None:
    x, p, A = sheared()
    as_set = {tuple(v) for v in x.tolist()}
    assert as_set == {tuple(v) for v in (x @ A.T).tolist()} == {tuple(v[::-1]) for v in x.tolist()}
    inverse = np.linalg.inv(A)
    off = []
    for w in np.random.default_rng(1).normal(size=(20, 2)):
        f = let_through(w, x, p)
        np.testing.assert_allclose(let_through(A.T @ w, x, p), inverse @ f, atol=1e-12)
        np.testing.assert_allclose(let_through(inverse.T @ w, x, p), A @ f, atol=1e-12)
        off.append(np.abs(let_through(A @ w, x, p) - inverse.T @ f).max())
    assert max(off) > 0.1


def test_l_property_4_covers() -> None:
    C = np.roll(np.eye(5), 1, axis=0)
    np.testing.assert_array_equal(C @ np.arange(5.0), np.roll(np.arange(5.0), 1))
    np.testing.assert_array_equal(np.linalg.inv(C).T, C)  # so property 4 with A = C is property 3
    # −I is a symmetry of even laws, and not of every translation-invariant one.
    x, _ = skewed(3)
    assert {tuple(v) for v in x.tolist()} != {tuple(v) for v in (-x).tolist()}


def test_l_only_shape_matters() -> None:
    x, p = finite(ISING[1])
    for w in ROWS:
        f, moved = let_through(w, x, p), let_through(-3 * np.roll(w, 2), x, p)
        np.testing.assert_allclose(moved, -np.roll(f, 2), atol=1e-12)
        assert np.abs(moved - f).max() > 0.1  # so the position of w does matter to f


def test_l_f_is_the_object() -> None:
    signs = {xi: laws.NLGP(ring.correlation(40, xi), np.inf) for xi in (1.0, 2.0, 3.0)}
    margins = [flow.pixel_state(Task(signs[3.0], signs[xi])).margin for xi in (1.0, 2.0)]
    assert margins[0] < -0.04 and margins[1] > 0.3
    # The closed form behind the margin, from its definition.
    Σ = {xi: np.asarray(law.covariance()) for xi, law in signs.items()}
    w = np.abs(np.linalg.solve(Σ[2.0] + Σ[3.0], Σ[3.0][0]))
    assert margins[1] == pytest.approx((w[0] - w[1:].sum()) / w.sum(), abs=1e-6)


def test_l_f_gaussian() -> None:
    law = laws.Gaussian(ring.correlation(5, 1.5))
    x = np.asarray(law.sample(jax.random.key(0), 400_000))
    Σ = np.asarray(law.covariance())
    for w in ROWS[:3]:
        formula = Σ @ w / np.sqrt(2 * np.pi * w @ Σ @ w)
        np.testing.assert_allclose(let_through(w, x, np.full(len(x), 1 / len(x))), formula, atol=5e-3)
        np.testing.assert_allclose(field(w, law).value, formula, atol=1e-7)


def test_l_footnote_shift() -> None:
    C = np.roll(np.eye(6), 1, axis=0)
    x = np.arange(6.0)
    assert all((C @ x)[(i + 1) % 6] == x[i] for i in range(6))


def test_l_footnote_orthogonal() -> None:
    # A reflection of the ring, a flip of every sign, and a signed permutation that coins do not feel.
    for (x, p), A in (
        (finite(ISING[1]), np.eye(5)[::-1]),
        (finite(ISING[1]), -np.eye(5)),
        ((CORNERS[5], np.full(32, 1 / 32)), np.diag([1.0, -1, 1, 1, -1])[[2, 0, 1, 4, 3]]),
    ):
        np.testing.assert_array_equal(A @ A.T, np.eye(5))
        for w in ROWS:
            np.testing.assert_allclose(let_through(A @ w, x, p), A @ let_through(w, x, p), atol=1e-12)


def jacobian() -> tuple[np.ndarray, np.ndarray]:
    """A w, and the derivatives there of f for a mixture of two Gaussians: a law that is not elliptical."""
    parts = [ring.circulant(ring.correlation(5, xi)) for xi in (0.7, 2.0)]

    def f(w):
        return sum(Σ @ w / jnp.sqrt(2 * jnp.pi * w @ Σ @ w) for Σ in parts) / 2

    return ROWS[0], np.asarray(jax.jacfwd(f)(jnp.asarray(ROWS[0])))


def test_l_extra_rows() -> None:
    w, J = jacobian()
    np.testing.assert_allclose(J @ w, 0, atol=1e-12)
    assert np.abs(J).max() > 0.05


def test_l_extra_columns() -> None:
    w, J = jacobian()
    np.testing.assert_allclose(w @ J, 0, atol=1e-12)
    np.testing.assert_allclose(J, J.T, atol=1e-12)


def test_l_extra_relu_only() -> None:
    # For leaky ReLU, slope c below 0, E σ(w·X) = (1 − c) h(w) + c E w·X: by finite differences of a mean.
    Σ = np.asarray(ring.circulant(ring.correlation(5, 1.5)))

    def mean(w, activation):
        """E σ(N) for N ~ N(0, wᵀΣw), by Gauss–Legendre on either side of the kink."""
        nodes, weights = np.polynomial.legendre.leggauss(60)
        z, dz = 5 * (nodes + 1), 5 * weights
        size = np.sqrt(w @ Σ @ w)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        return (dz * density) @ (activation(size * z) + activation(-size * z))

    def gradient(w, activation, step=1e-4):
        sides = [mean(w + s * step * e, activation) for e in np.eye(5) for s in (1, -1)]
        return np.subtract(sides[::2], sides[1::2]) / (2 * step)

    w, step = ROWS[0], 1e-3
    along, tanh = [
        np.linalg.norm(gradient(w * (1 + step), a) - gradient(w * (1 - step), a)) / (2 * step)
        for a in (lambda z: np.where(z > 0, z, 0.3 * z), lambda z: np.log1p(np.exp(z)))
    ]
    assert along < 1e-6 and tanh > 1e-2  # J w, for leaky ReLU and for softplus


def test_l_extra_important() -> None:
    # Property 1, differentiated, is J w = 0; inside a region of the cube even J = 0.
    w, J = jacobian()
    np.testing.assert_allclose(J @ w, 0, atol=1e-12)
    x, p = finite(ISING[1])
    for w in ROWS:
        reach = 0.9 * np.abs(x @ w).min() / np.sqrt(5)
        for e in np.concatenate([np.eye(5), -np.eye(5)]):
            np.testing.assert_array_equal(let_through(w + reach * e, x, p), let_through(w, x, p))


def test_l_extra_derivation() -> None:
    # E[δ(w·X) X Xᵀ] for a mixture of two Gaussians: density of w·X at 0, times the second moments given 0.
    w, J = jacobian()
    parts = [np.asarray(ring.circulant(ring.correlation(5, xi))) for xi in (0.7, 2.0)]
    by_delta = sum(
        (Σ - np.outer(Σ @ w, Σ @ w) / (w @ Σ @ w)) / np.sqrt(2 * np.pi * w @ Σ @ w) / 2 for Σ in parts
    )
    np.testing.assert_allclose(J, by_delta, atol=1e-12)
    np.testing.assert_allclose(by_delta @ w, 0, atol=1e-12)
    # On the corners: flat inside a cone, a jump across its border.
    x, p = finite(ISING[1])
    w, tie = ROWS[0], np.array([1.0, 0, 1, 0, 0])
    np.testing.assert_array_equal(let_through(w + 1e-9, x, p), let_through(w, x, p))
    sides = [let_through(tie + s * np.eye(5)[0], x, p) for s in (1e-9, -1e-9)]
    assert np.abs(sides[0] - sides[1]).max() > 0.05


def test_l_f_sometimes_exact() -> None:
    # In closed form for Gaussian signals, and at the corners where one pixel decides.
    x, p = finite(ISING[1])
    w = np.array([-3.0, 1, 0.5, 0.2, 1])
    np.testing.assert_allclose(let_through(w, x, p), -moments(x, p)[0] / 2, atol=1e-12)
    law = laws.Gaussian(moments(x, p)[0])
    Σ = moments(x, p)
    np.testing.assert_allclose(field(w, law).value, Σ @ w / np.sqrt(2 * np.pi * w @ Σ @ w), atol=1e-12)


def spectra(law: laws.Law) -> np.ndarray:
    """The eigenvalues of wave numbers 0 … n/2."""
    return np.fft.fft(np.asarray(law.correlation())).real[: law.n // 2 + 1]


@pytest.mark.parametrize("n", [8, 9])
def test_l_fourier_diagonal(n: int) -> None:
    angle = 2 * np.pi * np.outer(np.arange(n), np.arange(n)) / n
    waves = np.concatenate([np.cos(angle[: n // 2 + 1]), np.sin(angle[1 : (n + 1) // 2])])
    P = (waves / np.linalg.norm(waves, axis=1, keepdims=True)).T
    np.testing.assert_allclose(P.T @ P, np.eye(n), atol=1e-12)
    row = ring.correlation(n, 1.5)
    for law in (laws.IsingRing(n, -0.6), laws.NLGP(row, 2.0), laws.Copula(row, laws.Laplace())):
        Λ = P.T @ np.asarray(law.covariance()) @ P
        np.testing.assert_allclose(Λ, np.diag(np.diag(Λ)), atol=1e-12)
        # The eigenvalue of each wave, cosines before sines.
        spectrum = law.spectrum()
        np.testing.assert_allclose(
            np.diag(Λ), [*spectrum[: n // 2 + 1], *spectrum[1 : (n + 1) // 2]], atol=1e-12
        )
    # A covariance that is not translation-invariant stays as full as before.
    odd = P.T @ np.exp(-(np.subtract.outer(np.arange(n), np.arange(n)) ** 2) / 4) @ P
    assert np.abs(odd - np.diag(np.diag(odd))).max() > 0.01


def test_l_second_term_shrinks() -> None:
    for one, zero in itertools.permutations([*ISING, laws.IsingRing(5, -0.7)], 2):
        Σ = moments(*finite(one)) + moments(*finite(zero))
        step = np.eye(5) - 0.01 * Σ / 4
        for w in ROWS:
            assert np.linalg.norm(step @ w) < np.linalg.norm(w)


def test_l_footnote_frequencies() -> None:
    for n, xi in ((9, 1.0), (12, 1.5), (40, 2.0)):
        # Lengths whose smallest eigenvalue is still well above the rounding.
        assert np.all(np.diff(spectra(laws.Gaussian(ring.correlation(n, xi)))) < -1e-7)
        for gain in (1.0, np.inf):
            assert np.all(np.diff(spectra(laws.NLGP(ring.correlation(n, xi), gain))) < 0)
    assert np.all(np.diff(spectra(laws.IsingRing(12, -0.7))) > 0)
    # Each wave fades at its own rate: one step of the linear flow on a wave.
    Σ = moments(*finite(ISING[0])) + moments(*finite(ISING[1]))
    wave = np.cos(2 * np.pi * np.arange(5) / 5)
    rate = spectra(ISING[0])[1] + spectra(ISING[1])[1]
    np.testing.assert_allclose(Σ @ wave, rate * wave, atol=1e-12)


def test_l_balanced_bumps() -> None:
    for law in ISING:
        x, p = finite(law)
        for w in (np.array([1.0, 0, 1, 0, 0]), np.array([0, 2.0, 2.0, 0, 0])):
            np.testing.assert_allclose(
                let_through(w, x, p), moments(x, p) @ (w > 0).astype(float) / 4, atol=1e-12
            )


def test_l_signal_model() -> None:
    law = laws.NLGP(ring.correlation(6, 2.0), 3.0)
    z = law.gaussian.sample(jax.random.key(0), 50_000)
    x = np.asarray(law.sample(jax.random.key(0), 50_000))
    expected = jax.scipy.special.erf(3.0 * z) / math.sqrt(2 / math.pi * math.asin(18 / 19))
    np.testing.assert_allclose(x, expected, atol=1e-12)
    assert np.mean(x**4) - 3 < -1.5  # a Gaussian X would have 0


GAINS = [0.01, 0.3, 1.0, 4.0, 100.0]


@pytest.mark.parametrize("g", GAINS)
def test_l_signal_normalized(g: float) -> None:
    # On either side of where erf(gz) has come up to 1.
    bend, (nodes, weights) = min(6 / g, 5), np.polynomial.legendre.leggauss(200)
    z = np.r_[bend * (nodes + 1) / 2, bend + (10 - bend) * (nodes + 1) / 2]
    dz = np.r_[bend * weights / 2, (10 - bend) * weights / 2]
    erf = np.array([math.erf(g * v) for v in z])
    variance = 2 * (dz * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)) @ erf**2
    assert variance == pytest.approx(2 / math.pi * math.asin(2 * g**2 / (1 + 2 * g**2)), rel=1e-12)


def test_l_signal_covariance() -> None:
    c = np.linspace(0, 1, 20001)
    largest = []
    for g in (*GAINS, np.inf):
        s = 1 / (1 + 1 / (2 * g**2))
        gap = c - np.arcsin(s * c) / np.arcsin(s)
        assert gap.min() >= -1e-15
        largest.append(gap.max())
    assert np.all(np.diff(largest) > 0) and largest[2] < 0.037
    exact = math.sqrt(1 - 4 / math.pi**2) - 2 / math.pi * math.acos(2 / math.pi)
    assert largest[-1] == pytest.approx(exact, abs=1e-8) and 0.2105 < exact < 0.2106
    # And the arcsine is what signals have.
    law = laws.NLGP(ring.correlation(8, 2.0), 2.0)
    x = np.asarray(law.sample(jax.random.key(1), 400_000))
    np.testing.assert_allclose(x.T @ x / len(x), np.asarray(law.covariance()), atol=8e-3)


def test_l_small_gain() -> None:
    key = jax.random.key(2)
    z = laws.Gaussian(ring.correlation(6, 2.0)).sample(key, 10_000)
    gaps = [
        float(jnp.abs(laws.NLGP(ring.correlation(6, 2.0), g).sample(key, 10_000) - z).max())
        for g in (0.1, 0.01, 0.001)
    ]
    assert gaps[0] > 50 * gaps[1] > 2500 * gaps[2] and gaps[2] < 1e-4


def test_l_large_gain() -> None:
    key, row = jax.random.key(3), ring.correlation(6, 2.0)
    signs = np.asarray(jnp.sign(laws.Gaussian(row).sample(key, 10_000)))
    far = [
        np.mean(np.abs(np.asarray(laws.NLGP(row, g).sample(key, 10_000)) - signs) > 0.05) for g in (10, 1e3)
    ]
    assert far[0] > 0.05 and far[1] < 2e-3
    limit = np.asarray(laws.NLGP(row, np.inf).sample(key, 10_000))
    np.testing.assert_array_equal(limit, signs)


def test_l_single_bump() -> None:
    for law in ISING:
        x, p = finite(law)
        np.testing.assert_allclose(let_through(np.eye(5)[2], x, p), moments(x, p)[2] / 2, atol=1e-12)
    # Gaussian signals have another factor, and on the corners a law that is not even another vector.
    law = laws.Gaussian(ring.correlation(5, 1.5))
    Σ = np.asarray(law.covariance())
    np.testing.assert_allclose(field(np.eye(5)[2], law).value, Σ[2] / math.sqrt(2 * math.pi), atol=1e-7)
    x, p = CORNERS[5], np.arange(1, 33) / 528
    assert np.abs(let_through(np.eye(5)[2], x, p) - moments(x, p)[2] / 2).max() > 0.01


@pytest.mark.parametrize("alpha", [1.001, 2.0, 50.0])
def test_l_imbalanced_bumps(alpha: float) -> None:
    x, p = finite(ISING[1])
    w = alpha * np.eye(5)[0] + np.eye(5)[2]
    np.testing.assert_allclose(let_through(w, x, p), moments(x, p)[0] / 2, atol=1e-12)


@pytest.mark.parametrize("alpha", [1.001, 2.0, 50.0])
def test_l_imbalanced_flipped(alpha: float) -> None:
    x, p = finite(ISING[1])
    w = alpha * np.eye(5)[0] - np.eye(5)[2]
    np.testing.assert_allclose(let_through(w, x, p), moments(x, p)[0] / 2, atol=1e-12)


@pytest.mark.parametrize("beta", [1.001, 1.5, 20.0])
def test_l_three_bumps(beta: float) -> None:
    one, two, three = np.eye(5)[[0, 2, 3]]
    for x, p in (finite(ISING[1]), finite(laws.UniformCube(5))):
        Σ, triple = moments(x, p), (p * x[:, 0] * x[:, 2] * x[:, 3]) @ x
        ahead = let_through((beta + 1.001) * one + beta * two + three, x, p)
        np.testing.assert_allclose(ahead, Σ[0] / 2, atol=1e-12)
        for alpha in (beta + 1e-3, beta + 0.999):
            outvoted = let_through(alpha * one + beta * two + three, x, p)
            np.testing.assert_allclose(outvoted, (Σ @ (one + two + three) - triple) / 4, atol=1e-12)
    np.testing.assert_allclose(outvoted, (one + two + three) / 4, atol=1e-12)


def test_l_first_entry_form() -> None:
    w1, w2, w3, x1, x2, x3 = sp.symbols("w1 w2 w3 x1 x2 x3", real=True)
    assert sp.expand((x1 + (w2 * x2 + w3 * x3) / w1) * w1 - (w1 * x1 + w2 * x2 + w3 * x3)) == 0
    for w in np.abs(ROWS) * np.sign([1, -1, 1, -1, 1]):
        x = CORNERS[5]
        np.testing.assert_array_equal(x @ w >= 0, x[:, 0] >= -(x[:, 1:] @ w[1:]) / w[0])


def test_l_dominant_entry() -> None:
    x = CORNERS[5]
    for others in ROWS[:, 1:]:
        w = np.r_[1.0, 0.999 * others / np.abs(others).sum()]
        np.testing.assert_array_equal(x @ w >= 0, x[:, 0] >= 1)
        # A little more than that, and some corner decides otherwise.
        w = np.r_[1.0, 1.001 * others / np.abs(others).sum()]
        assert np.any((x @ w >= 0) != (x[:, 0] >= 1))
