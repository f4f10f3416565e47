"""Widgets that run in a live kernel and on a static page alike: one folder each, named as its module.

A folder NAME holds the class (`__init__.py`), the JavaScript (`NAME.js`) and the still picture (`still.py`);
its tests are `tests/widgets/test_NAME.py` and `tests/site/widgets/test_NAME.py`.
"""

from nmn.widgets.kit.host import Widget
from nmn.widgets.kit.link import bundle, stylesheet
from nmn.widgets.landscape import Landscape
from nmn.widgets.learning import Learning
from nmn.widgets.ringsignal import Signal
from nmn.widgets.teacher import Teacher
from nmn.widgets.territories import Territories
from nmn.widgets.threepixels import ThreePixels

__all__ = ["Landscape", "Learning", "Signal", "Teacher", "Territories", "ThreePixels", "bundle", "stylesheet"]

# Every widget by the name of its folder.
KINDS: dict[str, type[Widget]] = {
    kind.name: kind
    for kind in (globals()[name] for name in __all__)
    if isinstance(kind, type) and issubclass(kind, Widget)
}
