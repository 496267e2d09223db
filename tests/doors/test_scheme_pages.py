"""Pages of schemes: who may open them, what they keep, and what a forged form can do."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from redress.registers.journal.models import Entry
from redress.registers.registry.households import NewFact
from redress.registers.registry.models import Fact
from redress.relief.assess import tell_facts
from redress.relief.assess_all import carry_out_run
from redress.relief.models import Assessment, Grant, Run
from redress.relief.schemes import scheme_named
from redress.relief.what_if import prepare_what_if
from tests.conftest import DAY, NOON, Cast, file, fund, household
from tests.doors.at_desk import made
from tests.doors.test_desk_pages import may, one

pytestmark = pytest.mark.usefixtures("small_aid")
COUNTY = {"officer", "second", "province"}
READERS = COUNTY | {"auditor"}


def body(page) -> str:
    return page.content.decode()


def test_each_desk_address_is_open_to_those_it_is_meant_for_and_to_nobody_else(
    cast: Cast, browser_of
):
    home = made(household, cast)
    browser_of("officer").post(f"/desk/households/{home.pk}/assess")
    assessment = one(Assessment)

    assert may(browser_of, f"/desk/assessments/{assessment.pk}") == READERS
    assert may(browser_of, f"/desk/households/{home.pk}/facts/small-aid") == COUNTY
    assert may(browser_of, f"/desk/households/{home.pk}/assess", post={}) == COUNTY
    readers = READERS | {"neighbour", "grassroots"}
    assert may(browser_of, "/desk/runs") == readers
    assert may(browser_of, "/desk/what-if/small-aid") == readers


def test_a_household_is_assessed_told_facts_and_assessed_again(cast: Cast, browser_of):
    home, officer = made(household, cast), browser_of("officer")
    officer.post(f"/desk/households/{home.pk}/assess")

    page = body(officer.get(f"/desk/households/{home.pk}"))
    assert "10,000,000 IRR" in page  # 50,000,000 x 0.1 x 2
    told = {"source": "document", "fact_size": "۳", "fact_ill": "yes", "fact_income": "1080000000"}
    after = officer.post(f"/desk/households/{home.pk}/facts/small-aid", told, follow=True)

    assert "15,000,000 IRR" in body(after)  # for three
    assert "50,000,000 IRR" in body(after)
    with_names = made(
        lambda: sorted(Fact.objects.filter(source="document").values_list("name", flat=True))
    )
    assert with_names == ["ill", "size"]  # the income was known and is not told again


@pytest.mark.parametrize("language", ["en", "fa", "zh-hans"])
def test_a_fact_out_of_range_is_shown_again_with_what_was_typed(cast: Cast, browser_of, language):
    home = made(household, cast)
    officer = browser_of("officer", headers={"accept-language": language})

    page = officer.post(
        f"/desk/households/{home.pk}/facts/small-aid", {"source": "said", "fact_size": "0"}
    )

    assert page.status_code == 422
    assert 'value="0"' in body(page)
    assert not made(lambda: Assessment.objects.exists())


def test_what_the_rules_grant_fills_in_a_grant_that_a_second_person_decides(cast: Cast, browser_of):
    opened, officer = made(file, cast), browser_of("officer")
    made(fund, cast)
    address = f"/desk/households/{opened.household_id}"
    officer.post(f"{address}/assess")
    page = body(officer.get(f"{address}?assessment={one(Assessment).pk}&item=living"))

    form = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    assert (form["amount"], form["pack"], form["item"]) == ("10000000", "small-aid", "living")
    purse = re.search(r'<option value="(\d+)"[^>]*>dues', page)[1]
    sent = {
        "need": "living",
        "fund": purse,
        "reason": "By the rules.",
        **{k: form[k] for k in ("amount", "pack", "item")},
    }
    officer.post(f"{address}/grant", sent)

    assert one(Grant).item == "living"


def test_a_forged_item_is_not_proposed(cast: Cast, browser_of):
    opened, officer = made(file, cast), browser_of("officer")
    purse = made(fund, cast)
    sent = {
        "need": "living",
        "fund": purse.pk,
        "amount": "5",
        "reason": "x",
        "pack": "small-aid",
        "item": "gold",
    }

    page = officer.post(f"/desk/households/{opened.household_id}/grant", sent)

    assert page.status_code == 422
    assert not made(lambda: Grant.objects.exists())


def test_another_countys_assessment_fills_in_nothing(cast: Cast, browser_of):
    home = made(household, cast)
    browser_of("officer").post(f"/desk/households/{home.pk}/assess")
    theirs = made(household, cast, path="ir.sp.gd.")
    neighbour = browser_of("neighbour")

    page = neighbour.get(
        f"/desk/households/{theirs.pk}?assessment={one(Assessment).pk}&item=living"
    )
    odd = neighbour.get(f"/desk/households/{theirs.pk}?assessment=1e9&item=living")

    assert "10000000" not in body(page)
    assert odd.status_code == 200


def test_a_run_is_asked_for_carried_out_and_read(cast: Cast, browser_of):
    home, officer = made(household, cast), browser_of("officer")

    asked = officer.post("/desk/runs/new", {"pack": "small-aid"}, follow=True)
    assert "data-again" in body(asked)
    made(lambda: carry_out_run(one(Run).pk, at=NOON))
    page = body(officer.get(f"/desk/runs/{one(Run).pk}"))

    assert f"/desk/households/{home.pk}" in page
    assert "10,000,000" in page
    assert browser_of("neighbour").get(f"/desk/runs/{one(Run).pk}").status_code == 404
    assert officer.get(f"/desk/runs/{one(Run).pk}?list=<script>&page=999999").status_code == 200
    assert officer.post("/desk/runs/new", {"pack": "../../etc"}).status_code == 404


def test_what_if_waits_then_shows_and_refuses_what_is_no_value(cast: Cast, browser_of):
    made(household, cast)
    officer = browser_of("officer")
    assert "data-again" in body(officer.get("/desk/what-if/small-aid"))
    made(lambda: prepare_what_if(scheme_named("small-aid").digest, at=NOON))

    page = officer.get("/desk/what-if/small-aid?SHARE=0.2")
    wrong = officer.get("/desk/what-if/small-aid?LINE=%00&SHARE=x")

    assert "20,000,000" in body(page)  # 50,000,000 x 0.2 x 2
    assert wrong.status_code == 422
    assert 'value="x"' in body(wrong)


@pytest.mark.django_db
def test_the_self_check_goes_from_question_to_answer_and_keeps_nothing():
    client = Client()
    before = made(lambda: Entry.objects.count())

    first = client.get("/check/small-aid")
    assert "How many are you?" in body(first)
    second = client.post("/check/small-aid", {"asked": "size", "answer": "2"})
    assert "What do you earn a year?" in body(second)
    third = client.post("/check/small-aid", {"a_size": "2", "asked": "income", "answer": "۱٬۰۰۰"})
    assert "Are you ill?" in body(third)
    end = client.post(
        "/check/small-aid", {"a_size": "2", "a_income": "1000", "asked": "ill", "answer": "yes"}
    )

    assert "you are entitled" in body(end)
    assert "10,000,000 IRR" in body(end)
    assert "family book" in body(end)
    assert not any(page.cookies for page in (first, second, third, end))
    assert made(lambda: Entry.objects.count()) == before
    assert not client.session.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form",
    [
        {"a_size": "0"},
        {"a_size": "\x00"},
        {"a_size": "9" * 600},
        {"asked": "size", "answer": ""},
        {"asked": "size", "answer": "x" * 5000},
        {"asked": "nothing", "answer": "1"},
        {"change": "size"},
        {"a_ill": "yes", "skip": "1", "asked": "size"},
        {f"a_{n}": "1" for n in range(150)},
    ],
)
def test_a_forged_self_check_asks_on_and_breaks_nothing(form):
    page = Client().post("/check/small-aid", form)

    assert page.status_code in {200, 422}
    assert "answer" in body(page)


@pytest.mark.django_db
def test_an_answer_is_taken_back_and_asked_again():
    page = Client().post("/check/small-aid", {"a_size": "2", "a_income": "1", "change": "size"})

    assert "How many are you?" in body(page)
    assert 'name="a_income" value="1"' in body(page)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fa", "zh-hans"])
def test_the_rule_book_is_public_and_its_text_is_the_schemes_own(language, small_aid):
    client = Client(headers={"accept-language": language})

    assert client.get("/rules").status_code == 200
    book, text = client.get("/rules/small-aid"), client.get("/rules/small-aid/text")

    assert "LINE" in body(book)
    assert body(text) == scheme_named("small-aid").text
    assert text["Content-Disposition"].startswith("attachment")
    assert client.get("/rules/none").status_code == client.get("/check/none").status_code == 404


@pytest.mark.django_db
def test_words_of_a_scheme_cannot_run_in_a_page(small_aid):
    small_aid(title={"en": "<script>alert(1)</script>"})
    client = Client()

    assert b"<script>alert" not in client.get("/rules").content
    assert b"<script>alert" not in client.get("/rules/small-aid").content


@pytest.mark.parametrize("language", ["en", "fa", "zh-hans"])
def test_another_countys_odd_fact_is_neither_told_nor_in_the_way(cast: Cast, browser_of, language):
    made(household, cast)
    theirs = made(household, cast, path="ir.sp.gd.")
    odd = (NewFact("size", 977, DAY),)
    made(lambda: tell_facts(theirs, facts=odd, by=cast.neighbour, at=NOON))
    made(lambda: prepare_what_if(scheme_named("small-aid").digest, at=NOON))
    headers = {"accept-language": language}

    page = browser_of("officer", headers=headers).get("/desk/what-if/small-aid?LINE=1e15&SHARE=1")
    their_page = browser_of("neighbour", headers=headers).get("/desk/what-if/small-aid")

    assert page.status_code == their_page.status_code == 200
    assert "977" not in body(page)
    assert "۹۷۷" not in body(page)
    assert page.context["found"].left_out == 0
    assert their_page.context["found"].left_out == 1


def test_with_numbers_that_leave_too_many_without_a_value_the_page_says_so(
    cast: Cast, browser_of, monkeypatch
):
    monkeypatch.setattr("redress.relief.what_if.ASIDE_MAX", 0)
    home = made(household, cast)
    made(lambda: tell_facts(home, facts=(NewFact("size", 99, DAY),), by=cast.officer, at=NOON))
    made(lambda: prepare_what_if(scheme_named("small-aid").digest, at=NOON))

    page = browser_of("officer").get("/desk/what-if/small-aid")

    assert page.status_code == 422
    assert "too many households" in body(page)


def test_a_run_that_failed_says_to_ask_again(cast: Cast, browser_of, monkeypatch):
    made(household, cast)
    officer = browser_of("officer")
    officer.post("/desk/runs/new", {"pack": "small-aid"})
    monkeypatch.setattr("redress.relief.assess_all.keep", None)
    made(lambda: carry_out_run(one(Run).pk, at=NOON))

    page = officer.get(f"/desk/runs/{one(Run).pk}")

    assert "Ask for it again" in body(page)
    assert "data-again" not in body(page)


def test_with_numbers_that_take_too_long_the_page_says_so(cast: Cast, browser_of, monkeypatch):
    monkeypatch.setattr("redress.relief.what_if.SLOW_ROWS_MAX", -1)
    made(household, cast)
    made(lambda: prepare_what_if(scheme_named("small-aid").digest, at=NOON))

    page = browser_of("officer").get("/desk/what-if/small-aid?LINE=3")

    assert page.status_code == 422
    assert "rounder" in body(page)


def test_a_known_day_is_written_in_the_readers_calendar(cast: Cast, browser_of):
    home = made(household, cast)
    day = NewFact("born_on", "1980-03-20", DAY)
    made(lambda: tell_facts(home, facts=(day,), by=cast.officer, at=NOON))

    page = browser_of("officer", headers={"accept-language": "fa"}).get(
        f"/desk/households/{home.pk}"
    )

    assert "۳۰ اسفند ۱۳۵۸" in body(page)  # a leap year: 1359 began on 21 March 1980
