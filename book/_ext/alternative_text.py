"""Every picture says in words what it shows: a missing alternative text is a warning.

MyST-NB falls back to the picture's hashed file name, which reads as a text to a checker
and as noise to a listener.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def _check(app: Sphinx, doctree: nodes.document) -> None:
    for image in doctree.findall(nodes.image):
        words = image.get("alt", "").split()
        if len(words) < 3:
            place = image if image.line else image.parent
            logger.warning("picture without alternative text: %s", image.get("uri", "?"), location=place)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
