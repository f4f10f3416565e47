"""The page of the claims ledger in a browser: its filter, its links, its cards, and with scripts off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from claim_rows import SEEDS, VERDICTS, Claim, counts, load
from playwright.sync_api import Browser, Page, expect

from tests.site.reader import reading

PAGE = "book/claims.html"
CLAIMS = load(Path(__file__).parents[2] / "book")


@pytest.fixture(params=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:
    with reading(browser, f"{home}/{PAGE}", size=request.param) as shown:
        yield shown


def shown(page: Page) -> list[str]:
    """The ids of the claims that a reader sees."""
    rows = page.locator(".ledger-table tbody tr:visible")
    return [name.removeprefix("claim-") for name in rows.evaluate_all("(rows) => rows.map((row) => row.id)")]


def wanted(**asked: str) -> list[str]:
    """The ids of the claims of a seed, of a verdict, or both."""

    def fits(claim: Claim) -> bool:
        seeds = [seed for seed, _ in claim.sources]
        return asked.get("seed", seeds[0]) in seeds and asked.get("verdict", claim.verdict) == claim.verdict

    return [claim.id for claim in CLAIMS if fits(claim)]


def test_every_claim_is_shown_and_counted(page: Page) -> None:
    assert shown(page) == [claim.id for claim in CLAIMS]
    lines = [" ".join(line.split()) for line in page.locator(".ledger-counts li").all_inner_texts()]
    wanted = [f"{VERDICTS[name]} {name} {count}" for name, count in counts(CLAIMS).items()]
    assert lines == [*wanted, f"{len(CLAIMS)} claims in all"]


def test_who_listens_hears_what_each_part_is(page: Page) -> None:
    form = page.get_by_role("search", name="Filter the claims", exact=True)
    for label, every, names in [
        ("Source", "every source", [f"{seed}: {title}" for seed, title in SEEDS.items()]),
        ("Verdict", "every verdict", list(VERDICTS)),
    ]:
        menu = form.get_by_role("combobox", name=label, exact=True)
        assert menu.locator("option").all_inner_texts() == [every, *names]
    assert form.get_by_role("searchbox", name="Text", exact=True).input_value() == ""
    assert form.get_by_role("status").inner_text() == f"{len(CLAIMS)} of {len(CLAIMS)} claims shown"
    table = page.get_by_role("table", name="Every claim of the five sources", exact=True)
    assert table.get_by_role("columnheader").all_inner_texts() == ["Claim", "Verdict", "Support"]
    assert table.get_by_role("row").count() == len(CLAIMS) + 1
    assert table.get_by_role("cell").count() == 3 * len(CLAIMS)


def test_the_style_and_the_table_use_the_same_names(page: Page, site: Path) -> None:
    styled = set(
        re.findall(r"\.((?:ledger|verdict)[a-z-]*)", (site / "_static" / "ledger.css").read_text("utf8"))
    )
    used = page.locator(".ledger, .ledger *").evaluate_all("(all) => all.flatMap((e) => [...e.classList])")
    named = {name for name in used if name.startswith(("ledger", "verdict"))}
    # What has no look of its own is a handle for scripts, or says what it is.
    assert named - styled == {"ledger", "ledger-claim", "ledger-lead", "verdict-sign"}
    assert styled <= named


def test_the_filter_narrows_by_seed_verdict_and_text(page: Page) -> None:
    page.get_by_label("Source").select_option("001")
    assert shown(page) == wanted(seed="001")
    page.get_by_label("Source").select_option("002")
    page.get_by_label("Verdict").select_option("open")
    assert shown(page) == wanted(seed="002", verdict="open")
    page.get_by_label("Text").fill("DIVERGENCE kullback")
    assert shown(page) == ["m-bridge-kl"]
    assert page.get_by_role("status").inner_text() == f"1 of {len(CLAIMS)} claims shown"


def test_the_filter_is_worked_with_keys_alone(page: Page) -> None:
    page.get_by_label("Source").focus()
    page.keyboard.press("End")
    assert shown(page) == wanted(seed="004")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("universal")
    page.keyboard.press("Enter")
    assert shown(page) == ["a-universal-approximation"]


def test_a_link_to_a_claim_that_is_filtered_out_shows_it(page: Page) -> None:
    page.get_by_label("Source").select_option("004")
    page.evaluate("location.hash = '#claim-g-limit'")
    row = page.locator("#claim-g-limit")
    expect(row).to_be_visible()
    assert len(shown(page)) == len(CLAIMS)
    expect(row).to_be_in_viewport()


def test_nothing_is_wider_than_the_page(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    edges = page.locator(".ledger-table td").evaluate_all(
        "(cells) => cells.map((c) => c.scrollWidth - c.clientWidth)"
    )
    assert max(edges) <= 0


def test_each_claim_is_a_card_on_a_phone(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/{PAGE}", size="phone") as page:
        row = page.locator("#claim-g-limit")
        tops = row.locator("td").evaluate_all("(cells) => cells.map((c) => c.getBoundingClientRect().top)")
        assert tops == sorted(set(tops))
        assert row.evaluate("(r) => r.computedRole ?? r.getAttribute('role')") == "row"


def test_without_scripts_the_whole_table_stands(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/{PAGE}", scripts=False) as page:
        assert page.locator(".ledger-table tbody tr:visible").count() == len(CLAIMS)
        assert not page.locator(".ledger-filter").is_visible()


def test_every_settled_claim_leads_to_its_place(browser: Browser, home: str) -> None:
    with reading(browser, f"{home}/{PAGE}") as page:
        links = page.locator(".ledger-table tbody tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.querySelectorAll('.ledger-support a')].map((a) => a.hash))"
        )
    # An equation's place has a name before its label.
    found = {
        claim.id: [link.removeprefix("#equation-").lstrip("#") for link in own]
        for claim, own in zip(CLAIMS, links, strict=True)
    }
    assert found == {claim.id: [claim.label] * bool(claim.label) for claim in CLAIMS}
