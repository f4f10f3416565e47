"""The ⵟ-product in float64 NumPy, by differences: what the library and its benchmarks are held to."""

from typing import NamedTuple

import numpy as np


class Truth(NamedTuple):
    """Values and cotangents, each with the scale its error is measured against."""

    value: np.ndarray
    x: np.ndarray
    w: np.ndarray
    eps: np.ndarray
    bias: np.ndarray


def difference_form(x, w, g, eps, bias) -> tuple[Truth, Truth]:
    """(truth, scales) of ``pairwise`` with cotangent g.

    With S = Σ|x_i w_i| + |b| in place of |w·x + b| the scales are S²/D for the values and, for the
    gradients, the sum over pairs of |g| (2 S ‖other‖/D + 2 S² ‖x − w‖/D²): no cancellation helps them.
    """
    x, w, g = (np.asarray(a, np.float64) for a in (x, w, g))
    bias = np.broadcast_to(np.asarray(bias, np.float64), (len(w),))
    gap = x[:, None] - w
    D = np.sum(gap**2, -1) + np.float64(eps)
    s, S = x @ w.T + bias, np.abs(x) @ np.abs(w).T + np.abs(bias)
    truth = _assemble(s, D, g, gap, x, w)
    far = np.linalg.norm(gap, axis=-1)[..., None]
    length = [np.linalg.norm(a, axis=1)[:, None] for a in (x, w)]
    scale = _assemble(S, D, np.abs(g), -far, *length)
    # In the gradient of w the gap enters with the other sign: taken by itself, so that all terms add.
    back = _assemble(S, D, np.abs(g), far, *length)
    return truth, Truth(scale.value, scale.x, back.w, -scale.eps, scale.bias)


def _assemble(s, D, g, gap, x, w) -> Truth:
    A, C = 2 * g * s / D, 2 * g * (s / D) ** 2
    pulls = C[..., None] * gap
    return Truth(s**2 / D, A @ w - pulls.sum(1), A.T @ x + pulls.sum(0), -C.sum() / 2, A.sum(0))


def worst_error(found, x, w, g, eps, bias) -> Truth:
    """The largest error of each part of ``found``, against its scale; vectors by their norm."""
    truth, scale = difference_form(x, w, g, eps, bias)
    return Truth(
        *(_error(np.asarray(f, np.float64), t, s) for f, t, s in zip(found, truth, scale, strict=True))
    )


def _error(found, true, scale) -> float:
    error = np.abs(found - true)
    if scale.shape != true.shape:
        error = np.linalg.norm(error, axis=1, keepdims=True)
    return float(np.max(np.where(error == 0, 0, error / np.where(scale == 0, np.finfo(float).tiny, scale))))
