"""What the numbers of a sweep depend on beside its cell: the JAX that computes them, and on what."""

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jax

from nmn import sources

SETTINGS: dict[str, tuple[str, Callable]] = {
    "precision": ("jax_enable_x64", jax.enable_x64),
    "generator": ("jax_default_prng_impl", jax.default_prng_impl),
    "partitionable": ("jax_threefry_partitionable", jax.threefry_partitionable),
    "jit": ("jax_disable_jit", lambda off: jax.disable_jit(off)),
    "matmul": ("jax_default_matmul_precision", jax.default_matmul_precision),
}
# What else of JAX's settings changes numbers, or how they are rounded.
_OPTIONS = (
    "jax_random_seed_offset",
    "jax_high_dynamic_range_gumbel",
    "jax_explicit_x64_dtypes",
    "jax_disable_most_optimizations",
    "jax_optimization_level",
    "jax_exec_time_optimization_effort",
    "jax_memory_fitting_effort",
)
# How many devices there are, and what XLA writes down, changes no number.
_HARMLESS = ("--xla_force_host_platform_device_count", "--xla_dump")
_VECTORS = ("avx512f", "avx2", "avx", "fma", "asimd", "sve")


def settings() -> dict[str, Any]:
    """What is set of JAX, so that ``under`` can set it elsewhere."""
    return {name: getattr(jax.config, key) for name, (key, _) in SETTINGS.items()}


@contextmanager
def under(wanted: Mapping[str, Any]) -> Iterator[None]:
    """In here JAX is set as where ``settings`` was called."""
    with ExitStack() as stack:
        for name, (_, change) in SETTINGS.items():
            stack.enter_context(change(wanted[name]))
        yield


def surroundings() -> dict[str, str]:
    """Versions, devices and settings, as text: where these are the same, so are the bits."""
    device = jax.local_devices()[0]
    flags = [flag for flag in os.environ.get("XLA_FLAGS", "").split() if not flag.startswith(_HARMLESS)]
    return {
        **sources.versions(),
        "platform": device.platform,
        "device": f"{device.device_kind} {_processor()}" if device.platform == "cpu" else device.device_kind,
        "XLA_FLAGS": " ".join(sorted(flags)),
        **{name: str(value) for name, value in settings().items()},
        "options": " ".join(f"{name}={getattr(jax.config, name, None)}" for name in _OPTIONS),
        "precision": str(jax.dtypes.canonicalize_dtype(float)),
    }


@cache
def _processor() -> str:
    """The instructions that compiled code is made of: with other ones it rounds in another way."""
    told = Path("/proc/cpuinfo")
    words = set(told.read_text("utf8").split()) if told.is_file() else set()
    return " ".join([platform.machine(), *(name for name in _VECTORS if name in words)])
