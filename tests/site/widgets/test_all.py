"""What all widgets do in a browser, with no kernel: hands, sizes, scripts off; and as Jupyter runs them."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, leaves_nothing, url
from tests.widgets.examples import KINDS

# Of the widgets with handles in a plane: a handle, its trait, and a place to go that is in its reach.
HANDLES = {"landscape": "w, the prototype", "territories": "neuron B", "teacher": "the teacher"}
TRAITS = {"landscape": "w", "territories": "points", "teacher": "teacher"}
GOALS = {"landscape": (-1.5, 1.0), "territories": (-1.0, -2.5), "teacher": (-6.0, -3.0)}


@pytest.mark.parametrize("kind", HANDLES)
def test_a_finger_moves_the_handle_and_scrolls_the_page_elsewhere(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder), size="phone", touch=True) as page:
        widget = Widget(page, kind)
        label, goal = HANDLES[kind], GOALS[kind]
        start = tuple(widget.place(label))
        picture, offset = widget.picture(), page.evaluate("scrollY")
        widget.swipe((start[0], start[1]), goal)
        reach = widget.plot()[4]
        assert (
            widget.place(label) == pytest.approx(goal, abs=0.02 * reach)
            and page.evaluate("scrollY") == offset
        )
        assert np.any(widget.picture() != picture)
        # A finger beside the handles scrolls the page and moves nothing.
        moved = widget.place(label)
        _, _, _, _, rx, ry = widget.plot()
        widget.swipe((0.8 * rx, 0.2 * ry), (0.8 * rx, 0.9 * ry))
        page.wait_for_function(f"scrollY !== {offset}")
        assert widget.place(label) == moved


@pytest.mark.parametrize("kind", HANDLES)
def test_the_keyboard_moves_every_handle_and_shows_where_it_is(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, kind)
        for handle in widget.root.locator(".nmn-handle").all():
            label = str(handle.get_attribute("aria-label"))
            before, picture, offset = widget.place(label), widget.picture(), page.evaluate("scrollY")
            for key in ("ArrowLeft", "ArrowDown"):
                widget.press(label, key)
            after = widget.place(label)
            assert after[0] < before[0] and after[1] < before[1] and np.any(widget.picture() != picture)
            box, there = handle.bounding_box(), widget.on_screen((after[0], after[1]))
            assert box and (box["x"] + 22, box["y"] + 22) == pytest.approx(there, abs=1)
            assert handle.evaluate("(h) => h.matches(':focus-visible')")
            assert handle.evaluate("(h) => getComputedStyle(h).boxShadow") != "none"
            assert page.evaluate("scrollY") == offset
            widget.press(label, "Shift+ArrowUp")
            assert widget.place(label)[1] > before[1]


@pytest.mark.parametrize("kind", KINDS)
def test_tab_reaches_every_control_in_order(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder)) as page:
        widget = Widget(page, kind)
        controls = widget.root.locator(".nmn-handle, input[type=range], input[type=radio]:checked, button")
        controls.first.focus()
        for index in range(controls.count()):
            assert controls.nth(index).evaluate("(c) => c === document.activeElement"), index
            page.keyboard.press("Tab")


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_shows_it_whole(browser: Browser, folder: Path, theme: str, kind: str):
    with reading(browser, url(folder, theme), size="phone") as page:
        widget = Widget(page, kind)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        for part in widget.root.locator(".nmn-ui, canvas, label, output, button, .nmn-story").all():
            box = part.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        for handle in widget.root.locator(".nmn-handle").all():
            box = handle.bounding_box()
            assert box and [box["width"], box["height"]] == pytest.approx([44, 44], abs=0.01)


def test_nothing_moves_unless_the_reader_moves_it(browser: Browser, folder: Path):
    with reading(browser, url(folder)) as page:
        seen = [Widget(page, kind) for kind in KINDS]
        before = [widget.picture() for widget in seen]
        assert page.evaluate("document.getAnimations().length") == 0
        for _ in range(10):
            seen[0].settle()
        for widget, picture in zip(seen, before, strict=True):
            assert np.array_equal(widget.picture(), picture)


@pytest.mark.parametrize("kind", KINDS)
def test_without_scripts_a_picture_with_its_words_stands_there(browser: Browser, folder: Path, kind: str):
    with reading(browser, url(folder), scripts=False) as page:
        image = page.locator(f'[data-nmn-widget="{kind}"] img')
        assert image.is_visible() and len(str(image.get_attribute("alt"))) > 60
        box = image.bounding_box()
        assert box and box["width"] > 300
        pixels = image.screenshot()
        assert len(pixels) > 5000
        assert page.locator("canvas").count() == 0


def test_a_widget_that_fails_leaves_its_picture(browser: Browser, folder: Path):
    broken = re.sub(
        r"data-nmn-props=\"[^\"]*\"", 'data-nmn-props="{}"', (folder / "light.html").read_text("utf8")
    )
    (folder / "broken.html").write_text(broken, "utf8")
    with (
        pytest.raises(AssertionError, match="widget landscape"),
        reading(browser, (folder / "broken.html").as_uri()) as page,
    ):
        page.locator('[data-nmn-ready="failed"]').first.wait_for()
        assert page.locator("img.nmn-still").first.is_visible()


@pytest.mark.parametrize("kind", HANDLES)
def test_the_jupyter_module_syncs_both_ways_and_cleans_up(browser: Browser, folder: Path, kind: str):
    made, trait = KINDS[kind](), TRAITS[kind]
    with reading(browser, url(folder)) as page:
        widget = jupyter(page, made)
        widget.press(HANDLES[kind], "ArrowLeft", 2)
        saved = page.evaluate("saved")
        assert len(saved) == 2 and saved[-1][trait] != made.state()[trait]
        # Python takes what the page sends, and the page shows what Python sets.
        made.set_state({trait: saved[-1][trait]})
        assert getattr(made, trait) == saved[-1][trait]
        value = KINDS[kind]().state()[trait]
        page.evaluate("([name, value]) => model.set(name, value)", [trait, value])
        widget.settle()
        start = value[1] if kind == "territories" else value
        assert widget.place(HANDLES[kind]) == pytest.approx(start)
        leaves_nothing(page, widget)
