"""One function for f(w), whatever the law: the exact back end where one is affordable."""

from collections.abc import Callable

import jax
import numpy as np
from jax.core import Tracer
from jaxtyping import ArrayLike, Float, PRNGKeyArray

from nmn.arguments import number, real
from nmn.hypercube import laws
from nmn.hypercube.field import integer as whole
from nmn.hypercube.field.closed import elliptical, few_signs
from nmn.hypercube.field.cycle import Cycle, cycle
from nmn.hypercube.field.enumeration import MOST_ASKED, asked, enumeration, enumeration_of
from nmn.hypercube.field.integer import integer
from nmn.hypercube.field.meet import meet
from nmn.hypercube.field.result import Field
from nmn.hypercube.field.sampled import monte_carlo, sobol
from nmn.hypercube.field.transfer import transfer

# What auto thinks affordable: about ten milliseconds of tables, a second or two of either.
_FEW_CELLS = 1 << 19
_AFFORDABLE_STATES = 1 << 20

_ON_CYCLES: dict[str, Callable[[Cycle], Field]] = {
    "enumeration": enumeration,
    "meet": meet,
    "integer": integer,
}
_SAMPLED = {"monte-carlo": monte_carlo, "sobol": sobol}
METHODS = ("auto", "closed", *_ON_CYCLES, "transfer", *_SAMPLED)


def field(
    w: Float[ArrayLike, " n"],
    law: laws.Law,
    *,
    method: str = "auto",
    error: float | None = None,
    key: PRNGKeyArray | None = None,
) -> Field:
    """f(w) = E[1(w·X >= 0) X], in float64: what drives one ReLU neuron with weights w.

    X and −X are alike, so ties w·X = 0 add up to nothing and f = ½ E[sgn(w·X) X] with sgn 0 = 0. On the cube
    ties are decided exactly, for w as the floats it holds (0.1 + 0.2 − 0.3 is no tie). f does not depend on
    the length of w.

    method        exact   laws
    closed        yes     ``elliptical`` ones; signs of which one, two equal ones (n = 3: any) decide
    enumeration   yes     with ``log_probability``, to 2^22 states; with ``bonds``, to 2^30
    meet          yes     with ``bonds``: signs to 44 pixels of weight ≠ 0, three levels to 27
    integer       yes     with ``bonds``, w of small whole numbers on some scale, any n
    transfer      no      with ``bonds``, any n (exact for whole numbers)
    sobol         no      with a ``maker``: all that ship with the library
    monte-carlo   no      every law
    auto: an exact one where one is affordable (seconds at most), else transfer, else sobol, else monte-carlo.
    ``Field.method`` says which. The law is asked what it knows (``laws.Law``), not what it is called. Those
    with ``bonds`` are UniformCube, IsingRing, and every copula of independent pixels with few levels.

    ``error``: what the methods that are not exact go on for (see ``Field``). ``key``: for the sampled ones,
    ``jax.random.key(0)`` if none is given. Runs in NumPy on the CPU: not under ``jit``.
    ValueError: w not n finite numbers, all of them 0, an unknown method, a method that does not serve this
    law or is too much for this n, an ``error`` out of reach.
    Source: 003, equation (5).
    """
    w, key = _checked(w, law), jax.random.key(0) if key is None else key
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    if error is not None and not number("error", error) > 0:
        raise ValueError(f"error must be > 0, got {error!r}")
    # A law made in float32 keeps its parameters' rounding; all that is computed from them is float64.
    with jax.enable_x64(True):
        return _found(w, law, method, error, key)


def _found(
    w: Float[np.ndarray, " n"], law: laws.Law, method: str, error: float | None, key: PRNGKeyArray
) -> Field:
    if method in _SAMPLED:
        return _SAMPLED[method](w, law, key, error)
    if method in ("auto", "closed"):
        found = elliptical(w, law) or few_signs(w, law)
        if found is not None:
            return found
    ring = cycle(w, law)
    if method == "auto":
        return _auto(w, law, ring, error, key)
    if ring is not None and method in _ON_CYCLES:
        return _ON_CYCLES[method](ring)
    if ring is not None and method == "transfer":
        return transfer(ring, error)
    if method == "enumeration" and asked(law):
        return enumeration_of(w, law)
    raise ValueError(_no_way(method, law))


def _auto(
    w: Float[np.ndarray, " n"], law: laws.Law, ring: Cycle | None, error: float | None, key: PRNGKeyArray
) -> Field:
    if ring is None:
        states = asked(law)
        if states is not None and states <= MOST_ASKED:
            return enumeration_of(w, law)
        return (monte_carlo if law.maker() is None else sobol)(w, law, key, error)
    cells = whole.cells(ring)
    if cells <= _FEW_CELLS:
        return integer(ring)
    if ring.states(ring.m - ring.m // 2) <= _AFFORDABLE_STATES:
        return meet(ring)
    if cells <= whole.MOST_CELLS:
        return integer(ring)
    try:
        return transfer(ring, error)
    except ValueError:
        # An error out of its reach; samples may still get there.
        return (monte_carlo if law.maker() is None else sobol)(w, law, key, error)


def _checked(w: Float[ArrayLike, " n"], law: laws.Law) -> Float[np.ndarray, " n"]:
    if not isinstance(law, laws.Law):
        raise ValueError(f"law must be a law of a signal such as laws.UniformCube(8), got {law!r}")
    row = np.shape(law.correlation())
    if row != (law.n,):
        raise ValueError(f"law must be one law, of {law.n} correlations, got shape {row}")
    if isinstance(w, Tracer):
        raise ValueError("w must hold numbers: field runs outside jit, vmap and grad")
    if real("w", w).shape != (law.n,):
        raise ValueError(f"w must have shape ({law.n},), one weight a pixel, got shape {np.shape(w)}")
    # Not by way of a JAX array: outside x64 that would round w, and ties with it.
    array = np.asarray(w, float)
    if not np.isfinite(array).all():
        raise ValueError(f"w must be finite, got {array}")
    if not array.any():
        raise ValueError("w must not be all 0: no sign of w·X is then to be had")
    return array


def _no_way(method: str, law: laws.Law) -> str:
    name = type(law).__name__
    if method == "closed":
        return f"method 'closed' has no formula for {name} with these weights: take 'auto'"
    return (
        f"method {method!r} needs a law with exact probabilities (bonds, as UniformCube, IsingRing and "
        f"independent pixels of few levels have), got {name}: take 'sobol' or 'monte-carlo'"
    )
