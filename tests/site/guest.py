"""Somebody who reads one page after another in one window: what the pages say, ask for, and cost."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.site.visit import DESKTOP, settle, until_page, watch


class Guest:
    """A reader with one window for all pages: a new window costs more than most pages.

    Who serves each page at a port of its own is to the browser a site that it has never seen: nothing of it
    is in the cache, nothing stored. `said`: complaints of the page since it was opened, and requests to other
    hosts; `transferred`: bytes that came over the wire since then, headers included.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.home = ""
        self.said = watch(self.page, lambda: self.home)
        self.transferred = 0.0
        self.under_way: set[str] = set()
        session = context.new_cdp_session(self.page)
        session.on("Network.requestWillBeSent", lambda asked: self.under_way.add(asked["requestId"]))
        session.on("Network.loadingFinished", self._ended)
        session.on("Network.loadingFailed", self._ended)
        session.send("Network.enable")

    def _ended(self, request: dict[str, Any]) -> None:
        self.under_way.discard(request["requestId"])
        self.transferred += request.get("encodedDataLength", 0)

    def open(self, home: str, name: str, *, dark: bool = False) -> Page:
        """The page `name` of the site at `home`, in a window at a desk, by day or in the dark."""
        # What the page before had still in mind ends with it.
        self.page.goto("about:blank")
        self.page.set_viewport_size(DESKTOP)
        self.page.emulate_media(media="screen", color_scheme="dark" if dark else "light")
        self.home, self.transferred = home, 0.0
        self.said.clear()
        self.under_way.clear()
        self.page.goto(f"{home}/{name}")
        return self.page

    def served(self) -> None:
        """Waits until the page is at rest and every request has its answer."""
        settle(self.page)
        until_page(self.page, lambda: not self.under_way, lambda: f"answers to {self.under_way}")
