"""Runs inside the environment of PyPI's ``nmn`` (AGPL-3.0), called by ``tests.benchmarks.product``.

``python -I peer.py FOLDER EPS ROUNDS`` reads x, w, g from FOLDER and writes its values and gradients there;
with ROUNDS > 0 it also prints its time over the plain product's.
"""

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from nmn.nnx import YatNMN

sys.path.insert(0, str(Path(__file__).parent))
from interleave import PLAIN, both_ways, ratios, spread


def layer(d: int, units: int, eps: float):
    """The peer's layer as a function of (x, w), with α = 1 and no bias."""
    module = YatNMN(d, units, use_bias=False, use_alpha=False, epsilon=eps, rngs=nnx.Rngs(0))
    graph, state = nnx.split(module)
    shape = jax.tree.structure(state)
    if shape.num_leaves != 1:
        sys.exit(f"the peer's layer should hold its kernel only, got {state}")

    def apply(x, w):
        return nnx.merge(graph, jax.tree.unflatten(shape, [w.T]))(x)

    return apply


def main(folder: Path, eps: float, rounds: int) -> None:
    x, w, g = (jnp.asarray(np.load(folder / f"{name}.npy")) for name in "xwg")
    peer = both_ways(layer(x.shape[1], len(w), eps))
    for i, found in enumerate(peer["both"](x, w, g)):
        np.save(folder / f"out{i}.npy", np.asarray(found))
    for kind in ("forward", "both") if rounds else ():
        many = ratios(PLAIN[kind], peer[kind], (x, w, g), rounds)
        print(
            f"  {'x'.join(map(str, (*g.shape, x.shape[1]))):15} {kind:8} {'peer':10} {spread(many)}",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
