"""The geometry of the ring: wrapped covariances, circulant matrices, Fourier modes."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nmn.hypercube import ring


# Few sizes: each is compiled anew.
@given(st.sampled_from([1, 2, 3, 8, 13, 60]), st.floats(0.05, 1.0))
@example(2, 0.7108695652173913)  # the first of the row, over itself, was not 1 in the last bit
def test_wrapped_correlation_is_a_correlation(n: int, part: float) -> None:
    row = np.asarray(ring.correlation(n, max(part * n, 0.3)))
    assert row[0] == 1
    np.testing.assert_allclose(row[1:], row[:0:-1], rtol=0, atol=1e-12)
    assert np.linalg.eigvalsh(ring.circulant(row)).min() > -1e-12


def test_wrapped_correlation_is_the_plain_one_on_a_long_ring() -> None:
    distance = np.minimum(np.arange(100), 100 - np.arange(100))
    np.testing.assert_allclose(ring.correlation(100, 3.0), np.exp(-(distance**2) / 9), rtol=0, atol=1e-15)


def test_shortest_distance_is_no_covariance_and_is_refused() -> None:
    distance = np.minimum(np.arange(12), 12 - np.arange(12))
    row = np.exp(-(distance**2) / 36.0)
    assert np.linalg.eigvalsh(ring.circulant(row)).min() < -0.01
    with pytest.raises(ValueError, match="row must have no eigenvalue below 0"):
        ring.valid_correlation(row)


@pytest.mark.parametrize("n", [1, 2, 7, 12])
def test_fourier_basis_diagonalises_every_circulant(n: int) -> None:
    basis = ring.fourier(n)
    np.testing.assert_allclose(basis.T @ basis, np.eye(n), atol=1e-14)
    row = np.asarray(ring.correlation(n, 0.4 * n))
    turned = basis.T @ np.asarray(ring.circulant(row)) @ basis
    np.testing.assert_allclose(turned, np.diag(np.diag(turned)), atol=1e-14)
    np.testing.assert_allclose(np.sort(np.diag(turned)), np.sort(ring.spectrum(row)), atol=1e-14)


def test_root_squares_to_the_matrix() -> None:
    row = ring.correlation(30, 4.0)
    half = np.asarray(ring.root(row))
    np.testing.assert_allclose(half @ half, ring.circulant(row), atol=1e-13)


def test_shifts_commute_with_circulants() -> None:
    w = np.random.default_rng(0).normal(size=9)
    C = np.asarray(ring.circulant(ring.correlation(9, 2.0)))
    np.testing.assert_array_equal(ring.shifts(w)[2], np.roll(w, 2))
    np.testing.assert_allclose(np.asarray(ring.shifts(w)) @ C, ring.shifts(C @ w), atol=1e-14)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: ring.correlation(0, 1.0), "n must"),
        (lambda: ring.correlation(2.5, 1.0), "n must"),
        (lambda: ring.correlation(10, 0.0), "xi must"),
        (lambda: ring.correlation(10, 11.0), "xi must"),
        (lambda: ring.valid_correlation([[1.0]]), "one axis"),
        (lambda: ring.valid_correlation([2.0, 0.0]), "variance 1"),
        (lambda: ring.valid_correlation([1.0, 0.2, 0.1]), "both ways round"),
        (lambda: ring.valid_correlation([1.0, np.nan]), "NaN"),
        (lambda: ring.circulant("abc"), "row must be an array of numbers"),
        (lambda: ring.root([[1.0]]), "row must have 1 axes"),
        (lambda: ring.spectrum([1.0j]), "row must be real"),
        (lambda: ring.shifts(1.0), "w must have 1 axes"),
    ],
)
def test_bad_input(call, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        call()
