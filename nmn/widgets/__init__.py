"""Widgets that run in a live kernel and on a static page alike."""

from nmn.widgets.landscape import Landscape
from nmn.widgets.learning import Learning
from nmn.widgets.link import bundle, stylesheet
from nmn.widgets.ringsignal import Signal
from nmn.widgets.teacher import Teacher
from nmn.widgets.territories import Territories
from nmn.widgets.threepixels import ThreePixels

__all__ = ["Landscape", "Learning", "Signal", "Teacher", "Territories", "ThreePixels", "bundle", "stylesheet"]
