"""How a page without a kernel runs its widgets: what is mounted when and where, and the model it gets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from nmn.widgets.kit import link
from tests.site.reader import reading
from tests.site.widgets.gallery import PAGE, url

# A widget of the tests' own: it shows its state and hands out its model; one without `w` fails half way.
ODD = """globalThis.models = [];
globalThis.factories = 0;
nmnWidgets.register("odd", () => {
  factories += 1;
  return { render({ model, el }) {
    el.append("half done");
    if (!model.get("w")) throw new Error("no w");
    el.append(JSON.stringify(model.state));
    models.push(model);
  } };
});
"""
PLACE = """<div data-nmn-widget="odd" data-nmn-props='{props}'><img alt="still"><p>A still.</p></div>"""
SHOWN = """() => [...document.querySelectorAll("[data-nmn-widget]")]
  .map((place) => [place.dataset.nmnReady, place.textContent, place.children.length])"""


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """A page without widgets, which knows of one."""
    with reading(browser, url(folder, "empty")) as opened:
        opened.evaluate(ODD)
        yield opened


def put(page: Page, props: str) -> None:
    page.evaluate(
        "(html) => document.querySelector('h1').insertAdjacentHTML('afterend', html)",
        PLACE.format(props=props),
    )


def shown(page: Page) -> Any:
    return page.evaluate(SHOWN)


def test_a_widget_takes_the_place_of_its_still_once(page: Page):
    put(page, '{"w": 1}')
    assert shown(page) == [[None, "A still.", 2]]
    page.evaluate("nmnWidgets.mountAll()")
    assert shown(page) == [["true", 'half done{"w":1}', 1]]
    # Asked again, it mounts what is new, by the same module.
    put(page, '{"w": 2}')
    page.evaluate("nmnWidgets.mountAll()")
    assert shown(page) == [["true", 'half done{"w":2}', 1], ["true", 'half done{"w":1}', 1]]
    assert page.evaluate("[models.length, factories]") == [2, 1]


def test_what_fails_leaves_its_still_as_it_was_and_the_others_alone(browser: Browser, folder: Path):
    with (
        pytest.raises(AssertionError, match=r"console: widget odd: Error: no w"),
        reading(browser, url(folder, "empty")) as page,
    ):
        page.evaluate(ODD)
        put(page, '{"w": 1}')
        put(page, "{}")
        page.evaluate("nmnWidgets.mountAll()")
        assert shown(page) == [["failed", "A still.", 2], ["true", 'half done{"w":1}', 1]]
        # It is not tried again.
        page.evaluate("nmnWidgets.mountAll()")
        assert shown(page)[0] == ["failed", "A still.", 2]


@pytest.mark.parametrize("late", [False, True])
def test_a_page_mounts_its_widgets_by_itself_when_its_script_comes(
    browser: Browser, folder: Path, late: bool
):
    """It waits until all of the page is there, and then until all widgets have registered."""
    script = link.bundle() + ODD
    body = PLACE.format(props='{"w": 3}')
    html = PAGE.format(theme="light", body=body)
    alone = html.replace('<script defer src="nmn-widgets.js"></script>', "")
    # In the head the script runs before there is any place.
    early = alone.replace("<h1>", f"<script>{script}</script><h1>")
    (folder / "hosted.html").write_text(alone if late else early, "utf8")
    with reading(browser, url(folder, "hosted")) as page:
        if late:
            page.add_script_tag(content=script)
        page.wait_for_function("globalThis.models?.length === 1")
        assert shown(page) == [["true", 'half done{"w":3}', 1]]


def test_a_model_tells_those_who_listen_of_each_change_and_of_nothing_else(page: Page):
    put(page, '{"w": [1, 2], "c": 3}')
    page.evaluate("nmnWidgets.mountAll()")
    heard = page.evaluate(
        """() => {
          const [model] = models, heard = [], first = (m, v) => heard.push(["first", m === model, v]);
          const second = (m, v) => heard.push(["second", m === model, v]);
          model.on("change:w change:c", first);
          model.on("change:w", second);
          // Once is enough, however often one asks.
          model.on("change:w", second);
          model.set("w", [1, 2]);
          model.set("w", [2, 2]);
          model.set("c", 4);
          model.set("d", 5);
          model.off("change:w change:nobody", second);
          model.off("change:c", first);
          model.set("w", 6);
          model.set("c", 7);
          model.save_changes();
          return [heard, model.get("w"), model.get("c"), model.get("d")];
        }"""
    )
    told = [["first", True, [2, 2]], ["second", True, [2, 2]], ["first", True, 4], ["first", True, 6]]
    assert heard == [told, 6, 7, 5]


def test_two_widgets_do_not_share_their_state(page: Page):
    put(page, '{"w": 1}')
    put(page, '{"w": 1}')
    page.evaluate("nmnWidgets.mountAll()")
    assert page.evaluate("() => { models[0].set('w', 2); return models.map((m) => m.get('w')); }") == [2, 1]
