"""What a forged or late form at a case cannot do, and what its answers never carry."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from redress.demands.clock import DayUnfit
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.mark import contest_marking, mark_demand
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand
from redress.demands.resolve import Reply, answer_demand
from redress.demands.states import Claim, State
from redress.demands.story import story, who_has_seen
from redress.registers.accounts.roles import worker_with
from redress.registers.offices.scope import WHOLE, within
from redress.values.spans import Span, SpanKind
from tests.conftest import NILKUH, NOON, RECEIPT, Cast, hear, later, route
from tests.doors.test_desk_pages import made

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
