"""Without a route to npm, the build says so in one line."""

from pathlib import Path

import pytest
from offline_assets import _run_npm


def test_no_route_to_npm_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A port on this machine where nobody listens; no second try, no copy from an earlier build.
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(SystemExit) as stopped:
        _run_npm(tmp_path / "third_party")
    line = str(stopped.value)
    assert "\n" not in line and "route to the npm registry" in line
    assert not (tmp_path / "third_party" / "installed.lock").exists()
