"""Cells that the tests of sweeps use, in a module that workers import."""

import dataclasses
import functools
import os
import time
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from nmn.hypercube.sweep import Learning


def excess(width: Array, power: Array, seed: Array) -> dict[str, Array]:
    """What a user writes: excess kurtosis of |z|^power sgn z, how often it is near 0, first values."""
    z = jax.random.normal(jax.random.key(seed), (1000,))
    x = jnp.sign(z) * jnp.abs(z) ** power
    kurtosis = jnp.mean(x**4) / jnp.mean(x**2) ** 2 - 3
    return {"kurtosis": kurtosis, "near": jnp.mean(jnp.abs(x) < width), "first": x[:5]}


def _held(seed: ArrayLike, folder: str, names: tuple[str, ...], least: int) -> Array:
    """``seed``; from ``least`` on, as many processes as there are names stay with it until killed."""

    def stay(seed: np.ndarray) -> np.ndarray:
        for name in names if seed >= least else ():
            try:
                # Whoever makes the file is held; a name is taken once.
                with (Path(folder) / f"{name}.new.{os.getpid()}").open("w") as new:
                    new.write(str(os.getpid()))
                os.link(new.name, Path(folder) / name)
            except FileExistsError:
                continue
            while True:
                time.sleep(0.05)
        # No number: the thread that calls this has its own idea of the precision.
        return np.asarray(False)

    seed = jnp.asarray(seed)
    never = jax.pure_callback(stay, jax.ShapeDtypeStruct((), bool), seed, vmap_method="sequential")
    return seed + never.astype(seed.dtype)


def held(power: Array, seed: Array, *, folder: str, names: tuple[str, ...], least: int) -> dict[str, Array]:
    """``excess`` of a width of ½, held."""
    return excess(0.5, power, _held(seed, folder, names, least))


@dataclasses.dataclass(frozen=True)
class HeldLearning(Learning):
    """``Learning``, held."""

    folder: str = ""
    names: tuple[str, ...] = ()
    least: int = 0

    def __call__(self, xi0: ArrayLike, xi1: ArrayLike, gain: ArrayLike, seed: ArrayLike) -> dict[str, Array]:
        return super().__call__(xi0, xi1, gain, _held(seed, self.folder, self.names, self.least))


def twice(x: Array) -> dict[str, Array]:
    """A cell that is found by its name."""
    return {"y": 2 * x}


def doubled(cell: Callable) -> Callable:
    """Another cell, which bears the name of this one."""

    @functools.wraps(cell)
    def more(**given: Array) -> dict[str, Array]:
        return {name: 2 * end for name, end in cell(**given).items()}

    return more


decorated = doubled(twice)


def made(factor: float) -> type:
    """A class that is found under no name, and takes something along."""

    @dataclasses.dataclass(frozen=True)
    class Cell:
        more: float

        def __call__(self, x: Array) -> dict[str, Array]:
            return {"y": factor * self.more * x}

    return Cell


def traced(seed: Array, *, folder: str) -> dict[str, Array]:
    """Leaves a file for each time that JAX traces it, named after the process."""
    count = len(list(Path(folder).glob(f"{os.getpid()}-*")))
    (Path(folder) / f"{os.getpid()}-{count}").touch()
    return {"y": seed + 1}


def failing(seed: Array) -> dict[str, Array]:
    """Fails where the seed is 3, and only as it runs."""

    def odd(seed: np.ndarray) -> np.ndarray:
        if seed == 3:
            raise ArithmeticError("three is too much")
        return seed

    like = jax.ShapeDtypeStruct((), seed.dtype)
    return {"y": jax.pure_callback(odd, like, seed, vmap_method="sequential")}
