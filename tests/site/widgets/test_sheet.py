"""When pictures are painted: once a frame, in every theme, as soon as they have a size, then no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, url
from tests.site.widgets.painted import NOTES
from tests.widgets.examples import KINDS, example

# Does something, and counts how often each picture is painted because of it.
PAINTS = """async (act) => {
  const all = [...document.querySelectorAll("canvas[role=img]")], before = all.map(painted.wipes);
  (0, eval)(act);
  await painted.settled();
  return all.map((canvas, k) => painted.wipes(canvas) - before[k]);
}"""
# A page that shows nothing until it is asked.
HIDDEN = "document.addEventListener('DOMContentLoaded', () => { document.body.style.display = 'none'; });"


@pytest.fixture(params=["teacher", "ringsignal"])
def page(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Page]:
    """A page with a widget of one picture, or of three, as Jupyter runs it."""
    with reading(browser, url(folder, "empty"), before=NOTES) as opened:
        jupyter(opened, example(request.param))
        yield opened


def paints(page: Page, act: str) -> set[int]:
    return set(page.evaluate(PAINTS, act))


def test_all_changes_within_a_frame_are_painted_once(page: Page):
    name = "teacher" if page.evaluate("model.get('teacher')") else "draw"
    change = f"model.set('{name}', model.get('{name}'));"
    assert paints(page, change) == {1}
    assert paints(page, 3 * change) == {1}
    assert paints(page, "") == {0}


def test_a_change_of_the_page_or_of_its_width_is_painted_and_no_other(page: Page):
    for node in ("documentElement", "body"):
        for name in ("class", "data-theme", "data-jp-theme-light", "data-jp-theme-name"):
            assert paints(page, f"document.{node}.setAttribute('{name}', 'odd')") == {1}, name
        assert paints(page, f"document.{node}.setAttribute('lang', 'nl')") == {0}
    # A picture of the same size as before need not be.
    assert paints(page, "document.body.style.maxWidth = '30rem'") in ({1}, {0, 1})


def test_what_was_asked_for_before_the_end_is_not_painted_after_it(page: Page):
    theme = "document.body.className = 'odd';"
    width = "document.body.style.maxWidth = '30rem';"
    names = page.evaluate("['teacher', 'draw'].filter((name) => model.get(name) !== undefined)")
    change = f"model.set('{names[0]}', model.get('{names[0]}'));"
    assert paints(page, f"{change} end();") == {0}
    assert paints(page, change + theme + width) == {0}


def test_a_widget_that_is_hidden_is_painted_when_it_is_shown(browser: Browser, folder: Path):
    with reading(browser, url(folder), before=NOTES + HIDDEN) as page:
        page.locator('[data-nmn-widget="threepixels"][data-nmn-ready="true"]').wait_for(state="attached")
        wipes = page.evaluate("[...document.querySelectorAll('canvas[role=img]')].map(painted.wipes)")
        assert len(wipes) > len(KINDS) and not any(wipes)
        assert paints(page, "document.body.style.display = 'block'") == {1}
        for kind in KINDS:
            assert Widget(page, kind).picture().any()


def test_a_press_on_the_picture_takes_the_handle_and_does_not_scroll_to_where_it_was(
    browser: Browser, folder: Path
):
    with reading(browser, url(folder, "empty")) as page:
        widget = jupyter(page, example("teacher", teacher=[0, 6]))
        page.set_viewport_size({"width": 800, "height": 240})
        bottom = "(c) => scrollBy(0, c.getBoundingClientRect().bottom - innerHeight)"
        widget.canvas.evaluate(bottom)
        offset = page.evaluate("scrollY")
        x, y = widget.on_screen((3, -4))
        page.mouse.move(x, y)
        page.mouse.down()
        widget.settle()
        assert page.evaluate("scrollY") == offset > 0
        assert widget.handle("the teacher").evaluate("(h) => h === document.activeElement")
        assert widget.place("the teacher") == pytest.approx([3, -4], abs=0.05)
