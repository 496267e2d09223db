"""The ladder: each rung once a deadline, to whom it says, and as it was shown in advance."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from redress.demands import escalate
from redress.demands.backlog import Special, Wanted, demand_seen_by, wanted_demands
from redress.demands.clarify import ask_worker, clarify_demand
from redress.demands.escalate import climb_ladder, note_silence, notices
from redress.demands.ladder import ahead, body_above
from redress.demands.models import Demand, Notice
from redress.demands.pursue import return_demand
from redress.demands.resolve import Reply, answer_demand, dispute_answer, withdraw_demand
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import merge_demand, set_demand_aside
from redress.demands.states import HeldBack, Said, State
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import Scope, within
from tests.conftest import (
    DAY,
    NILKUH,
    Cast,
    answer,
    hear,
    later,
    make_body,
    route,
)
from tests.flows.ladder_house import ONE_DAY, above, at_day, passes

pytestmark = pytest.mark.usefixtures("whole")
UP = ["body.county", "body.province"]
__all__ = ["above"]  # a fixture


def test_a_body_is_reminded_its_manager_told_and_the_matter_taken_up(cast: Cast, above):
    demand = route(cast, hear(cast))
    due = demand.due_on

    sent = passes(DAY, due + 60 * ONE_DAY)

    assert sent == [
        ("body.before", due - 3 * ONE_DAY),
        ("body.on", due),
        ("body.after", due + 3 * ONE_DAY),
        ("body.county", due + 10 * ONE_DAY),
        ("body.province", due + 30 * ONE_DAY),
    ]
    told = [(one.to, one.body) for one in demand.notices.order_by("pk")]
    assert [to for to, _ in told] == [
        "liaison",
        "liaison",
        "manager",
        "county_governor",
        "governor",
    ]
    assert [body.pk for _, body in told] == [
        *(3 * [cast.labour_office.pk]),
        above["county"].body_id,
        above["province"].body_id,
    ]


def test_the_unions_office_is_reminded_and_then_the_office_above_it(cast: Cast):
    demand = hear(cast)

    sent = passes(DAY, DAY + 60 * ONE_DAY)

    assert sent == [("union.on", DAY + 10 * ONE_DAY), ("union.above", DAY + 15 * ONE_DAY)]
    assert [one.path for one in demand.notices.order_by("pk")] == [NILKUH, "ir.sp."]
    assert [one.rung for one in notices(seen_by=cast.officer)] == ["union.on"]
    assert {one.rung for one in notices(seen_by=cast.province)} == {"union.on", "union.above"}
    assert list(notices(seen_by=cast.neighbour)) == list(notices(seen_by=cast.liaison)) == []


def test_the_worker_is_reminded_and_then_called_and_then_silent(cast: Cast):
    demand = answer(cast, hear(cast))

    sent = passes(DAY, DAY + 30 * ONE_DAY)
    note_silence(at=later(31))
    after = passes(DAY + 31 * ONE_DAY, DAY + 90 * ONE_DAY)

    assert sent == [("worker.first", DAY + 7 * ONE_DAY), ("worker.second", DAY + 21 * ONE_DAY)]
    assert (Demand.objects.get(pk=demand.pk).state, after) == (State.SILENT, [])


def test_a_pass_twice_sends_nothing_twice(cast: Cast, above):
    demand = route(cast, hear(cast))
    late = at_day(demand.due_on + 40 * ONE_DAY)

    first, again = climb_ladder(at=late), climb_ladder(at=late)

    # The reminders of the day and before it say nothing any more to somebody forty days late.
    assert {code: count for code, count in first.items() if count} == {
        "body.after": 1,
        "body.county": 1,
        "body.province": 1,
    }
    assert not any(again.values())


def test_the_database_refuses_a_rung_twice_for_one_deadline(cast: Cast):
    demand = route(cast, hear(cast))
    climb_ladder(at=at_day(demand.due_on))
    notice = Notice.objects.get()
    notice.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


ENDS = {
    "answered": lambda c, d: answer_demand(d, reply=Reply("x"), by=c.liaison, at=later(1)),
    "asked": lambda c, d: ask_worker(d, text="x", by=c.liaison, at=later(1)),
    "taken back": lambda c, d: withdraw_demand(d, by=c.worker, at=later(1)),
    "set aside": lambda c, d: set_demand_aside(
        return_demand(d, why="x", by=c.liaison, at=later(1)), why="x", by=c.officer, at=later(1)
    ),
    "merged": lambda c, d: merge_demand(
        return_demand(d, why="x", by=c.liaison, at=later(1)),
        into=hear(c, receipt="1" * 64, contact="0912", held_back=HeldBack.TOO_FAST),
        by=c.officer,
        at=later(1),
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_sent_to_a_body_about_what_lies_with_it_no_more(cast: Cast, above, end):
    demand = route(cast, hear(cast, contact="0912"))
    ENDS[end](cast, demand)

    sent = passes(demand.due_on - 5 * ONE_DAY, demand.due_on + 40 * ONE_DAY)

    assert [rung for rung, _ in sent if not rung.startswith("worker.")] == []
    assert (len(sent) > 0) == (end in {"answered", "asked"})


def test_about_what_is_held_back_nothing_is_sent_and_nothing_shown_ahead(cast: Cast):
    demand = hear(cast, held_back=HeldBack.TOO_MANY)

    assert ahead(demand, today=DAY) == []
    assert passes(DAY, DAY + 60 * ONE_DAY) == []


def test_a_question_that_nobody_answers_is_brought_to_the_unions_office(cast: Cast):
    asked = ask_worker(route(cast, hear(cast)), text="Which month?", by=cast.liaison, at=later(0))

    sent = passes(DAY, asked.due_on + 9 * ONE_DAY)

    assert sent == [("worker.asked", asked.due_on)]  # after 14 days: the union calls the worker


def test_after_a_clarification_the_ladder_begins_anew_at_the_new_day(cast: Cast):
    demand = route(cast, hear(cast))
    climb_ladder(at=at_day(demand.due_on - 3 * ONE_DAY))
    ask_worker(demand, text="x", by=cast.liaison, at=at_day(demand.due_on))
    again = clarify_demand(demand, text="x", by=cast.worker, at=at_day(demand.due_on + 9 * ONE_DAY))

    sent = passes(demand.due_on, again.due_on)

    assert sent[-1] == ("body.on", again.due_on)
    assert again.due_on >= demand.due_on + 9 * ONE_DAY


def shared(by) -> list[Demand]:
    return list(wanted_demands(Wanted(special=Special.SHARED), seen_by=by, today=DAY))


def test_who_stands_above_reads_and_finds_what_came_up_and_does_nothing_to_it(cast: Cast, above):
    demand = route(cast, hear(cast))
    governor = above["county"]
    assert demand_seen_by(governor, number=demand.pk) is None

    climb_ladder(at=at_day(demand.due_on + 10 * ONE_DAY))

    with within(governor.scope):
        assert demand_seen_by(governor, number=demand.pk) == demand
        found = Wanted(special=Special.SHARED, words="months")
        assert list(wanted_demands(found, seen_by=governor, today=DAY)) == [demand]
        with pytest.raises(NotAllowed):
            return_demand(demand, why="x", by=governor, at=later(90))
    entry = story_of(demand).last()
    assert (entry.deed, entry.by_role) == ("demand.escalated", "system")
    assert entry.detail == {"body": governor.body_id, "rung": "body.county"}
    # The next county's governor learns nothing of it.
    assert demand_seen_by(above["next"], number=demand.pk) is None
    assert shared(above["next"]) == []


@pytest.mark.parametrize(
    "anew",
    [
        lambda c, d: return_demand(d, why="x", by=c.liaison, at=later(90)),
        lambda c, d: recall_demand(d, why="x", by=c.officer, at=later(90)),
        lambda c, d: dispute_answer(
            answer_demand(d, reply=Reply("x"), by=c.liaison, at=later(90)),
            said=Said.PARTLY,
            by=c.worker,
            at=later(91),
        ),
        lambda c, d: route_demand(
            recall_demand(d, why="x", by=c.officer, at=later(90)),
            to=c.social_security,
            by=c.officer,
            at=later(90),
        ),
    ],
)
def test_who_stood_above_reads_and_finds_it_no_more_when_it_goes_elsewhere(cast: Cast, above, anew):
    demand = route(cast, hear(cast))
    climb_ladder(at=at_day(demand.due_on + 10 * ONE_DAY))
    governor = above["county"]

    anew(cast, demand)

    assert demand_seen_by(governor, number=demand.pk) is None
    assert shared(governor) == []
    with within(Scope(body_id=governor.body_id)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM demands_found('months'::tsquery, 9)")
        assert cursor.fetchone() == (0,)


def test_of_two_who_stand_above_the_nearer_is_told(cast: Cast, above):
    far = make_body("governor", "ir.", "Office of the nation")
    near = body_above(NILKUH, kind="governor")
    demand = route(cast, hear(cast))

    climb_ladder(at=at_day(demand.due_on + 30 * ONE_DAY))

    told = demand.notices.get(rung="body.province")
    assert told.body == near != far


def test_many_batches_send_each_once(cast: Cast, monkeypatch):
    monkeypatch.setattr(escalate, "BATCH_ROWS", 2)
    demands = [route(cast, hear(cast, receipt=f"{number:064x}")) for number in range(5)]

    climb_ladder(at=later(60))

    managers = Notice.objects.filter(rung="body.after").values_list("demand_id", flat=True)
    assert sorted(managers) == sorted(one.pk for one in demands)
    assert not any(climb_ladder(at=later(60)).values())
