"""The bounds of ⵟ against optimisation: never exceeded, and attained, in 1, 2 and 3 dimensions."""

import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from beartype import beartype
from hypothesis import example, given
from hypothesis import strategies as st
from jaxtyping import jaxtyped

from nmn.product import (
    argmax,
    attained,
    far_field,
    far_gradient,
    grad_w,
    grad_x,
    gradient_lipschitz,
    lipschitz,
    supremum,
    yat,
)

BOUNDS = (supremum, lipschitz, gradient_lipschitz)

pytestmark = pytest.mark.usefixtures("float64")


def _definition(x, w, eps, bias):
    # In x - w, since ‖w‖² + b may be nothing but cancellation.
    signal = jnp.dot(w, x - w) + (jnp.dot(w, w) + bias)
    return signal**2 / (jnp.sum((x - w) ** 2) + eps)


_value = jax.jit(jax.vmap(_definition, (0, None, None, None)))
_slope = jax.jit(jax.vmap(jax.grad(_definition), (0, None, None, None)))
_hessian = jax.jit(jax.vmap(jax.hessian(_definition), (0, None, None, None)))


def searched(w, eps, bias, n=3000):
    """Largest value, slope and curvature over inputs at every scale, on the line through w and off it."""
    rng = np.random.default_rng(0)
    line = w / np.linalg.norm(w) if w.any() else np.eye(len(w))[0]
    angles = np.concatenate([np.linspace(-1.5707, 1.5707, n), rng.uniform(-1.5707, 1.5707, n)])
    ways = np.concatenate([np.tile(line, (n, 1)), rng.normal(size=(n, len(w)))])
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    x = w + np.sqrt(eps) * np.tan(angles)[:, None] * ways
    value, slope = _value(x, w, eps, bias), np.linalg.norm(_slope(x, w, eps, bias), axis=1)
    return value.max(), slope.max(), np.abs(np.linalg.eigvalsh(_hessian(x, w, eps, bias))).max()


@st.composite
def neurons(draw):
    """w in 1 to 3 dimensions, eps and bias of very different sizes; m = ‖w‖² + b of every sign, and zero."""
    way = np.array(draw(st.lists(st.floats(-1, 1), min_size=1, max_size=3)))
    length = np.linalg.norm(way)
    w = 10 ** draw(st.floats(-3, 3)) * way / length if length > 1e-3 else np.zeros_like(way)
    eps, rho2 = 10 ** draw(st.floats(-6, 2)), w @ w
    m = draw(
        st.sampled_from([rho2, 0.0, -rho2, 3 * rho2, np.sqrt(rho2 * eps), -0.1 * np.sqrt(rho2 * eps), 2.0])
    )
    return w, eps, m - rho2


@given(neurons())
def test_bounds_are_attained_and_never_exceeded(neuron):
    w, eps, bias = neuron
    for bound, found in zip(BOUNDS, searched(w, eps, bias), strict=True):
        claimed = float(bound(w, eps=eps, bias=bias))
        assert found <= claimed * (1 + 1e-9) + 1e-300, bound.__name__
        assert found >= claimed * (1 - 1e-4), bound.__name__


def exact_sum(w, bias):
    """‖w‖² + b without rounding, and the same over ‖w‖²."""
    squares = sum((Fraction(float(v)) ** 2 for v in w), Fraction(0))
    m = squares + Fraction(float(bias))
    return m, abs(m) / squares if squares else None


# Here NumPy's dot, in some of its orders, makes ‖w‖² + b exactly 0, and jnp.sum does not.
@example((np.array([2.42535625, 9.701425]), 1.0, -100.00000000000001))
@given(neurons())
def test_argmax_reaches_the_supremum(neuron):
    w, eps, bias = neuron
    if not attained(w, eps=eps, bias=bias):
        assert exact_sum(w, bias)[1] < 1e-14
        with pytest.raises(ValueError, match="bias must differ from"):
            argmax(w, eps=eps, bias=bias)
        return
    assert not w.any() or exact_sum(w, bias)[1] > 1e-16
    best = argmax(w, eps=eps, bias=bias)
    reached = float(_definition(best, w, eps, bias))
    assert reached == pytest.approx(float(supremum(w, eps=eps, bias=bias)), rel=1e-9, abs=0)
    assert float(yat(w, best + 0.01 * np.sqrt(eps), eps=eps, bias=bias)) <= reached * (1 + 1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [1, 2, 3, 7, 64, 1000])
def test_minus_the_square_counts_as_such_however_it_was_added_up(d, dtype):
    rng = np.random.default_rng(d)
    for length in (1e-3, 1.0, 1e3):
        w = length * rng.normal(size=d)
        sums = (w @ w, np.sum(w * w), math.fsum(w * w), sum(w * w), float(jnp.sum(jnp.asarray(w) ** 2)))
        for square in sums:
            off = 1 + 64 * np.finfo(dtype).eps * np.array([-1.0, 1.0])
            w_, biases = w.astype(dtype), -(square * np.array([1.0, *off])).astype(dtype)
            np.testing.assert_array_equal([attained(w_, bias=b) for b in biases], [False, True, True])


def test_next_to_no_maximum_the_best_input_moves_out_without_a_jump():
    w = np.array([2.42535625, 0.0, 9.701425])
    square = math.fsum(w * w)
    for gap in 10.0 ** np.arange(-13, 3):
        for bias in (-square * (1 - gap), -square * (1 + gap)):
            best, m = argmax(w, eps=0.5, bias=bias), float(exact_sum(w, bias)[0])
            # m itself is a difference of rounded squares.
            np.testing.assert_allclose(best, (1 + 0.5 / m) * w, rtol=2e-15 / gap + 1e-14)
            reached = float(_definition(np.asarray(best), w, 0.5, bias))
            assert reached == pytest.approx(float(supremum(w, eps=0.5, bias=bias)), rel=1e-12)
            assert float(supremum(w, eps=0.5, bias=bias)) == pytest.approx(square + m * m / 0.5, rel=1e-12)


def test_no_best_input_is_refused_and_infinite_under_jit():
    w = np.array([3.0, 0.0, -4.0])
    for bias in (-25.0, -25.0 * (1 + 2e-16), -25.0 * (1 - 2e-16)):
        assert not attained(w, bias=bias)
        np.testing.assert_array_equal(jax.jit(argmax)(w, bias=bias), [np.inf, 0, -np.inf])
        order, constant = far_gradient(w, w, eps=0.5, bias=bias)
        assert int(order) == 3 and float(constant) == 25
    # Attained, by numbers beyond all floats.
    huge = {"eps": 1e300, "bias": -25.0 * (1 - 1e-13)}
    assert attained(w, **huge) and not np.isfinite(jax.jit(argmax)(w, **huge)).all()
    with pytest.raises(ValueError, match="bias must differ from"):
        argmax(w, **huge)


def test_one_bad_number_in_a_batch_is_enough():
    w = np.array([[3.0, 4.0], [1.0, 2.0]])
    for order in ([0, 1], [1, 0]):
        with pytest.raises(ValueError, match=r"bias must differ from -‖w‖² = -25\.0, "):
            argmax(w[order], bias=-25.0)
        for far in (far_field, lambda w, way: far_field(w[0], way)):
            with pytest.raises(ValueError, match="direction must be finite and not zero, got length 0"):
                far(w, np.array([[1.0, 0.0], [0.0, 0.0]])[order])
        for bound in (*BOUNDS, attained, argmax):
            with pytest.raises(ValueError, match="eps must be a finite number > 0"):
                bound(w, eps=np.array([1.0, 0.0])[order])
            with pytest.raises(ValueError, match="bias must not hold NaN, got 1 in shape"):
                bound(w, bias=np.array([1.0, np.nan])[order])


def test_supremum_without_maximum_is_approached():
    w = np.array([3.0, 4.0])
    values = yat(w, np.array([[3e3, 4e3], [3e6, 4e6]]), eps=0.5, bias=-25.0)
    top = float(supremum(w, eps=0.5, bias=-25.0))
    assert top == 25 and values[0] < values[1] < top and top - float(values[1]) < 1e-9


def test_nothing_to_bound_when_all_is_zero():
    for bound in BOUNDS:
        assert float(bound(np.zeros(2))) == 0
    np.testing.assert_array_equal(argmax(np.zeros(2)), np.zeros(2))


def test_closed_forms_of_one_dimensional_cases():
    flat = 3 * np.sqrt(3) / 8  # the steepest slope of 1/(1 + t²) and of t²/(1 + t²)
    assert float(lipschitz([0.0], eps=0.25, bias=3.0)) == pytest.approx(flat * 9 / 0.125)
    assert float(lipschitz([2.0], eps=0.25, bias=-4.0)) == pytest.approx(flat * 4 / 0.5)
    assert float(gradient_lipschitz([0.0], eps=0.25, bias=3.0)) == pytest.approx(2 * 9 / 0.25**2)
    assert float(gradient_lipschitz([2.0], eps=0.25, bias=-4.0)) == pytest.approx(2 * 4 / 0.25)
    for eps in (1e-5, 1e-7):
        assert float(lipschitz([0.6, 0.8], eps=eps)) * eps**1.5 == pytest.approx(flat, rel=5 * np.sqrt(eps))


@pytest.mark.parametrize(("bias", "sideways"), [(0.0, 0), (0.7, 2)])
def test_far_gradient_in_the_exceptional_directions(bias, sideways):
    w, eps = np.array([1.0, 2.0, 2.0]), 0.3
    across = np.cross(w, [0.37, 0.11, 0.93]) / 3  # orthogonal to w but for rounding
    assert across @ w != 0
    order, constant = far_gradient(w, across, eps=eps, bias=bias)
    assert int(order) == sideways and float(constant) == pytest.approx(2 * 3 * bias)
    order, constant = far_gradient(w, -w, eps=eps, bias=bias)
    assert int(order) == 2 and float(constant) == pytest.approx(2 * 3 * (9 + bias))
    order, constant = far_gradient(w, w, eps=eps, bias=-9.0)
    assert int(order) == 3 and float(constant) == pytest.approx(2 * 9 * eps)
    order, constant = far_gradient(np.zeros(3), w, eps=eps, bias=bias)
    assert int(order) == (3 if bias else 0) and float(constant) == pytest.approx(2 * bias**2)


@given(neurons(), st.integers(0, 3))
def test_far_gradient_is_what_the_gradient_does(neuron, seed):
    w, _, bias = neuron
    w, bias = (w / np.linalg.norm(w), np.clip(bias, -2, 2)) if w.any() else (w, 1.0)
    way = (
        np.random.default_rng(seed).normal(size=w.shape)
        if seed
        else np.sign(np.sum(w) + 0.1) * w + (not w.any())
    )
    order, constant = far_gradient(w, way, eps=0.5, bias=bias)
    k = 1e4 if order < 3 else 1e3
    size = float(np.linalg.norm(grad_x(w, k * way / np.linalg.norm(way), eps=0.5, bias=bias)))
    assert size * k ** int(order) == pytest.approx(float(constant), rel=2e-2, abs=1e-2)


def test_far_field_is_the_limit_for_any_bias():
    w, way = np.array([1.0, -2.0, 0.5]), np.array([3.0, 1.0, 4.0])
    x = 1e7 * way / np.linalg.norm(way)
    for bias in (-3.0, 0.0, 8.0):
        assert float(far_field(w, way)) == pytest.approx(float(yat(w, x, bias=bias)), rel=1e-5)


@given(neurons(), st.integers(0, 9))
def test_explicit_far_bounds(neuron, seed):
    """From ‖x‖ >= 6M on, the three inequalities that the chapter proves with a constant."""
    w, eps, bias = neuron
    rho = np.linalg.norm(w)
    if rho == 0:
        return
    m_scale = max(rho, abs(rho**2 + bias) / rho)
    scale = max(rho, abs(bias) / rho, np.sqrt(eps))
    rng = np.random.default_rng(seed)
    way = rng.normal(size=(200, len(w)))
    way[:20] = w + 0.01 * rho * way[:20]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    times = 6 * 10 ** rng.uniform(0, 2, size=(200, 1))
    cosine = way @ w / rho
    near = np.linalg.norm(grad_x(w, m_scale * times * way, eps=eps, bias=bias), axis=1)
    assert np.all(near <= 2 * rho**2 / (m_scale * times[:, 0]) * (1 + 1e-9))
    k, x = scale * times[:, 0], scale * times * way
    sine = 2 * np.abs(cosine) * np.sqrt(np.maximum(1 - cosine**2, 0))
    exact = k * np.linalg.norm(grad_x(w, x, eps=eps, bias=bias), axis=1)
    assert np.all(np.abs(exact - rho**2 * sine) <= 42 * rho**2 * scale / k)
    gap = grad_w(w, x, eps=eps, bias=bias) - 2 * rho * cosine[:, None] * way
    assert np.all(np.linalg.norm(gap, axis=1) <= 21 * rho * scale / k)


@given(neurons())
def test_weight_gradient_bound(neuron):
    """The bound that holds for every input, and keeps the lesson of one example finite."""
    w, eps, bias = neuron
    rho, m = np.linalg.norm(w), abs(w @ w + bias)
    rng = np.random.default_rng(0)
    way = rng.normal(size=(500, len(w)))
    x = w + 10 ** rng.uniform(-5, 5, size=(500, 1)) * way
    R = np.sqrt(np.sum((x - w) ** 2, axis=1) + eps)
    bound = 2 * (rho + m / R) * (1 + 2 * rho / R + m / R**2)
    size = np.linalg.norm(grad_w(w, x, eps=eps, bias=bias), axis=1)
    # w·x + b is rounded by about 1e-16 of its terms, and enters twice.
    rounded = 1e-15 * (rho * np.linalg.norm(x, axis=1) + abs(bias)) / R**2
    slack = 4 * rounded * (np.linalg.norm(x, axis=1) + rho + m / R)
    assert np.all(size <= bound * (1 + 1e-9) + slack)


def test_many_neurons_at_once_and_under_jit():
    w = np.random.default_rng(1).normal(size=(2, 3, 4))
    bias = np.arange(3.0)
    for bound in (*BOUNDS, argmax):
        together = jax.jit(bound)(w, eps=0.1, bias=bias)
        alone = bound(w[1, 2], eps=0.1, bias=2.0)
        np.testing.assert_allclose(together[1, 2], alone, rtol=1e-12)
    assert far_field(w, w[0, 0]).shape == (2, 3)


def test_annotated_shapes_hold():
    checked = jaxtyped(typechecker=beartype)
    w, way = np.ones((2, 3)), np.ones(3)
    for bound in (*BOUNDS, attained, argmax):
        checked(bound)(w, eps=0.1, bias=np.arange(2.0))
    checked(far_field)(w, way)
    checked(far_gradient)(way, np.arange(3), eps=0.1)


@pytest.mark.parametrize("bound", [*BOUNDS, attained, argmax])
@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (([1.0],), {"eps": 0.0}),
        (([1.0],), {"eps": -1.0}),
        (([1.0],), {"eps": np.nan}),
        (([np.nan],), {}),
        ((1.0,), {}),
        (([1.0, 2.0],), {"bias": [1.0, 2.0]}),
    ],
)
def test_bad_input_is_named(bound, arguments, options):
    with pytest.raises(ValueError, match=next(iter(options), "w")):
        bound(*arguments, **options)


@pytest.mark.parametrize("way", [[0.0, 0.0], [np.inf, 1.0], [np.nan, 1.0], [1.0]])
@pytest.mark.parametrize("far", [far_field, far_gradient])
def test_bad_directions_are_named(far, way):
    with pytest.raises(ValueError, match="direction"):
        far([1.0, 2.0], way)


def test_bounds_in_single_precision():
    with jax.enable_x64(False):
        w = jnp.asarray([0.3, -0.4], jnp.float32)
        assert lipschitz(w).dtype == jnp.float32
        single = [float(bound(w)) for bound in BOUNDS]
    np.testing.assert_allclose(single, [float(bound(np.array([0.3, -0.4]))) for bound in BOUNDS], rtol=1e-5)
