"""What the cells of a chapter run on: this Python, what is installed, and a fixed environment.

What a shell, a home folder or a machine may set – precision, random generators, threads, locale,
start-up files, a user's matplotlib – does not reach the cells. Only this does: where programs and
temporary files are, and JAX_PLATFORMS, with which a reader may ask for an accelerator.
"""

import os
import platform
import sysconfig
from pathlib import Path
from typing import Any

# Where things are on a machine; not how anything is computed.
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USER")
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
    return kept | FIXED | {"JAX_PLATFORMS": platforms(), "HOME": str(home), "PYTHONPATH": library}


def _installed() -> list[str]:
    folders = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    return sorted(found.name for folder in folders for found in folder.glob("*.dist-info"))


def setting() -> tuple[Any, ...]:
    """All of this that may change what a cell prints."""
    return platform.python_version(), _installed(), sorted(FIXED.items()), platforms()
