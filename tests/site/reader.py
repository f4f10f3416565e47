"""What a reader does with a page and its widgets, and what the reader then sees."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.site.visit import DESKTOP, PHONE, opened, watch

SIZES = {"desktop": DESKTOP, "phone": PHONE}


@contextmanager
def reading(
    browser: Browser,
    url: str,
    *,
    size: str = "desktop",
    dark: bool = False,
    touch: bool = False,
    scripts: bool = True,
    fine: float = 1,
    before: str = "",
) -> Iterator[Page]:
    """A page at `url`, watched: at the end it must have logged no error and asked no other host.

    `before` is a script that runs before its own.
    """
    with opened(browser, size=SIZES[size], dark=dark, touch=touch, scripts=scripts, fine=fine) as context:
        page = context.new_page()
        page.add_init_script(before)
        faults = watch(page, lambda: url)
        page.goto(url)
        yield page
        assert not faults, faults


class Widget:
    """One mounted widget on a page: the `index`-th of its name, seen in its `canvas`-th picture."""

    def __init__(self, page: Page, name: str, index: int = 0, *, canvas: int = 0) -> None:
        self.page = page
        self.root: Locator = page.locator(f'[data-nmn-widget="{name}"]').nth(index)
        self.canvas = self.root.locator("canvas[data-plot]").nth(canvas)
        self.canvas.wait_for()
        self.root.scroll_into_view_if_needed()
        self.settle()

    def settle(self) -> None:
        """Waits until the picture of the present state is painted."""
        self.page.evaluate("() => new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f)))")

    def handle(self, label: str) -> Locator:
        """The handle with this label, to focus or to drag."""
        return self.root.get_by_role("slider", name=label, include_hidden=True)

    def place(self, label: str) -> list[float]:
        """Where a handle says that it is."""
        return [float(c) for c in str(self.handle(label).get_attribute("aria-valuetext")).split(", ")]

    def plot(self) -> list[float]:
        """Left, top, width and height of the plot in CSS pixels, then its reach along x and y (of a scene)
        or the ends left, right, bottom, top of its axes (of a plot)."""
        return [float(v) for v in self.canvas.evaluate("(c) => JSON.parse(c.dataset.plot)")]

    def inside(self, point: Any) -> Any:
        """Where a point (x, y) lies (or arrays of them), in CSS pixels from the corner of the canvas."""
        left, top, width, height, *ends = self.plot()
        x0, x1, y0, y1 = ends if len(ends) == 4 else (-ends[0], ends[0], -ends[1], ends[1])
        return left + width * (point[0] - x0) / (x1 - x0), top + height * (y1 - point[1]) / (y1 - y0)

    def on_screen(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a point of the plane lies in the window."""
        box = self.canvas.bounding_box()
        assert box
        x, y = self.inside(point)
        return box["x"] + x, box["y"] + y

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drags with the mouse from one point of the plane to another."""
        mouse = self.page.mouse
        mouse.move(*self.on_screen(start))
        mouse.down()
        mouse.move(*self.on_screen(end), steps=8)
        mouse.up()
        self.settle()

    def swipe(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Moves one finger from one point of the plane to another."""
        a, b = np.array(self.on_screen(start)), np.array(self.on_screen(end))
        session = self.page.context.new_cdp_session(self.page)

        def send(kind: str, points: list[np.ndarray]) -> None:
            touches: list[Any] = [{"x": float(p[0]), "y": float(p[1])} for p in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        send("touchStart", [a])
        for step in range(1, 9):
            send("touchMove", [a + (b - a) * step / 8])
        send("touchEnd", [])
        self.settle()

    def tap(self, point: tuple[float, float]) -> None:
        """Taps a point of the plane with a finger."""
        self.page.touchscreen.tap(*self.on_screen(point))
        self.settle()

    def press(self, label: str, key: str, times: int = 1) -> None:
        """Presses a key on a handle or another control with this label."""
        for _ in range(times):
            self.root.get_by_label(label).press(key)
        self.settle()

    def choose(self, label: str) -> None:
        """Clicks the radio button whose label holds this text."""
        self.root.get_by_role("radio", name=label).check()
        self.settle()

    def picture(self) -> np.ndarray:
        """What is painted on the canvas, without the handles: (rows, columns, 4) in its own pixels."""
        url = str(self.canvas.evaluate("(c) => c.toDataURL('image/png')"))
        image = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))
        return np.asarray(image.convert("RGBA")).astype(int)

    def colours(self, points: np.ndarray) -> np.ndarray:
        """The painted colour at each of these points of the plane, (n, 2) -> (n, 3)."""
        picture = self.picture()
        scale = picture.shape[1] / self.canvas.evaluate("(c) => c.clientWidth")
        columns, rows = scale * np.array(self.inside(points.T))
        return picture[np.floor(rows).astype(int), np.floor(columns).astype(int), :3]
