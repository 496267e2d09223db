"""What a forged or late form at a case cannot do, and what its answers never carry."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from redress.demands.clarify import ask_worker, take_question_back
from redress.demands.clock import DayUnfit
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.mark import contest_marking, mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand
from redress.demands.readings import who_has_seen
from redress.demands.resolve import Reply, answer_demand
from redress.demands.retaliate import report_retaliation
from redress.demands.states import Claim, State
from redress.demands.story import story
from redress.doors.desk import letters
from redress.registers.accounts.roles import worker_with
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import WHOLE, within
from redress.values.spans import Span, SpanKind
from tests.conftest import NILKUH, NOON, RECEIPT, Cast, hear, later, make_body, route, sort
from tests.doors.at_desk import made, text

TEXT = "Pay us the three months you owe us."


def test_a_body_cannot_put_down_its_own_answer_as_given_earlier(cast: Cast, browser_of):
    long_ago = timezone.now() - dt.timedelta(days=30)
    demand = made(lambda: route(cast, hear(cast, at=long_ago), at=long_ago))
    form = {
        "claim": "solved",
        "text": "Paid.",
        "channel": "letter",
        "on": (long_ago + dt.timedelta(days=1)).date().isoformat(),
    }

    sent = browser_of("liaison").post(f"/desk/demands/{demand.pk}/letter-answer", form)

    assert sent.status_code == 409
    assert made(lambda: Demand.objects.get(pk=demand.pk).state) == State.ROUTED


def test_no_way_leads_a_body_to_an_answer_of_an_earlier_day(cast: Cast, whole):
    accepted = accept_demand(route(cast, hear(cast)), by=cast.liaison, at=NOON)
    reply = Reply("Paid.", Claim.SOLVED, on=NOON.date())

    with pytest.raises(DayUnfit):
        answer_demand(accepted, reply=reply, by=cast.liaison, at=later(30))


def test_a_new_receipt_code_is_shown_once_and_travels_in_no_cookie(cast: Cast, browser_of):
    words = HeardWords(
        TEXT, NILKUH, receipt_fingerprint=RECEIPT, name="Maryam Ahmadi", contact="09123456789"
    )
    demand = made(lambda: hear_demand(words, by=worker_with(RECEIPT), at=NOON))
    client = browser_of("officer")

    form = {"name": "Maryam Ahmadi", "contact": "0912 345 67 89"}
    shown = client.post(f"/desk/demands/{demand.pk}/lost-code", form)

    assert shown.status_code == 201
    assert 'class="receipt"' in shown.content.decode()
    assert "messages" not in shown.cookies
    assert made(lambda: Demand.objects.get(pk=demand.pk).receipt_fingerprint) != RECEIPT


def test_a_body_may_not_use_up_the_tries_for_a_lost_code(cast: Cast, browser_of):
    demand = made(lambda: route(cast, hear(cast)))
    form = {"name": "Maryam Ahmadi", "contact": "0912 345 67 89"}
    path = f"/desk/demands/{demand.pk}/lost-code"
    for _try in range(6):
        assert browser_of("liaison").post(path, form).status_code == 403

    assert browser_of("officer").post(path, form).status_code != 429


def test_a_body_reads_no_objection_of_the_worker_to_what_it_may_read(cast: Cast):
    with within(WHOLE):
        demand = hear(cast)
        mark_demand(demand, spans=[Span(SpanKind.DEMAND, 0, len(TEXT))], by=cast.officer, at=NOON)
        contest_marking(
            demand,
            marking=demand.markings.get().pk,
            text="Cover my name, Reza Karimi.",
            by=cast.worker,
            at=NOON,
        )
        sent = route(cast, demand)

        def told(actor) -> str:
            return " ".join(entry.why for entry in story(sent, seen_by=actor).entries)

        assert "Reza Karimi" in told(cast.officer)
        assert "Reza Karimi" not in told(cast.liaison)


def test_what_is_to_be_covered_and_is_not_in_the_words_is_never_passed_over(cast: Cast, browser_of):
    demand = made(lambda: hear(cast, TEXT))
    form = {"kind_0": "demand", "mask": "three months\nMaryam Ahmedi"}

    sent = browser_of("officer").post(f"/desk/demands/{demand.pk}/marking", form)

    assert sent.status_code == 422
    assert "Maryam Ahmedi" in sent.content.decode()  # nothing typed is lost
    assert made(lambda: demand.markings.count()) == 0


def test_who_opens_the_marking_has_seen_the_case(cast: Cast, browser_of):
    demand = made(lambda: hear(cast, TEXT))

    browser_of("officer").get(f"/desk/demands/{demand.pk}/marking")

    assert made(lambda: who_has_seen(demand))


def test_a_try_for_a_code_with_other_words_is_on_record_for_the_worker_and_no_body(
    cast: Cast, browser_of
):
    words = HeardWords(TEXT, NILKUH, receipt_fingerprint=RECEIPT, name="Maryam", contact="0912")
    demand = made(lambda: route(cast, hear_demand(words, by=worker_with(RECEIPT), at=NOON)))

    sent = browser_of("officer").post(
        f"/desk/demands/{demand.pk}/lost-code", {"name": "Zahra", "contact": "0913"}
    )

    def deeds(actor) -> list[str]:
        return [entry.deed for entry in made(lambda: story(demand, seen_by=actor).entries)]

    assert sent.status_code == 422
    assert "receipt.not_replaced" in deeds(worker_with(RECEIPT))
    assert "receipt.not_replaced" not in deeds(cast.liaison)


def test_a_merge_that_was_refused_is_on_record(cast: Cast, browser_of):
    one, two = made(lambda: hear(cast)), made(lambda: hear(cast, receipt="2" * 64))

    browser_of("officer").post(f"/desk/demands/{one.pk}/merge", {"into": two.pk})

    told = made(lambda: [entry.deed for entry in story(one, seen_by=cast.officer).entries])
    assert "demand.not_merged" in told


def test_a_punishment_put_down_by_an_officer_has_a_code_for_the_worker_once(cast: Cast, browser_of):
    demand = made(lambda: hear(cast))
    desk, form = browser_of("officer"), {"text": "They moved me to nights.", "form_id": "a"}

    pages = [desk.post(f"/desk/demands/{demand.pk}/retaliation", form) for _click in range(2)]

    assert [page.status_code for page in pages] == [201, 201]
    assert made(lambda: Demand.objects.filter(linked_to=demand).count()) == 1
    assert 'class="receipt"' in pages[0].content.decode()


def test_a_page_of_a_heard_demand_loaded_anew_files_no_second(cast: Cast, browser_of):
    desk = browser_of("officer")
    form_id = re.search(
        r'name="form_id" value="([^"]+)"', desk.get("/desk/demands/new").content.decode()
    )[1]
    form = {
        "form_id": form_id,
        "channel": "visit",
        "raised_by": "worker",
        "text": TEXT,
        "county": NILKUH,
        "urgency": "normal",
    }

    pages = [desk.post("/desk/demands/new", form) for _click in range(2)]

    assert [page.status_code for page in pages] == [201, 201]
    assert made(Demand.objects.count) == 1
    code, again = (
        re.search(r'<p class="receipt"[^>]*>(.+?)</p>', page.content.decode())[1] for page in pages
    )
    assert code == again


def test_a_punished_worker_is_asked_from_the_day_on_and_stands_in_a_list_until_then(
    cast: Cast, browser_of
):
    long_ago = timezone.now() - dt.timedelta(days=15)
    words = HeardWords("Moved to nights.", NILKUH, receipt_fingerprint="d" * 64)
    fresh = HeardWords("Moved today.", NILKUH, receipt_fingerprint="e" * 64)

    def report(told: HeardWords, at: dt.datetime) -> Demand:
        by = worker_with(told.receipt_fingerprint)
        first = hear(cast, at=at, receipt=f"{told.receipt_fingerprint[1:]}0")
        owner = worker_with(first.receipt_fingerprint)
        return report_retaliation(first, words=told, reported_by=by, by=owner, at=at)

    due, ahead = made(lambda: report(words, long_ago)), made(lambda: report(fresh, timezone.now()))
    desk = browser_of("officer")

    listed = desk.get("/desk/demands?special=check_in").content.decode()
    assert f"/desk/demands/{due.pk}" in listed
    assert f"/desk/demands/{ahead.pk}" not in listed
    assert "check-in" not in desk.get(f"/desk/demands/{ahead.pk}").content.decode()
    which = made(lambda: due.check_ins.first().pk)
    form = {"which": which, "how": "safe", "text": "Days again."}
    desk.post(f"/desk/demands/{due.pk}/check-in", form)
    assert "Days again." in desk.get(f"/desk/demands/{due.pk}").content.decode()


def test_a_body_answers_while_the_worker_has_its_question_and_not_while_the_unions(
    cast: Cast, browser_of
):
    demand = made(lambda: accept_demand(route(cast, hear(cast)), by=cast.liaison, at=NOON))
    path, form = f"/desk/demands/{demand.pk}/answer", {"claim": "solved", "text": "Paid."}
    made(lambda: ask_worker(demand, text="Which?", by=cast.officer, at=NOON))
    desk = browser_of("liaison")
    assert desk.post(path, form).status_code == 409
    assert made(lambda: Demand.objects.get(pk=demand.pk).state) == State.TO_CLARIFY

    made(lambda: take_question_back(demand, by=cast.officer, at=NOON))
    made(lambda: ask_worker(demand, text="Which?", by=cast.liaison, at=NOON))
    assert desk.post(path, form).status_code == 302
    assert made(lambda: Demand.objects.get(pk=demand.pk).state) == State.ANSWERED


@pytest.mark.parametrize(
    "address",
    [
        "/desk/calendar?year=9999&month=12",
        "/desk/calendar?year=2200&month=12",
        "/desk/numbers/rows?figure=received&by=topic&of=²",
    ],
)
def test_no_address_breaks_a_page(cast: Cast, browser_of, address):
    assert browser_of("officer").get(address).status_code < 500


def test_the_marking_page_knows_how_long_each_end_of_a_line_is_in_the_text(cast: Cast, browser_of):
    demand = made(lambda: hear(cast, "One.\r\nTwo.\nThree."))

    page = browser_of("officer").get(f"/desk/demands/{demand.pk}/marking").content.decode()

    assert 'data-line-ends="21"' in page


def test_what_does_not_stand_in_the_text_is_named(cast: Cast, browser_of):
    demand = made(lambda: hear(cast, TEXT))
    form = {"kind_0": "demand", "mask": "three months\nMaryam Ahmedi"}

    sent = browser_of("officer").post(f"/desk/demands/{demand.pk}/marking", form)

    said = sent.content.decode()
    assert "“Maryam Ahmedi” does not stand in the text" in said
    assert "“three months”" not in said


def test_an_employer_from_whom_a_name_is_kept_is_never_the_body_chosen_ahead(
    cast: Cast, browser_of
):
    # Unpaid wages go to the employer first, then to the labour office.
    employer = made(make_body, "employer", NILKUH, "Nilkuh Mill")

    def chosen(demand: Demand) -> list[str]:
        page = browser_of("officer").get(f"/desk/demands/{demand.pk}").content.decode()
        return re.findall(r'<option value="(\d+)" selected>', page.partition('id="route_body"')[2])

    kept = made(lambda: sort(cast, hear(cast)))
    known = made(lambda: sort(cast, hear(cast, receipt="e" * 64, keep_name_from_employer=False)))
    assert chosen(kept)[0] == str(cast.labour_office.pk)
    assert chosen(known)[0] == str(employer.pk)


def test_what_came_of_it_is_chosen_by_a_person_and_preset_for_a_programme_only(
    cast: Cast, browser_of
):
    demand = made(lambda: accept_demand(route(cast, hear(cast)), by=cast.liaison, at=NOON))
    at, client = f"/desk/demands/{demand.pk}/answer", browser_of("liaison")

    page = client.post(at, {"claim": "", "text": "On Sunday."})
    assert page.status_code == 422
    assert "Say what the outcome is." in text(page)
    client.post(at, {"text": "On Sunday."})
    assert made(lambda: demand.answers.get().claim) == "solved"


def test_the_paper_that_goes_to_a_body_names_sender_employer_and_what_is_covered(
    cast: Cast, browser_of, monkeypatch
):
    demand = made(
        lambda: route(
            cast, hear(cast, "Pay us. I am on 09123456789.", employer="Mill", workers_count=12)
        )
    )
    written = []
    monkeypatch.setattr(letters, "letter_pdf", lambda letter: written.append(letter) or b"%PDF")
    client = browser_of("officer", HTTP_ACCEPT_LANGUAGE="en")

    for _download in "12":
        client.get(f"/desk/demands/{demand.pk}/letter")

    assert [words for _label, words in written[0].about] == ["Mill", "۱۲"]
    assert written[0].sender == "دفتر اتحادیه کارگری Nilkuh"
    assert "09123456789" not in written[0].quoted
    with within(WHOLE):
        assert story_of(demand).filter(deed="demand.letter_made").count() == 1


def test_a_refusal_at_the_desk_leads_back_to_the_desk(cast: Cast, browser_of):
    assert 'href="/desk/"' in browser_of("officer").get("/desk/demands/99999").content.decode()
    assert 'href="/desk/"' not in browser_of("officer").get("/nowhere").content.decode()
