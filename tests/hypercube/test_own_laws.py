"""Laws as users write them: served by what they answer, and by no answer that is another law's."""

import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

from nmn.hypercube import Task, flow, laws, ring
from nmn.hypercube.field import METHODS, field

# Sums of eighths are exact: a tie is one in floats, too.
W = np.array([7.0, -3, 2, 5, -1, 3]) / 8
WHITE, ROW = np.eye(6)[0], ring.correlation(6, 1.5)
EXACT = ("enumeration", "meet", "integer", "transfer")


class Sign(laws.Marginal):
    def pixel(self, z: Any) -> Any:
        return jnp.where(z < 0, -1.0, 1.0)


class Dice(laws.Marginal):
    """−3, −1, 1, 3, each as likely, over √5."""

    def pixel(self, z: Any) -> Any:
        return jnp.sign(z) * jnp.where(jnp.abs(z) > 0.6744897501960817, 3, 1) / math.sqrt(5)

    def levels(self) -> laws.Levels:
        return laws.Levels(np.array([-3.0, -1.0, 1.0, 3.0]), np.full(4, 0.25), 5**-0.5)


COINS = {
    "cube": laws.UniformCube(6),
    "NLGP": laws.NLGP(WHITE, np.inf),
    "ternary": laws.Copula(WHITE, laws.Ternary(1.0)),
    "erf": laws.Copula(WHITE, laws.Erf(np.inf)),
    "own": laws.Copula(WHITE, Sign()),
    "free Ising": laws.IsingRing(6, 0.0),
}


@pytest.mark.parametrize("method", [method for method in METHODS if method not in ("closed", "monte-carlo")])
def test_fair_coins_are_fair_coins_however_they_are_spelled(method: str) -> None:
    # The Ising ring makes its signals of uniform points in a way of its own.
    alike = {name: law for name, law in COINS.items() if (method, name) != ("sobol", "free Ising")}
    found = {name: field(W, law, method=method) for name, law in alike.items()}
    first = found["cube"]
    for name, one in found.items():
        assert one.method == first.method, name
        np.testing.assert_allclose(one.value, first.value, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("name", COINS)
def test_signs_are_served_by_the_flow_under_every_name(name: str) -> None:
    law, reference = COINS[name], laws.UniformCube(6)
    task, known = Task(law, law), Task(reference, reference)
    assert law.is_sign() and float(law.kurtosis()) == pytest.approx(-2, abs=1e-12)
    np.testing.assert_allclose(flow.hops(W, task).rest, flow.hops(W, known).rest, atol=1e-12)
    np.testing.assert_allclose(flow.pixel_state(task).weights, flow.pixel_state(known).weights, atol=1e-12)
    np.testing.assert_allclose(flow.response(0.7, law), flow.response(0.7, reference), atol=1e-12)
    neurons = flow.Neurons.mean(W)
    np.testing.assert_allclose(
        flow.network_loss(neurons, task), flow.network_loss(neurons, known), atol=1e-12
    )


class Plain(laws.Marginal):
    def pixel(self, z: Any) -> Any:
        return z


class Bent(Plain):
    """Almost z."""

    def pixel(self, z: Any) -> Any:
        return z * (1 + 1e-6 * z**2) / (1 + 3e-6)


def test_a_gaussian_is_one_however_it_is_spelled() -> None:
    law, known = laws.Copula(ROW, Plain()), laws.Gaussian(ROW)
    found, reference = field(W, law), field(W, known)
    assert found.method == reference.method == "closed"
    np.testing.assert_array_equal(found.value, reference.value)
    np.testing.assert_allclose(flow.amplitude(Task(law, law)), flow.amplitude(Task(known, known)), rtol=1e-6)
    # A law is known to be one inside ``jit``, too; what is nearly z is no z.
    assert jax.jit(lambda: jnp.asarray(law.elliptical()))() == pytest.approx(known.elliptical())
    assert field(W, laws.Copula(ROW, Bent())).method == "sobol"


@pytest.mark.parametrize("make", [laws.Ternary, laws.Algebraic])
def test_what_a_law_is_made_of_is_a_number_at_hand(make: Any) -> None:
    with pytest.raises(ValueError, match=r"must be a number at hand: it is fixed outside jit"):
        jax.jit(lambda p: make(p).kurtosis())(0.5)


def test_dependent_signs_have_one_closed_form() -> None:
    few = [1.0, -1.0, 0, 0, 0, 0]
    found = [
        field(few, law)
        for law in (laws.NLGP(ROW, np.inf), laws.Copula(ROW, laws.Ternary(1.0)), laws.Copula(ROW, Sign()))
    ]
    assert {one.method for one in found} == {"closed"}
    for one in found:
        np.testing.assert_allclose(one.value, found[0].value, atol=1e-7)


def test_uniform_pixels_are_one_law_under_both_names() -> None:
    two = (laws.NLGP(ROW, 2**-0.5), laws.Copula(ROW, laws.Uniform()))
    found = [field(W, law) for law in two]
    assert found[0].method == found[1].method == "sobol"
    np.testing.assert_allclose(found[0].value, found[1].value, atol=1e-7)
    np.testing.assert_allclose(two[0].correlation(), two[1].correlation(), atol=1e-7)
    np.testing.assert_allclose(*(flow.response(np.linspace(-0.9, 0.9, 7), law) for law in two), atol=1e-6)


def test_levels_of_ones_own_are_exact() -> None:
    law, faces = laws.Copula(WHITE, Dice()), np.array([-3.0, -1.0, 1.0, 3.0]) / math.sqrt(5)
    x = np.array(list(itertools.product(faces, repeat=6)))
    brute = 0.5 * np.sign(np.round(x @ W, 12)) @ x / len(x)
    for method in (*EXACT, "auto"):
        found = field(W, law, method=method)
        np.testing.assert_allclose(found.value, brute, atol=max(1e-9, 3 * found.worst()), err_msg=method)
    tied = field([1.0, 1, 0, 2, 0, 0], law)
    ties = 0.5 * np.sign(np.round(x @ [1.0, 1, 0, 2, 0, 0], 12)) @ x / len(x)
    np.testing.assert_allclose(tied.value, ties, atol=1e-12)
    sampled = field(W, law, method="sobol", error=1e-3)
    assert np.abs(sampled.value - brute).max() < 5e-3
    assert float(law.kurtosis()) == pytest.approx(41 / 25 - 3, abs=0.05)


class Sticky(laws.Law):
    """Three levels round the ring, each pixel bound to the next: values −1, 0, 1 over √(2/3)."""

    @property
    def n(self) -> int:
        return 5

    def bonds(self) -> np.ndarray:
        return np.array([[2.0, 1, 0.5], [1, 1, 1], [0.5, 1, 2]])

    def states(self) -> tuple[np.ndarray, np.ndarray]:
        x = np.array(list(itertools.product(range(3), repeat=5)))
        chances = np.prod(self.bonds()[x, np.roll(x, -1, 1)], 1)
        return x - 1.0, chances / chances.sum()

    def levels(self) -> laws.Levels:
        x, chances = self.states()
        one = np.array([chances[x[:, 0] == value].sum() for value in (-1, 0, 1)])
        return laws.Levels(np.array([-1.0, 0, 1]), one, float((one[0] + one[2]) ** -0.5))

    def sample(self, key: Any, count: int) -> Any:
        x, chances = self.states()
        return self.levels().scale * jnp.asarray(x)[jax.random.choice(key, len(x), (count,), p=chances)]

    def correlation(self) -> Any:
        x, chances = self.states()
        return jnp.asarray((x[:, :1] * x * chances[:, None]).sum(0) * self.levels().scale ** 2)

    def kurtosis(self) -> Any:
        return self.levels().scale ** 2 - 3


@pytest.mark.parametrize("method", ["enumeration", "meet", "transfer"])
def test_dice_and_bonds_of_ones_own_under_weights_without_a_common_scale(method: str) -> None:
    w, law = np.sqrt([2.0, 3, 5, 7, 11, 13]), laws.Copula(WHITE, Dice())
    x = np.array(list(itertools.product([-3.0, -1.0, 1.0, 3.0], repeat=6)))
    found = field(w, law, method=method)
    np.testing.assert_allclose(
        found.value, law.levels().scale / 2 * np.sign(x @ w) @ x / len(x), atol=max(1e-12, 3 * found.worst())
    )
    bound, w = Sticky(), w[:5]
    x, chances = bound.states()
    found, brute = field(w, bound, method=method), bound.levels().scale / 2 * (np.sign(x @ w) * chances) @ x
    np.testing.assert_allclose(found.value, brute, atol=max(1e-12, 3 * found.worst()))
    assert found.worst() < 0.02


@pytest.mark.parametrize("w", [[0.25, -1.0, 0.5, 0.75, 0.125], [2.0, 0, 1, 0, -1], [0, 0, 1, 0, 0]])
def test_bonds_of_ones_own_are_exact_also_where_weights_are_zero(w: list[float]) -> None:
    law = Sticky()
    x, chances = law.states()
    brute = law.levels().scale * 0.5 * (np.sign(np.round(x @ w, 12)) * chances) @ x
    for method in (*EXACT, "auto"):
        found = field(w, law, method=method)
        np.testing.assert_allclose(found.value, brute, atol=max(1e-12, 3 * found.worst()), err_msg=method)
    with pytest.raises(ValueError, match="sobol"):
        field(w, law, method="sobol")
    assert np.abs(field(w, law, method="monte-carlo").value - brute).max() < 0.01


class Bare(laws.Law):
    """What a law must state, and no more: all pixels as one Laplace variable."""

    n: int = 6

    def sample(self, key: Any, count: int) -> Any:
        return jnp.tile(jax.random.laplace(key, (count, 1)) / math.sqrt(2), self.n)

    def correlation(self) -> Any:
        return jnp.ones(self.n)

    def kurtosis(self) -> float:
        return 3.0


def test_a_law_that_only_draws_is_sampled() -> None:
    law, task = Bare(), Task(Bare(), laws.UniformCube(6))
    found = field(W, law)
    assert found.method == "monte-carlo"
    # E|X|/2 along 1, as w·X = (Σ w) X.
    np.testing.assert_allclose(found.value, 1 / math.sqrt(8), atol=5 * found.worst() + 1e-12)
    assert flow.loss(W, task) > 0
    assert np.isfinite(flow.sampled(jax.random.key(0), W, task, steps=2, step=0.1, samples=64)).all()
    assert flow.ray(W, task).loss < 1 / 4
    with pytest.raises(ValueError, match=r"exact probabilities.*got Bare"):
        flow.hops(W, task)
    for method in EXACT:
        with pytest.raises(ValueError, match="got Bare"):
            field(W, law, method=method)
    with pytest.raises(ValueError, match="got Bare"):
        flow.smooth(W, task, [1.0])


FIXED = np.array([1.0, 1, 1, -1, -1, -1])


def other(base: type, *arguments: Any) -> laws.Law:
    """A subclass of ``base`` that draws one pattern, turned and flipped at random."""

    class Mine(base):
        def sample(self, key: Any, count: int) -> Any:
            turn, flip = jax.random.split(key)
            shift = jax.random.randint(turn, (count,), 0, 6)
            sign = jax.random.rademacher(flip, (count, 1), float)
            return sign * jnp.asarray(FIXED)[(jnp.arange(6) - shift[:, None]) % 6]

    return Mine(*arguments)


@pytest.mark.parametrize(
    "law",
    [
        other(laws.Gaussian, ROW),
        other(laws.Student, ROW, 6.0),
        other(laws.Shell, ROW),
        other(laws.NLGP, WHITE, 2.0),
        other(laws.Copula, WHITE, laws.Ternary(0.5)),
        other(laws.Copula, ROW, laws.Laplace()),
        other(laws.IsingRing, 6, 0.4),
        other(laws.UniformCube, 6),
    ],
    ids=lambda law: type(law).__mro__[1].__name__,
)
def test_who_draws_other_signals_inherits_no_answer(law: laws.Law) -> None:
    turned = np.array([np.roll(FIXED, k) for k in range(6)])
    true = 0.5 * np.sign(turned @ W) @ turned / 6
    found = field(W, law)
    assert found.method == "monte-carlo"
    np.testing.assert_allclose(found.value, true, atol=5 * found.worst() + 1e-12)
    base = type(law).__mro__[1]
    before = field(W, _plain(law, base))
    assert np.abs(before.value - true).max() > 0.02, "the law it is made of has another field"
    for method in (*EXACT, "sobol"):
        with pytest.raises(ValueError, match="Mine"):
            field(W, law, method=method)


def _plain(law: laws.Law, base: type) -> laws.Law:
    """The law of ``base`` with the same parameters."""
    plain = object.__new__(base)
    for name, value in vars(law).items():
        object.__setattr__(plain, name, value)
    return plain


def test_answers_of_ones_own_are_kept_and_so_are_those_of_a_marginal() -> None:
    class Quiet(laws.UniformCube):
        def sample(self, key: Any, count: int) -> Any:
            return laws.UniformCube.sample(self, key, count)

    class Said(Quiet):
        def kurtosis(self) -> float:
            return -2.0

        def log_probability(self, x: Any) -> Any:
            return laws.UniformCube.log_probability(self, x)

    assert not Quiet(6).is_sign() and field(W, Quiet(6)).method == "monte-carlo"
    assert Said(6).is_sign() and field(W, Said(6)).method == "enumeration"
    np.testing.assert_allclose(field(W, Said(6)).value, field(W, laws.UniformCube(6)).value, atol=1e-14)

    class Half(laws.Ternary):
        def pixel(self, z: Any) -> Any:
            return z

    assert Half(0.5).levels() is None and float(Half(0.5).kurtosis()) == pytest.approx(0, abs=1e-6)
    assert laws.Ternary(0.5).levels() is not None


class Alike:
    """A mixin that draws: all pixels fall as one coin."""

    def sample(self, key: Any, count: int) -> Any:
        return jnp.sign(jax.random.normal(key, (count, 1))) * jnp.ones(self.n)


@pytest.mark.parametrize("base, given", [(laws.UniformCube, (6,)), (laws.Gaussian, (ROW,))])
def test_who_draws_through_a_mixin_inherits_no_answer(base: type, given: tuple) -> None:
    mixed = type("Mixed", (Alike, base), {})(*given)
    found = field(W, mixed)
    assert found.method == "monte-carlo"
    np.testing.assert_allclose(found.value, 0.5, atol=1e-12)


def test_a_mixin_may_answer_and_a_list_is_a_correlation() -> None:
    class Said:
        def is_sign(self) -> bool:
            return True

    class Coin(Said, laws.Law):
        n: int = 6

        def sample(self, key: Any, count: int) -> Any:
            return jnp.tile(jax.random.rademacher(key, (count, 1), float), self.n)

        def correlation(self) -> Any:
            return [1.0] * self.n

        def kurtosis(self) -> float:
            return -2.0

    task = Task(Coin(), laws.UniformCube(6))
    assert field([9.0, 1, 1, 1, 1, 1], Coin()).method == "closed"
    np.testing.assert_allclose(task.pull(), (np.ones((6, 6)) + np.eye(6)) / 4)


def test_other_signals_are_no_signs_for_an_inherited_kurtosis() -> None:
    class Noise(laws.NLGP):
        def sample(self, key: Any, count: int) -> Any:
            return jax.random.normal(key, (count, self.n))

    found = field([3, 0.1, 0.1, 0.1, 0.1, 0.1], Noise(WHITE, np.inf))
    assert found.method == "monte-carlo"
    assert found.value[0] == pytest.approx(1 / math.sqrt(2 * math.pi), abs=0.01)


def test_one_pixel_is_bound_to_itself() -> None:
    class One(Sticky):
        @property
        def n(self) -> int:
            return 1

        def states(self) -> tuple[np.ndarray, np.ndarray]:
            chances = np.diag(self.bonds())
            return np.array([[-1.0], [0], [1]]), chances / chances.sum()

    for method in (*EXACT, "auto"):
        value = field([2.0], One(), method=method).value
        np.testing.assert_allclose(value, One().levels().scale * 0.4, rtol=1e-12, err_msg=method)


def test_the_scale_of_bonds_does_not_matter() -> None:
    class Loud(laws.IsingRing):
        def bonds(self) -> np.ndarray:
            return 1e3 * laws.IsingRing.bonds(self)

    for method in ("integer", "transfer"):
        two = (law(300, 3.0) for law in (Loud, laws.IsingRing))
        loud, plain = (field(np.ones(300), law, method=method).value for law in two)
        np.testing.assert_allclose(loud, plain, rtol=1e-9)
    for bad in (np.array([[1.0, -1], [-1, 1]]), np.zeros((2, 2)), np.array([[np.nan, 1], [1, 1]])):
        wrong = type("Wrong", (laws.IsingRing,), {"bonds": lambda self, bad=bad: bad})(6, 0.1)
        with pytest.raises(ValueError, match="bonds"):
            field(W, wrong)


@pytest.mark.parametrize(
    ("values", "chances", "scale", "message"),
    [
        ([-1.5, 1.5], [0.5, 0.5], 1.0, "values must be whole numbers"),
        ([1.0, -1], [0.5, 0.5], 1.0, "values must be whole numbers that rise"),
        ([0.0, 1], [0.5, 0.5], 1.0, "values must hold the negative"),
        ([-1.0, 1], [0.5, 0.6], 1.0, "chances must be one a value"),
        ([-1.0, 1], [1.5, -0.5], 1.0, "chances must be one a value"),
        ([-1.0, 1], [1.0], 1.0, "chances must be one a value"),
        ([-1.0, 1], [0.4, 0.6], 1.0, "chances must be those of the negatives"),
        ([-1.0, 1], [0.5, 0.5], 0.0, "scale must be > 0"),
    ],
)
def test_levels_that_cannot_be_are_refused(values: list, chances: list, scale: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        laws.Levels(np.array(values), np.array(chances), scale)


def test_a_batch_of_laws_is_no_law() -> None:
    batch = jax.vmap(laws.Gaussian)(jnp.stack([jnp.asarray(ROW), jnp.asarray(WHITE, ROW.dtype)]))
    with pytest.raises(ValueError, match="law must be one law"):
        field(W, batch)


def test_the_error_knows_that_a_law_was_made_in_single_precision() -> None:
    with jax.enable_x64(False):
        law = laws.IsingRing(5, 0.3)
    closed, exact = (field([3, 1, 0.5, 0.2, 0.1], law, method=m) for m in ("closed", "enumeration"))
    assert np.abs(closed.value - exact.value).max() <= closed.error < 1e-5


@pytest.mark.parametrize("x64", [False, True])
def test_a_steep_marginal_is_no_sign(x64: bool) -> None:
    class Steep(laws.Marginal):
        def pixel(self, z: Any) -> Any:
            return jax.scipy.special.erf(1e4 * z)

    with jax.enable_x64(x64):
        assert not Steep().is_sign() and Sign().is_sign()


@pytest.mark.parametrize("n", [5, 6])
@pytest.mark.parametrize("coupling", [0.3, 20.0, 25.0, 30.0, 45.0, -0.3, -25.0, -30.0, -45.0])
def test_the_slope_in_the_coupling_is_a_number_at_every_coupling(n: int, coupling: float) -> None:
    with jax.enable_x64(False):
        slope = jax.grad(lambda J: laws.IsingRing(n, J).correlation()[1])(coupling)
    if abs(coupling) < 1:
        with jax.enable_x64(True):
            up, down = (laws.IsingRing(n, coupling + step).correlation()[1] for step in (1e-5, -1e-5))
        assert float(slope) == pytest.approx(float(up - down) / 2e-5, rel=1e-4)
    else:
        assert abs(float(slope)) < 1e-6


def test_a_law_made_in_double_precision_is_drawn_in_single() -> None:
    with jax.enable_x64(True):
        law = laws.NLGP(np.asarray(ROW, float).round(6), 2.0)
    with jax.enable_x64(False):
        assert np.isfinite(law.sample(jax.random.key(0), 2)).all() and np.isfinite(law.kurtosis())
    with pytest.raises(ValueError, match="gain must be > 0"):
        laws.NLGP(ROW, 1e-20)


def test_a_large_gain_is_no_sign() -> None:
    with jax.enable_x64(False):
        assert not laws.NLGP(WHITE, 1e9).is_sign()
        assert laws.NLGP(WHITE, np.inf).is_sign() and laws.UniformCube(6).is_sign()
        assert jax.jit(lambda z: jnp.where(COINS["own"].is_sign(), z, -z))(1.0) == 1
        assert not laws.Gaussian(WHITE).is_sign() and not laws.Student(WHITE, 3.0).is_sign()


@pytest.mark.parametrize("dof", [2.5, 4.0, 30.0, 1e4, 1e7])
@pytest.mark.parametrize("x64", [False, True])
def test_a_traced_student_has_the_size_of_one_at_hand(dof: float, x64: bool) -> None:
    half = mpmath.mpf(dof) / 2
    true = float(2 * mpmath.sqrt((dof - 2) / mpmath.pi) * mpmath.gammaprod([half + 0.5], [half]) / (dof - 1))
    with jax.enable_x64(x64):
        assert laws.Student(WHITE, dof).elliptical() == pytest.approx(true, rel=2e-15 if x64 else 1e-7)
        traced = jax.jit(lambda nu: laws.Student(WHITE, nu).elliptical())(dof)
        assert float(traced) == pytest.approx(true, rel=4e-15 if x64 else 2e-6)
        slope = jax.grad(lambda nu: laws.Student(WHITE, nu).elliptical())(dof)
        assert np.isfinite(slope) and slope >= 0


def test_a_loss_may_be_asked_of_a_traced_student() -> None:
    neurons = flow.Neurons.mean(W)

    def loss(dof: Any) -> Any:
        return flow.network_loss(neurons, Task(laws.Student(ROW, dof), laws.Gaussian(ROW)))

    dofs = jnp.array([3.0, 5.0, 50.0])
    mapped = jax.jit(jax.vmap(loss))(dofs)
    np.testing.assert_allclose(mapped, [float(loss(float(dof))) for dof in dofs], rtol=1e-5)
    step = 1e-2
    slope = (loss(5.0 + step) - loss(5.0 - step)) / (2 * step)
    assert float(jax.grad(loss)(5.0)) == pytest.approx(float(slope), rel=0.05)


FLOWS = {
    "smooth": lambda w, task: flow.smooth(w, task, [1.0])[-1],
    "effective": lambda w, task: flow.effective(w, task, [1.0])[-1],
    "sampled": lambda w, task: flow.sampled(jax.random.key(0), w, task, steps=5, step=0.1, samples=64)[-1],
    "network_smooth": lambda w, task: flow.network_smooth(flow.Neurons.mean(w), task, [1.0]).weights[-1, 0],
    "network_steps": lambda w, task: flow.network_steps(
        flow.Neurons.mean(w), task, steps=5, step=0.1
    ).weights[-1, 0],
    "online": lambda w, task: flow.online(
        jax.random.key(0), flow.Neurons.mean(w), task, steps=2, step=0.1, batch=4
    ).weights[-1, 0],
}


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("weights, given", [("float32", "float64"), ("float64", "float32")])
def test_weights_keep_their_precision_whatever_the_laws_have(name: str, weights: str, given: str) -> None:
    with jax.enable_x64(True):
        row = jnp.asarray(np.asarray(ROW, float), given)
        row = row.at[1:].set((row[1:] + row[:0:-1]) / 2)
        task = Task(laws.Gaussian(row), laws.Shell(row))
        found = FLOWS[name](jnp.asarray(W, weights), task)
        assert found.dtype == weights
        if name != "online":
            same = Task(laws.Gaussian(row.astype(weights)), laws.Shell(row.astype(weights)))
            np.testing.assert_allclose(found, FLOWS[name](jnp.asarray(W, weights), same), rtol=2e-3)
