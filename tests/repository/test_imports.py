"""Imports run one way: no package looks back, no module stands in a circle, none needs the book."""

import ast
import re
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from nmn import sources

ROOT = Path(__file__).parents[2]
# Each may import those before it, and itself.
ORDER = (
    "sources",
    "certificates",
    "arguments",
    "regularity",
    "product",
    "layers",
    "multiplicative",
    "hypercube",
    "experiments",
    "figures",
    "widgets",
)
# The simulator stands on nothing of the product, and neither on what measures functions.
NEVER = {("hypercube", other) for other in ("product", "layers", "multiplicative", "regularity")}


def modules(root: Path) -> dict[str, Path]:
    """The library's modules by their dotted names."""
    found = {}
    for path in sorted((root / "nmn").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """The dotted names that a module imports, in functions too; what is no module is its module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in known else str(node.module) for name in full}
    return names


def graph(root: Path) -> dict[str, set[str]]:
    """Which module of the library imports which others."""
    known = modules(root)
    return {name: (imports(path, known) & set(known)) - {name} for name, path in known.items()}


def faults(root: Path) -> list[str]:
    """Arrows that run back, and a circle if there is one."""
    arrows, found = graph(root), []
    for name, others in arrows.items():
        for other in sorted(others):
            here, there = (full.split(".")[1] if "." in full else "" for full in (name, other))
            back = here and there and ORDER.index(there) > ORDER.index(here)
            if back or (here, there) in NEVER:
                found.append(f"{name} imports {other}")
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found.append(f"a circle: {' -> '.join(error.args[1])}")
    for path in modules(root).values():
        foreign = (name for name in imports(path, {}) if name.split(".")[0] in OUTSIDE)
        found += [f"{path.name} imports {name}" for name in foreign]
    return found


# The book's extensions and the tests are no part of the library.
OUTSIDE = {"book", "tests", *(path.stem for path in (ROOT / "book" / "_ext").glob("*.py"))}


def test_imports_run_one_way() -> None:
    assert {name.split(".")[1] for name in modules(ROOT) if "." in name} == set(ORDER)
    assert faults(ROOT) == []


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"product/a.py": "from nmn.layers import b", "layers/b.py": ""}, "product.a imports nmn.layers.b"),
        ({"hypercube/a.py": "import nmn.product.b", "product/b.py": ""}, "hypercube.a imports nmn.product.b"),
        ({"layers/a.py": "import nmn.layers.b", "layers/b.py": "def f():\n import nmn.layers.a"}, "circle"),
        ({"figures/a.py": "from tests.book import chapter"}, "a.py imports tests.book"),
        ({"figures/a.py": "import claim_rows"}, "a.py imports claim_rows"),
    ],
)
def test_an_arrow_back_is_found(tmp_path: Path, files: dict[str, str], fault: str) -> None:
    for name, text in files.items():
        path = tmp_path / "nmn" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (found,) = faults(tmp_path)
    assert fault in found


def bare(requirements: list[str]) -> set[str]:
    """Names without versions."""
    return {re.split(r"[<>=\[]", one)[0] for one in requirements}


def foreign(names: list[str]) -> set[str]:
    """What modules import, directly or not, that is neither ours nor Python's."""
    found = sources.closure([f"import {name}" for name in names], ROOT).foreign
    return {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names)


def test_the_library_needs_no_more_than_it_says() -> None:
    """What users install alone is enough for all but figures, widgets, experiments and sweeps."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    said, more = bare(project["dependencies"]), project["optional-dependencies"]
    parts = [
        name
        for name in modules(ROOT)
        if name.startswith(
            ("nmn.product", "nmn.layers", "nmn.hypercube", "nmn.multiplicative", "nmn.regularity")
        )
    ]
    plain = [name for name in parts if not name.startswith("nmn.hypercube.sweep")]
    assert {"jax", "numpy", "scipy", "diffrax"} <= foreign(plain) <= said
    # jaxlib comes with jax; fsspec and cloudpickle with distributed.
    assert foreign(parts) <= said | bare(more["sweep"]) | {"jaxlib", "fsspec", "cloudpickle"}
    for heavy in ("cvxpy", "matplotlib", "sympy", "distributed", "zarr", "ipywidgets"):
        assert heavy not in said
