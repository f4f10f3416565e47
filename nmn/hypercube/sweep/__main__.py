"""``python -m nmn.hypercube.sweep``: a sweep from the command line."""

import argparse
import asyncio
import dataclasses
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nmn.hypercube.sweep.grid import Grid
from nmn.hypercube.sweep.learning import Learning
from nmn.hypercube.sweep.run import sweep
from nmn.hypercube.sweep.settings import Settings

if TYPE_CHECKING:
    from distributed import Client


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is done, 1 when something failed, 130 when stopped by Ctrl-C."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        seeds = [seed for some in getattr(given, "seed", [[0]]) for seed in some]
        grid = Grid(xi0=given.xi0, xi1=given.xi1, gain=given.gain, seed=seeds)
        cell = Learning(**{field.name: getattr(given, field.name) for field in dataclasses.fields(Settings)})
        with _spoken(), _client(given.scheduler) as client:
            ends = sweep(cell, grid, given.path, client=client, batch=given.batch, progress=not given.quiet)
    except ValueError as error:
        parser.error(str(error))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    print(f"{given.path}: {ends.done.size} cells done, {int(ends.converged.sum())} of them at rest")
    return 0


@contextmanager
def _client(scheduler: str | None) -> "Iterator[Client | None]":
    """None without an address. ValueError: no Dask, or nobody answers."""
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError(f"--scheduler needs dask.distributed: pip install distributed ({error})") from error
    try:
        asyncio.run(_answers(scheduler))
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"--scheduler must be the address of a scheduler, got {scheduler}: {error}"
        ) from error
    with client:
        yield client


async def _answers(address: str) -> None:
    """OSError, ValueError: no scheduler there. A ``Client`` waits for ever for who listens in silence."""
    import dask
    from distributed import Security, rpc

    seconds = dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
    async with rpc(address, connection_args=Security().get_connection_args("client")) as there:
        try:
            told = await asyncio.wait_for(there.identity(), seconds)
        except TimeoutError as error:
            raise ValueError(f"no answer within {seconds:g} s") from error
    if told["type"] != "Scheduler":
        raise ValueError(f"this is a {told['type']}")


@contextmanager
def _spoken() -> Iterator[None]:
    """Warnings are for whoever sits at the shell: without the place in the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_: print(message, file=sys.stderr)
        yield


_SCHEDULER = (
    "compute on the workers of a dask.distributed scheduler, such as tcp://host:8786 "
    "(default: on the devices of this machine)"
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nmn.hypercube.sweep",
        description="Let one ReLU neuron learn NLGP signals for every combination of correlation lengths, "
        "gains and seeds. Results go to a zarr store as they come; the same command goes on where it was "
        "stopped. Open the store with nmn.hypercube.sweep.load.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    usual = Settings()
    add = parser.add_argument
    add("path", help="the zarr store, a folder, or an address such as s3://bucket/name")
    add("--xi0", type=float, nargs="+", default=[1.0], help="correlation lengths of the negative class")
    add("--xi1", type=float, nargs="+", default=[3.0], help="correlation lengths of the positive class")
    add("--gain", type=float, nargs="+", default=[20.0], help="gains; inf is the sign")
    # Without a default of its own, which would be shown as a list of lists.
    seeds = "seeds, or ranges of them: 0:30 is 0 to 29 (default: 0)"
    add("--seed", type=_seeds, nargs="+", default=argparse.SUPPRESS, help=seeds)
    add("--n", type=int, default=usual.n, help="pixels")
    add("--samples", type=int, default=usual.samples, help="signals in the fixed sample of a cell")
    add("--steps", type=int, default=usual.steps, help="the most steps")
    add("--step", type=float, default=usual.step, help="time a step takes")
    add("--tolerance", type=float, default=usual.tolerance, help="at rest: |dw/dt| <= this |w|; 0: never")
    add("--start", type=float, default=usual.start, help="standard deviation of the weights at the start")
    add("--batch", type=int, default=4, help="cells a device runs together, as one program")
    add("--scheduler", metavar="ADDRESS", default=argparse.SUPPRESS, help=_SCHEDULER)
    add("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(scheduler=None)
    return parser


def _seeds(text: str) -> list[int]:
    """One seed, or those of a range first:end."""
    first, colon, end = text.partition(":")
    try:
        seeds = list(range(int(first), int(end))) if colon else [int(first)]
    except ValueError:
        seeds = []
    if not seeds:
        raise argparse.ArgumentTypeError(f"must be a seed such as 7 or a range such as 0:30, got {text!r}")
    return seeds


if __name__ == "__main__":
    sys.exit(main())
