"""What every widget builds and paints, and does when it is touched, as text that is kept and compared.

    python -m tests.site.widgets.painted [NAME ...]

writes the records again, after a change that was meant; the diff shows a reviewer what changed. One record
a widget, in painted/NAME.txt: all that it builds and paints when it opens, then the lines that are new on a
phone in the dark, and those that are new after each thing a reader can do, in the order of the page: keys,
presses, every choice, every button. What is on a canvas comes from painted.js, in CSS pixels and never in
colours of the screen. Of many marks alike some are kept, and their mean. Words are compared exactly,
numbers to one in the last place.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.site.browser import FLAGS, chromium_path
from tests.site.reader import Widget, reading
from tests.site.widgets.gallery import jupyter, url, write
from tests.widgets.examples import KINDS, example

FOLDER = Path(__file__).with_suffix("")
NOTES = Path(__file__).with_suffix(".js").read_text("utf8")
COMMAND = "python -m tests.site.widgets.painted"
FEW = 4
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"size": "desktop"},
    "dark": {"size": "phone", "touch": True, "fine": 3},
}
NUMBER = re.compile(r"(\d+(?:\.\d+)?)")

Part = tuple[str, list[str]]


def written(numbers: Sequence[float]) -> str:
    return " ".join(f"{float(v):.2f}".rstrip("0").rstrip(".") for v in numbers)


def few(rows: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """All rows of numbers, or of many some, and their mean."""
    if len(rows) <= FEW + 2:
        return list(rows)
    return [*(rows[round(k)] for k in np.linspace(0, len(rows) - 1, FEW)), list(np.mean(rows, axis=0))]


def runs(mark: dict[str, Any]) -> list[tuple[str, list[list[float]]]]:
    """The steps of a path, those of one kind together: what kind, how many, and the numbers of each."""
    found = [(step, [row[1:] for row in rows]) for step, rows in groupby(mark["rows"], lambda row: row[0])]
    return [(f"{step} x{len(rows)}" if len(rows) > 1 else step, rows) for step, rows in found]


def shape(mark: dict[str, Any]) -> tuple[Any, ...]:
    """What marks have in common that are written as one: all but their colours, words and numbers."""
    return (*mark["heads"], len(mark["words"]), *(step for step, _ in runs(mark)))


def on_canvas(marks: list[dict[str, Any]]) -> Iterator[str]:
    """The marks, those alike as one line, in the order in which each kind was first made."""
    kinds: dict[Any, list[dict[str, Any]]] = {}
    for mark in marks:
        kinds.setdefault(shape(mark), []).append(mark)
    for alike in kinds.values():
        colours = dict.fromkeys(" ".join(mark["colours"]) for mark in alike)
        steps = ", ".join(step for step, _ in runs(alike[0]))
        if alike[0]["words"]:
            shown = [f"{mark['words'][0]!r} {written(mark['rows'][0][1:])}" for mark in alike]
        else:
            flat = [[v for _, rows in runs(mark) for row in few(rows) for v in row] for mark in alike]
            shown = [*map(written, few(flat)), f"{len(alike)} in all"]
        yield f"{' + '.join(alike[0]['heads'])} {', '.join(colours)}: {steps}: {'; '.join(shown)}"


def lines(parts: list[dict[str, Any]]) -> list[str]:
    """All that a widget has built and painted, a line an element or a kind of mark."""
    found = []
    for part in parts:
        indent = "  " * part["depth"]
        found.append(f"{indent}{part['line']}" + (f": {part['words']}" if part["words"] else ""))
        found += [f"{indent}  | {line}" for line in on_canvas(part["marks"] or [])]
    return found


# As one text: playwright takes long to carry many numbers.
SEEN = """(root) => painted.settled()
  .then(() => JSON.stringify([painted.built(root), painted.heard(globalThis.saved)]))"""


def opened(browser: Browser, folder: Path) -> dict[str, list[Part]]:
    """Every widget on the site as it opens, and what is new where the page is narrow, dark and fine."""
    found: dict[str, list[Part]] = {}
    for theme, view in VIEWS.items():
        with reading(browser, url(folder, theme), before=NOTES, **view) as page:
            # At once, for who waits for what does not come waits long.
            assert page.locator('[data-nmn-ready="true"]').count() == len(KINDS)
            for name in KINDS:
                parts, _ = json.loads(Widget(page, name).root.locator(".nmn-ui").evaluate(SEEN))
                before = found.setdefault(name, [])
                title = f"opens {theme}, {' '.join(map(str, view.values()))}"
                before.append((title, news(before[0][1] if before else [], lines(parts))))
    return found


def news(before: list[str], now: list[str]) -> list[str]:
    """The lines that are new, and how many there are."""
    return [*(line for line in now if line not in before), f"{len(now)} lines"]


def played(browser: Browser, folder: Path, name: str) -> Iterator[Part]:
    """What is new after each thing that a reader does, and what a kernel hears of it."""
    with reading(browser, url(folder, "empty"), before=NOTES) as page:
        root = jupyter(page, example(name)).root.locator(".nmn-ui")
        before: list[str] = []
        for title in chain([""], acts(page, root)):
            parts, heard = json.loads(root.evaluate(SEEN))
            now = lines(parts)
            if before:
                yield title, [*heard, *news(before, now)]
            before = now


PART = "(input) => { input.valueAsNumber = Number(input.min) + 0.37 * (input.max - input.min); " \
    "input.dispatchEvent(new Event('input')); }"  # fmt: skip


def acts(page: Page, root: Locator) -> Iterator[str]:
    """Does one thing after the other; the name of each, after it is done."""
    for number, handle in enumerate(root.locator(".nmn-handle").all()):
        label = handle.get_attribute("aria-label")
        for key in ("ArrowLeft", "Shift+ArrowUp", "Control+ArrowLeft", "a")[: 1 if number else None]:
            handle.press(key)
            yield f"{label}: {key}"
    for index, canvas in enumerate(root.locator("canvas").all()):
        yield from presses(page, canvas, f"canvas {index}")
    for handle in root.locator(".nmn-handle:visible").all()[:1]:
        yield from grips(page, handle)
    for control in root.locator("input, button").all():
        yield from uses(control)


def presses(page: Page, canvas: Locator, name: str) -> Iterator[str]:
    """Presses a picture, goes on beyond its end, lets go, moves on; and the other button."""
    if not canvas.is_visible():
        return
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    x, y = (
        round(box[side] + share * box[size])
        for side, size, share in (("x", "width", 0.3), ("y", "height", 0.4))
    )
    page.mouse.move(x, y)
    page.mouse.down()
    yield f"{name}: press"
    page.mouse.move(x + 70, y + 20)
    yield f"{name}: move"
    page.mouse.move(round(box["x"]) - 8, y + 10)
    yield f"{name}: move beyond its side"
    page.mouse.up()
    page.mouse.move(x, y)
    yield f"{name}: let go and move"
    page.mouse.down(button="right")
    page.mouse.move(x + 30, y)
    page.mouse.up(button="right")
    yield f"{name}: the right button"


def grips(page: Page, handle: Locator) -> Iterator[str]:
    """Presses a handle beside its middle, which moves nothing, and drags it."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    x, y = round(box["x"] + 28), round(box["y"] + 17)
    page.mouse.move(x, y)
    page.mouse.down()
    yield "handle: press beside its middle"
    page.mouse.move(x + 15, y + 30)
    page.mouse.up()
    yield "handle: drag"


def uses(control: Locator) -> Iterator[str]:
    """What can be done with an input or a button."""
    kind = control.get_attribute("type")
    label = control.evaluate("(c) => c.labels?.[0]?.innerText ?? c.innerText").strip()
    if kind == "range":
        for key in ("Home", "ArrowRight", "End", "ArrowDown"):
            control.press(key)
            yield f"{label}: {key}"
        control.evaluate(PART)
        yield f"{label}: a part of the way"
    elif not control.is_disabled():
        control.click()
        yield f"{label}: {'choose' if kind == 'radio' else 'press'}"


def text(parts: Iterable[Part]) -> str:
    return "".join(f"== {title}\n" + "".join(f"{line}\n" for line in lines) for title, lines in parts)


def kept(name: str, *, opens: bool) -> str:
    """What is kept of a widget: how it opens, or what it does."""
    path = FOLDER / f"{name}.txt"
    parts = re.split(r"^(?=== )", path.read_text("utf8") if path.is_file() else "", flags=re.MULTILINE)
    return "".join(part for part in parts if part.startswith("== opens") == opens)


def near(one: str, other: str) -> bool:
    """Whether two lines hold the same words, and the same numbers to one in their last place."""
    a, b = NUMBER.split(one), NUMBER.split(other)
    return a[::2] == b[::2] and all(map(_close, a[1::2], b[1::2]))


def _close(one: str, other: str) -> bool:
    # A zero at the end may be left out, and many figures may be fewer; else a number is as long as it was.
    places = {min(max(len(number.partition(".")[2]), 2), 6) for number in (one, other)}
    return len(places) == 1 and abs(float(one) - float(other)) <= 1.1 * 10.0 ** -min(*places, 5)


def difference(name: str, was: str, now: str) -> str:
    """The first difference of a record from what is kept, in words; nothing where there is none."""
    title = ""
    for old, new in zip_longest(was.splitlines(), now.splitlines(), fillvalue="(nothing)"):
        title = next((one[3:] for one in (new, old) if one.startswith("== ")), title)
        if not near(old, new):
            where = f"{name}, {title}" if title else name
            return f"{where}:\n  kept {old.strip()}\n  now  {new.strip()}\nmeant? then {COMMAND} {name}"
    return ""


def main(names: Sequence[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as made:
        write(Path(made))
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        first = opened(browser, Path(made))
        for name in names or KINDS:
            (FOLDER / f"{name}.txt").write_text(
                text([*first[name], *played(browser, Path(made), name)]), "utf8"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
