"""``python -m nmn.hypercube.sweep``: a sweep from the command line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import jax

from nmn.hypercube.sweep.plan import Grid, Settings, agree
from nmn.hypercube.sweep.run import sweep
from nmn.hypercube.sweep.store import check


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is done, 130 when stopped by Ctrl-C."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        seeds = [seed for some in getattr(given, "seed", [[0]]) for seed in some]
        grid = Grid(given.xi0, given.xi1, given.gain, seeds)
        names = ("n", "samples", "steps", "step", "every", "tolerance", "start", "batch")
        settings = Settings(**{name: getattr(given, name) for name in names})
        # Before anything of JAX runs.
        _processes(given)
        agree(grid, settings)
        if Path(given.path).exists():
            check(Path(given.path), grid, settings)
    except ValueError as error:
        parser.error(str(error))
    try:
        ends = sweep(grid, given.path, settings, progress=not given.quiet)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    if jax.process_index() == 0:
        print(f"{given.path}: {ends.done.size} cells done, {int(ends.converged.sum())} of them at rest")
    return 0


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
    add("path", help="the zarr store, a folder")
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
    add("--every", type=int, default=usual.every, help="steps between two looks at whether a cell is at rest")
    add("--tolerance", type=float, default=usual.tolerance, help="at rest: |dw/dt| <= this |w|; 0: never")
    add("--start", type=float, default=usual.start, help="standard deviation of the weights at the start")
    add("--batch", type=int, default=usual.batch, help="cells a device runs together, a chunk of the store")
    add("--quiet", action="store_true", help="no progress bar")
    several = parser.add_argument_group("several processes", "the same command for each, but for --process")
    several.add_argument("--coordinator", metavar="HOST:PORT", help="address of process 0")
    several.add_argument("--processes", type=int, help="how many there are")
    several.add_argument("--process", type=int, help="which one this is, from 0")
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


def _processes(given: argparse.Namespace) -> None:
    """Join the other processes. ValueError: not all three options, a process that cannot be."""
    options = (given.coordinator, given.processes, given.process)
    if options == (None, None, None):
        return
    if None in options:
        raise ValueError("--coordinator, --processes and --process must be given together")
    if not 0 <= given.process < given.processes:
        raise ValueError(f"--process must be from 0 to {given.processes - 1}, got {given.process}")
    jax.distributed.initialize(given.coordinator, given.processes, given.process)


if __name__ == "__main__":
    sys.exit(main())
