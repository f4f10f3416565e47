"""Values and gradients of the ⵟ-product: their properties, and their digits near a prototype."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from beartype import beartype
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from jaxtyping import jaxtyped

from nmn.product import grad_w, grad_x, gram, pairwise, yat
from nmn.product.close import CLOSE, ROUNDS, is_close
from tests.product.difference_form import difference_form, worst_error

SIZES = st.sampled_from([1, 2, 5])
NUMBERS = st.floats(-8, 8, width=32)
EPS = st.sampled_from([1e-6, 1e-2, 1.0])


@st.composite
def pairs(draw):
    d = draw(SIZES)
    return draw(arrays(np.float32, (2, d), elements=NUMBERS))


@jax.jit
def values_and_gradients(x, w, g, eps, bias):
    value, pull = jax.vjp(lambda x, w, eps, bias: pairwise(x, w, eps=eps, bias=bias), x, w, eps, bias)
    return value, *pull(g)


def errors(x, w, eps, bias, seed=0, dtype=np.float32):
    """Worst errors of values and of all four gradients, for a random cotangent."""
    g = np.random.default_rng(seed).standard_normal((len(x), len(w)))
    x, w, g, eps = (np.asarray(a, dtype) for a in (x, w, g, eps))
    bias = np.broadcast_to(np.asarray(bias, dtype), (len(w),))
    return worst_error(values_and_gradients(x, w, g, eps, bias), x, w, g, eps, bias)


def directions(rng, n, d):
    v = rng.standard_normal((n, d))
    return v / np.linalg.norm(v, axis=1, keepdims=True)


# Properties of one pair.


@given(pairs(), EPS, NUMBERS)
def test_symmetric_to_the_last_bit(pair, eps, bias):
    w, x = pair
    assert yat(w, x, eps=eps, bias=bias) == yat(x, w, eps=eps, bias=bias)


@given(pairs(), EPS, NUMBERS, st.sampled_from([-4.0, -1.0, 0.5, 2.0]))
def test_scaling_takes_eps_and_bias_along(pair, eps, bias, c):
    # ⵟ_{c²b, c²ε}(cw, cx) = c² ⵟ_{b, ε}(w, x); powers of two are exact in binary.
    w, x = pair
    scaled = yat(c * w, c * x, eps=c * c * np.float32(eps), bias=c * c * bias)
    assert scaled == c * c * yat(w, x, eps=eps, bias=bias)


def test_not_homogeneous_when_eps_stays():
    assert abs(yat([2.0], [2.0], eps=1.0) - 4 * yat([1.0], [1.0], eps=1.0)) > 1


@given(pairs(), EPS, NUMBERS, st.integers(0, 99))
def test_invariant_under_rotation(pair, eps, bias, seed):
    with jax.enable_x64(True):
        w, x = pair.astype(float)
        turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(w), len(w))))
        scale = (np.abs(w) @ np.abs(x) + abs(bias) + 1) ** 2 / eps
        turned = yat(turn @ w, turn @ x, eps=eps, bias=bias)
        assert abs(turned - yat(w, x, eps=eps, bias=bias)) <= 1e-9 * scale


@given(pairs(), EPS, NUMBERS)
def test_gradients_are_those_of_autodiff(pair, eps, bias):
    with jax.enable_x64(True):
        w, x = pair.astype(float)
        by_w, by_x = jax.grad(lambda w, x: yat(w, x, eps=eps, bias=bias), (0, 1))(w, x)
        q = (abs(w @ x + bias) + 1) / (np.sum((x - w) ** 2) + eps)
        scale = (1 + q) ** 2 * (1 + np.abs(w).max() + np.abs(x).max())
        np.testing.assert_allclose(grad_w(w, x, eps=eps, bias=bias), by_w, rtol=0, atol=1e-13 * scale)
        np.testing.assert_allclose(grad_x(w, x, eps=eps, bias=bias), by_x, rtol=0, atol=1e-13 * scale)


def test_values_known_by_hand():
    w, x = jnp.array([1.0, 2.0]), jnp.array([3.0, -1.0])  # w·x = 1, ‖w − x‖² = 13
    assert yat(w, x, eps=3.0, bias=7.0) == 4.0
    np.testing.assert_array_equal(grad_x(w, x, eps=3.0, bias=7.0), [0.0, 3.5])
    np.testing.assert_array_equal(grad_w(w, x, eps=3.0, bias=7.0), [4.0, -2.5])


def test_leading_axes_broadcast():
    w, x = np.ones((4, 1, 3)), np.arange(15.0).reshape(5, 3)
    assert yat(w, x, bias=np.arange(5.0), eps=np.full((4, 1), 0.5)).shape == (4, 5)
    assert grad_x(w, x).shape == grad_w(w, x).shape == (4, 5, 3)


# Many pairs.


@given(
    arrays(np.float32, (4, 3), elements=NUMBERS), arrays(np.float32, (3, 3), elements=NUMBERS), EPS, NUMBERS
)
def test_pairwise_is_yat_of_every_pair(x, w, eps, bias):
    found = pairwise(x, w, eps=eps, bias=bias)
    _, scale = difference_form(x, w, np.ones((4, 3)), eps, bias)
    assert (np.abs(found - yat(w, x[:, None], eps=eps, bias=bias)) <= 1e-5 * scale.value).all()


def scene(kind, d, length, distance, rng):
    """24 rows and 40 prototypes, ``distance`` from a prototype: its own, all of them, or none (far)."""
    w = length * directions(rng, 40, d)
    if kind == "crowd":  # more close prototypes a row than rounds are worth
        w = w[:1] + distance * directions(rng, 40, d)
    x = w[rng.integers(0, 40, 24)] + distance * directions(rng, 24, d)
    if kind == "odd":
        x[3], w[5], x[4], w[7], x[9], x[10] = 0, 0, w[6], w[6], x[8], -w[2]
        x[11:14], w[8:18] = w[8], w[8]
    return x, w


@pytest.mark.parametrize("kind", ["own", "crowd", "odd"])
@pytest.mark.parametrize("d", [2, 17, 512, 1024])
def test_float32_keeps_its_digits_everywhere(d, kind):
    rng = np.random.default_rng(d)
    for length in (1e-3, 1.0, 1e3):
        for distance in (1e-7, 1e-4, 1e-2, 0.3, 1.0, 30.0, 1e3):
            x, w = scene(kind, d, length, distance, rng)
            for eps in (1e-6, 1e-3, 1.0):
                bias = rng.choice([0.0, 1.0, -(length**2)]) if kind == "own" else rng.standard_normal(40)
                error = errors(x, w, eps, bias)
                assert max(error) < 1e-5, (kind, d, length, distance, eps, error)


@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.1, 2.0])
def test_digits_on_both_sides_of_the_border(ratio):
    rng = np.random.default_rng(5)
    w = np.abs(rng.standard_normal((32, 1024)))  # positive products: the matrix product's worst case
    gap = np.sqrt(2 * CLOSE * ratio) * np.linalg.norm(w, axis=1, keepdims=True)
    assert max(errors(w + gap * directions(rng, 32, 1024), w, 1e-5, 0.0)) < 2e-5


def test_the_peers_case():
    rng = np.random.default_rng(0)
    w = 22.6 * directions(rng, 64, 512)
    x = w[rng.integers(0, 64, 256)] + 1e-2 * directions(rng, 256, 512)
    assert max(errors(x, w, 1e-5, 0.0)) < 3e-6


def test_gradient_of_one_prototype_under_many_close_rows():
    rng = np.random.default_rng(1)
    w = 10 * directions(rng, 3, 64)
    assert max(errors(w[1] + 1e-4 * directions(rng, 512, 64), w, 1e-6, 0.0)) < 3e-6


def test_large_bias_on_top_of_a_prototype():
    w = directions(np.random.default_rng(2), 8, 16)
    assert max(errors(w, w, 1.0, 1e4)) < 3e-6


def close_ones(x, w):
    """Which pairs the library takes for close."""
    return np.asarray(is_close(x @ w.T, np.sum(x**2, 1), np.sum(w**2, 1)))


@pytest.mark.parametrize("most", [1, ROUNDS, ROUNDS + 1])
def test_rounds_and_blocks_agree_with_the_definition(most):
    rng = np.random.default_rng(most)
    x, w = 5 * directions(rng, 7, 19), 5 * directions(rng, 50, 19)
    w[:most] = x[2] + 1e-3 * directions(rng, most, 19)
    assert int(close_ones(x, w)[2].sum()) == most
    assert max(errors(x, w, 1e-5, 0.3)) < 3e-6


def test_far_pairs_are_left_to_the_matrix_product():
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal((64, 128)), rng.standard_normal((32, 128))
    assert not close_ones(x, w).any()
    x[7], x[8], w[8] = w[9], 0, 0
    assert np.argwhere(close_ones(x, w)).tolist() == [[7, 9]]


def test_double_keeps_its_digits(float64):
    rng = np.random.default_rng(4)
    for kind in ("own", "crowd", "odd"):
        for distance in (1e-9, 1e-4, 0.3, 30.0):
            x, w = scene(kind, 33, 3.0, distance, rng)
            # 1e-9 next to 3 leaves the reference itself 1e-7 of the distance.
            assert max(errors(x, w, 1e-4, 0.5, dtype=np.float64)) < 1e-14


def test_gram_is_symmetric_and_knows_its_diagonal():
    x = np.random.default_rng(6).standard_normal((20, 7)).astype(np.float32)
    x[4], x[5] = x[3], 0
    G = np.asarray(gram(x, eps=1e-3, bias=0.5))
    np.testing.assert_array_equal(G, G.T)
    np.testing.assert_allclose(np.diag(G), (np.sum(x.astype(float) ** 2, 1) + 0.5) ** 2 / 1e-3, rtol=1e-6)
    np.testing.assert_allclose(G[3], yat(x[3], x, eps=1e-3, bias=0.5), rtol=1e-5)


# Transformations.


def test_vmap_and_jit_change_nothing():
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((3, 6, 4)), rng.standard_normal((3, 5, 4))
    x[1, 2], eps = w[1, 3] + 1e-4, np.array([1e-5, 1e-2, 1.0])

    def loss(x, w, eps):
        return jnp.sum(jnp.sqrt(1 + pairwise(x, w, eps=eps, bias=0.1)))

    slopes = jax.grad(loss, (0, 1, 2))
    for f in (lambda x, w, e: pairwise(x, w, eps=e), slopes):
        apart = [f(*each) for each in zip(x, w, eps, strict=True)]
        together = jax.jit(jax.vmap(f))(x, w, eps)
        alike = jax.tree.map(lambda *one: np.stack(one), *apart)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-5), together, alike)
    one_row = jax.vmap(lambda row: pairwise(row[None], w[0])[0])(x[0])
    np.testing.assert_allclose(one_row, pairwise(x[0], w[0]), rtol=1e-5)


def test_backward_keeps_one_array_of_pairs():
    x, w = np.ones((24, 3), np.float32), np.eye(17, 3, dtype=np.float32)
    _, pull = jax.vjp(lambda x, w: pairwise(x, w, bias=1.0), x, w)
    kept = [leaf.shape for leaf in jax.tree.leaves(pull) if leaf.size >= 24 * 17]
    assert kept == [(24, 17)]


def test_nan_inside_jit_stays_with_its_vectors():
    x, w, g = np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32), np.ones((4, 4), np.float32)
    x[2], w[1] = np.nan, np.nan  # every row meets a NaN, and rows 0 and 3 lie on a prototype
    value, dx, dw, *_ = values_and_gradients(x, w, g, np.float32(1e-5), np.zeros(4, np.float32))
    clean = ~np.isnan(x[:, :1]) & ~np.isnan(w[:, 0])
    np.testing.assert_array_equal(np.isnan(value), ~clean)
    np.testing.assert_allclose(value[clean], np.asarray(pairwise(np.eye(4), np.eye(4)))[clean])
    assert np.isnan(dx).all() and np.isnan(dw).all()


def test_no_rows_and_no_prototypes():
    for batch, units in ((0, 2), (2, 0)):
        x, w = np.ones((batch, 3), np.float32), np.ones((units, 3), np.float32)
        value, pull = jax.vjp(pairwise, x, w)
        assert value.shape == (batch, units)
        assert [a.shape for a in pull(value)] == [x.shape, w.shape]


# Types and errors.


def test_dtypes():
    whole = np.arange(6).reshape(2, 3)
    for f in (lambda a: grad_x(a, a), gram):
        assert f(whole).dtype == np.float32
        with jax.enable_x64(True):
            assert f(np.ones((2, 3), np.float32)).dtype == np.float32
            assert f(np.ones((2, 3))).dtype == f(whole).dtype == np.float64


def test_float64_is_computed_in_float64(float64):
    w, x = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0 + 1e-12]])
    np.testing.assert_allclose(pairwise(x, w, eps=1e-24), [[25 / 2e-24]], rtol=1e-3)


def test_annotated_shapes_hold():
    checked = jaxtyped(typechecker=beartype)
    x, w = np.ones((4, 3), np.float32), np.ones((2, 3), np.float32)
    checked(pairwise)(x, w)
    checked(gram)(x)
    for f in (yat, grad_x, grad_w):
        checked(f)(w[:, None], x)


BAD = {
    "eps must be a finite number > 0": [{"eps": e} for e in (0.0, -1.0, np.inf, np.nan, 1e-60)],
    "eps must be a number or broadcast": [{"eps": np.ones(9)}],
    "bias must be a number or broadcast": [{"bias": np.ones(9)}],
    "bias must be real": [{"bias": 1j}],
    "x must be an array of numbers": [{"x": "ⵟ"}],
    "same length d": [{"x": np.ones((4, 5))}],
    "w must have": [{"w": 1.0}, {"w": np.ones((2, 0))}],
}


@pytest.mark.parametrize(("message", "wrong"), [(m, w) for m, many in BAD.items() for w in many])
def test_bad_input_is_named(message, wrong):
    given = {"x": np.ones((4, 3)), "w": np.ones((2, 3))} | wrong
    of_rows = message.replace("x must", "rows must").replace("w must", "columns must")
    with pytest.raises(ValueError, match=of_rows):
        pairwise(given.pop("x"), given.pop("w"), **given)
    given = {"x": np.ones((4, 3)), "w": np.ones((2, 3))} | wrong
    given["w"] = given["w"][:, None] if np.ndim(given["w"]) == 2 else given["w"]
    for f in (yat, grad_x, grad_w):
        with pytest.raises(ValueError, match=message):
            f(**given)


def test_the_order_of_the_axes_is_that_of_the_arguments():
    """Also where both have as many rows, and a transposed answer would have the right shape."""
    rng = np.random.default_rng(0)
    for m, k in ((3, 3), (2, 4), (1, 3), (3, 1), (1, 1)):
        u, v = rng.normal(size=(m, 2)), rng.normal(size=(k, 2))
        for bias in (0.3, rng.normal(size=k), rng.normal(size=(1, k)), rng.normal(size=(m, 1))):
            one_by_one = yat(u[:, None], v[None], eps=0.1, bias=bias)
            np.testing.assert_allclose(pairwise(u, v, eps=0.1, bias=bias), one_by_one, rtol=1e-4, atol=1e-5)
            turned = np.atleast_2d(bias).T if np.ndim(bias) else bias
            back = pairwise(v, u, eps=0.1, bias=turned)
            np.testing.assert_allclose(np.transpose(back), one_by_one, rtol=1e-4, atol=1e-5)
    for name in ("x", "w"):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            pairwise(np.ones((2, 2)), **{name: np.ones((2, 2))})


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match=r"w and x must broadcast .* \(2, 3\) and \(4, 3\)"):
        yat(np.ones((2, 3)), np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"rows must have 2 axes, .* \(3,\)"):
        pairwise(np.ones(3), np.ones((2, 3)))
    with pytest.raises(
        ValueError, match=r"bias must be one number, one a column or one a row, got shape \(4, 2\)"
    ):
        pairwise(np.ones((4, 3)), np.ones((2, 3)), bias=np.ones((4, 2)))
    with pytest.raises(ValueError, match="bias must be a number"):
        gram(np.ones((4, 3)), bias=np.ones(4))
