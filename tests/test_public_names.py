"""What `import nmn` offers, and that every docstring's example runs as it stands."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nmn
from nmn import layers, multiplicative, product
from nmn.hypercube import Task, flow, laws, measures, ring
from nmn.hypercube.field import field

# What an example may take for granted.
GIVEN = {
    "Task": Task,
    "field": field,
    "flow": flow,
    "jax": jax,
    "jnp": jnp,
    "laws": laws,
    "layers": layers,
    "measures": measures,
    "multiplicative": multiplicative,
    "nmn": nmn,
    "np": np,
    "product": product,
    "ring": ring,
}
MODULES = [
    module.name
    for module in pkgutil.walk_packages(nmn.__path__, "nmn.")
    if not module.name.endswith("__main__")
]


def examples(module: ModuleType) -> list[doctest.DocTest]:
    return [test for test in doctest.DocTestFinder().find(module, globs=dict(GIVEN)) if test.examples]


def test_the_names_are_there_and_cost_nothing_until_they_are_asked_for() -> None:
    for name in nmn.__all__:
        assert getattr(nmn, name) is not None and name in dir(nmn)
    assert nmn.yat is product.yat and nmn.Dense is layers.Dense and nmn.Task is Task
    with pytest.raises(AttributeError, match="has no attribute 'yet'"):
        _ = nmn.yet
    light = "import sys, nmn; sys.exit('jax' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", light]).returncode == 0


def test_no_name_hides_a_module() -> None:
    hidden = []
    for name in ["nmn", *MODULES]:
        package = importlib.import_module(name)
        for inner in pkgutil.iter_modules(getattr(package, "__path__", [])):
            attribute = getattr(package, inner.name, None)
            if attribute is not None and not isinstance(attribute, ModuleType):
                hidden.append(f"{name}.{inner.name}")
    assert not hidden


@pytest.mark.parametrize("name", ["nmn", *MODULES])
def test_examples_run(name: str) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for test in examples(importlib.import_module(name)):
        runner.run(test)
    assert runner.failures == 0


def test_there_are_examples_of_what_users_write_themselves() -> None:
    shown = {test.name for name in ["nmn", *MODULES] for test in examples(importlib.import_module(name))}
    assert shown >= {"nmn", "nmn.hypercube.task.Task", "nmn.hypercube.laws.base.Law"}
    assert shown >= {"nmn.hypercube.laws.copula.Marginal", "nmn.layers.dense.Dense"}
