"""Hearing and sorting demands: the words as they came, the office's day, and who may do what."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from redress.demands.backlog import demand_seen_by, is_overdue
from redress.demands.hear import HeardWords, NothingSaid, hear_demand
from redress.demands.models import Demand
from redress.demands.resolve import Reply, Spoken, answer_demand, confirm_solved, withdraw_demand
from redress.demands.route import route_demand
from redress.demands.sort import (
    ReasonMissing,
    contest_setting_aside,
    release_demand,
    set_demand_aside,
    sort_demand,
)
from redress.demands.states import CloseKind, HeldBack, RaisedBy, State, Urgency, WrongState
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import WhyTooLong
from tests.conftest import DAY, NILKUH, NOON, Cast, answer, hear, later, route, sort, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def test_a_demand_walks_from_hearing_to_the_workers_word(cast: Cast):
    closed = confirm_solved(answer(cast, hear(cast)), by=cast.worker, at=NOON)

    assert (closed.state, closed.close_kind) == (State.CLOSED, CloseKind.RESOLVED)
    assert [entry.deed for entry in story_of(closed)] == [
        "demand.heard",
        "demand.sorted",
        "demand.routed",
        "demand.accepted",
        "demand.answered",
        "demand.confirmed",
    ]


def test_the_words_are_kept_to_the_letter(cast: Cast):
    words = "  كارگر نساجي\u200c مهرگان\r\n«سه ماه»  "
    demand = hear(cast, words)

    demand.refresh_from_db()

    assert demand.text == words
    assert demand.text_sha256 == hashlib.sha256(words.encode()).hexdigest()


@pytest.mark.parametrize(
    "change", ["text = 'other'", "text_sha256 = ''", "heard_on = heard_on - 1"]
)
def test_the_database_refuses_to_change_the_words_or_the_day_they_were_heard(cast: Cast, change):
    hear(cast)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(f"UPDATE demands_demand SET {change}")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001, "a\x00b"])
def test_what_is_no_demand_is_not_stored(cast: Cast, text):
    with pytest.raises(NothingSaid):
        hear(cast, text)
    assert Demand.objects.count() == 0


def test_who_wrote_a_demand_down_is_kept_unless_the_worker_did(cast: Cast):
    words = HeardWords(text="x", path=NILKUH, raised_by=RaisedBy.COUNCIL)

    assert hear_demand(words, by=cast.officer, at=NOON).written_by == "Officer"
    assert hear(cast).written_by == ""


@pytest.mark.parametrize(
    ("urgency", "days"),
    [(Urgency.CRITICAL, 1), (Urgency.HIGH, 3), (Urgency.NORMAL, 10), (Urgency.LOW, 30)],
)
def test_the_office_must_act_the_sooner_the_more_urgent_a_demand_is(cast: Cast, urgency, days):
    demand = sort_demand(hear(cast), topic=topic(), urgency=urgency, by=cast.officer, at=NOON)

    assert demand.due_on == DAY + days * ONE_DAY


def test_a_backlog_demand_keeps_its_own_day_and_is_due_from_today(cast: Cast):
    demand = hear(cast, heard_on=dt.date(2023, 5, 1))

    assert demand.heard_on == dt.date(2023, 5, 1)
    assert demand.due_on == DAY + 10 * ONE_DAY


def test_a_day_in_the_future_becomes_today(cast: Cast):
    assert hear(cast, heard_on=DAY + 40 * ONE_DAY).heard_on == DAY


def test_a_withdrawn_demand_is_never_overdue(cast: Cast):
    demand = withdraw_demand(hear(cast), by=cast.worker, at=NOON)

    assert not is_overdue(demand, today=DAY + 999 * ONE_DAY)


def test_a_demand_is_overdue_from_the_day_after_it_was_due(cast: Cast):
    demand = hear(cast)

    assert not is_overdue(demand, today=demand.due_on)
    assert is_overdue(demand, today=demand.due_on + ONE_DAY)


def test_sorting_again_does_not_put_the_day_off(cast: Cast):
    again = sort_demand(
        hear(cast), topic=topic(), urgency=Urgency.NORMAL, by=cast.officer, at=later(50)
    )

    assert again.due_on == DAY + 10 * ONE_DAY
    assert is_overdue(again, today=later(50).date())


def test_of_two_who_sort_at_once_the_second_works_on_what_the_first_did(cast: Cast):
    demand = hear(cast)
    stale = Demand.objects.get(pk=demand.pk)
    sort_demand(demand, topic=topic("pay.extras"), urgency=Urgency.LOW, by=cast.officer, at=NOON)

    again = sort_demand(stale, topic=topic(), urgency=Urgency.HIGH, by=cast.second, at=NOON)

    sortings = story_of(again).filter(deed="demand.sorted")
    assert [(one.by_name, one.detail["topic"]) for one in sortings] == [
        ("Officer", "pay.extras"),
        ("Second", "pay.arrears"),
    ]


def test_who_sorts_what_was_sent_meanwhile_is_told_so(cast: Cast):
    stale = sort(cast, hear(cast))
    route_demand(stale, to=cast.labour_office, by=cast.officer, at=NOON)

    with pytest.raises(WrongState) as told:
        sort(cast, stale)
    assert told.value.state is State.ROUTED


def test_a_demand_that_was_held_back_is_let_in_and_its_clock_ran_all_the_while(cast: Cast):
    demand = hear(cast, held_back=HeldBack.TOO_FAST)

    let_in = release_demand(demand, by=cast.officer, at=later(4))

    assert let_in.held_back == ""
    assert let_in.due_on == demand.due_on == DAY + 10 * ONE_DAY


def test_only_what_is_held_back_is_let_in(cast: Cast):
    with pytest.raises(WrongState):
        release_demand(hear(cast), by=cast.officer, at=NOON)


def test_what_was_held_back_is_let_in_by_sorting_or_contesting_and_not_by_setting_it_aside(
    cast: Cast,
):
    first = hear(cast, held_back=HeldBack.SAME_TEXT)
    second = hear(cast, receipt="1" * 64, held_back=HeldBack.SAME_TEXT)

    assert sort(cast, first).held_back == ""
    aside = set_demand_aside(second, why="Town hall.", by=cast.officer, at=NOON)
    assert aside.held_back == HeldBack.SAME_TEXT  # of a flood of spam none came to the union
    again = contest_setting_aside(aside, text="It is.", by=cast.officer, at=NOON)
    assert again.held_back == ""


def test_what_was_set_aside_is_the_unions_again_when_the_worker_contests_it(cast: Cast):
    aside = set_demand_aside(
        hear(cast, held_back=HeldBack.TOO_FAST), why="Town hall.", by=cast.officer, at=NOON
    )

    again = contest_setting_aside(aside, text="It is my wage.", by=cast.worker, at=later(5))

    assert (again.state, again.topic, again.close_kind, again.held_back) == ("heard", None, "", "")
    assert again.due_on == later(5).date() + 10 * ONE_DAY
    assert again.reopened_count == 1


def test_only_what_was_set_aside_is_contested_so(cast: Cast):
    closed = confirm_solved(answer(cast, hear(cast)), by=cast.worker, at=NOON)

    with pytest.raises(WrongState):
        contest_setting_aside(closed, text="No.", by=cast.worker, at=NOON)


def test_setting_aside_needs_a_reason(cast: Cast):
    with pytest.raises(ReasonMissing):
        set_demand_aside(hear(cast), why=" ", by=cast.officer, at=NOON)


def test_a_reason_too_long_for_the_journal_is_refused_and_not_cut(cast: Cast):
    with pytest.raises(WhyTooLong):
        set_demand_aside(hear(cast), why="x" * 2001, by=cast.officer, at=NOON)


def everybody_but(cast: Cast, *allowed):
    return [one for one in cast.everybody() if one not in allowed]


def test_nobody_but_its_body_and_the_middle_offices_put_down_an_answer(cast: Cast):
    demand = route(cast, hear(cast))

    for one in everybody_but(
        cast, cast.liaison, cast.manager, cast.officer, cast.second, cast.province
    ):
        with pytest.raises(NotAllowed):
            answer_demand(demand, reply=Reply("Done."), by=one, at=NOON)


def test_nobody_but_the_worker_and_officers_who_spoke_to_them_say_whether_it_is_solved(cast: Cast):
    demand = answer(cast, hear(cast))

    for one in everybody_but(cast, cast.worker, cast.officer, cast.second, cast.province):
        with pytest.raises(NotAllowed):
            confirm_solved(demand, by=one, at=NOON)


def test_nobody_but_officers_of_the_place_sorts(cast: Cast):
    demand = hear(cast)

    for one in everybody_but(cast, cast.officer, cast.second, cast.province):
        with pytest.raises(NotAllowed):
            sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=one, at=NOON)


def seen(cast: Cast, demand: Demand) -> set[str]:
    return {
        name
        for name in vars(cast)
        if (one := getattr(cast, name)) in cast.everybody()
        and demand_seen_by(one, number=demand.pk)
    }


def test_an_unsent_demand_is_seen_by_its_worker_its_county_and_those_above(cast: Cast):
    assert seen(cast, hear(cast)) == {"worker", "officer", "second", "province", "auditor"}


def test_a_sent_demand_is_also_seen_by_its_body(cast: Cast):
    assert seen(cast, route(cast, hear(cast))) == {
        *("worker", "officer", "second", "province", "auditor"),
        *("liaison", "manager"),
    }


def test_what_a_worker_says_when_taking_a_demand_back_is_kept(cast: Cast):
    gone = withdraw_demand(
        hear(cast), spoken=Spoken("I was paid.", "phone"), by=cast.officer, at=NOON
    )

    entry = story_of(gone).last()
    assert (entry.why, entry.detail) == ("I was paid.", {"channel": "phone"})
