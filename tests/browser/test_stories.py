"""The whole story of a demand, walked through the real pages in Persian and in Chinese."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import expect

from redress.formats.receipts import check_receipt, read_receipt
from tests.browser.conftest import sign_in


@dataclass(frozen=True)
class Story:
    locale: str
    words: tuple[str, str, str]  # the demand, a fact with a name and a number, side matter
    masked: str
    name: str
    answer: str
    objection: str
    second_answer: str
    body: str
    sent: str
    answered: str


STORIES = [
    Story(
        locale="fa-IR",
        words=(
            "می‌خواهیم مزد سه ماه عقب‌افتاده‌مان پرداخت شود.",
            "من زهرا آزمونی هستم و شماره‌ام ۰۹۱۲۳۴۵۶۷۸۹ است.",
            "چراغ‌های خیابان ما هم خاموش است.",
        ),
        masked="۰۹۱۲۳۴۵۶۷۸۹",
        name="زهرا آزمونی",
        answer="کارفرما تا یکشنبه می‌پردازد.",
        objection="یکشنبه گذشت و خبری نشد.",
        second_answer="پرداخت شد و رسید آن پیوست است.",
        body="اداره تعاون، کار و رفاه اجتماعی، نیلکوه",
        sent="به دستگاه",
        answered="پاسخ",
    ),
    Story(
        locale="zh-CN",
        words=(
            "我们要求厂里马上补发三个月工资。",
            "我叫王测试，电话13800138000。",
            "另外门口的路灯坏了。",
        ),
        masked="13800138000",
        name="王测试",
        answer="单位承诺周日前发放。",
        objection="周日过了，还没有发。",
        second_answer="已经发放，凭证附后。",
        body="尼尔库县人力资源和社会保障局",
        sent="责任单位",
        answered="答复",
    ),
]


def follow(page, code: str) -> None:
    page.goto("/receipt")
    page.fill("[name=code]", code)
    page.click("main form button[type=submit]")
    expect(page.locator(".state-line")).to_have_count(1)


def send(page, action: str) -> None:
    """Send one form of the case page and wait until the page has come back."""
    with page.expect_navigation():
        page.click(f"form[action$='/{action}'] button[type=submit]")


def answer_as(liaison, number: str, text: str) -> None:
    liaison.goto(f"/desk/demands/{number}")
    send(liaison, "accept")
    liaison.select_option("#answer_claim", "solved")
    liaison.fill("#answer_text", text)
    send(liaison, "answer")


def file_with_a_name(phone, story: Story) -> str:
    phone.goto("/demands/new")
    phone.fill("[name=text]", " ".join(story.words))
    phone.select_option("[name=county]", "ir.sp.nk.")
    phone.click("summary")
    phone.fill("[name=name]", story.name)
    phone.fill("[name=contact]", "0912 345 6789")
    with phone.expect_navigation():
        phone.click("main button[type=submit]")
    return phone.locator("input[name=code]").first.get_attribute("value")


def find_by_its_words(officer, story: Story) -> str:
    officer.goto(f"/desk/demands?words={story.words[0]}")
    officer.click(f"tbody tr:has-text('{story.masked}') a >> nth=0")
    officer.wait_for_url(re.compile(r"/desk/demands/\d+$"))
    return re.search(r"(\d+)$", officer.url)[1]


def mark_and_cover(officer, number: str, story: Story) -> None:
    officer.goto(f"/desk/demands/{number}/marking")
    for place, kind in enumerate(("demand", "fact", "nonworker")):
        officer.check(f"input[name=kind_{place}][value={kind}]")
    officer.fill("[name=mask]", f"{story.name}\n{story.masked}")
    with officer.expect_navigation():
        officer.click("main button[type=submit]")


def sort_and_send(officer, story: Story) -> None:
    officer.select_option("#sort_topic", "pay.arrears")
    officer.select_option("#sort_urgency", "high")
    send(officer, "sort")
    officer.select_option("#route_body", label=story.body)
    send(officer, "route")


def say(phone, verdict: str, words: str = "") -> None:
    phone.check(f"[name=said][value={verdict}]")
    phone.fill("form:has(input[value=word]) textarea", words)
    with phone.expect_navigation():
        phone.click("form:has(input[value=word]) button")


def take_proof_home(phone) -> bytes:
    phone.click("details:has(input[value=download]) > summary")
    with phone.expect_download() as proof:
        phone.click("form:has(input[value=download]) button")
    return proof.value.path().read_bytes()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.locale)
def test_a_demand_is_heard_marked_sent_answered_disputed_answered_and_solved(open_page, story):
    phone = open_page(width=360, height=740, locale=story.locale)
    officer, liaison = open_page(locale=story.locale), open_page(locale=story.locale)
    sign_in(officer, "officer")
    sign_in(liaison, "liaison")

    code = file_with_a_name(phone, story)
    number = find_by_its_words(officer, story)
    mark_and_cover(officer, number, story)
    assert officer.locator("blockquote.words").inner_text() == story.words[0]
    sort_and_send(officer, story)
    expect(officer.locator(".state-line")).to_contain_text(story.sent)
    with officer.expect_download() as letter:
        officer.click(f"a[href='/desk/demands/{number}/letter']")
    assert letter.value.path().read_bytes().startswith(b"%PDF-")

    # The body reads the demand and the fact, not the side matter, and no name.
    liaison.goto(f"/desk/demands/{number}")
    read = liaison.inner_text("main")
    assert story.words[0] in read
    assert not any(part in read for part in (story.name, story.masked, story.words[2]))
    answer_as(liaison, number, story.answer)
    expect(liaison.locator(".state-line")).to_contain_text(story.answered)

    # The worker sees how they were understood, agrees, and says that it is not solved.
    follow(phone, code)
    expect(phone.locator("mark.demand").first).to_contain_text(story.words[0][:8])
    with phone.expect_navigation():
        phone.click("form:has(input[value=agree]) button")
    say(phone, "not_solved", story.objection)
    expect(phone.locator(".notice.success[role=status]")).to_have_count(1)

    # It is back with the body, which answers again; now it is solved.
    liaison.goto("/desk/demands?state=routed")
    assert liaison.locator(f"a[href='/desk/demands/{number}']").count() == 1
    liaison.goto(f"/desk/demands/{number}")
    expect(liaison.locator(".voices")).to_contain_text(story.objection)
    answer_as(liaison, number, story.second_answer)
    follow(phone, code)
    expect(phone.locator("main")).to_contain_text(story.second_answer)
    say(phone, "solved")
    expect(phone.locator(".state.closed")).to_have_count(1)


def test_a_worker_sees_who_has_read_the_case_and_takes_a_proof_home(open_page):
    told = ("می‌خواهیم لباس کار زمستانی بدهند.", *STORIES[0].words[1:])
    story = replace(STORIES[0], words=told)
    phone, officer = open_page(width=360, locale=story.locale), open_page(locale=story.locale)
    sign_in(officer, "officer")
    code = file_with_a_name(phone, story)
    number = find_by_its_words(officer, story)

    follow(phone, code)
    phone.locator("details:has(table) > summary").first.click()
    readings = phone.locator("details table tbody tr").count()
    data = take_proof_home(phone)

    assert readings == 1
    assert check_receipt(read_receipt(data)) is None
    assert json.loads(data)["demand"] == int(number)
    assert code not in data.decode()


def test_a_hearing_by_an_officer_gives_a_code_and_the_code_opens_the_demand(open_page):
    officer, phone = open_page(locale="zh-CN"), open_page(width=360, locale="zh-CN")
    sign_in(officer, "officer")
    officer.goto("/desk/demands/new")
    officer.fill("[name=text]", "请发放高温津贴。")
    officer.select_option("[name=county]", "ir.sp.nk.")
    officer.select_option("[name=channel]", "phone")
    with officer.expect_navigation():
        officer.click("main button[type=submit]")
    code = officer.locator(".receipt").inner_text()

    follow(phone, code)

    expect(phone.locator("blockquote.words")).to_have_text("请发放高温津贴。")


def test_an_identity_is_opened_by_two_people_and_the_worker_is_told(open_page):
    officer, second, phone = open_page(), open_page(), open_page(width=360)
    phone.goto("/demands/new")
    phone.fill("[name=text]", "The lift in hall nine has no door. Please stop it today.")
    phone.select_option("[name=county]", "ir.sp.nk.")
    phone.click("summary")
    phone.fill("[name=name]", "Nasrin Tested")
    with phone.expect_navigation():
        phone.click("main button[type=submit]")
    code = phone.locator("input[name=code]").first.get_attribute("value")
    sign_in(officer, "officer")
    officer.goto("/desk/demands?words=lift hall nine")
    officer.click("tbody a >> nth=0")
    officer.wait_for_url(re.compile(r"/desk/demands/\d+$"))
    officer.click("summary:has-text('Other actions')")
    officer.click("summary:has-text('Ask to see who filed it')")
    officer.fill("#ask-identity_why", "To be called today: the lift must be found.")
    send(officer, "ask-identity")

    sign_in(second, "second")
    second.goto(officer.url)
    second.check("[name=granted][value=yes]")
    send(second, "decide-identity")
    officer.reload()
    with officer.expect_navigation():
        officer.click("form[action*='/identity/'] button")

    expect(officer.locator("main")).to_contain_text("Nasrin Tested")
    follow(phone, code)
    phone.click("summary:has-text('Who has seen my case?')")
    expect(phone.locator("details table")).to_contain_text("Read who filed it")
