"""What every widget builds, paints and does is what is kept of it, or was meant to change: see painted.py."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.widgets.painted import COMMAND, FOLDER, Part, difference, kept, opened, played, text
from tests.widgets.examples import KINDS


@pytest.fixture(scope="module")
def openings(browser: Browser, folder: Path) -> dict[str, list[Part]]:
    return opened(browser, folder)


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_as_is_kept(openings: dict[str, list[Part]], kind: str):
    told = difference(kind, kept(kind, opens=True), text(openings[kind]))
    assert not told, told


@pytest.mark.parametrize("kind", KINDS)
def test_it_does_what_is_kept_with_every_key_press_and_choice(browser: Browser, folder: Path, kind: str):
    told = difference(kind, kept(kind, opens=False), text(played(browser, folder, kind)))
    assert not told, told


def test_there_is_a_record_of_every_widget_and_of_no_other():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.txt" for name in KINDS}


def test_a_difference_is_named_and_told_what_to_run():
    was = "== opens\ncanvas\n  | arc: 1.25 7\n== key\n1 lines\n"
    assert not difference("odd", was, was.replace("1.25", "1.26").replace("7", "7.01"))
    assert difference("odd", was, was.replace("1.25", "1.2500"))
    told = difference("odd", was, was.replace("1.25", "1.27"))
    assert told.startswith("odd, opens:\n  kept | arc: 1.25 7\n  now  | arc: 1.27 7\n")
    assert told.endswith(f"{COMMAND} odd")
    assert "now  | dot: 1.25 7" in difference("odd", was, was.replace("arc", "dot"))
    assert "odd, key:\n  kept 1 lines\n  now  (nothing)" in difference(
        "odd", was, was.replace("1 lines\n", "")
    )
    assert "kept (nothing)" in difference("odd", "", was)
