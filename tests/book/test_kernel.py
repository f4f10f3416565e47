"""The kernel of a chapter: its variables, its library, its modules, whatever the notebook or a user says."""

import os
from pathlib import Path

import kernel
import nbformat
import pytest

ELSEWHERE = {"display_name": "Another", "language": "perl", "name": "perl"}
NOISY = 'import os\nos.write(2, b"a machine\'s trouble")\n'
CELL = """
import os, sys
import noisy_library
print(os.getcwd())
print([name for name in ("noisy_library", "wsgiref.validate", "this") if name in sys.modules])
"""


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell that has set nothing."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    return monkeypatch


def test_a_kernel_sees_these_variables_and_no_other(tmp_path: Path, plain: pytest.MonkeyPatch) -> None:
    said = {"PATH": "/bin", "TMPDIR": "/some", "LANG": "C", "HOME": "/me", "PYTHONOPTIMIZE": "2"}
    for name, value in said.items():
        plain.setenv(name, value)
    wanted = {
        "PATH": "/bin",
        "TMPDIR": "/some",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "HOME": str(tmp_path / "_build/kernel"),
        "PYTHONPATH": str(tmp_path),
        "NMN_RESULTS": str(tmp_path / "_build/results"),
        "JAX_PLATFORMS": "cpu",
    }
    assert kernel.environment(tmp_path) == wanted
    assert (tmp_path / "_build/kernel").is_dir()
    # The book's own library goes before what the reader has added.
    plain.setenv("PYTHONPATH", "/added")
    plain.setenv("JAX_PLATFORMS", "cuda,cpu")
    chosen = {"PYTHONPATH": f"{tmp_path}{os.pathsep}/added", "JAX_PLATFORMS": "cuda,cpu"}
    assert kernel.environment(tmp_path) == wanted | chosen


def test_an_empty_platform_is_none(plain: pytest.MonkeyPatch) -> None:
    plain.setenv("JAX_PLATFORMS", "")
    assert kernel.platforms() == "cpu"


def test_a_chapter_runs_in_its_folder_after_quiet_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed/noisy_library.py").write_text(NOISY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    cell = nbformat.v4.new_code_cell(CELL)
    # Neither the kernel that a notebook names nor what a user calls python3: it runs in this Python.
    users = tmp_path / "jupyter/kernels/python3/kernel.json"
    users.parent.mkdir(parents=True)
    users.write_text('{"argv": ["false"], "display_name": "mine", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": ELSEWHERE})
    foreign = {"noisy_library", "wsgiref.validate", "this"}
    client = kernel.Client(notebook, folder=tmp_path / "book", root=tmp_path, foreign=foreign)
    assert client.timeout == kernel.TIMEOUT
    client.execute()
    # Of the standard library only what a cell asks for itself.
    (output,) = cell.outputs
    assert (output.name, output.text) == ("stdout", f"{(tmp_path / 'book').resolve()}\n['noisy_library']\n")


def test_a_client_may_be_given_another_time(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    client = kernel.Client(notebook, folder=tmp_path, root=tmp_path, foreign=(), timeout=3)
    assert client.timeout == 3
