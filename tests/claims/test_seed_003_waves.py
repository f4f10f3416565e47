"""Source 003 on elliptical signals: their field, the flow in Fourier space, and where it rests."""

import itertools

import jax
import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.field import field
from tests.claims.written_out import CORNERS, ISING, ROWS, coins, drift, finite, let_through, moments

pytestmark = pytest.mark.usefixtures("float64")

N = 9
with jax.enable_x64(True):
    ROW = {xi: ring.correlation(N, xi) for xi in (1.0, 2.0)}
    ELLIPTICAL = (laws.Gaussian(ROW[2.0]), laws.Student(ROW[2.0], 5), laws.Shell(ROW[2.0]))


def waves(n: int) -> np.ndarray:
    """The real Fourier basis, one wave a column: cosines of wave numbers 0 … n/2, then sines."""
    angle = 2 * np.pi * np.outer(np.arange(n), np.arange(n)) / n
    rows = np.concatenate([np.cos(angle[: n // 2 + 1]), np.sin(angle[1 : (n + 1) // 2])])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T


def spectra(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """The eigenvalues of Σ₁ and Σ₀ for the columns of ``waves``."""
    P = waves(task.n)
    return tuple(np.diag(P.T @ np.asarray(law.covariance()) @ P) for law in (task.positive, task.negative))  # type: ignore[return-value]


def task(kind: type = laws.Gaussian, *more: float) -> Task:
    """Label 1 of length 1, label 0 of length 2."""
    return Task(kind(ROW[1.0], *more), kind(ROW[2.0], *more))


@pytest.mark.parametrize("law", ELLIPTICAL, ids=lambda law: type(law).__name__)
def test_l_f_elliptical(law: laws.Law) -> None:
    x = np.asarray(law.sample(jax.random.key(0), 200_000))
    Σ = np.asarray(law.covariance())
    for w in np.random.default_rng(0).normal(size=(3, N)):
        f = np.sign(x @ w) @ x / (2 * len(x))
        g = f @ (Σ @ w) / np.linalg.norm(Σ @ w) ** 2
        np.testing.assert_allclose(f, g * Σ @ w, atol=6e-3)
        assert g > 0.05
    # Without rotations f points elsewhere: signs of the same Gaussian.
    signs = laws.NLGP(ROW[2.0], np.inf)
    x, Σ = np.asarray(signs.sample(jax.random.key(0), 200_000)), np.asarray(signs.covariance())
    w = np.eye(N)[0] + 0.5 * np.eye(N)[4]
    f = np.sign(x @ w) @ x / (2 * len(x))
    across = f - f @ (Σ @ w) / np.linalg.norm(Σ @ w) ** 2 * Σ @ w
    assert np.linalg.norm(across) > 0.05


def test_l_g_scaling() -> None:
    for law in ELLIPTICAL:
        x = np.asarray(law.sample(jax.random.key(1), 200_000))
        Σ = np.asarray(law.covariance())
        κ = np.abs(x).mean() / 2
        for w in (np.eye(N)[0], *np.random.default_rng(1).normal(size=(3, N))):
            for scale in (0.1, 1.0, 10.0):
                square = scale**2 * w @ Σ @ w
                f = np.sign(x @ (scale * w)) @ x / (2 * len(x))
                g = f @ (Σ @ w) / np.linalg.norm(Σ @ w) ** 2 / scale
                assert g * square**0.5 == pytest.approx(κ, rel=0.02)


def test_l_fourier_flow() -> None:
    P, pair = waves(N), task()
    one, zero = spectra(pair)
    κ = np.sqrt(2 / np.pi) / 2
    for w in np.random.default_rng(2).normal(size=(4, N)):
        # The drift by its definition, from a hundred thousand signals, and in the library.
        u = P.T @ w
        g = κ / np.sqrt(u @ (one * u))
        corrected = g * one * u / 2 - (one + zero) * u / 4
        noted = g * one * u - (one + zero) * u / 2
        np.testing.assert_allclose(P.T @ flow.drift(w, pair), corrected, atol=1e-7)
        np.testing.assert_allclose(noted, 2 * corrected)
    law = pair.positive
    x = np.asarray(law.sample(jax.random.key(0), 400_000))
    y = np.asarray(pair.negative.sample(jax.random.key(1), 400_000))
    answer, wrong = np.maximum(x @ w, 0), np.maximum(y @ w, 0)
    downhill = -(((answer - 1) * (x @ w > 0)) @ x + wrong @ y) / (2 * len(x))
    np.testing.assert_allclose(P.T @ downhill, corrected, atol=1.5e-2)


def test_l_fourier_half() -> None:
    P = waves(N)
    law = task().positive
    for w in np.random.default_rng(3).normal(size=(3, N)):
        Σ = np.asarray(law.covariance())
        u, g = P.T @ w, 1 / np.sqrt(2 * np.pi * w @ Σ @ w)
        first = P.T @ field(w, law).value / 2
        whole = g * np.diag(P.T @ Σ @ P) * u
        np.testing.assert_allclose(first, whole / 2, atol=1e-7)
        assert np.abs(first - whole).max() > 0.01


def test_l_steady_states_computable() -> None:
    for pair in (task(), task(laws.Student, 5.0), task(laws.Shell)):
        one, zero = spectra(pair)
        κ = float(pair.positive.elliptical()) / 2
        for column, λ1, λ0 in zip(waves(N).T, one, zero, strict=True):
            length = 2 * κ * np.sqrt(λ1) / (λ0 + λ1)
            np.testing.assert_allclose(flow.drift(length * column, pair), 0, atol=1e-7)
            assert np.abs(flow.drift(1.1 * length * column, pair)).max() > 1e-3
        # Two waves of different ratios are never at rest together.
        both = waves(N)[:, 1] + waves(N)[:, 3]
        turned = [flow.drift(a * both, pair) / a for a in np.geomspace(0.05, 3, 30)]
        assert min(np.abs(drift).max() for drift in turned) > 1e-3


def share_of_two(w: np.ndarray) -> float:
    """How much of w is in its strongest wave number: one mode or two."""
    return float(np.asarray(measures.power_spectrum(w)).max())


def test_l_one_or_two_modes() -> None:
    pair = task()
    one, zero = spectra(pair)
    ratio = (one / (one + zero))[: N // 2 + 1]
    best = int(np.argmax(ratio))
    for q, j in itertools.permutations(range(N // 2 + 1), 2):
        # A trace of another wave grows or dies as the ratios say.
        κ = np.sqrt(2 / np.pi) / 2
        rest = 2 * κ * np.sqrt(one[q]) / (one[q] + zero[q]) * waves(N)[:, q]
        rate = flow.drift(rest + 1e-6 * waves(N)[:, j], pair) @ waves(N)[:, j] / 1e-6
        assert rate == pytest.approx((one[j] + zero[j]) / 4 * (ratio[j] / ratio[q] - 1), abs=2e-2)
        assert (rate > 0) == (ratio[j] > ratio[q])
    assert best == np.argmax(ratio) and np.sort(ratio)[-1] > np.sort(ratio)[-2]
    # Equal covariances: a sum of all modes can be at rest.
    law = laws.Gaussian(ROW[1.0])
    w = np.random.default_rng(4).normal(size=N)
    Σ = np.asarray(law.covariance())
    w /= 2 * np.sqrt(2 * np.pi) * np.sqrt(w @ Σ @ w) / 2
    np.testing.assert_allclose(flow.drift(w, Task(law, law)), 0, atol=1e-7)
    assert share_of_two(w) < 0.9


def test_l_footnote_modes() -> None:
    pair = Task(*(laws.Gaussian(ring.correlation(8, xi)) for xi in (2.0, 1.0)))
    starts = np.random.default_rng(5).normal(size=(6, 8))
    ends = [np.asarray(flow.smooth(w, pair, np.array([0.0, 150.0])))[-1] for w in starts]
    assert max(share_of_two(w) for w in starts) < 0.9 and min(share_of_two(w) for w in ends) > 0.999
    law = laws.Gaussian(ring.correlation(8, 1.0))
    ends = [np.asarray(flow.smooth(w, Task(law, law), np.array([0.0, 150.0])))[-1] for w in starts]
    assert max(share_of_two(w) for w in ends) < 0.95


def test_l_sparse_frequency_not_space() -> None:
    n = 40
    for q in range(1, 20):
        w = np.cos(2 * np.pi * q * np.arange(n) / n + 0.7)
        assert share_of_two(w) > 1 - 1e-9
        ipr = float(measures.inverse_participation(w))
        assert ipr == pytest.approx(3 / (2 * n) if 4 * q % n else ipr) and ipr < 0.051
    assert float(measures.inverse_participation(np.eye(n)[3])) == 1 and share_of_two(np.eye(n)[3]) < 0.06


def test_l_second_term_gaussian() -> None:
    # Coins and Gaussian noise have the same covariance: the second terms agree, the first ones do not.
    pair = [finite(ISING[1]), coins(5)]
    bells = Task(*(laws.Gaussian(moments(x, p)[0]) for x, p in pair))
    for w in ROWS:
        second = let_through(w, *pair[0]) / 2 - drift(w, *pair)
        gaussian = field(w, bells.positive).value / 2 - flow.drift(w, bells)
        np.testing.assert_allclose(second, gaussian, atol=1e-7)
    assert np.abs(let_through(ROWS[0], *pair[0]) - field(ROWS[0], bells.positive).value).max() > 0.01
    assert len(CORNERS[5]) == 32


def test_l_gaussian_early_reason() -> None:
    # |½ f| <= ¼ √λ whatever w; the mean square of the second term is σ²/16 tr(Σ₀ + Σ₁)² >= σ² n/4.
    n = 40
    for kind in (laws.Gaussian, lambda row: laws.NLGP(row, np.inf)):
        pair = Task(*(kind(ring.correlation(n, xi)) for xi in (3.0, 1.0)))
        λ = np.linalg.eigvalsh(np.asarray(pair.positive.covariance())).max()
        x = np.asarray(pair.positive.sample(jax.random.key(0), 20_000))
        for σ, above in ((1.0, True), (0.02, False)):
            for w in σ * np.random.default_rng(6).normal(size=(8, n)):
                first = np.linalg.norm(np.sign(x @ w) @ x / (4 * len(x)))
                second = np.linalg.norm(pair.pull() @ w)
                assert first <= np.sqrt(λ) / 4 + 0.02
                assert (second > 4 * first) if above else (second < first / 2)
        trace = np.trace((4 * np.asarray(pair.pull())) @ (4 * np.asarray(pair.pull())))
        assert trace >= 4 * n
