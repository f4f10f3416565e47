"""Outliers of three kinds in the training data, and the harm they do where the clean data lie."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, PRNGKeyArray

from nmn.experiments.comparison import problems, run, tune
from nmn.experiments.memory import kept
from nmn.experiments.models import KINDS
from nmn.experiments.tasks import Sample

OUTLIERS = ("leverage", "label", "both")
# The corner of Huber's loss: three deviations of the noise.
CORNER = 0.3


def contaminate(
    key: PRNGKeyArray,
    x: Float[Array, "n d"],
    y: Float[Array, " n"],
    kind: str,
    k: ArrayLike,
    fraction: float = 0.1,
) -> tuple[Float[Array, "n d"], Float[Array, " n"]]:
    """The data with the first ⌊n fraction⌉ examples turned into outliers of size k.

        leverage  x = k u in a random direction u, y an ordinary value   label  y + k, x as it was   both

    ValueError: a kind that is not in ``OUTLIERS``, a fraction outside [0, 1].
    """
    if kind not in OUTLIERS:
        raise ValueError(f"kind must be one of {', '.join(OUTLIERS)}, got {kind!r}")
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must lie in [0, 1], got {fraction}")
    count = round(len(x) * fraction)
    if kind != "label":
        u = jax.random.normal(key, (count, x.shape[1]))
        x = x.at[:count].set(k * u / jnp.linalg.norm(u, axis=1, keepdims=True))
    # The targets at the far inputs are those of inputs that were replaced: ordinary values.
    return x, y if kind == "leverage" else y.at[:count].add(k)


@kept
def harm(
    model: str,
    task: str,
    sizes: tuple[float, ...],
    *,
    huber: bool = False,
    fraction: float = 0.1,
    seeds: int = 20,
    outliers: tuple[str, ...] = OUTLIERS,
) -> dict[str, Float[np.ndarray, "sizes+1 seeds"]]:
    """Test error on clean data after training on contaminated data; row 0 of each kind: no outliers.

    Learning rate and knob are those that were best on clean held-out data: nobody knew of the outliers.
    """
    corner = CORNER if huber else None
    setting = tune(model, task, huber=corner).accurate
    keys, sample = problems(task, 0, seeds)

    def spoiled(kind: str, k: float) -> Sample:
        x, y = jax.vmap(lambda key, x, y: contaminate(key, x, y, kind, k, fraction))(keys, sample.x, sample.y)
        return sample._replace(x=x, y=y)

    cases = [sample] + [spoiled(kind, k) for kind in outliers for k in sizes]
    joined = jax.tree.map(lambda *parts: np.concatenate(parts), *cases)
    all_keys = jnp.concatenate([keys] * len(cases))
    test = run(model, (all_keys, joined), [setting], huber=corner)[0].test.reshape(len(cases), seeds)
    rows = len(sizes)
    return {
        kind: np.concatenate([test[:1], test[1 + i * rows : 1 + (i + 1) * rows]])
        for i, kind in enumerate(outliers)
    }


def trial(
    name: str, task: str, sizes: tuple[float, ...], *, outliers: tuple[str, ...] = OUTLIERS
) -> dict[str, Float[np.ndarray, "sizes+1 seeds"]]:
    """``harm`` for a name such as "yat" (squared loss) or "yat_huber". ValueError: another name."""
    kind = name.removesuffix("_huber")
    if kind not in KINDS:
        raise ValueError(f"name must be one of {', '.join(KINDS)}, alone or with _huber, got {name!r}")
    return harm(kind, task, sizes, huber=kind != name, outliers=outliers)


def median(errors: Float[Array, "... seeds"]) -> Float[Array, "..."]:
    """The median over seeds; a run that diverged counts as infinitely bad."""
    return jnp.median(jnp.nan_to_num(errors, nan=jnp.inf), axis=-1)
