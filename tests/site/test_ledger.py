"""The page of the claims ledger in a browser: its filter, its links, its cards, and with scripts off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from claim_rows import Claim, counts, load
from playwright.sync_api import Browser, Page

from tests.site.reader import reading

CLAIMS = load(Path(__file__).parents[2] / "book")


@pytest.fixture(params=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:
    with reading(browser, f"{home}/book/claims.html", size=request.param) as shown:
        yield shown


def shown(page: Page) -> list[str]:
    """The ids of the claims that a reader sees."""
    rows = page.locator(".ledger-table tbody tr:visible").all()
    return [str(row.get_attribute("id")).removeprefix("claim-") for row in rows]


def wanted(**asked: str) -> list[str]:
    """The ids of the claims of a seed, of a verdict, or both."""

    def fits(claim: Claim) -> bool:
        seeds = [seed for seed, _ in claim.sources]
        return asked.get("seed", seeds[0]) in seeds and asked.get("verdict", claim.verdict) == claim.verdict

    return [claim.id for claim in CLAIMS if fits(claim)]


def test_every_claim_is_shown_and_counted(page: Page) -> None:
    assert shown(page) == [claim.id for claim in CLAIMS]
    said = page.locator(".ledger-counts").inner_text()
    assert all(f"{name} {count}" in " ".join(said.split()) for name, count in counts(CLAIMS).items())


def test_the_filter_narrows_by_seed_verdict_and_text(page: Page) -> None:
    page.get_by_label("Seed").select_option("001")
    assert shown(page) == wanted(seed="001")
    page.get_by_label("Seed").select_option("002")
    page.get_by_label("Verdict").select_option("open")
    assert shown(page) == wanted(seed="002", verdict="open")
    page.get_by_label("Text").fill("DIVERGENCE kullback")
    assert shown(page) == ["m-bridge-kl"]
    assert page.get_by_role("status").inner_text() == f"1 of {len(CLAIMS)} claims shown"


def test_the_filter_is_worked_with_keys_alone(page: Page) -> None:
    page.get_by_label("Seed").focus()
    page.keyboard.press("End")
    assert shown(page) == wanted(seed="004")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("theorem")
    page.keyboard.press("Enter")
    assert shown(page) == ["a-universal-approximation"]


def test_a_link_to_a_claim_that_is_filtered_out_shows_it(page: Page) -> None:
    page.get_by_label("Seed").select_option("004")
    page.evaluate("location.hash = '#claim-g-limit'")
    page.locator("#claim-g-limit").wait_for()
    assert len(shown(page)) == len(CLAIMS)
    box = page.locator("#claim-g-limit").bounding_box()
    height = page.viewport_size
    assert box and height and 0 <= box["y"] < height["height"]


def test_nothing_is_wider_than_the_page(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    edges = page.locator(".ledger-table td").evaluate_all(
        "(cells) => cells.map((c) => c.scrollWidth - c.clientWidth)"
    )
    assert max(edges) <= 0


def test_each_claim_is_a_card_on_a_phone(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/book/claims.html", size="phone") as page:
        row = page.locator("#claim-g-limit")
        tops = row.locator("td").evaluate_all("(cells) => cells.map((c) => c.getBoundingClientRect().top)")
        assert tops == sorted(set(tops))
        assert row.evaluate("(r) => r.computedRole ?? r.getAttribute('role')") == "row"


def test_without_scripts_the_whole_table_stands(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/book/claims.html", scripts=False) as page:
        assert page.locator(".ledger-table tbody tr:visible").count() == len(CLAIMS)
        assert not page.locator(".ledger-filter").is_visible()


def test_every_settled_claim_leads_to_its_place(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/book/claims.html") as page:
        for claim in CLAIMS:
            links = page.locator(f"#claim-{claim.id} .ledger-support a")
            assert links.count() == bool(claim.label), claim.id
