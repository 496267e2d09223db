from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from redress.demands.models import Attachment, Demand
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import Reply, answer_demand
from redress.registers.offices.scope import WHOLE, within
from redress.registers.sealing import unseal
from tests.conftest import NILKUH, NOON, Cast, make_cast, route

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50
WORDS = "سه ماه است حقوق نگرفته‌ایم."


@pytest.fixture
def phone() -> Client:
    return Client()


def filed(client: Client, **fields):
    return client.post("/demands/new", {"text": WORDS, "county": NILKUH, **fields})


def code_on(page) -> str:
    return re.search(r'name="code" value="(\d{16})"', page.content.decode())[1]


def all_demands() -> list[Demand]:
    with within(WHOLE):
        return list(Demand.objects.all())


@pytest.mark.parametrize("path", ["/", "/fa/", "/zh-hans/", "/en/", "/demands/new", "/receipt"])
def test_a_public_page_opens_without_account(cast: Cast, phone, path):
    assert phone.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/fa/", "fa", "rtl"), ("/zh-hans/", "zh-Hans", "ltr"), ("/en/", "en", "ltr")],
)
def test_a_fixed_address_speaks_its_language(cast: Cast, phone, path, language, direction):
    assert f'<html lang="{language}" dir="{direction}">' in phone.get(path).content.decode()


def test_a_phone_set_to_persian_is_spoken_to_in_persian(cast: Cast):
    page = Client(headers={"accept-language": "fa-IR,fa;q=0.9"}).get("/")

    assert '<html lang="fa" dir="rtl">' in page.content.decode()


def test_the_chosen_language_is_kept_and_leads_back_only_within_the_site(cast: Cast, phone):
    assert phone.get("/fa/?next=/receipt").url == "/receipt"
    assert 'lang="fa"' in phone.get("/receipt").content.decode()
    assert phone.get("/fa/?next=https://evil.example/").status_code == 200
    assert phone.get("/fa/?next=//evil.example/").status_code == 200


def test_a_filed_demand_gets_a_receipt_and_keeps_its_words(cast: Cast, phone):
    page = filed(phone)

    assert page.status_code == 201
    assert [demand.text for demand in all_demands()] == [WORDS]
    assert len(code_on(page)) == 16


def test_filing_and_following_sets_no_cookie(cast: Cast, phone):
    page = phone.post("/receipt", {"code": code_on(filed(phone))})

    assert page.status_code == 200
    assert phone.cookies == {}


def test_a_county_can_be_given_by_its_name(cast: Cast, phone):
    assert filed(phone, county="Nilkuh").status_code == 201


def test_a_form_sent_twice_is_one_demand_with_one_receipt(cast: Cast, phone):
    first, again = filed(phone, form_id="a"), filed(phone, form_id="a")

    assert code_on(first) == code_on(again)
    assert len(all_demands()) == 1


def test_a_form_sent_again_with_other_words_is_another_demand(cast: Cast, phone):
    filed(phone, form_id="a")
    filed(phone, form_id="a", text="Other words.")

    assert len(all_demands()) == 2


def test_two_clicks_at_once_make_one_demand(committed):
    with within(WHOLE):
        make_cast()

    def click(_):
        try:
            return filed(Client(), form_id="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(click, range(4)))

    assert {page.status_code for page in pages} == {201}
    assert len({code_on(page) for page in pages}) == 1
    assert len(all_demands()) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "Write what you demand."),
        ({"text": "   "}, "Write what you demand."),
        ({"county": ""}, "Choose the county"),
        ({"county": "ir.zz."}, "Choose a county from the list."),
        ({"county": "a\x00b"}, "Choose a county from the list."),
        ({"text": "x" * 20_001}, "20000"),
        ({"text": "a\x00b"}, "Null characters"),
        ({"workers_count": "0"}, "greater than or equal to 1"),
        ({"topic": "made.up"}, "made.up"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_still_there(cast: Cast, phone, fields, said):
    page = filed(phone, employer="Mehrgan Textiles", **fields)

    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Mehrgan Textiles" in page.content.decode()
    assert all_demands() == []


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_pictures_and_papers_come_with_the_demand(cast: Cast, phone):
    page = filed(phone, files=[upload("فیش.png", PNG), upload("b.pdf", b"%PDF-1.4")])

    assert page.status_code == 201
    with within(WHOLE):
        kept = {(one.name, one.media_type) for one in Attachment.objects.all()}
    assert kept == {("فیش.png", "image/png"), ("b.pdf", "application/pdf")}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("payslip.png", b"<html><script>alert(1)</script>")], "neither a picture"),
        ([("big.png", PNG + b"\x00" * (5 * 1024 * 1024))], "larger than 5 MB"),
        ([(f"{n}.png", PNG) for n in range(4)], "at most 3 files"),
    ],
)
def test_a_file_that_is_not_taken_is_said_and_nothing_is_stored(cast: Cast, phone, files, said):
    page = filed(phone, files=[upload(name, content) for name, content in files])

    assert page.status_code == 422
    assert said in page.content.decode()
    assert all_demands() == []


def test_a_request_of_a_hundred_megabytes_is_refused_unread(cast: Cast, phone):
    page = phone.post("/demands/new", b"", content_type="text/plain", CONTENT_LENGTH="104857600")

    assert page.status_code == 413


def test_a_name_is_sealed_and_never_shown(cast: Cast, phone):
    page = filed(phone, name="Maryam Ahmadi", contact="09120000000")

    with within(WHOLE):
        sealed = bytes(all_demands()[0].sealed_identity.sealed)
    assert b"Maryam" not in sealed
    assert "Maryam Ahmadi" in unseal(sealed)
    follow = phone.post("/receipt", {"code": code_on(page)})
    assert "Maryam" not in page.content.decode() + follow.content.decode()


def test_words_that_look_like_a_script_are_shown_as_words(cast: Cast, phone):
    page = filed(phone, text="<script>alert(1)</script>")

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert" in page.content.decode()


@pytest.mark.parametrize("code", ["", "1234", "0" * 17, "abcd", "1111 1111 1111 1111"])
def test_a_wrong_code_is_refused_in_words(cast: Cast, phone, code):
    assert phone.post("/receipt", {"code": code}).status_code in {404, 422}


def test_a_code_is_taken_in_persian_digits_and_with_spaces(cast: Cast, phone):
    code = code_on(filed(phone))
    persian = code.translate({ord(str(digit)): chr(0x06F0 + digit) for digit in range(10)})

    page = phone.post("/receipt", {"code": f" {persian[:8]} {persian[8:]} "})

    assert page.status_code == 200


def test_after_thirty_tries_in_a_minute_an_address_must_wait(cast: Cast, phone):
    answers = [phone.post("/receipt", {"code": "0" * 16}).status_code for _ in range(31)]

    assert answers[:30] == [404] * 30
    assert answers[30] == 429


def answered(cast: Cast, code_page) -> str:
    """Have the one demand answered by its body; give its code."""
    with within(WHOLE):
        demand = accept_demand(route(cast, all_demands()[0]), by=cast.liaison, at=NOON)
        answer_demand(demand, reply=Reply("On Sunday."), by=cast.liaison, at=NOON)
    return code_on(code_page)


def test_the_worker_reads_the_answer_and_closes_with_solved(cast: Cast, phone):
    code = answered(cast, filed(phone))

    assert "On Sunday." in phone.post("/receipt", {"code": code}).content.decode()
    phone.post("/receipt", {"code": code, "action": "word", "said": "solved"})
    assert all_demands()[0].state == "closed"


def test_not_solved_opens_it_again_and_a_second_click_changes_nothing(cast: Cast, phone):
    code = answered(cast, filed(phone))
    word = {"code": code, "action": "word", "said": "not_solved", "text": "Nothing came."}

    first, again = phone.post("/receipt", word), phone.post("/receipt", word)

    assert (first.status_code, again.status_code) == (200, 200)
    demand = all_demands()[0]
    assert (demand.state, demand.reopened_count) == ("routed", 1)


def test_a_word_without_a_choice_is_asked_for_again(cast: Cast, phone):
    code = answered(cast, filed(phone))

    page = phone.post("/receipt", {"code": code, "action": "word", "said": "perhaps"})

    assert page.status_code == 422
    assert all_demands()[0].state == "answered"


def test_a_worker_takes_a_demand_back(cast: Cast, phone):
    code = code_on(filed(phone))

    phone.post("/receipt", {"code": code, "action": "withdraw"})
    assert all_demands()[0].state == "withdrawn"
    assert phone.post("/receipt", {"code": code, "action": "withdraw"}).status_code == 200


def test_the_code_is_in_no_address_and_no_page_is_kept_in_a_cache(cast: Cast, phone):
    page = filed(phone)

    assert code_on(page) not in "".join(
        re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    )
    assert "no-store" in page["Cache-Control"]


def test_a_worker_is_not_told_who_in_the_office_acted(cast: Cast, phone):
    code = answered(cast, filed(phone))

    page = phone.post("/receipt", {"code": code}).content.decode()

    assert "County officer" in page
    assert "Officer</bdi>" not in page


def test_moments_are_told_by_the_clock_of_the_place(cast: Cast, phone):
    # NOON is 8:30 in London's winter time and 12:00 in Tehran.
    code = answered(cast, filed(phone))

    page = phone.post("/receipt", {"code": code}).content.decode()

    assert "15 June 2026 12:00" in page


def test_the_same_form_with_another_county_is_another_demand(cast: Cast, phone):
    first, other = filed(phone, form_id="1"), filed(phone, form_id="1", county="ir.sp.gd.")

    assert code_on(first) != code_on(other)
    assert {demand.path for demand in all_demands()} == {NILKUH, "ir.sp.gd."}


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, True),  # a program that does not know the field: absent is not no
        ({"keep_name_asked": "1"}, False),  # our own form with the tick taken away
        ({"keep_name_asked": "1", "keep_name_from_employer": "on"}, True),
    ],
)
def test_a_name_is_kept_from_the_employer_unless_the_worker_says_otherwise(
    cast: Cast, phone, fields, kept
):
    filed(phone, **fields)

    assert all_demands()[0].keep_name_from_employer is kept


def test_the_page_with_the_receipt_has_no_link_that_loses_it_unseen(cast: Cast, phone):
    page = filed(phone).content.decode()

    assert 'class="languages"' not in page


def test_a_returned_demand_is_not_said_to_lie_with_the_body(cast: Cast, phone):
    code = code_on(filed(phone))
    with within(WHOLE):
        return_demand(route(cast, all_demands()[0]), why="Not ours.", by=cast.liaison, at=NOON)

    assert "Labour office" not in phone.post("/receipt", {"code": code}).content.decode()


def test_a_receipt_is_read_in_another_language_without_typing_the_code_again(cast: Cast, phone):
    code = code_on(filed(phone))

    page = phone.post("/receipt", {"code": code, "language": "fa"})

    assert 'lang="fa" dir="rtl"' in page.content.decode()
    assert 'lang="fa"' in phone.get("/").content.decode()  # kept from now on
    odd = phone.post("/receipt", {"code": code, "language": "fa\nSet-Cookie: x"})
    assert odd.status_code == 200
