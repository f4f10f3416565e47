"""The pages are the same whatever a shell, a home folder or a machine has set."""

import os
import re
import shutil
from pathlib import Path

import pytest
from small_book import CHAPTER, copy_book, make_book, page, replace, run, write_book

# Says all that a setting could change; a picture comes from the chapter itself.
CELLS = """
```{code-cell} ipython3
import locale
import os
import time

import jax
import jax.numpy as jnp
import matplotlib
import noisy_library
import numpy as np

print("floats", jnp.ones(2).dtype, jax.random.key(0).dtype, jax.random.normal(jax.random.key(0), 3))
print("jax", jax.config.jax_disable_jit, jax.config.jax_debug_nans, jax.devices(), jnp.log(-1.0))
print("python", __debug__, hash("a"), "planted" in globals(), np.ones(1) / 3)
print("machine", time.localtime(0).tm_hour, locale.getlocale(), matplotlib.rcParams["font.size"])
print("seen", sorted(set(os.environ) & set(noisy_library.HOSTILE)), os.environ.get("OMP_NUM_THREADS"))
```
"""
# Writes to stderr, as Python and below Python, when it is imported: no fault of the chapter.
NOISY = """
import os, sys
HOSTILE = {hostile!r}
print("a machine's trouble", file=sys.stderr)
os.write(2, b"and more of it")
"""
HOSTILE = {
    "JAX_PLATFORMS": "",
    "JAX_ENABLE_X64": "1",
    "JAX_DEFAULT_PRNG_IMPL": "rbg",
    "JAX_DISABLE_JIT": "1",
    "JAX_DEBUG_NANS": "1",
    "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16",
    "XLA_FLAGS": "--xla_force_host_platform_device_count=3",
    "MPLBACKEND": "svg",
    "PYTHONOPTIMIZE": "2",
    "PYTHONHASHSEED": "7",
    "PYTHONWARNINGS": "always",
    "LANG": "C",
    "LC_ALL": "C",
    "TZ": "Asia/Tokyo",
    "OMP_NUM_THREADS": "3",
    "NMN_RESULTS": "/nowhere",
}
START = 'planted = 1\nimport numpy\nnumpy.set_printoptions(precision=2)\nprint("from a start-up file")\n'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book whose page says all that a setting could change, built in a plain environment."""
    names = sorted({*HOSTILE, "MPLCONFIGDIR", "IPYTHONDIR"} - {"JAX_PLATFORMS"})
    pages = {"book/index.md": CHAPTER + CELLS, "installed/noisy_library.py": NOISY.format(hostile=names)}
    book = write_book(tmp_path_factory.mktemp("plain") / "book", pages)
    done = run(book, "jupyter-book", "build", ".", "-W", **installed(book))
    assert done.returncode == 0, done.stdout + done.stderr
    return book


def installed(book: Path) -> dict[str, str]:
    """The variable with which the noisy library is found as if it were installed."""
    return {"PYTHONPATH": os.pathsep.join([str(book), str(book / "installed")])}


def users_home(folder: Path) -> dict[str, str]:
    """A home full of habits, and the variables that lead to them."""
    files = {
        ".ipython/profile_default/startup/00.py": START,
        "start.py": START,
        "matplotlib/matplotlibrc": "font.size: 30\n",
        ".config/matplotlib/matplotlibrc": "font.size: 30\n",
        ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "mine"}',
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf8")
    return {
        "HOME": str(folder),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "IPYTHONDIR": str(folder / ".ipython"),
        "JUPYTER_PATH": str(folder / ".local/share/jupyter"),
        "PYTHONSTARTUP": str(folder / "start.py"),
    }


def seen(book: Path) -> str:
    """The page, without the addresses of files that are named by the folder."""
    return page(book).replace(str(book), "")


def test_no_setting_reaches_the_page(book: Path, tmp_path: Path) -> None:
    plain = seen(book)
    assert re.search(r"python True .* False \[0.33333333\]", plain)
    assert "JAX_ENABLE_X64" not in plain
    settings = HOSTILE | users_home(tmp_path / "home")
    for name, command in (("bare", ("jupyter-book", "build", ".", "-W")), ("made", ())):
        copy = copy_book(book, tmp_path / name)
        shutil.rmtree(copy / "_build" / "outputs")
        setting = settings | installed(copy)
        done = run(copy, *command, **setting) if command else make_book(copy, **setting)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "ran in" in done.stdout
        assert seen(copy) == plain


def test_a_reader_may_choose_the_platform(book: Path, tmp_path: Path) -> None:
    copy = copy_book(book, tmp_path / "book")
    done = make_book(copy, JAX_PLATFORMS="nowhere", **installed(copy))
    assert done.returncode != 0
    assert "nowhere" in done.stdout + done.stderr


def test_asserts_are_on_and_nothing_false_is_kept(book: Path, tmp_path: Path) -> None:
    copy = copy_book(book, tmp_path / "book")
    replace(copy / "book/index.md", "figure()[0]", "assert 1 == 2")
    before = sorted((copy / "_build/outputs").rglob("*.ipynb"))
    done = run(copy, "jupyter-book", "build", ".", PYTHONOPTIMIZE="1", **installed(copy))
    assert done.returncode != 0
    assert "AssertionError" in done.stdout + done.stderr
    assert sorted((copy / "_build/outputs").rglob("*.ipynb")) == before
