"""axe-core on every page, light and dark, at a desk and on a phone: no violation of WCAG 2 A or AA."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.visit import DESKTOP, PHONE, opened, resize, settle

RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"],
})).violations.map((v) => `${v.id} at ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" and ")}`)"""


def axe_faults(page: Page, axe: str) -> list[str]:
    """What axe finds on a page as it is now, each with the rule and the place."""
    if page.evaluate("() => typeof axe") == "undefined":
        page.evaluate(axe)
    return page.evaluate(RUN)


def set_theme(page: Page, theme: str) -> None:
    """Turns the theme switch until the page is in this theme."""
    for _ in range(3):
        if page.evaluate("() => document.documentElement.dataset.theme") == theme:
            return settle(page)
        page.locator("button.theme-switch-button:visible").first.click()
    raise AssertionError(f"the switch never leads to {theme}")


def test_accessible(browser: Browser, home: str, axe: str, name: str) -> None:
    faults = {}
    with opened(browser) as context:
        page = context.new_page()
        page.goto(f"{home}/{name}")
        settle(page)
        for theme in ("light", "dark"):
            set_theme(page, theme)
            for size in (DESKTOP, PHONE):
                resize(page, size)
                faults[f"{theme}, {size['width']} px"] = axe_faults(page, axe)
    assert not any(faults.values()), json.dumps(faults, indent=1)


@pytest.mark.parametrize(
    "rule, body",
    [
        ("image-alt", '<img src="data:,">'),
        ("label", "<input>"),
        ("color-contrast", '<p style="color: #999; background: #fff">pale</p>'),
        ("button-name", "<button></button>"),
    ],
)
def test_planted_fault_is_found(browser: Browser, tmp_path: Path, axe: str, rule: str, body: str) -> None:
    (tmp_path / "p.html").write_text(
        f'<!doctype html><html lang="en"><title>p</title><main>{body}</main>', "utf8"
    )
    with opened(browser) as context:
        page = context.new_page()
        page.goto((tmp_path / "p.html").as_uri())
        assert any(fault.startswith(rule) for fault in axe_faults(page, axe))
