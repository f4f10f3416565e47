"""The measures against the closed forms of fields that can be read off."""

import jax
import numpy as np
import pytest
from scipy import stats

from nmn.hypercube import measures

N = 40
PLACE = np.arange(N)


def test_participation_of_fields_with_known_values() -> None:
    noise = np.random.default_rng(0).normal(size=(20_000, N))
    width = 3.0
    bump = np.exp(-((PLACE - 20) ** 2) / (2 * width**2))
    assert np.isclose(measures.inverse_participation(np.full(N, -2.0)), 1 / N)
    assert np.isclose(measures.inverse_participation(np.cos(2 * np.pi * 3 * PLACE / N)), 3 / (2 * N))
    assert np.isclose(measures.inverse_participation(np.eye(N)[3]), 1)
    assert np.isclose(measures.inverse_participation(bump), 1 / (width * np.sqrt(2 * np.pi)), rtol=1e-6)
    assert abs(np.mean(measures.inverse_participation(noise)) - 3 / (N + 2)) < 3e-4
    assert np.isclose(measures.participation_width(np.eye(N)[3] + np.eye(N)[9]), 2)


def test_participation_ignores_scale_place_and_sign() -> None:
    w = np.random.default_rng(1).normal(size=N)
    reference = measures.inverse_participation(w)
    for other in (1e-30 * w, 1e25 * w, -w, np.roll(w, 7)):
        np.testing.assert_allclose(measures.inverse_participation(other), reference, rtol=1e-12)


@pytest.mark.parametrize("n", [7, 8])
def test_power_is_a_share_and_finds_the_mode(n: int) -> None:
    place = np.arange(n)
    w = 2 * np.cos(2 * np.pi * 2 * place / n + 0.3) + 1
    np.testing.assert_allclose(measures.power_spectrum(w), [1 / 3, 0, 2 / 3] + [0] * (n // 2 - 2), atol=1e-12)
    np.testing.assert_allclose(
        np.sum(measures.power_spectrum(np.random.default_rng(0).normal(size=(5, n))), -1), 1
    )


def test_position_moves_with_the_field() -> None:
    bump = np.exp(-((PLACE - 20) ** 2) / 8.0)
    for step in (0, 5, 25):
        place, sure = measures.position(np.roll(bump, step))
        assert abs(place - (20 + step) % N) < 1e-6 and 0.9 < sure < 1
    assert measures.position(np.ones(N))[1] < 1e-12


def test_kurtosis_is_that_of_the_entries() -> None:
    w = np.random.default_rng(2).standard_t(5, size=(3, N)) + 4
    np.testing.assert_allclose(measures.excess_kurtosis(w), stats.kurtosis(w, axis=-1), rtol=1e-10)


@pytest.mark.parametrize(
    "name", ["inverse_participation", "participation_width", "power_spectrum", "position"]
)
@pytest.mark.parametrize("bad", [np.zeros(5), [1.0, np.nan], [1.0, np.inf], [[1.0, 2.0], [0.0, 0.0]], 3.0])
def test_bad_input(name: str, bad) -> None:
    with pytest.raises(ValueError, match="w must"):
        getattr(measures, name)(bad)


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize(
    "name", ["inverse_participation", "participation_width", "power_spectrum", "position", "excess_kurtosis"]
)
def test_a_batch_is_measured_row_by_row(name: str, n: int) -> None:
    measure, w = getattr(measures, name), np.random.default_rng(n).normal(size=(2, 3, n))
    together = measure(w)
    for place in np.ndindex(2, 3):
        row = jax.tree.map(lambda part, place=place: part[place], together)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), row, measure(w[place]))


def test_a_constant_field_has_no_kurtosis() -> None:
    with pytest.raises(ValueError, match="w must be finite and not zero"):
        measures.excess_kurtosis(np.ones(5))
