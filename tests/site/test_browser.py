"""The browser starts wherever temporary files are put."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.site.browser import short_folder


def test_a_long_folder_of_temporary_files_is_not_the_browsers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("t" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with short_folder() as folder:
        assert os.path.isdir(folder) and len(folder) < 60
    assert not os.path.exists(folder)


def test_a_short_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with short_folder() as inside:
            assert Path(inside).parent == Path(folder)
