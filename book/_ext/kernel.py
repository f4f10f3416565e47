"""The kernel of a chapter: this Python, the library of this folder, and an environment that is fixed.

What a shell, a home folder or a machine may set – precision, random generators, threads, locale,
start-up files, a user's matplotlib – does not reach the cells. Only this does: where programs,
temporary files and kept results are, and JAX_PLATFORMS, with which a reader may ask for an accelerator.
"""

import os
import platform
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.util import run_sync
from nbformat import NotebookNode

# Where things are on a machine; not how anything is computed.
KEPT = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USER"),
    "NMN_RESULTS",
)
FIXED = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    # Sums over threads depend on their number; chapters run side by side as it is.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
# Seconds for one cell.
TIMEOUT = 600
QUIET_START = Path(__file__).with_name("quiet_start.py")


def platforms() -> str:
    """The platforms that JAX may use: the processor, unless the reader says otherwise."""
    return os.environ.get("JAX_PLATFORMS") or "cpu"


def environment(root: Path) -> dict[str, str]:
    """The variables of a kernel that runs a chapter of the book in `root`."""
    home = root / "_build" / "kernel"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    library = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    # With this home, what IPython, Jupyter and matplotlib look up there is ours, too.
    own = {"HOME": str(home), "PYTHONPATH": library, "NMN_RESULTS": str(root / "_build" / "results")}
    return kept | FIXED | own | {"JAX_PLATFORMS": platforms()}


def setting() -> dict[str, Any]:
    """All of this that may change what a cell prints: Python, packages, environment."""
    folders = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    installed = sorted(found.name for folder in folders for found in folder.glob("*.dist-info"))
    python = platform.python_version()
    return {"python": python, "installed": installed, "fixed": FIXED, "platforms": platforms()}


class OwnKernel(AsyncKernelManager):
    """The kernel of this very Python, whatever kernels a user has installed under its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **options)


class Client(NotebookClient):
    """Runs the cells of a notebook in a kernel of ours; modules named `foreign` are imported before them."""

    def __init__(
        self, notebook: NotebookNode, *, folder: Path, root: Path, foreign: Iterable[str], **options: Any
    ) -> None:
        super().__init__(
            notebook,
            **({"timeout": TIMEOUT} | options),
            kernel_name="python3",
            kernel_manager_class=OwnKernel,
            # Its own warnings, about sockets that are on this machine only, are nobody's business.
            extra_arguments=["--IPKernelApp.log_level=ERROR", f"--IPKernelApp.exec_files={QUIET_START}"],
        )
        names = sorted(name for name in foreign if name.split(".")[0] not in sys.stdlib_module_names)
        self._cwd = str(folder)
        self._env = environment(root) | {"BOOK_FOREIGN_MODULES": " ".join(names)}

    async def async_execute(self, *given: Any, **options: Any) -> NotebookNode:
        """Run all cells and leave their outputs in the notebook; the folder is the chapter's own."""
        return await super().async_execute(*given, **(options | {"cwd": self._cwd, "env": self._env}))

    execute = run_sync(async_execute)
