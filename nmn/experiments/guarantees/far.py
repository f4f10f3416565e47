"""The harm of far inputs over their whole range of distances: minutes of work, kept in ``book/data``.

    python -m nmn.experiments.guarantees.far

measures what is missing, says how far it is, and can be stopped and started again. A result is missing, too,
when the code that made it has changed since.
"""

import json
from pathlib import Path

import numpy as np
from jaxtyping import Float

from nmn import sources
from nmn.experiments.guarantees import contamination

COMMAND = "python -m nmn.experiments.guarantees.far"
STORE = Path(__file__).parents[3] / "book" / "data" / "far-inputs.json"
# From just outside the cube of the clean inputs to far away.
SIZES = (1.25, 1.5, 2.0, 3.0, 10.0, 30.0, 100.0)
CASES = (
    *(("bumps_2d", name) for name in ("yat", "relu", "rbf")),
    *(("plane_2d", name) for name in ("yat", "linear", "linear_huber")),
)


def measure(task: str, name: str) -> Float[np.ndarray, "sizes+1 seeds"]:
    """Clean test error of 20 seeds with one far input in ten at each of SIZES; row 0: with none."""
    return np.asarray(contamination.trial(name, task, SIZES, outliers=("leverage",))["leverage"])


def code() -> str:
    """A hash of all modules of ours that a result depends on."""
    return sources.digest(contamination.__name__)


def stored(path: Path = STORE) -> dict[tuple[str, str], Float[np.ndarray, "sizes+1 seeds"]]:
    """What ``measure`` found for each case (task, name). KeyError: one that is not stored."""
    cases = json.loads(path.read_text("utf8"))["errors"]
    return {(task, name): np.array(cases[f"{task} {name}"]) for task, name in CASES}


def update(path: Path = STORE) -> None:
    """Measure the cases that the current code has not measured, and write each as soon as it is known."""
    found = json.loads(path.read_text("utf8")) if path.is_file() else {}
    errors = found["errors"] if found.get("code") == code() else {}
    for number, (task, name) in enumerate(CASES, 1):
        if f"{task} {name}" not in errors:
            rounded = [[float(f"{error:.5g}") for error in row] for row in measure(task, name)]
            errors[f"{task} {name}"] = rounded
            whole = {"command": COMMAND, "seeds": 20, "sizes": SIZES, "code": code()}
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({**whole, "errors": errors}, indent=1) + "\n", "utf8")
        print(f"{number} of {len(CASES)}: {name} on {task}", flush=True)


if __name__ == "__main__":
    update()
