"""Runs the cells of a notebook in a kernel of the build's own."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from kernel_environment import environment
from nbclient import NotebookClient
from nbformat import NotebookNode

# Seconds for one cell.
TIMEOUT = 600
QUIET_START = Path(__file__).with_name("quiet_start.py")


class OwnKernel(AsyncKernelManager):
    """The kernel of this very Python, whatever kernels a user has installed under its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **options)


async def run(notebook: NotebookNode, folder: Path, root: Path, foreign: Iterable[str]) -> None:
    """Run the cells and leave their outputs in the notebook; `foreign` modules are imported before them.

    CellExecutionError, CellTimeoutError, DeadKernelError: from nbclient.
    """
    names = sorted(name for name in foreign if name.split(".")[0] not in sys.stdlib_module_names)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        kernel_manager_class=OwnKernel,
        # Its own warnings, about sockets that are on this machine only, are nobody's business.
        extra_arguments=["--IPKernelApp.log_level=ERROR", f"--IPKernelApp.exec_files={QUIET_START}"],
    )
    variables = environment(root) | {"BOOK_FOREIGN_MODULES": " ".join(names)}
    await client.async_execute(cwd=str(folder), env=variables)
