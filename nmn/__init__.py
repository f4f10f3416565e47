"""nmn: the ⵟ-product, its guarantees, and the neurons built from it; and how neurons learn signals on a ring.

Light to import: what these names stand for is loaded when it is asked for.

>>> nmn.yat([1.0, 2.0], [2.0, 1.0], eps=1.0)
Array(5.3333335, dtype=float32)
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Dense": "nmn.layers",
    "Task": "nmn.hypercube",
    "grad_w": "nmn.product",
    "grad_x": "nmn.product",
    "gram": "nmn.product",
    "pairwise": "nmn.product",
    "yat": "nmn.product",
}
_PARTS = ("hypercube", "layers", "multiplicative", "product", "regularity")
__all__ = [*_HOME, *_PARTS]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"nmn.{name}")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'nmn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
