"""Pages in three languages, narrow and wide, light and dark: axe finds nothing, nothing overflows."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import sign_in

LOOKS = [
    {"locale": "fa-IR", "width": 360, "height": 740, "scheme": "light"},
    {"locale": "zh-CN", "width": 1280, "height": 800, "scheme": "dark"},
    {"locale": "en-GB", "width": 360, "height": 740, "scheme": "dark"},
    {"locale": "fa-IR", "width": 1280, "height": 800, "scheme": "light"},
]
PUBLIC = [
    *("/", "/demands/new", "/receipt", "/account/login/", "/nowhere", "/rules"),
    *("/rules/cn-province-demo", "/check/cn-province-demo", "/numbers"),
]
OFFICER = [
    "/desk/",
    "/desk/demands",
    "/desk/demands?words=nothing-of-the-kind",
    "/desk/demands/new",
    "/desk/calendar",
    "/desk/notices",
    "/desk/hearings",
    "/desk/hearings/new",
    "/desk/promises",
    "/desk/collectives",
    "/desk/collectives/new",
    "/desk/samples",
    "/desk/limits",
    "/desk/numbers",
    "/desk/households",
    "/desk/households/new",
    "/desk/grants",
    "/desk/runs",
    "/desk/what-if/ir-province-demo",
    "/desk/what-if/ir-province-demo?MINWAGE=x",
    "/desk/journal",
    "/account/second-factor/",
    "/account/password/",
]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look['locale']}-{look['width']}-{look['scheme']}")
def page(request, open_page):
    return open_page(**request.param)


def faults(page) -> list[str]:
    """Name what axe finds, and whether the page is wider than the window."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return found + (["wider than the window"] if too_wide else [])


def all_faults(page, addresses) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        if told := faults(page):
            found[address] = told
    return found


def test_public_pages(page):
    assert all_faults(page, PUBLIC) == {}


def test_the_form_with_everything_wrong_and_the_receipt_and_the_case(page):
    page.goto("/demands/new")
    page.click("main form button[type=submit]")
    page.locator(".summary").wait_for()
    wrong = faults(page)
    page.fill("[name=text]", "یک متن بلند " * 100 + "https://example.org/" + "x" * 200)
    page.select_option("[name=county]", index=1)
    page.click("main form button[type=submit]")
    page.locator(".receipt").wait_for()
    receipt = faults(page)
    page.click("main form button[type=submit]")

    page.locator(".story").wait_for()
    assert (wrong, receipt, faults(page)) == ([], [], [])


def test_an_officers_pages(page):
    sign_in(page, "officer")

    assert all_faults(page, OFFICER) == {}


@pytest.mark.parametrize("state", ["heard", "sorted", "routed", "returned", "answered", "closed"])
def test_a_demands_page_in_each_state(page, state):
    sign_in(page, "officer")
    page.goto(f"/desk/demands?state={state}")
    page.click("tbody a >> nth=0")
    page.locator(".story").wait_for()
    for more in page.locator("details.more > summary").all():
        more.click()

    assert faults(page) == []


@pytest.mark.parametrize("state", ["none", "on_file", "under_measures", "exited"])
def test_a_households_page_in_each_state(page, state):
    sign_in(page, "officer")
    page.goto(f"/desk/households?state={state}")
    page.click("tbody a >> nth=0")
    page.locator(".story").wait_for()
    for more in page.locator("details.more > summary").all():
        if more.is_visible():
            more.click()

    assert faults(page) == []


def test_the_pages_of_a_households_decisions(page):
    sign_in(page, "officer")
    page.goto("/desk/households?state=on_file")
    page.click("tbody a >> nth=0")
    page.click("#schemes form button")
    page.locator(".items").first.wait_for()
    told = faults(page)
    page.click("#schemes a[href*='/facts/']")
    page.fill("[name=fact_contribution_months]", "x")
    page.click("main form button[type=submit]")
    page.locator(".summary").wait_for()
    facts = faults(page)
    page.go_back()
    page.go_back()
    page.click("#schemes a[href*='/assessments/']")
    for more in page.locator("details.more > summary").all():
        more.click()

    assert (told, facts, faults(page)) == ([], [], [])


def test_the_self_check_at_each_step(page):
    page.goto("/check/ir-province-demo")
    found, steps = [], 0
    while page.locator("[name=skip]").count():
        steps += 1
        if steps in {1, 3}:
            found += faults(page)
        with page.expect_navigation():
            page.click("[name=skip]")

    assert steps > 5
    assert found + faults(page) == []


def test_a_liaisons_pages(page):
    sign_in(page, "liaison")
    home = all_faults(page, ["/desk/", "/desk/demands"])
    page.goto("/desk/demands?holder=body")
    page.click("tbody a >> nth=0")
    page.locator(".story").wait_for()

    assert (home, faults(page)) == ({}, [])


def test_the_pages_before_a_second_factor_is_set_up(page):
    sign_in(page, "admin")
    again = faults(page)
    page.fill("[name=password]", "demonstration-only")
    page.click("main button[type=submit]")
    page.locator(".qr").wait_for()

    assert (again, faults(page)) == ([], [])
