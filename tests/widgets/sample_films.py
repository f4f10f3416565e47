"""Small films with known contents, for the tests of what shows them: no learning, quick to make."""

import numpy as np

from nmn.experiments.localization.learning import Films

NAMES = ("gaussian", "laplace", "nlgp_inf")


def sample(n: int = 12, frames: int = 9, seeds: int = 2) -> Films:
    """Noise that fades into a constant (Gaussian), a wave (Laplace), or a bump at pixel 3 + seed (NLGP)."""
    rng = np.random.default_rng(3)
    times = np.concatenate([[0], np.geomspace(0.1, 200, frames - 1)])
    pixel, start = np.arange(n), 0.02 * rng.normal(size=(seeds, 1, n))
    far = [(pixel - 3 - s + n / 2) % n - n / 2 for s in range(seeds)]
    ends = {
        "gaussian": np.full((seeds, 1, n), 0.05),
        "laplace": np.tile(0.08 * np.cos(2 * np.pi * pixel / n), (seeds, 1, 1)),
        "nlgp_inf": 0.3 * np.exp(-np.abs(far))[:, None],
    }
    share = np.linspace(0, 1, frames)[:, None]
    weights = {name: ((1 - share) * start + share * end).astype(np.float32) for name, end in ends.items()}
    losses = {
        name: 0.25 - 0.06 * np.tile(share[:, 0], (seeds, 1)) - 0.001 * k for k, name in enumerate(NAMES)
    }
    return Films(times, weights, losses, {})
