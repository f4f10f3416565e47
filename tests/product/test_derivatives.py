"""All ways to differentiate and to map ``pairwise`` and what stands on it, against the definition."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.experimental.jet import jet

from nmn.layers import Dense
from nmn.product import gram, pairwise, yat
from nmn.product.close import ROUNDS

RNG = np.random.default_rng(8)
X = RNG.normal(size=(3, 4))
# The last two prototypes are close to two of the rows.
NEAR = np.concatenate([RNG.normal(size=(2, 4)), X[:2] + 1e-3])
# More prototypes close to each row than rounds are worth.
CROWD = X[0] + RNG.normal(size=(ROUNDS + 1, 4)) / 100


def definition(x, w, eps, bias):
    s, gap = jnp.sum(x[:, None] * w, -1) + bias, x[:, None] - w
    return s**2 / (jnp.sum(gap**2, -1) + eps)


def ours(x, w, eps, bias):
    return pairwise(x, w, eps=eps, bias=bias)


def at(w):
    return X, w, 0.1, np.linspace(-0.3, 0.4, len(w))


def direction(arguments):
    return jax.tree.map(lambda a: jnp.cos(3 * jnp.asarray(a)), arguments)


def total(function):
    return lambda *arguments: jnp.sum(jnp.sin(function(*arguments)))


def agree(found, true):
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-8), found, true)


EVERY = (0, 1, 2, 3)
WAYS = {
    "grad": lambda f, a: jax.grad(total(f), EVERY)(*a),
    "jvp": lambda f, a: jax.jvp(f, a, direction(a)),
    "jvp in x alone": lambda f, a: jax.jvp(lambda x: f(x, *a[1:]), a[:1], direction(a)[:1]),
    "linearize": lambda f, a: jax.linearize(f, *a)[1](*direction(a)),
    "jacfwd": lambda f, a: jax.jacfwd(f, EVERY)(*a),
    "jacrev": lambda f, a: jax.jacrev(f, EVERY)(*a),
    "hessian": lambda f, a: jax.hessian(total(f), EVERY)(*a),
    "reverse over reverse": lambda f, a: jax.jacrev(jax.grad(total(f), EVERY), EVERY)(*a),
    "reverse over forward": lambda f, a: jax.jacrev(jax.jacfwd(f, 1), EVERY)(*a),
    "third": lambda f, a: jax.jacfwd(jax.hessian(total(f), 2), 3)(*a),
    "checkpoint": lambda f, a: jax.grad(jax.checkpoint(total(f)), EVERY)(*a),
    "jet": lambda f, a: jet(lambda x: f(x, *a[1:]), a[:1], ([jnp.cos(a[0]), jnp.sin(a[0]), a[0]],)),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_differentiate(way, float64):
    given = jax.tree.map(jnp.asarray, at(NEAR))
    agree(jax.jit(lambda a: WAYS[way](ours, a))(given), jax.jit(lambda a: WAYS[way](definition, a))(given))


@pytest.mark.parametrize("way", ["grad", "jvp"])
def test_a_crowd_of_close_pairs(way, float64):
    given = jax.tree.map(jnp.asarray, at(CROWD))
    agree(WAYS[way](ours, given), WAYS[way](definition, given))


MAPS = {
    "single rows": lambda f: jax.vmap(lambda x, w: f(x[None], w, 0.1, 0.2)[0], (0, None)),
    "rows that lie across": lambda f: (
        lambda x, w: jax.vmap(lambda c: f(c, w, 0.1, 0.2), 2, 1)(jnp.stack([x, x + w[:3]], 2))
    ),
    "prototypes": lambda f: (
        lambda x, w: jax.vmap(f, (None, 0, 0, 0))(
            x, jnp.stack([w, -w]), jnp.array([0.1, 1.0]), jnp.ones((2, 4))
        )
    ),
    "eps": lambda f: lambda x, w: jax.vmap(lambda eps: f(x, w, eps, 0.2))(jnp.array([0.1, 1.0])),
    "both": lambda f: (
        lambda x, w: jax.vmap(lambda x, w: f(x, w, 0.1, 0.2), (2, 1), 1)(
            jnp.stack([x, 2 * x], 2), jnp.stack([w, x[:1] - w], 1)
        )
    ),
    "rows of rows, by prototypes": lambda f: jax.vmap(
        jax.vmap(lambda x, w: f(x[None], w[None], 0.1, 0.2)[0, 0], (None, 0)), (0, None)
    ),
    "gradients of single rows": lambda f: jax.vmap(
        jax.grad(total(lambda w, x: f(x[None], w, 0.1, 0.2))), (None, 0)
    ),
}


@pytest.mark.parametrize("how", MAPS)
def test_every_way_to_map(how, float64):
    def both(function):
        mapped = MAPS[how](function)
        given = (NEAR, X) if how == "gradients of single rows" else (X, NEAR)
        change = jax.grad(lambda *a: jnp.sum(jnp.cos(mapped(*a))), (0, 1))
        return jax.jit(lambda: (mapped(*given), change(*map(jnp.asarray, given))))()

    agree(both(ours), both(definition))


def test_a_direction_of_small_numbers_keeps_its_digits_next_to_a_prototype():
    """In float32, where x·w has no digit of the distance: as the sum of squared differences has it."""
    x = np.float32(10) * RNG.normal(size=(2, 64)).astype(np.float32)
    for w in (x + np.float32(1e-3), x[:1] + np.float32(1e-3) * RNG.normal(size=(40, 64)).astype(np.float32)):
        given, way = (x, w), direction((x, w))
        found = jax.jvp(lambda x, w: pairwise(x, w, eps=1e-3), given, way)[1]
        with jax.enable_x64(True):
            wide = [tuple(np.asarray(a, float) for a in group) for group in (given, way)]
            true = jax.jvp(lambda x, w: definition(x, w, 1e-3, 0.0), *wide)[1]
        np.testing.assert_allclose(found, true, rtol=1e-4, atol=1e-4 * np.abs(true).max())


def test_forward_mode_goes_through_all_that_stands_on_it(float64):
    x = jnp.asarray(X)
    agree(
        jax.jit(jax.hessian(lambda x: jnp.sum(jnp.sin(gram(x, eps=0.1)))))(x),
        jax.jit(jax.hessian(lambda x: jnp.sum(jnp.sin(yat(x[:, None], x, eps=0.1)))))(x),
    )
    layer = Dense(4, 5, key=jax.random.key(0), eps=0.1, bias="unit", learn_eps=True)
    numbers, rest = eqx.partition(layer, eqx.is_inexact_array)

    def value(numbers, x):
        return jnp.sum(jnp.sin(eqx.combine(numbers, rest)(x)))

    def plain(numbers, x):
        one = eqx.combine(numbers, rest)
        return jnp.sum(jnp.sin(one.scale * definition(x, one.weight, one.eps, one.bias)))

    agree(jax.jit(jax.hessian(value, (0, 1)))(numbers, x), jax.jit(jax.hessian(plain, (0, 1)))(numbers, x))


def test_the_gradient_under_vmap_over_single_rows_is_that_of_the_batch():
    layer, x = Dense(64, 48, key=jax.random.key(0)), jnp.ones((128, 64))

    def needs(call):
        program = eqx.filter_jit(eqx.filter_grad(lambda layer: jnp.sum(jnp.sin(call(layer)(x)))))
        made = program.lower(layer).compile().compiled
        return made.memory_analysis().temp_size_in_bytes, made.cost_analysis()["flops"]

    for mapped, whole in zip(needs(jax.vmap), needs(lambda layer: layer), strict=True):
        assert mapped <= 1.3 * whole
    # What a loop does is counted once, however often it turns: there is none.
    assert "scan" not in str(jax.make_jaxpr(jax.grad(lambda x: jnp.sum(jax.vmap(layer)(x))))(x))


def test_matrix_products_are_of_full_precision():
    """An accelerator's own default would keep three digits."""
    x, w = jnp.ones((3, 4)), jnp.ones((5, 4))
    for way in ("jvp", "grad"):
        text = jax.jit(lambda x, w, way=way: WAYS[way](ours, (x, w, 0.1, jnp.zeros(5)))).lower(x, w).as_text()
        products = [line for line in text.splitlines() if "dot_general" in line]
        assert len(products) >= 3 and all("HIGHEST" in line for line in products)
