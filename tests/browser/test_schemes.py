"""Schemes on real pages: a worker asks, an officer assesses and proposes, a province looks at all."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from redress.doors.desk.pages import ROWS_A_PAGE
from tests.browser.conftest import sign_in

PHONE = {"width": 360, "height": 740, "locale": "zh-CN"}
# What the household of a Chinese worker tells, by the question's name; all else is passed over.
ANSWERS = {
    "household_size": "4",
    "annual_disposable_income": "24000",
    "rigid_expenditure": "10000",
    "students_higher": "1",
    "medical_total": "4000",
}


def test_a_worker_asks_the_rules_in_chinese_on_a_phone_without_script(open_page):
    page = open_page(**PHONE, script=False)
    page.goto("/")
    page.click("text=我能得到帮扶吗")
    page.click("a[href='/check/cn-province-demo']")

    while page.locator("[name=asked]").count():
        name = page.locator("[name=asked]").get_attribute("value")
        if name in ANSWERS:
            page.fill("[name=answer]", ANSWERS[name])
            page.click("form:has([name=asked]) button.main")
        else:
            page.click("[name=skip]")

    # Net income a head (24000 - 10000) / 12 / 4 = 291.67, below 1000, the line of 2026: deep.
    # living 12 x 1000 = 12000; study 10 x 1000; medical 0.9 x 4000 = 3600; and the premium
    expect(page.locator("h1")).to_have_text("按您的回答，您符合条件")
    sums = page.locator("h1 + .items dd").all_inner_texts()
    assert sums == ["12,000.00 元", "3,600.00 元", "10,000.00 元", "80.00 元"]
    assert page.context.cookies() == []
    page.click("button[name=change] >> nth=0")
    expect(page.locator("label[for=id_answer]")).to_contain_text("几口人")


def test_an_officer_tells_facts_decides_and_proposes_what_the_rules_grant(open_page):
    officer = open_page()
    sign_in(officer, "officer")
    officer.goto("/desk/households?state=on_file")
    officer.click("tbody a >> nth=0")
    officer.click("#schemes a[href*='/facts/']")
    for name, told in (("average_wage", "200000000"), ("contribution_months", "60")):
        officer.fill(f"[name=fact_{name}]", told)
    officer.select_option("[name=source]", "document")
    officer.click("main form button[type=submit]")

    officer.wait_for_url(re.compile(r"/desk/households/\d+#schemes$"))
    expect(officer.locator("#schemes")).to_contain_text("Unemployment benefit per month")
    officer.click("text=Propose this grant >> nth=0")
    amount = officer.input_value("[name=amount]")
    officer.click("form[action$='/grant'] button")

    expect(officer.locator(".notice.success")).to_contain_text("A second person decides")
    shown = f"{int(amount):,} IRR"
    expect(officer.locator("article.voice h3 >> nth=0")).to_contain_text(shown)


def test_all_households_are_assessed_and_a_number_is_tried_otherwise(open_page):
    officer = open_page()
    sign_in(officer, "officer")
    officer.goto("/desk/runs")
    officer.click("form[action$='/runs/new'] button")

    officer.locator(".chips").wait_for(timeout=120_000)
    many = int(re.search(r"\((\d+)\)", officer.inner_text(".chips a >> nth=0"))[1])
    assert many > ROWS_A_PAGE
    assert officer.locator("tbody [href*='/desk/households/']").count() == ROWS_A_PAGE

    officer.goto("/desk/what-if/ir-province-demo")
    officer.locator("tfoot").wait_for(timeout=120_000)
    officer.fill("[name=SICK_WITH_DEP]", "0")  # who has sick pay alone is left with nothing
    officer.fill("[name=SICK_NO_DEP]", "۰")
    officer.click("form.numbers button >> nth=0")
    before, after, newly, gone = (
        int(text.replace(",", "")) for text in officer.locator("tfoot td").all_inner_texts()[:4]
    )
    assert (before, newly) == (many, 0)
    assert after == before - gone < before
