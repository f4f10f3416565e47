"""The flow on the cube, exact: from cone to cone, a straight formula on each.

Between the planes w·x = 0 of the corners x, f is constant and the flow linear. In Fourier modes, with λ the
eigenvalues of ¼(Σ₀ + Σ₁): w_k(t) = e^{−λt} w_k(0) + (1 − e^{−λt})/λ · ½ f_k.

The flow never slides along a plane. f is the gradient of the convex h, so on the far side of the plane of x
it is larger by 2 P(x) x along x, and x·dw/dt by n P(x): whoever arrives goes through, faster than before. A
plane repels on both sides. So a state at rest inside a cone is stable, and one on a plane of a corner with
P(x) > 0 is not.
"""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import ArrayLike, Bool, Float

from nmn.arguments import number, whole
from nmn.hypercube import laws
from nmn.hypercube.flow import neurons
from nmn.hypercube.task import Task, tasked

MOST_PIXELS = 16
# A plane counts as reached within this times Σ|w_i|: some roundings of the sum w·x.
_NEAR = 2.0**-46


@dataclass(frozen=True, eq=False)
class Hops:
    """The whole path: ``hops(t)`` is w(t), for one time or many, up to ``end``."""

    times: Float[np.ndarray, " pieces"]
    """When each piece starts; the first at 0."""
    weights: Float[np.ndarray, "pieces n"]
    """w there."""
    fields: Float[np.ndarray, "pieces n"]
    """f on the piece."""
    rates: Float[np.ndarray, " n"]
    """λ, in the order of ``numpy.fft.fft``."""
    end: float
    """inf if the last cone is never left."""
    rest: Float[np.ndarray, " n"] | None
    """2(Σ₀ + Σ₁)^{−1} f, where w then ends; None if the path was cut before."""

    def __call__(self, time: ArrayLike) -> Float[np.ndarray, "*times n"]:
        """w(time). ValueError: a time below 0 or after ``end``."""
        time = np.asarray(time, float)
        if not ((time >= 0) & (time <= self.end) & np.isfinite(time)).all():
            raise ValueError(f"time must be finite and from 0 to {self.end}, got {time}")
        piece = np.searchsorted(self.times, time, side="right") - 1
        since = (time - self.times[piece])[..., None]
        return _glide(self.weights[piece], self.fields[piece], self.rates, since)


def hops(
    w: Float[ArrayLike, " n"],
    task: Task,
    *,
    time: float = np.inf,
    most: int = 100_000,
) -> Hops:
    """The flow dw/dt = ½ f(w) − ¼(Σ₀ + Σ₁)w from w, exact but for rounding.

    Of the negative class only Σ₀ matters. It ends once it can be shown that the present cone is never left,
    at ``time``, or after ``most`` pieces.
    Ties: a plane on which w lies, and from which nothing pushes it (a symmetry), is kept to. Where several
    planes meet at w the flow may have several continuations: the one taken has dw/dt in the cone it enters.
    About a thousand pieces and a second at n = 12, ten thousand and a quarter of a minute at n = 16.
    ValueError: n > 16, a positive law that is not on the cube, w = 0, a bad shape, a time or count <= 0, a w
    from which the flow would run along a plane for a moment only.
    """
    rates = tasked(task).spectrum()
    planes = _Planes.of(task.positive, rates)
    w = np.asarray(neurons.one(w, task.n), float)
    most = whole("most", most)
    if not number("time", time) > 0:
        raise ValueError(f"time must be > 0, got {time!r}")
    heights = planes.heights(w)
    near = np.abs(heights) <= _NEAR * np.abs(w).sum()
    signs = planes.onward(np.where(near, 0, np.sign(heights)), near, w)
    now, found = 0.0, []
    while True:
        f = planes.field(signs)
        found.append((now, w, f))
        spent, reached = planes.leave(w, signs, time - now)
        if reached is None or len(found) == most:
            break
        w, now = _glide(w, f, rates, spent), now + spent
        signs = planes.onward(signs, reached | (signs == 0), w)
    times, path, fields = map(np.array, zip(*found, strict=True))
    end = now + spent
    return Hops(times, path, fields, rates, end, planes.rest(w, f) if end == np.inf else None)


@dataclass(frozen=True, eq=False)
class _Planes:
    """One corner of each pair ±x, its probability, and the rates of the flow.

    Corners are the first pixels ``head`` beside the others ``tail``, so that sums over them come apart.
    """

    head: Float[np.ndarray, "heads a"]
    tail: Float[np.ndarray, "tails n-a"]
    corners: Float[np.ndarray, "half n"]
    chances: Float[np.ndarray, " half"]
    rates: Float[np.ndarray, " n"]

    @classmethod
    def of(cls, law: laws.Law, rates: Float[np.ndarray, " n"]) -> "_Planes":
        if law.n > MOST_PIXELS:
            raise ValueError(f"positive must have at most {MOST_PIXELS} pixels, got {law.n}")
        a = (law.n + 1) // 2
        head, tail = (1.0 - 2 * (np.arange(2**k)[:, None] >> np.arange(k) & 1) for k in (a - 1, law.n - a))
        head = np.concatenate([np.ones((len(head), 1)), head], 1)
        corners = np.concatenate([np.repeat(head, len(tail), 0), np.tile(tail, (len(head), 1))], 1)
        logs = law.log_probability(jnp.asarray(corners)) if law.is_sign() else None
        if logs is None:
            raise ValueError(
                "positive must be a law on the cube with exact probabilities, such as UniformCube or "
                f"IsingRing, got {type(law).__name__}: take flow.sampled, or flow.smooth for elliptical laws"
            )
        return cls(head, tail, corners, np.exp(np.asarray(logs, float)), rates)

    def field(self, signs: Float[np.ndarray, " half"]) -> Float[np.ndarray, " n"]:
        """½ E[sgn(w·X) X]: both of ±x, each with probability P(x), say the same."""
        table = (self.chances * signs).reshape(len(self.head), len(self.tail))
        return np.concatenate([table.sum(1) @ self.head, table.sum(0) @ self.tail])

    def heights(self, v: Float[np.ndarray, " n"]) -> Float[np.ndarray, " half"]:
        """x·v for every corner."""
        a = self.head.shape[1]
        return ((self.head @ v[:a])[:, None] + self.tail @ v[a:]).ravel()

    def rest(self, w: Float[np.ndarray, " n"], f: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
        """Where ½ f = ¼(Σ₀ + Σ₁)w; a mode that neither class has stays as it is."""
        moving = self.rates > 0
        modes = np.fft.fft(f) / 2 / np.where(moving, self.rates, 1)
        return np.fft.ifft(np.where(moving, modes, np.fft.fft(w))).real

    def speed(self, w: Float[np.ndarray, " n"], f: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
        """dw/dt."""
        return f / 2 - np.fft.ifft(self.rates * np.fft.fft(w)).real

    def onward(
        self, signs: Float[np.ndarray, " half"], active: Bool[np.ndarray, " half"], w: Float[np.ndarray, " n"]
    ) -> Float[np.ndarray, " half"]:
        """The signs with which the flow leaves w, which lies on the ``active`` planes.

        v ↦ drift of the side towards which v points, until it points there itself. It ends: each turn raises
        c·v − ½|v|² + ½ Σ P(x)|x·v|, a minorant of which it maximises, and there are finitely many sides.
        """
        signs, x = signs.copy(), self.corners[active]
        while True:
            v = self.speed(w, self.field(signs))
            along = x @ self.derivatives(v)
            size = 2**10 * _NEAR * (np.abs(v).sum() + np.abs(w).sum())
            side = np.where(np.abs(along) <= size, 0, np.sign(along))
            if (side[side[:, 0] == 0] != 0).any():
                raise ValueError("w touches the plane w·x = 0 of a corner without crossing: move w a little")
            if (side[:, 0] == signs[active]).all():
                return signs
            signs[active] = side[:, 0]

    def derivatives(self, v: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n modes"]:
        """v, Λv, Λ²v, … with the largest rate as unit: a plane on which all vanish is never left."""
        powers = (self.rates / self.rates.max()) ** np.arange(len(v) // 2 + 1)[:, None]
        return np.fft.ifft(powers * np.fft.fft(v)).real.T

    def leave(
        self, w: Float[np.ndarray, " n"], signs: Float[np.ndarray, " half"], limit: float
    ) -> tuple[float, Bool[np.ndarray, " half"] | None]:
        """How long until w reaches the first plane, and which; None if that is not before ``limit``.

        |x·d²w/dt²| <= √n |Λ dw/dt| =: B, and B only falls. So no plane is reached as long as its height
        satisfies height + speed s − ½ B s² > 0. Steps that long come down to the first crossing from before,
        at Newton's pace, and cannot jump over one.
        """
        f, t = self.field(signs), 0.0
        rest, free = self.rest(w, f), signs != 0
        while True:
            here = _glide(w, f, self.rates, t)
            v = self.speed(here, f)
            height, speed, last = (signs * self.heights(vector) for vector in (here, v, rest))
            reached = free & (height <= _NEAR * np.abs(here).sum()) & (speed < 0)
            if reached.any():
                return t, reached
            distance, root = np.linalg.norm(here - rest), np.sqrt(len(w))
            settled = distance <= _NEAR * np.linalg.norm(rest)
            if settled or (last[free] > root * distance).all():
                return limit, None
            bend = root * np.linalg.norm(np.fft.ifft(self.rates * np.fft.fft(v)))
            t += _safe(np.maximum(height[free], 0), speed[free], bend)
            if t >= limit:
                return limit, None


def _safe(height: Float[np.ndarray, " k"], speed: Float[np.ndarray, " k"], bend: float) -> float:
    """The least positive root of height + speed s − ½ bend s²."""
    root = np.sqrt(speed**2 + 2 * bend * height)
    falling = speed < 0
    # Two forms of one root, each without cancellation where it is used.
    above = np.where(falling, 2 * height, speed + root)
    return float(np.min(above / np.where(falling, root - speed, bend)))


def _glide(
    w: Float[np.ndarray, "*times n"],
    f: Float[np.ndarray, "*times n"],
    rates: Float[np.ndarray, " n"],
    time: ArrayLike,
) -> Float[np.ndarray, "*times n"]:
    """w after ``time`` with f held fixed."""
    moving = np.where(rates > 0, rates, 1)
    gain = np.where(rates > 0, -np.expm1(-rates * time) / moving, time)
    return np.fft.ifft(np.exp(-rates * time) * np.fft.fft(w) + gain * np.fft.fft(f) / 2).real
