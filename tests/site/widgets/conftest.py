"""The pages that the widgets are played with on."""

from pathlib import Path

import pytest

from tests.site.widgets.gallery import write


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of all widgets, light and dark, read from file://."""
    made = tmp_path_factory.mktemp("widgets")
    write(made)
    return made


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)
