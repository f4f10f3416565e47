"""Dense: its formula, its initialisation at depth, its parameters and its errors."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nmn.layers import Dense
from nmn.layers.dense import SPREAD
from nmn.product import yat

KEY = jax.random.key(0)


def stack(widths, seed):
    keys = jax.random.split(jax.random.key(seed), len(widths))
    return [Dense(d, n, key=key) for d, n, key in zip(widths, widths[1:], keys[1:], strict=False)]


def rms(a):
    return float(jnp.sqrt(jnp.mean(a**2)))


@eqx.filter_jit
def outputs(layers, x):
    found = []
    for layer in layers:
        x = layer(x)
        found.append(x)
    return found


@pytest.mark.parametrize("bias", ["none", "shared", "unit"])
def test_formula(bias):
    layer = Dense(3, 4, key=KEY, eps=0.1, bias=bias)
    if bias != "none":
        layer = eqx.tree_at(
            lambda m: m.bias,
            layer,
            layer.bias + jnp.linspace(1, 2, layer.bias.size).reshape(layer.bias.shape),
        )
    x = jax.random.normal(KEY, (2, 5, 3))
    b = 0.0 if bias == "none" else layer.bias
    true = layer.scale * yat(layer.weight, x[:, :, None], eps=0.1, bias=b)
    np.testing.assert_allclose(layer(x), true, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer(x[0, 0]), true[0, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(jax.vmap(layer)(x[0]), true[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "widths",
    [[16] * 21, [64] * 21, [256] * 21, [1024] * 21, [16, 1024] * 10 + [16], [784] + [16, 64] * 10],
    ids=lambda w: f"{w[0]}-{w[1]}",
)
def test_twenty_layers_keep_the_rms(widths):
    for seed in range(8 if max(widths) <= 256 else 2):
        x = jax.random.normal(jax.random.key(100 + seed), (64, widths[0]))
        sizes = [rms(y) for y in outputs(stack(widths, seed), x)]
        assert min(sizes) > 0.2 and max(sizes) < 5, (seed, sizes)


@pytest.mark.parametrize("eps", [1e-5, 100.0])
@pytest.mark.parametrize("r", [0.5, 1.0, 3.0])
def test_rms_follows_the_map_of_the_docstring(r, eps):
    d, ratio = 1024, SPREAD**2 + eps / 1024
    y = Dense(d, 4096, key=KEY, eps=eps)(r * jax.random.normal(jax.random.key(1), (16, d)))
    assert rms(y) == pytest.approx((1 + ratio) * r**2 / (r**2 + ratio), rel=0.05)


def test_cosines_follow_the_map_of_the_docstring():
    d = 1024
    a, b = jnp.linalg.qr(jax.random.normal(KEY, (d, 2)))[0].T
    layer = Dense(d, 2**15, key=jax.random.key(1))
    for c in (0.0, 0.5, 0.9):
        pair = jnp.sqrt(d) * jnp.stack([a, c * a + np.sqrt(1 - c**2) * b])
        y = layer(pair)
        after = jnp.sum(y[0] * y[1]) / jnp.linalg.norm(y[0]) / jnp.linalg.norm(y[1])
        assert after == pytest.approx((1 + 2 * c**2) / 3, abs=0.02)


def test_deep_stacks_keep_inputs_apart():
    x = jax.random.normal(KEY, (32, 512))
    y = outputs(stack([512] * 21, 3), x)[-1]
    unit = y / jnp.linalg.norm(y, axis=1, keepdims=True)
    cosines = (unit @ unit.T)[jnp.triu_indices(32, 1)]
    assert abs(float(cosines.mean()) - 0.5) < 0.1
    assert float(cosines.max()) < 0.9


def test_parameters_are_the_ones_asked_for():
    plain = Dense(3, 4, key=KEY)
    assert plain.bias is None
    assert plain.log_eps is None
    assert float(plain.eps) == pytest.approx(1e-5)
    assert [a.shape for a in jax.tree.leaves(eqx.filter(plain, eqx.is_array))] == [(4, 3), ()]
    assert (plain.in_features, plain.out_features) == (3, 4)
    full = Dense(3, 4, key=KEY, eps=0.3, learn_eps=True, bias="unit")
    assert full.bias.shape == (4,)
    assert Dense(3, 4, key=KEY, bias="shared").bias.shape == ()
    assert float(full.eps) == pytest.approx(0.3)
    slopes = eqx.filter_grad(lambda m: jnp.sum(m(jnp.ones((2, 3)))))(full)
    assert all(jnp.abs(slope).sum() > 0 for slope in jax.tree.leaves(slopes))


@pytest.mark.parametrize("log_eps", [-1e4, 0.0, 1e4])
def test_learnt_eps_is_always_positive(log_eps):
    layer = eqx.tree_at(lambda m: m.log_eps, Dense(3, 4, key=KEY, learn_eps=True), jnp.float32(log_eps))
    assert float(layer.eps) == pytest.approx(np.exp(np.clip(log_eps, -80, 80)), rel=1e-5, abs=0)
    assert 0 < float(layer.eps) < np.inf
    assert jnp.isfinite(layer(jnp.ones((2, 3)))).all()


def test_it_learns_xor():
    x = jnp.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]) - 0.5
    target = jnp.array([0.0, 1.0, 1.0, 0.0])
    options = {"eps": 0.1, "learn_eps": True, "bias": "shared"}
    first, last = jax.random.split(KEY)
    model = eqx.nn.Sequential([Dense(2, 8, key=first, **options), Dense(8, 1, key=last, **options)])
    step = optax.adam(0.01)

    def loss(m):
        return jnp.mean((m(x)[:, 0] - target) ** 2)

    @eqx.filter_jit
    def update(m, state):
        change, state = step.update(eqx.filter_grad(loss)(m), state)
        return eqx.apply_updates(m, change), state

    state = step.init(eqx.filter(model, eqx.is_array))
    for _ in range(300):
        model, state = update(model, state)
    assert float(loss(model)) < 0.01


def sixteen(layer, dtype):
    """The layer with all its arrays in 16 bits."""
    return jax.tree.map(lambda leaf: leaf.astype(dtype) if eqx.is_array(leaf) else leaf, layer)


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16])
@pytest.mark.parametrize("learn", [False, True])
def test_sixteen_bits_stay_and_are_rounded_once(dtype, learn):
    x = jax.random.normal(KEY, (5, 4)).astype(dtype)
    made = Dense(4, 3, key=KEY, eps=1e-8, learn_eps=learn, bias="unit", dtype=dtype)
    assert {leaf.dtype for leaf in jax.tree.leaves(eqx.filter(made, eqx.is_array))} == {np.dtype(dtype)}
    layer = sixteen(Dense(4, 3, key=KEY, eps=1e-8, learn_eps=learn, bias="unit"), dtype)
    # float16 has no number at 1e-8.
    assert float(layer.eps) == pytest.approx(1e-8, rel=0.1 if learn else 1e-6, abs=0)
    y = layer(x)
    assert y.dtype == dtype and jnp.all(y == sixteen(layer, jnp.float32)(x.astype(jnp.float32)).astype(dtype))
    np.testing.assert_array_equal(eqx.filter_jit(layer)(x), y)
    slopes = eqx.filter_grad(lambda m: jnp.sum(m(x)))(layer)
    assert {slope.dtype for slope in jax.tree.leaves(slopes)} == {np.dtype(dtype)}
    # Inputs of 16 bits alone are mixed with what the layer has.
    assert Dense(4, 3, key=KEY)(x).dtype == jnp.float32
    narrow = Dense(4, 4, key=KEY, dtype=dtype)
    assert jax.lax.scan(lambda carry, _: (narrow(carry), None), x, length=3)[0].dtype == dtype


@pytest.mark.parametrize("learn", [False, True])
def test_what_is_saved_comes_back(learn, tmp_path):
    saved = Dense(4, 5, key=KEY, eps=1e-2, learn_eps=learn, bias="unit")
    eqx.tree_serialise_leaves(tmp_path / "layer.eqx", saved)
    other = Dense(4, 5, key=jax.random.key(1), learn_eps=learn, bias="unit")
    loaded = eqx.tree_deserialise_leaves(tmp_path / "layer.eqx", other)
    assert float(loaded.eps) == pytest.approx(1e-2)
    x = jax.random.normal(KEY, (3, 4))
    np.testing.assert_array_equal(loaded(x), saved(x))


def test_no_optimizer_moves_a_fixed_eps():
    layer, x = Dense(3, 4, key=KEY, eps=0.1), jnp.ones((2, 3))
    step = optax.adamw(0.1, weight_decay=0.5)
    slopes = eqx.filter_grad(lambda m: jnp.sum(m(x)))(layer)
    arrays = eqx.filter(layer, eqx.is_array)
    changed = eqx.apply_updates(layer, step.update(slopes, step.init(arrays), arrays)[0])
    assert float(changed.eps) == float(layer.eps) and jnp.any(changed.weight != layer.weight)
    # Nor does plain JAX, for which the number is one more leaf.
    assert jax.grad(lambda m: jnp.sum(m(x)))(layer).fixed_eps == 0


def test_it_stacks_with_other_layers_and_with_its_own_kind():
    first, middle, last, many = jax.random.split(KEY, 4)
    parts = [eqx.nn.Linear(4, 3, key=first), Dense(3, 2, key=middle), eqx.nn.Lambda(jnp.tanh)]
    model = eqx.nn.Sequential([*parts, Dense(2, 5, key=last), eqx.nn.LayerNorm(5)])
    x = jax.random.normal(KEY, (6, 4))
    found = jax.vmap(model)(x)
    hidden = parts[2](parts[1](jax.vmap(parts[0])(x)))
    np.testing.assert_allclose(found, jax.vmap(model[4])(model[3](hidden)), rtol=1e-4, atol=1e-5)
    ensemble = eqx.filter_vmap(lambda key: Dense(4, 5, key=key, eps=0.1))(jax.random.split(many, 3))
    assert (ensemble.in_features, ensemble.out_features) == (4, 5)
    together = eqx.filter_vmap(lambda layer, x: layer(x), in_axes=(eqx.if_array(0), None))(ensemble, x)
    for key, one in zip(jax.random.split(many, 3), together, strict=True):
        np.testing.assert_allclose(one, Dense(4, 5, key=key, eps=0.1)(x), rtol=1e-5, atol=1e-5)


def test_double_stays_double():
    with jax.enable_x64(True):
        layer = Dense(3, 2, key=KEY, learn_eps=True, bias="unit")
        assert {a.dtype for a in jax.tree.leaves(eqx.filter(layer, eqx.is_array))} == {np.dtype(np.float64)}
        assert layer(np.ones((1, 3))).dtype == np.float64


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("in_features must be a whole number >= 1, got 0", {"in_features": 0}),
        ("out_features must be a whole number >= 1, got 2.5", {"out_features": 2.5}),
        ("bias must be one of .*, got True", {"bias": True}),
        ("eps must be a finite number > 0 .*, got -1.0", {"eps": -1.0}),
        ("eps must be a number", {"eps": np.ones(2)}),
    ],
)
def test_bad_sizes_and_choices_are_named(message, wrong):
    with pytest.raises(ValueError, match=message):
        Dense(**{"in_features": 3, "out_features": 2, "key": KEY} | wrong)


def test_bad_inputs_are_named():
    layer = Dense(3, 2, key=KEY)
    with pytest.raises(ValueError, match=r"x and weight .* same length d, got shapes \(5, 4\) and \(2, 3\)"):
        layer(jnp.ones((5, 4)))
    with pytest.raises(ValueError, match=r"x must have a last axis .* \(\)"):
        layer(jnp.float32(1))


@pytest.mark.parametrize("learn", [False, True])
def test_a_training_step_is_exported(learn):
    layer, x = Dense(4, 5, key=KEY, eps=0.1, learn_eps=learn), jnp.ones((3, 4))
    numbers, rest = eqx.partition(layer, eqx.is_inexact_array)
    step = jax.jit(jax.grad(lambda numbers: jnp.sum(eqx.combine(numbers, rest)(x)).astype(float)))
    leaves, kind = jax.tree.flatten(numbers)
    flat = jax.jit(lambda *leaves: jax.tree.leaves(step(jax.tree.unflatten(kind, leaves))))
    # What would ask the host while it runs is refused here.
    kept = jax.export.export(flat)(*leaves)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), kept.call(*leaves), flat(*leaves))
