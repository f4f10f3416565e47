"""ⵟ as a kernel: the series and its remainder, features without bias, eigenvalues by quadrature."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn import product
from nmn.product.kernel import circle_eigenvalues, random_features, series

X = np.array([[1.0, -0.5, 0.2], [0.3, 0.8, -0.6]])
Y = np.array([[0.7, 0.1, 0.9], [-0.4, 0.5, 0.5], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize("bias", [0.0, 0.7, -0.4])
@pytest.mark.parametrize("terms", [0, 1, 4])
def test_the_series_leaves_out_what_it_says(bias, terms):
    value = product.pairwise(X, Y, eps=0.4, bias=bias)
    ratio = 2 * X @ Y.T / (0.4 + (X**2).sum(1)[:, None] + (Y**2).sum(1))
    left = value - series(X, Y, terms, eps=0.4, bias=bias)
    np.testing.assert_allclose(left, value * ratio**terms, atol=2e-6)


def test_random_features_have_the_kernel_as_their_mean_and_keep_the_bound():
    keys = jax.random.split(jax.random.key(3), 400)
    z = jax.vmap(lambda key: random_features(key, X, 200, eps=0.4))(keys)
    assert z.shape == (400, 2, 400)
    tables = np.asarray(z @ jnp.swapaxes(z, 1, 2))
    error = tables - np.asarray(product.gram(X, eps=0.4))
    size = (X**2).sum(1)
    bound = 3 * size[:, None] * size / (0.4 * np.sqrt(200))
    assert np.all(abs(error.mean(0)) < 4 * error.std(0) / 20)
    assert np.all(error.std(0) < 1.1 * bound)


@pytest.mark.parametrize("eps", [0.05, 1.0, 20.0])
def test_the_eigenvalues_on_the_circle_are_fourier_coefficients(eps):
    t = np.cos(2 * np.pi * np.arange(1024) / 1024)
    found = np.fft.fft(t**2 / (2 + eps - 2 * t)).real / 1024
    np.testing.assert_allclose(circle_eigenvalues(9, eps=eps), found[:9], rtol=1e-9, atol=1e-15)
    assert circle_eigenvalues(1, eps=eps).shape == (1,)


def test_half_precision_in_is_half_precision_out():
    x = jnp.asarray(X, jnp.float16)
    assert series(x, x, 2, eps=1.0).dtype == jnp.float16
    assert random_features(jax.random.key(0), x, 3, eps=1.0).dtype == jnp.float16


def test_bad_arguments_are_refused():
    key = jax.random.key(0)
    for call in (
        lambda: series(X, Y, -1, eps=1.0),
        lambda: series(X, Y, 2, eps=0.0),
        lambda: series(X, Y[:, :2], 2, eps=1.0),
        lambda: random_features(key, X, 0, eps=1.0),
        lambda: random_features(key, X[0], 2, eps=1.0),
        lambda: random_features(key, X, 2, eps=-1.0),
        lambda: circle_eigenvalues(0, eps=1.0),
        lambda: circle_eigenvalues(3, eps=0.0),
    ):
        with pytest.raises(ValueError):
            call()
