"""The still pictures of the widgets: what stands on the page where scripts are off."""

from nmn.figures.stills.landscape import landscape
from nmn.figures.stills.learning import learning
from nmn.figures.stills.ringsignal import noise, ring_signal
from nmn.figures.stills.teacher import ARM, BUMP_PEAK, BUMP_WIDTH, TEACHER_EPS, lesson, teacher
from nmn.figures.stills.territories import owners, territories
from nmn.figures.stills.threepixels import (
    three_pixels,
    three_pixels_field,
    three_pixels_law,
    three_pixels_view,
)

__all__ = [
    "ARM",
    "BUMP_PEAK",
    "BUMP_WIDTH",
    "TEACHER_EPS",
    "landscape",
    "learning",
    "lesson",
    "noise",
    "owners",
    "ring_signal",
    "teacher",
    "territories",
    "three_pixels",
    "three_pixels_field",
    "three_pixels_law",
    "three_pixels_view",
]
