"""The pages with scripts off: every formula drawn, every widget a picture, all of it to be read."""

import pytest
from playwright.sync_api import Browser, Page

from tests.site.visit import look, opened


def unseen(page: Page, url: str) -> list[str]:
    page.goto(url)
    page.wait_for_load_state("load")
    return look(page, "unseen")


@pytest.mark.parametrize("dark", [False, True])
def test_readable(browser: Browser, home: str, name: str, dark: bool) -> None:
    with opened(browser, dark=dark, scripts=False) as context:
        page = context.new_page()
        assert unseen(page, f"{home}/{name}") == []
        if dark:
            # No script has chosen a theme, and yet the colours go together. (axe itself needs timers.)
            assert look(page, "pale") == []


def test_planted_pale_text_is_found(browser: Browser, home: str) -> None:
    with opened(browser, scripts=False) as context:
        page = context.new_page()
        page.goto(f"{home}/book/index.html")
        page.evaluate("() => { document.querySelector('article h1').style.color = '#aaa'; }")
        assert [fault[:2] for fault in look(page, "pale")] == ["H1"]


def test_planted_faults_are_found(browser: Browser, home: str) -> None:
    with opened(browser, scripts=False) as context:
        page = context.new_page()
        url = f"{home}/book/index.html"
        assert unseen(page, url) == []
        plant = "document.querySelectorAll({!r}).forEach((e) => {{ {} }})"
        for where, what, said in [
            (".katex-html", "e.style.display = 'none';", "a formula"),
            (".katex-html", "e.remove();", "a formula"),
            (".nmn-still", "e.remove();", "no picture"),
            (".nmn-still", "e.src = 'gone.png';", "a picture"),
        ]:
            page.goto(url)
            page.evaluate(f"() => {plant.format(where, what)}")
            page.wait_for_timeout(100)
            faults = look(page, "unseen")
            assert any(fault.startswith(said) for fault in faults)
