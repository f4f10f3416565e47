"""A receptive field learning, scrubbed in time, under several laws of the signal."""

from typing import Any

import traitlets

from nmn.experiments.localization.learning import Films
from nmn.figures.style import BookFigure
from nmn.hypercube import measures
from nmn.widgets.kit.host import Widget
from nmn.widgets.learning import still
from nmn.widgets.learning.packed import named, pack, unpack


class Packed(traitlets.Dict):
    """What ``packed.pack`` returns."""

    info_text = "films of learning, as Learning.of(films) packs them"

    def validate(self, obj: Any, value: Any) -> Any:
        try:
            unpack(value)
        except ValueError:
            self.error(obj, value)
        return value


class Learning(Widget):
    """The weights of one neuron over the pixels at a chosen time, and over all times as a strip of colours.

    Made by ``Learning.of``. `film`: the packed runs; `law` and `against`: two of its laws, shown side by side
    from the same start; `seed` and `frame`: which run and which time, from 0. TraitError: anything else.
    """

    name = "learning"
    film = Packed().tag(sync=True)
    law = traitlets.Unicode().tag(sync=True)
    against = traitlets.Unicode().tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    hint = traitlets.Unicode(
        "Drag across a strip, or move the time. Both neurons start from the same weights and tell a long "
        "correlation length from a short one; only the law of their signals differs. Take another start: the "
        "place changes. Take Laplace or Ternary: no place is left."
    ).tag(sync=True)

    @classmethod
    def of(
        cls, films: Films, *, law: str = "nlgp_inf", against: str = "gaussian", **state: Any
    ) -> "Learning":
        """The widget of ``experiments.learning.watch``; it opens on the last frame of the first start.

        ``law`` and ``against`` as the films have them, or by the names that readers see. The default films
        take 70 kB. ValueError: as ``packed.pack``. TraitError: a law that was not filmed.
        """
        last = {"frame": len(films.times) - 1}
        return cls(film=pack(films), law=named(law), against=named(against), **(last | state))

    def __init__(self, **state: Any) -> None:
        if "film" not in state:
            raise traitlets.TraitError("film must be given: make the widget by Learning.of(films)")
        super().__init__(**state)

    @traitlets.validate("film")
    def _kept(self, proposal: Any) -> Any:
        if proposal.value != self.film:
            raise traitlets.TraitError("the 'film' trait stays: make another widget by Learning.of(films)")
        return proposal.value

    @traitlets.validate("law", "against")
    def _filmed(self, proposal: Any) -> str:
        names = self.film["names"]
        if proposal.value not in names:
            raise traitlets.TraitError(
                f"the '{proposal.trait.name}' trait must be one of {', '.join(names)}, got {proposal.value!r}"
            )
        return str(proposal.value)

    @traitlets.validate("seed", "frame")
    def _counted(self, proposal: Any) -> int:
        _, seeds, frames, _ = self.film["shape"]
        count = {"seed": seeds, "frame": frames}[proposal.trait.name]
        if not 0 <= proposal.value < count:
            raise traitlets.TraitError(
                f"the '{proposal.trait.name}' trait must be from 0 to {count - 1}, got {proposal.value!r}"
            )
        return int(proposal.value)

    def __repr__(self) -> str:
        return f"Learning(law={self.law!r}, against={self.against!r}, seed={self.seed}, frame={self.frame})"

    def still(self) -> BookFigure:
        """Both strips, and both fields at the chosen time."""
        times, weights, _ = unpack(self.film)
        pair = {name: weights[name][self.seed] for name in dict.fromkeys((self.law, self.against))}
        return still.learning(times, pair, frame=self.frame)

    def alternative(self) -> str:
        """What the picture shows."""
        times, weights, _ = unpack(self.film)
        local = (
            f"under the law {name} its inverse participation ratio is "
            f"{float(measures.inverse_participation(weights[name][self.seed, self.frame])):.3f}"
            for name in dict.fromkeys((self.law, self.against))
        )
        return (
            f"The weights of one neuron over {self.film['shape'][3]} pixels as it learns, time by pixel, in "
            f"colours. At time {times[self.frame]:.4g} {', and '.join(local)} (1 is one pixel)."
        )
