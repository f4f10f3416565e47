"""The ⵟ-product wherever JAX runs: strict users, meshes, exported programs, all kinds of numbers."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nmn.layers import Dense
from nmn.product import (
    argmax,
    attained,
    far_field,
    far_gradient,
    grad_w,
    grad_x,
    gradient_lipschitz,
    gram,
    lipschitz,
    pairwise,
    supremum,
    yat,
)
from tests.defaults import defaults
from tests.limit import SECONDS

RNG = np.random.default_rng(0)
X, W = (jnp.asarray(RNG.normal(size=(n, 3)), jnp.float32) for n in (5, 4))
# More close pairs in a row than rounds are worth.
CROWD = W[:1] + jnp.asarray(RNG.normal(size=(40, 3)), jnp.float32) / 1000


def slopes(x, w):
    return jax.grad(lambda *given: jnp.sum(jnp.sin(pairwise(*given, bias=0.5))), (0, 1))(x, w)


CALLS = {
    "pairwise": lambda: pairwise(X, W, bias=np.arange(4.0, dtype=np.float32)),
    "pairwise, close": lambda: (pairwise(W, W), slopes(W, W)),
    "pairwise, crowded": lambda: (pairwise(CROWD, CROWD), slopes(CROWD, CROWD)),
    "second derivatives": lambda: jax.jacrev(lambda w: slopes(X[:2], w)[1])(W[:2]),
    "gram": lambda: gram(X, bias=0.5),
    "yat": lambda: yat(W[:, None], X, bias=np.arange(5.0, dtype=np.float32), eps=np.ones((4, 1), np.float32)),
    "gradients": lambda: (grad_x(W[:, None], X), grad_w(W[:, None], X)),
    "bounds": lambda: [
        bound(jnp.stack([W, W]), bias=np.arange(4.0, dtype=np.float32))
        for bound in (supremum, argmax, lipschitz, gradient_lipschitz)
    ],
    "far out": lambda: (far_field(W[:, None], X), far_gradient(W[0], X[0])),
}


@pytest.mark.parametrize("call", CALLS)
def test_strict_users_are_served(call: str) -> None:
    free = CALLS[call]()
    ranks, dtypes = jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict")
    with ranks, dtypes, jax.debug_nans(True):
        jax.tree.map(np.testing.assert_array_equal, CALLS[call](), free)


def test_the_batch_of_an_exported_program_may_have_any_size() -> None:
    (batch,) = jax.export.symbolic_shape("batch")
    rows = jax.ShapeDtypeStruct((batch, 3), jnp.float32)
    for function in (pairwise, slopes):
        exported = jax.export.export(jax.jit(function))(rows, W)
        for x in (X, X[:1], CROWD):
            jax.tree.map(
                lambda found, true: np.testing.assert_allclose(found, true, rtol=1e-4, atol=1e-4),
                exported.call(x, W),
                function(x, W),
            )


FUNCTIONS = {
    **dict.fromkeys((yat, grad_x, grad_w, far_gradient), (W[0], W[0] + 1e-3)),
    pairwise: (X, jnp.concatenate([W, X])),
    gram: (X,),
    **dict.fromkeys((supremum, attained, argmax, lipschitz, gradient_lipschitz), (W[0],)),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_eps_and_bias_may_be_left_out(function: Callable) -> None:
    given = FUNCTIONS[function]
    assert defaults(function) == {"eps": 1e-5, "bias": 0.0}
    jax.tree.map(np.testing.assert_array_equal, function(*given), function(*given, eps=1e-5, bias=0.0))


MATRIX_PRODUCTS = {
    "pairwise": pairwise,
    "slopes": slopes,
    "gram": lambda x, w: gram(x),
    "second derivatives": lambda x, w: jax.jacrev(lambda w: slopes(x, w)[1])(w),
    "Dense": lambda x, w: eqx.tree_at(lambda layer: layer.weight, Dense(3, 4, key=jax.random.key(0)), w)(x),
}


@pytest.mark.parametrize("call", MATRIX_PRODUCTS)
def test_matrix_products_keep_their_digits_on_accelerators(call: str) -> None:
    """Where the hardware multiplies with fewer bits than a float32 has, unless it is told."""
    lines = jax.jit(MATRIX_PRODUCTS[call]).lower(X, W).as_text().splitlines()
    products = [line for line in lines if "dot_general" in line]
    assert products and all("precision = [HIGHEST, HIGHEST]" in line for line in products)


def test_four_devices_give_what_one_gives() -> None:
    program = Path(__file__).with_name("on_four_devices.py")
    ran = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=SECONDS)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["shard_map", "explicit", "gram"]


# Numbers.


@pytest.mark.parametrize("big", [3_000_000_000, np.int64(3_000_000_000), np.uint64(3_000_000_000)])
def test_whole_numbers_do_not_wrap(big: int) -> None:
    assert yat(np.array([big]), np.array([1]), bias=3e9) == 4
    assert yat([big], [1], bias=3_000_000_000) == 4
    assert pairwise(np.array([[big]]), np.array([[1]]), bias=big)[0, 0] == 4
    assert supremum([big], eps=1.0, bias=-(3e9**2)) == pytest.approx(9e18)
    with pytest.raises(ValueError, match="x must be an array of numbers"):
        yat([1.0], [10**400])


def test_an_eps_that_counts_as_zero_is_refused() -> None:
    """As float32, 1e-40 is a number that processors round to 0 before they divide by it."""
    for call in (lambda: yat([0.0], [0.0], eps=1e-40), lambda: gram(np.zeros((1, 1)), eps=[1e-40])):
        with pytest.raises(ValueError, match="eps must be"):
            call()
    assert yat([0.0], [0.0], eps=2e-38) == 0
    with jax.enable_x64(True):
        assert yat([0.0], [0.0], eps=1e-40) == 0


@pytest.mark.parametrize("bad", [-1.0, 0.0, np.nan, np.inf, 1e-40])
def test_a_bad_eps_is_seen_in_compiled_programs(bad: float) -> None:
    """One that the program gets as it runs stops it; one that it is made with stops its making."""
    for call in (lambda eps: yat(W[0], X, eps=eps), lambda eps: pairwise(X, W, eps=eps)):
        program = eqx.filter_jit(call)
        np.testing.assert_allclose(program(jnp.asarray(0.5)), call(0.5), rtol=1e-5)
        with pytest.raises(RuntimeError, match="eps must be a finite number > 0 in float32"):
            jax.block_until_ready(program(jnp.asarray(bad)))
        with pytest.raises(ValueError, match="eps must be a finite number > 0 in float32"):
            jax.jit(partial(call, bad))()


def test_nan_and_infinity_in_the_data_are_passed_on() -> None:
    """Nobody looks through all numbers at each call."""
    x = X.at[1, 0].set(jnp.nan)
    for found in (pairwise(x, W), yat(W, x[:, None]), grad_x(W, x[:, None]).sum(-1)):
        assert jnp.all(jnp.isnan(found) == (jnp.arange(5) == 1)[:, None])
    assert jnp.all(jnp.isnan(pairwise(X, W, bias=np.array([0, np.nan, 0, 0]))) == (jnp.arange(4) == 1))


@pytest.mark.parametrize("dtype", [jnp.float16, jnp.bfloat16])
def test_sixteen_bits_come_back_rounded_once(dtype: jnp.dtype) -> None:
    x, w = X.astype(dtype), W.astype(dtype)
    calls = {
        "pairwise": lambda x, w: pairwise(x, w, eps=0.1),
        "gram": lambda x, w: gram(x, eps=0.1),
        "yat": lambda x, w: yat(w[:, None], x, eps=0.1),
        "grad_x": lambda x, w: grad_x(w[:, None], x, eps=0.1),
        "grad_w": lambda x, w: grad_w(w[:, None], x, eps=0.1),
    }
    for name, call in calls.items():
        found, true = call(x, w), call(x.astype(jnp.float32), w.astype(jnp.float32))
        assert found.dtype == dtype and jnp.all(found == true.astype(dtype)), name
    assert {slope.dtype for slope in slopes(x, w)} == {np.dtype(dtype)}
    assert pairwise(x, W).dtype == pairwise(X, w).dtype == jnp.float32
    assert yat(x[0], [1.0, 2.0, 3.0]).dtype == jnp.float32
