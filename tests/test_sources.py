"""What a chapter imports is found in the sources, at once, later or through others; in doubt it is all."""

from pathlib import Path

import pytest

from nmn.sources import closure, fingerprint

LIBRARY = {
    "nmn/__init__.py": "def __getattr__(name):\n    from nmn import unused\n",
    "nmn/ring.py": "import numpy.linalg\n",
    "nmn/laws/__init__.py": "from nmn.laws.base import Law\n",
    "nmn/laws/base.py": "def late():\n    from nmn import ring\n",
    "nmn/laws/cube.py": "from . import base\nfrom .. import alone\n",
    "nmn/alone.py": "",
    "nmn/unused.py": "",
    "book/beside.py": "import nmn.alone\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("book")
    for name, text in LIBRARY.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf8")
    return root


def files(root: Path, *sources: str) -> set[str]:
    found = closure(sources, root, root / "book").files
    return {path.relative_to(root).as_posix() for path in found}


TOP, LAWS = {"nmn/__init__.py"}, {"nmn/laws/__init__.py", "nmn/laws/base.py", "nmn/ring.py"}
ALL = {name for name in LIBRARY if name.startswith("nmn/")}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("x = 1", set()),
        ("import nmn.ring\nnmn.ring.root(x)", TOP | {"nmn/ring.py"}),
        ("import nmn.ring\nnmn.alone.f(x)", TOP | {"nmn/ring.py", "nmn/alone.py"}),
        ("import nmn.ring as r", TOP | {"nmn/ring.py"}),
        ("from nmn import ring", TOP | {"nmn/ring.py"}),
        # A package counts with its __init__, and so does what that imports, at once or in a function.
        ("from nmn import laws", TOP | LAWS),
        ("def f():\n    from nmn.laws import cube", TOP | LAWS | {"nmn/laws/cube.py", "nmn/alone.py"}),
        ("from importlib import import_module\nimport_module('nmn.ring')", TOP | {"nmn/ring.py"}),
        ("run([python, '-m', 'nmn.alone'])", TOP | {"nmn/alone.py"}),
        ("__import__('beside')", TOP | {"book/beside.py", "nmn/alone.py"}),
        ("import beside", TOP | {"book/beside.py", "nmn/alone.py"}),
    ],
)
def test_what_is_named_is_found(root: Path, source: str, wanted: set[str]) -> None:
    assert files(root, source) == wanted


@pytest.mark.parametrize(
    "source",
    [
        "import importlib\nimportlib.import_module(name)",
        "import importlib\nimportlib.import_module('.ring', 'nmn')",
        "from importlib import import_module as load\nload('nm' + 'n.ring')",
        "load = __import__",
        "__import__(f'nmn.{name}')",
        "import pkgutil\nlist(pkgutil.iter_modules())",
        "exec(text)",
        "import nmn",
        "import nmn as n\nn.yat(w, x)",
        "from nmn import yat",
        "import nmn.ring\nnmn.yat(w, x)",
        "import nmn.ring\ngetattr(nmn, 'yat')",
        "import nmn.ring\nfront = nmn\nfront.yat",
        "import importlib\nimportlib.import_module('nmn').yat",
        "%run other.py",
    ],
)
def test_where_nobody_can_tell_it_is_the_whole_library(root: Path, source: str) -> None:
    assert files(root, source) == ALL


def test_a_module_that_imports_what_nobody_can_tell_counts_as_all(root: Path) -> None:
    (root / "nmn/odd.py").write_text("from importlib import import_module\nimport_module(name)\n", "utf8")
    assert files(root, "from nmn import odd") == ALL | {"nmn/odd.py"}
    (root / "nmn/odd.py").unlink()


def test_what_others_wrote_is_told_apart(root: Path) -> None:
    found = closure(["import jax\nfrom nmn import ring\nfrom time import time"], root, root / "book")
    assert {"jax", "numpy", "numpy.linalg", "time"} <= found.foreign
    assert not any(name.startswith("nmn") for name in found.foreign)


def test_of_a_folder_full_of_packages_one_may_count(root: Path) -> None:
    for name, text in {"own/__init__.py": "import beside\nfrom own import part", "own/part.py": ""}.items():
        (root / "book" / name).parent.mkdir(exist_ok=True)
        (root / "book" / name).write_text(text, "utf8")
    found = closure(["import own, beside"], root, root / "book", "own")
    assert {path.relative_to(root).as_posix() for path in found.files} == {
        "book/own/__init__.py",
        "book/own/part.py",
    }
    assert "beside" in found.foreign


def test_a_fingerprint_changes_with_what_is_imported_and_with_no_other_file(tmp_path: Path) -> None:
    for name in ("own", "part", "other"):
        (tmp_path / f"{name}.py").write_text("import part\n" if name == "own" else "", "utf8")
    first = fingerprint("import own", tmp_path)
    (tmp_path / "other.py").write_text("x = 1\n", "utf8")
    assert fingerprint("import own", tmp_path) == first
    (tmp_path / "part.py").write_text("x = 1\n", "utf8")
    second = fingerprint("import own", tmp_path)
    (tmp_path / "own.py").write_text("import part, other\n", "utf8")
    assert (
        len({first, second, fingerprint("import own", tmp_path), fingerprint("import part", tmp_path)}) == 4
    )
    assert fingerprint("import nmn.arguments", tmp_path) == fingerprint("import nmn.arguments")
