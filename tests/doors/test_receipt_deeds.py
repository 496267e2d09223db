"""What a worker does with the code in hand: nothing typed is lost, nothing is done twice."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from redress.demands.escalate import climb_ladder
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.mark import mark_demand
from redress.demands.models import Addition, Demand
from redress.demands.resolve import Reply, answer_demand
from redress.demands.sort import merge_demand
from redress.demands.states import State
from redress.registers.accounts.roles import worker_with
from redress.values.codes import code_fingerprint, new_code
from redress.values.spans import Span, SpanKind
from tests.conftest import NILKUH, NOON, Cast, later, route
from tests.doors.at_desk import made

WORDS = "Pay us the three months you owe us."
CODE, OTHER = new_code(bytes(16)), new_code(b"\x01" * 16)


def heard(settings, code: str = CODE, **more) -> Demand:
    fingerprint = code_fingerprint(code, key=settings.REDRESS_FINGERPRINT_KEY)
    words = HeardWords(WORDS, NILKUH, receipt_fingerprint=fingerprint, **more)
    return made(lambda: hear_demand(words, by=worker_with(fingerprint), at=NOON))


def send(action: str, code: str = CODE, **fields):
    return Client().post("/receipt", {"code": code, "action": action, **fields})


def text_of(page) -> str:
    return page.content.decode()


def state(demand: Demand) -> str:
    return made(lambda: Demand.objects.get(pk=demand.pk).state)


def test_added_words_and_papers_stand_beside_the_first_words(cast: Cast, settings):
    demand = heard(settings)
    paper = SimpleUploadedFile("slip.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)

    page = send("add", text="And the bonus.", files=paper)

    assert page.status_code == 200
    assert "And the bonus." in text_of(page)
    now = made(lambda: Demand.objects.get(pk=demand.pk))
    assert (now.text, now.text_sha256) == (WORDS, demand.text_sha256)
    assert made(lambda: [one.addition.text for one in now.attachments.all()]) == ["And the bonus."]


def test_nothing_added_is_said_and_so_is_a_paper_of_no_kind(cast: Cast, settings):
    heard(settings)
    wrong = SimpleUploadedFile("slip.exe", b"MZ")

    assert send("add", text=" ").status_code == 422
    refused = send("add", text="My slip", files=wrong)
    assert refused.status_code == 422
    assert "My slip" in text_of(refused)
    assert made(Addition.objects.count) == 0


def test_two_clicks_add_once(cast: Cast, settings):
    heard(settings)

    send("add", text="And the bonus.")
    send("add", text="And the bonus.")

    assert made(Addition.objects.count) == 1


def test_what_was_added_waits_at_the_desk_until_an_officer_opens_it(
    cast: Cast, settings, browser_of
):
    demand = heard(settings)
    send("add", text="And the bonus.")
    desk = browser_of("officer")

    assert "special=added" in text_of(desk.get("/desk/"))
    assert f"/desk/demands/{demand.pk}" in text_of(desk.get("/desk/demands?special=added"))
    assert "And the bonus." in text_of(desk.get(f"/desk/demands/{demand.pk}"))
    assert "special=added" not in text_of(desk.get("/desk/"))


def test_a_body_reads_nothing_of_what_was_added_and_finds_no_list_of_it(
    cast: Cast, settings, browser_of
):
    demand = heard(settings)
    made(lambda: route(cast, demand))
    paper = SimpleUploadedFile("of Maryam.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    send("add", text="I am Maryam Ahmadi.", files=paper)
    desk = browser_of("liaison")

    page = text_of(desk.get(f"/desk/demands/{demand.pk}"))
    file = made(lambda: demand.attachments.get().pk)

    assert "Maryam" not in page
    assert desk.get(f"/desk/demands/{demand.pk}/files/{file}").status_code == 404
    assert "special=added" not in text_of(desk.get("/desk/"))


@pytest.mark.parametrize("blank", ["", "  \n "])
@pytest.mark.parametrize(
    "action", ["clarify", "contest-aside", "contest", "punished", "follow-alone"]
)
def test_a_deed_without_words_is_asked_for_again_and_does_nothing(
    cast: Cast, settings, action, blank
):
    demand = heard(settings)

    page = send(action, text=blank)

    assert page.status_code == 422
    assert state(demand) == State.HEARD


def test_an_objection_that_is_too_long_is_still_there_to_be_shortened(cast: Cast, settings):
    demand = heard(settings)
    spans = [Span(SpanKind.DEMAND, 0, len(WORDS))]
    marking = made(
        lambda: mark_demand(demand, spans=spans, by=cast.officer, at=NOON).markings.get()
    )

    page = send("contest", marking=marking.pk, text="x" * 2_001)

    assert page.status_code == 422
    assert "x" * 2_001 in text_of(page)


def test_who_leaves_a_claim_of_solved_that_solved_nothing_is_told_why_not(cast: Cast, settings):
    demand = heard(settings)
    made(lambda: answer_demand(route(cast, demand), reply=Reply("x"), by=cast.liaison, at=NOON))

    page = send("word", said="not_solved", goes_on="no", text="Nothing came.")

    assert page.status_code == 422
    assert "Let it go on, or take the demand back." in text_of(page)
    assert "Nothing came." in text_of(page)
    assert state(demand) == State.ANSWERED


def test_a_merged_demands_page_tells_how_the_other_stands_and_follows_it_alone(
    cast: Cast, settings
):
    first = heard(settings, contact="0912")
    second = heard(settings, OTHER, contact="0912")
    made(lambda: merge_demand(second, into=first, by=cast.officer, at=NOON))
    made(lambda: answer_demand(route(cast, first), reply=Reply("Paid."), by=cast.liaison, at=NOON))

    assert "Paid." in text_of(send("", OTHER))
    send("follow-alone", OTHER, text="It is about the bonus.")

    assert state(second) == State.HEARD
    assert "Paid." not in text_of(send("", OTHER))


def codes_on(page) -> set[str]:
    shown = re.findall(r'<p class="receipt"[^>]*>(.+?)</p>', text_of(page))
    return {re.sub(r"<[^>]*>|\D", "", one) for one in shown}


def test_a_punishment_told_twice_is_one_case_with_one_code(cast: Cast, settings):
    demand = heard(settings)

    first, second = (send("punished", text="They moved me to nights.") for _click in range(2))

    cases = made(lambda: list(Demand.objects.filter(linked_to=demand)))
    assert len(cases) == 1
    assert codes_on(first) == codes_on(second) != set()
    assert "They moved me to nights." in text_of(send("", codes_on(first).pop()))


def test_of_punishments_so_many_are_told_a_day(cast: Cast, settings):
    demand = heard(settings)

    told = [send("punished", text=f"Day {day}.").status_code for day in range(7)]

    assert told == [200] * 5 + [422] * 2
    assert made(lambda: Demand.objects.filter(linked_to=demand).count()) == 5


def test_a_reminder_to_the_worker_stands_on_the_page_of_the_receipt(cast: Cast, settings):
    demand = heard(settings)
    made(lambda: answer_demand(route(cast, demand), reply=Reply("x"), by=cast.liaison, at=NOON))
    assert "you were reminded" not in text_of(send(""))

    made(lambda: climb_ladder(at=later(8)))

    assert "you were reminded" in text_of(send(""))


def test_an_officer_who_copies_a_workers_words_gets_no_code_of_the_workers(
    cast: Cast, settings, browser_of
):
    demand = heard(settings)
    own = codes_on(send("punished", text="They moved me to nights."))

    desk = browser_of("officer")
    form = {"text": "They moved me to nights.", "form_id": "a"}
    page = desk.post(f"/desk/demands/{demand.pk}/retaliation", form)

    assert codes_on(page).isdisjoint(own)
    other = browser_of("second").post(f"/desk/demands/{demand.pk}/retaliation", form)
    assert codes_on(other).isdisjoint(codes_on(page))
