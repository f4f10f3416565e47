"""A chapter that is opened in JupyterLab and saved again is the same to the letter."""

from pathlib import Path

import jupytext
import pytest
from round_trip import notebooks, saved


@pytest.mark.parametrize("page", notebooks(), ids=lambda page: page.stem)
def test_opening_and_saving_changes_no_line(page: Path) -> None:
    text = page.read_text("utf8")
    assert saved(text).splitlines() == text.splitlines()
    assert saved(text) == text


def test_an_edit_of_a_cell_is_saved() -> None:
    page = notebooks()[0]
    notebook = jupytext.read(page, fmt="md:myst")
    notebook.cells[0].source += "\n\nOne more line."
    assert "One more line." in saved(jupytext.writes(notebook, fmt="md:myst"))
