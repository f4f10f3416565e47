"""The base of all widgets: live where a kernel runs, mounted by host.js where none does, else a picture."""

import base64
import html
import io
import json
from typing import Any, ClassVar

import anywidget
from PIL import Image

from nmn.figures.style import BookFigure
from nmn.widgets.kit import link


class Widget(anywidget.AnyWidget):
    """A widget with two hosts and one module.

    A subclass names its module (`name`, the NAME of NAME.js), declares its state as synchronised traits,
    among them a `hint` on what to try, and gives the still picture of that state with its alternative text
    (`still`, `alternative`).
    """

    name: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        # anywidget makes a hidden subclass for each widget, with traits of these names: leave it alone.
        if "name" in cls.__dict__:
            cls._esm = link.esm(cls.name)
            cls._css = link.stylesheet()
        super().__init_subclass__(**options)

    def still(self) -> BookFigure:
        """The picture that stands where scripts are off."""
        raise NotImplementedError

    def alternative(self) -> str:
        """What that picture shows, in words."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """The part of the widget's state that is its own, by name: what host.js gives to the module."""
        inherited = anywidget.AnyWidget.class_trait_names()
        own = (k for k in self.trait_names(sync=True) if k not in inherited and not k.startswith("_"))
        return {key: getattr(self, key) for key in sorted(own)}

    def static_html(self) -> str:
        """The widget for a page with no kernel: its state, and its still picture until a script mounts it."""
        picture, width, height = _webp(self.still())
        return (
            f'<div class="nmn-widget" data-nmn-widget="{self.name}" '
            f'data-nmn-props="{html.escape(json.dumps(self.state(), ensure_ascii=False))}">'
            f'<img class="nmn-still" width="{width}" height="{height}" '
            f'alt="{html.escape(self.alternative())}" src="data:image/webp;base64,{picture}">'
            '<p class="nmn-hint">A still picture: it moves where scripts are on.</p></div>'
        )

    def __repr__(self) -> str:
        own = (f"{key}={value!r}" for key, value in self.state().items() if key != "hint")
        return f"{type(self).__name__}({', '.join(own)})"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return data | {"text/html": self.static_html(), "text/plain": repr(self)}, metadata


def _webp(made: BookFigure) -> tuple[str, int, int]:
    """The figure as base64 WebP on white, and its size in CSS pixels, three dots to two."""
    seen = Image.open(io.BytesIO(made.png(dpi=120))).convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    buffer = io.BytesIO()
    paper.convert("RGB").save(buffer, "WEBP", quality=60, method=6)
    return base64.b64encode(buffer.getvalue()).decode(), seen.width * 2 // 3, seen.height * 2 // 3
