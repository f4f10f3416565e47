"""How sharp are the tests? Random small changes of meaning, each run against the tests that could notice it.

    python -m tests.teeth --count 100 --seed 1 --at-least 95

The changes are those of `operators.py`, in the library, its JavaScript and the book's extensions, made in
temporary copies of the project. Which test runs which line is recorded first; that takes some time longer
than the unit tests and the tests of the widgets. The recording is kept in _build/teeth, and so is every
result: a run that was interrupted goes on where it stopped, and when only tests have changed, the survivors
alone are tried again.

Not mutmut: version 3 changes functions only, and leaves out those with decorators, which under JAX are the
ones that matter. Not cosmic-ray: it has no arguments, defaults, slices or removed statements, and lists
every change where a sample is wanted. Neither knows JavaScript, or draws by lines over both languages.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tqdm import tqdm

from tests.teeth import tree
from tests.teeth.changes import Change
from tests.teeth.draw import draw
from tests.teeth.judged import judged
from tests.teeth.recording import Recording, record
from tests.teeth.report import Result, counted, row, share, table
from tests.teeth.selection import select
from tests.teeth.store import Store
from tests.teeth.trial import NOTICED, attempt

DRAWS = tree.ROOT / "_build" / "teeth" / "draws"


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.teeth", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="how many changes are drawn")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument(
        "--changed", metavar="REVISION", help="only in files that differ from this git revision"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes at once, each in a copy of its own")
    parser.add_argument(
        "--at-least", type=float, default=0, metavar="PERCENT", help="noticed, else exit status 1"
    )
    parser.add_argument("--list", action="store_true", help="show the draw and stop")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    asked = arguments(given)
    files = tree.differing(asked.changed) if asked.changed else tree.sources()
    store = Store(
        DRAWS / f"{asked.seed}-{asked.count}-{tree.key([*files, *tree.DRAWING])}",
        tests=tree.key(tree.tests()),
    )
    drawn = store.drawn() or store.keep(
        draw(files, lambda file: (tree.ROOT / file).read_bytes(), seed=asked.seed, count=asked.count,
             judged=judged())
    )  # fmt: skip
    if asked.list:
        print(*(f"{c.place}  [{c.kind}]\n  - {c.before}\n  + {c.after}" for c in drawn), sep="\n")
        return 0
    open_ends = [change for change in drawn if change not in store.settled()]
    if open_ends:
        with tempfile.TemporaryDirectory(prefix="teeth-") as made:
            still, *folders = [tree.copy(Path(made, f"tree-{k}")) for k in range(asked.workers + 1)]
            _try(open_ends, record(still, folders, tqdm.write), folders, store)
    results = store.results()
    print(table(results, judged()))
    return int(share(counted(results, judged())) < asked.at_least)


def _try(drawn: Sequence[Change], recording: Recording, folders: Sequence[Path], store: Store) -> None:
    free: SimpleQueue[Path] = SimpleQueue()
    for folder in folders:
        free.put(folder)

    def one(change: Change) -> Result:
        tests = select(change, recording)
        folder = free.get()
        try:
            return change, attempt(change, tests, sum(recording.seconds[test] for test in tests), folder)
        finally:
            free.put(folder)

    pool = ThreadPoolExecutor(len(folders))
    try:
        tries = [pool.submit(one, change) for change in drawn]
        for ended in tqdm(as_completed(tries), total=len(tries), unit="change"):
            change, outcome = ended.result()
            store.add(change, outcome)
            if outcome.found not in NOTICED:
                tqdm.write(row(change, outcome))
    finally:
        pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
