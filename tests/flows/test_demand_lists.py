"""Lists and counts of demands: what they hold, and that they tell no one more than may be seen."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.backlog import Due, Special, Wanted, tally, wanted_demands
from redress.demands.clarify import ask_worker
from redress.demands.mark import contest_marking, mark_demand
from redress.demands.models import Demand
from redress.demands.resolve import dispute_answer, withdraw_demand
from redress.demands.sort import merge_demand
from redress.demands.states import HeldBack, Said
from redress.registers.accounts.roles import worker_with
from redress.registers.offices.scope import within
from redress.values.spans import Span, SpanKind
from tests.conftest import DAY, GOLANDASHT, NOON, Cast, answer, hear, later, route

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def listed(by, *, today: dt.date = DAY, **wanted) -> list[int]:
    return [one.pk for one in wanted_demands(Wanted(**wanted), seen_by=by, today=today)]


def test_the_list_narrows_by_state_holder_topic_day_language_and_words(cast: Cast):
    mine = hear(cast, "حقوق ما را بدهید", receipt="1" * 64)
    sent = route(cast, hear(cast, "Pay us.", receipt="2" * 64))

    def mine_list(**wanted):
        return listed(cast.officer, today=DAY + 11 * ONE_DAY, **wanted)

    assert mine_list() == [mine.pk, sent.pk]
    assert mine_list(holder="body") == mine_list(state="routed") == [sent.pk]
    assert mine_list(topic="pay") == mine_list(topic="pay.arrears") == [sent.pk]
    assert mine_list(due=Due.OVERDUE) == mine_list(language="fa") == [mine.pk]
    assert mine_list(words="حقوق  ما") == [mine.pk]
    assert mine_list(words="حقوق", language="en") == []
    assert mine_list(body=cast.labour_office.pk) == [sent.pk]


def test_the_list_narrows_by_county_and_the_day_it_is_due(cast: Cast):
    old = hear(cast, receipt="1" * 64, heard_on=dt.date(2023, 5, 1))
    new = hear(cast, receipt="2" * 64)
    elsewhere = hear(cast, receipt="3" * 64, path=GOLANDASHT)

    assert listed(cast.province, county=GOLANDASHT) == [elsewhere.pk]
    assert listed(cast.officer, due_on=DAY + 10 * ONE_DAY) == [old.pk, new.pk]
    assert listed(cast.officer, due=Due.TODAY, today=DAY + 10 * ONE_DAY) == [old.pk, new.pk]
    assert listed(cast.officer, due=Due.WEEK, today=DAY + 2 * ONE_DAY) == []
    assert listed(cast.officer, due=Due.WEEK, today=DAY + 3 * ONE_DAY) == [old.pk, new.pk]


def test_those_due_first_come_first(cast: Cast):
    ordinary = hear(cast, receipt="1" * 64)
    urgent = route(cast, hear(cast, receipt="2" * 64))
    sooner = hear(cast, receipt="3" * 64, at=later(-2))

    assert listed(cast.officer) == [sooner.pk, ordinary.pk, urgent.pk]


def test_nobody_of_an_office_is_late_while_the_worker_has_the_word(cast: Cast):
    answer(cast, hear(cast))

    late = DAY + 99 * ONE_DAY
    assert listed(cast.officer, today=late, due=Due.OVERDUE) == []
    assert tally(seen_by=cast.officer, today=late).overdue == 0


def test_what_was_merged_or_taken_back_is_late_for_nobody(cast: Cast):
    stays = hear(cast, receipt="1" * 64, contact="0912")
    merge_demand(hear(cast, receipt="2" * 64, contact="0912"), into=stays, by=cast.officer, at=NOON)
    withdraw_demand(hear(cast, receipt="3" * 64), by=worker_with("3" * 64), at=NOON)

    late = DAY + 99 * ONE_DAY
    assert listed(cast.officer, today=late, due=Due.OVERDUE) == [stays.pk]
    count = tally(seen_by=cast.officer, today=late)
    assert (count.open, count.overdue) == (1, 1)


def test_what_is_held_back_is_in_its_own_list_and_count_alone(cast: Cast):
    held = hear(cast, held_back=HeldBack.TOO_MANY)

    late = DAY + 99 * ONE_DAY
    count = tally(seen_by=cast.officer, today=late)
    assert (count.kept_out, count.new, count.open, count.overdue) == (1, 0, 0, 0)
    assert listed(cast.officer, special=Special.HELD_BACK) == [held.pk]
    assert listed(cast.officer) == listed(cast.officer, today=late, due=Due.OVERDUE) == []


def test_what_was_held_back_and_ended_or_was_asked_about_is_in_the_ordinary_lists(cast: Cast):
    gone = hear(cast, held_back=HeldBack.TOO_MANY)
    asked = hear(cast, receipt="1" * 64, held_back=HeldBack.TOO_MANY)

    withdraw_demand(gone, by=cast.worker, at=NOON)
    ask_worker(asked, text="Where do you work?", by=cast.officer, at=NOON)

    assert listed(cast.officer, state="withdrawn") == [gone.pk]
    assert listed(cast.officer, holder="worker") == [asked.pk]
    assert tally(seen_by=cast.officer, today=DAY).with_workers == 1


def test_the_special_lists_hold_what_they_say(cast: Cast):
    reopened = dispute_answer(answer(cast, hear(cast)), said=Said.PARTLY, by=cast.worker, at=NOON)
    punished = hear(cast, receipt="1" * 64, linked_to_id=reopened.pk)

    assert listed(cast.officer, special=Special.REOPENED) == [reopened.pk]
    assert listed(cast.officer, special=Special.RETALIATION) == [punished.pk]
    assert listed(cast.officer, special=Special.JOINT) == []
    assert listed(cast.officer, special=Special.SHARED) == []


def test_a_contested_marking_stands_in_its_list_until_it_is_marked_anew(cast: Cast):
    demand = hear(cast)
    spans = [Span(SpanKind.DEMAND, 0, 3)]
    marking = mark_demand(demand, spans=spans, by=cast.officer, at=NOON).markings.last()
    contest_marking(demand, marking=marking.pk, text="All of it.", by=cast.worker, at=NOON)

    assert listed(cast.officer, special=Special.CONTESTED) == [demand.pk]
    assert tally(seen_by=cast.officer, today=DAY).contested == 1
    mark_demand(demand, spans=[Span(SpanKind.DEMAND, 0, 9)], by=cast.officer, at=NOON)
    assert listed(cast.officer, special=Special.CONTESTED) == []
    assert tally(seen_by=cast.officer, today=DAY).contested == 0


def test_the_tally_counts_what_the_list_shows(cast: Cast):
    hear(cast, receipt="1" * 64)
    route(cast, hear(cast, receipt="2" * 64))

    count = tally(seen_by=cast.officer, today=DAY + 11 * ONE_DAY)

    assert (count.open, count.new, count.with_bodies, count.overdue) == (2, 1, 1, 1)
    assert tally(seen_by=cast.neighbour, today=DAY).open == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"state": "routed"},
        {"due": Due.OVERDUE},
        {"language": "en"},
        {"words": "months"},
        {"special": Special.ADDED},
        {"county": "ir."},
        {"special": Special.SHARED},
    ],
)
@pytest.mark.parametrize("who", ["other_liaison", "neighbour", "admin", "stranger"])
def test_no_filter_shows_a_demand_to_whom_it_is_not(cast: Cast, who, wanted):
    demand = route(cast, hear(cast))
    by, late = getattr(cast, who), DAY + 99 * ONE_DAY

    with within(by.scope):
        assert listed(by, today=late, **wanted) == []
        assert tally(seen_by=by, today=late).open == 0
    assert Demand.objects.get() == demand
