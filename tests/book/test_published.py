"""A book that GitHub builds knows where it is published; a book that is built at home does not."""

from pathlib import Path

import pytest
from tiny_book import build

PAGES = {"index.rst": "Title\n=====\n"}


def told(folder: Path) -> tuple[dict[str, object], str]:
    """What the theme and the cards are told."""
    cards = {"ogp_social_cards": {"enable": False}}
    built = build(folder, PAGES, "sphinxext.opengraph", "published", html_theme_options={"own": 1}, **cards)
    return built.app.config.html_theme_options, built.app.config.ogp_site_url


@pytest.mark.parametrize("repository", [None, "", "nameless"])
def test_without_a_repository_nothing_points_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: str | None
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    if repository is not None:
        monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    assert told(tmp_path) == ({"own": 1}, "")


def test_with_one_every_button_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "some-owner/some-name")
    options, address = told(tmp_path)
    assert address == "https://some-owner.github.io/some-name/"
    assert options == {
        "own": 1,
        "repository_url": "https://github.com/some-owner/some-name",
        "repository_branch": "main",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
    }
