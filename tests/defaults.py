"""What a call may leave out, and what it then stands for."""

import inspect
from collections.abc import Callable


def defaults(function: Callable) -> dict[str, object]:
    """The default of every argument that has one; None means that the body chooses."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default not in (inspect.Parameter.empty, None)}
