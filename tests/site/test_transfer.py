"""How many bytes a page costs its reader, compressed as a static host sends it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from tests.site.server import serving
from tests.site.visit import opened, settle

FIRST, NEXT = 900_000, 100_000


def transferred(context: BrowserContext, url: str) -> int:
    """Bytes that come over the wire for one look at a page, headers included."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda got: sizes.append(got["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(url)
    settle(page)
    # A reader sees the whole page, and with it the pictures that wait to be seen.
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    settle(page)
    page.close()
    return int(sum(sizes))


def test_transfer(browser: Browser, home: str, name: str) -> None:
    with opened(browser) as context:
        first, then = transferred(context, f"{home}/{name}"), transferred(context, f"{home}/{name}")
    print(f"{name}: {first / 1000:.0f} kB, then {then / 1000:.1f} kB")
    assert then < NEXT and then < first < FIRST


@pytest.mark.parametrize("compressible", [False, True])
def test_bytes_are_counted(browser: Browser, tmp_path: Path, compressible: bool) -> None:
    """A picture counts in full, a text as it is sent; both once."""
    (tmp_path / "big.js").write_bytes(b"/" * 300_000)
    noise = np.random.default_rng(0).integers(0, 256, (256, 400, 3), "uint8")
    Image.fromarray(noise).save(tmp_path / "big.png")
    load = '<script src="big.js"></script>' if compressible else '<img src="big.png" alt="">'
    (tmp_path / "p.html").write_text(f'<!doctype html><link rel="icon" href="data:,">{load}', "utf8")
    with serving(tmp_path) as home, opened(browser) as context:
        first, then = (transferred(context, f"{home}/p.html") for _ in range(2))
    assert (first < 5_000) if compressible else (300_000 < first < 320_000)
    assert then < 1000
