"""Both thin flows, walked through the real pages."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

PHONE = {"width": 360, "height": 740, "locale": "fa-IR"}
WORDS = "چهار ماه است در نساجی مهرگان حقوق نگرفته‌ایم. معوقات ما را بدهید."


def file_in_persian(page, words: str = WORDS) -> str:
    page.goto("/")
    page.click("text=ثبت مطالبه")
    page.fill("[name=text]", words)
    page.select_option("[name=county]", "ir.sp.nk.")
    page.set_input_files(
        "[name=files]",
        {"name": "فیش.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 99},
    )
    page.click("form button[type=submit]")
    return page.locator("input[name=code]").first.get_attribute("value")


def test_a_worker_files_and_follows_in_persian_on_a_phone_without_script(open_page):
    page = open_page(**PHONE, script=False)

    code = file_in_persian(page)
    page.goto("/receipt")
    page.fill("[name=code]", code)
    page.click("form button[type=submit]")

    assert page.locator("blockquote.words").inner_text() == WORDS
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".state").inner_text() == "دریافت شد"
    assert page.context.cookies() == []


def follow(page, code: str) -> None:
    page.goto("/receipt")
    page.fill("[name=code]", code)
    page.click("form button[type=submit]")


def test_a_household_is_entered_granted_approved_and_paid(open_page):
    officer, second = open_page(), open_page(locale="zh-CN")
    sign_in(officer, "officer")
    officer.goto("/desk/households/new")
    officer.fill("[name=head_name]", "Maryam Testing")
    officer.fill("[name=birth_on_0]", "1981")
    officer.fill("[name=birth_on_1]", "3")
    officer.fill("[name=birth_on_2]", "1")
    officer.fill("[name=income_per_month]", "90,000,000")
    officer.click("main button[type=submit]")
    officer.wait_for_url(re.compile(r"/households/\d+$"))
    number = re.search(r"/households/(\d+)", officer.url)[1]

    officer.fill("[name=situation]", "She was ill for half a year.")
    officer.select_option("[name=main_cause]", "illness")
    officer.check("[name=needs][value=medical]")
    officer.click("form[action$='/file'] button")
    officer.fill("[name=amount]", "25,000,000")
    officer.fill("[name=reason]", "Part of the hospital bill.")
    officer.click("form[action$='/grant'] button")
    expect(officer.locator("main")).to_contain_text("Waits for a second person")
    assert officer.locator("form[action$='/approve']").count() == 0

    sign_in(second, "second")
    second.goto(f"/desk/households/{number}")
    second.click("form[action$='/approve'] button")
    expect(second.locator(".state.paid")).to_have_count(1)
    expect(second.locator("aside")).to_contain_text("25,000,000 里亚尔")

    officer.goto(f"/desk/households/{number}")
    officer.click("summary:has-text('Close the file')")
    officer.fill("form[action$='/exit'] [name=why]", "Healthy, and at work.")
    officer.click("form[action$='/exit'] button")
    expect(officer.locator(".state-line")).to_contain_text("Left the file")


def test_a_provincial_officer_sets_up_the_second_factor_and_then_sees_the_province(open_page):
    page = open_page()
    sign_in(page, "province")
    page.fill("[name=password]", "demonstration-only")  # once more, before anything is set up
    page.click("main button[type=submit]")
    secret = page.locator("main .code").inner_text().strip()
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    page.fill("[name=code]", code)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "activate" not in url)

    page.goto("/desk/")

    assert "Sepidrud province" in page.inner_text("main")


def test_an_officer_of_the_next_county_finds_nothing_at_the_demands_address(open_page):
    officer, neighbour = open_page(), open_page()
    sign_in(officer, "officer")
    officer.goto("/desk/demands")
    officer.click("tbody a >> nth=0")

    sign_in(neighbour, "neighbour")
    answered = neighbour.goto(officer.url)

    assert answered.status == 404


def test_filters_survive_a_reload_and_keys_walk_the_list(open_page):
    page = open_page()
    sign_in(page, "officer")
    page.goto("/desk/demands")
    page.select_option("#language", "fa")
    page.click(".filters button")
    rows = page.locator("tbody tr").count()

    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/desk/demands/\d+"))

    assert rows > 0
    page.go_back()
    assert page.locator("#language").input_value() == "fa"
    assert page.locator("tbody tr").count() == rows


def test_a_first_page_is_small_enough_for_an_old_phone(open_page):
    page = open_page(**PHONE)
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda answer: sizes.update({answer.url: int(answer.headers.get("content-length", 0))}),
    )

    page.goto("/fa/", wait_until="networkidle")

    before_fonts = sum(size for url, size in sizes.items() if not url.endswith(".woff2"))
    assert before_fonts < 50_000
    assert len(page.content().encode()) < 50_000


def test_an_officers_keys_and_what_is_typed_outlives_a_reload(open_page):
    worker, officer = open_page(**PHONE, script=False), open_page()
    file_in_persian(worker)
    sign_in(officer, "officer")
    officer.goto("/desk/demands?state=heard&sort=newest")
    officer.keyboard.press("j")
    officer.keyboard.press("o")
    officer.wait_for_url(re.compile(r"/demands/\d+$"))

    officer.keyboard.press("1")
    chosen = officer.locator("select[name=topic]")
    suggested = officer.locator("select[name=topic] optgroup").first.locator("option").first
    assert chosen.input_value() == suggested.get_attribute("value") != ""
    officer.keyboard.press("Shift+?")
    expect(officer.locator("#keys")).to_be_visible()
    officer.keyboard.press("Escape")
    officer.locator("h1").click()
    officer.keyboard.press("s")
    officer.wait_for_url(re.compile(r"/marking$"))

    officer.goto("/desk/demands/new")
    officer.fill("[name=text]", "They owe us two months.")
    officer.reload()
    assert officer.input_value("[name=text]") == "They owe us two months."
    officer.click("nav form button")
    sign_in(officer, "officer")
    officer.goto("/desk/demands/new")
    assert officer.input_value("[name=text]") == ""
