"""The three voices on an answer: the body's, the worker's, the union's; none overwrites another."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.backlog import Wanted, demand_seen_by, wanted_demands
from redress.demands.clock import DayUnfit
from redress.demands.escalate import note_silence
from redress.demands.models import Answer, Demand
from redress.demands.pursue import return_demand
from redress.demands.resolve import (
    NotAnEnd,
    ProcedureMissing,
    Reply,
    Spoken,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.route import recall_demand
from redress.demands.sort import ReasonMissing, set_demand_aside
from redress.demands.states import Claim, CloseKind, Found, Said, State, WrongState
from redress.demands.story import story
from redress.demands.verify import SpokeForThem, verify_answer
from redress.formats.attachments import read_attachment as take_in_file
from redress.registers.accounts.roles import SYSTEM
from redress.registers.limits.deadlines import NoSuchLimit
from tests.conftest import DAY, NOON, Cast, answer, hear, later, route

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def silent(cast: Cast) -> Demand:
    return fall_silent(answer(cast, hear(cast)), by=SYSTEM, at=later(31))


def test_an_answer_says_something(cast: Cast):
    with pytest.raises(ReasonMissing):
        answer_demand(route(cast, hear(cast)), reply=Reply(" "), by=cast.liaison, at=NOON)


def test_an_answered_demand_is_not_closed_and_waits_thirty_days_for_the_worker(cast: Cast):
    demand = answer(cast, hear(cast))

    assert (demand.state, demand.closed_at, demand.close_kind) == (State.ANSWERED, None, "")
    assert demand.due_on == DAY + 30 * ONE_DAY
    late = wanted_demands(Wanted(due="overdue"), seen_by=cast.officer, today=DAY + 99 * ONE_DAY)
    assert list(late) == []


def test_a_letter_stops_the_bodys_clock_on_the_day_it_was_written(cast: Cast):
    reply = Reply("By letter.", on=later(3).date(), channel="letter")

    demand = answer_demand(route(cast, hear(cast)), reply=reply, by=cast.officer, at=later(9))

    put_down = demand.answers.get()
    assert (put_down.answered_on, put_down.put_down_by) == (later(3).date(), "Officer")
    assert demand.holds.last().since_on == later(3).date()
    # The worker hears of it when it is put down, and has thirty days from then.
    assert demand.due_on == later(39).date()


@pytest.mark.parametrize("day", [-1, 10])
def test_a_letter_is_of_no_day_ahead_and_none_before_the_body_had_the_demand(cast: Cast, day):
    demand = route(cast, hear(cast))

    with pytest.raises(DayUnfit):
        answer_demand(demand, reply=Reply("x", on=later(day).date()), by=cast.officer, at=later(9))
    assert Demand.objects.get(pk=demand.pk).state == State.ROUTED


def test_what_a_body_answers_at_its_own_desk_was_put_down_by_nobody_else(cast: Cast):
    assert answer(cast, hear(cast)).answers.get().put_down_by == ""


def test_a_demand_moved_to_a_procedure_names_the_workers_next_day_in_it(cast: Cast):
    reply = Reply("The board decides.", Claim.MOVED, procedure="ir.appeal", began_on=DAY)

    demand = answer_demand(route(cast, hear(cast)), reply=reply, by=cast.liaison, at=NOON)

    assert demand.answers.get().next_legal.last_on == DAY + 15 * ONE_DAY


@pytest.mark.parametrize(
    "reply",
    [
        Reply("x", Claim.MOVED),
        Reply("x", Claim.MOVED, procedure="ir.appeal"),
        Reply("x", Claim.MOVED, began_on=DAY),
    ],
)
def test_moved_without_a_procedure_or_its_beginning_is_no_answer(cast: Cast, reply):
    with pytest.raises(ProcedureMissing):
        answer_demand(route(cast, hear(cast)), reply=reply, by=cast.liaison, at=NOON)


def test_a_procedure_that_the_country_does_not_know_is_refused(cast: Cast):
    reply = Reply("x", Claim.MOVED, procedure="cn.arb.sue", began_on=DAY)

    with pytest.raises(NoSuchLimit):
        answer_demand(route(cast, hear(cast)), reply=reply, by=cast.liaison, at=NOON)


@pytest.mark.parametrize("said", [Said.PARTLY, Said.NOT_SOLVED])
def test_a_disputed_answer_reaches_the_body_again_with_a_new_day(cast: Cast, said):
    first = route(cast, hear(cast))
    demand = answer_demand(first, reply=Reply("x"), by=cast.liaison, at=later(5))

    again = dispute_answer(demand, said=said, by=cast.worker, at=later(9))

    assert (again.state, again.body, again.reopened_count) == (State.ROUTED, cast.labour_office, 1)
    assert again.deadline.since_on == later(9).date()
    assert again.due_on > first.due_on
    assert again.referrals.count() == 2
    assert demand_seen_by(cast.liaison, number=again.pk) == again
    listed = wanted_demands(Wanted(state="routed"), seen_by=cast.liaison, today=later(9).date())
    assert list(listed) == [again]


@pytest.mark.parametrize("end", [confirm_solved, fall_silent])
def test_an_ended_demand_can_still_be_opened_again_by_the_worker_and_reaches_the_body(
    cast: Cast, end
):
    by = SYSTEM if end is fall_silent else cast.worker
    closed = end(answer(cast, hear(cast)), by=by, at=later(31))

    again = dispute_answer(closed, said=Said.NOT_SOLVED, by=cast.worker, at=later(40))

    assert (again.state, again.close_kind, again.closed_at) == (State.ROUTED, "", None)
    assert (again.holds.last().holder, again.holds.last().body) == ("body", cast.labour_office)


def test_what_was_set_aside_went_to_no_body_and_cannot_be_opened_there(cast: Cast):
    aside = set_demand_aside(hear(cast), why="Ask the town hall.", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        dispute_answer(aside, said=Said.NOT_SOLVED, by=cast.worker, at=NOON)


def test_what_was_returned_and_then_set_aside_is_not_opened_at_the_body_again(cast: Cast):
    demand = return_demand(route(cast, hear(cast)), why="Not ours.", by=cast.liaison, at=NOON)
    aside = set_demand_aside(demand, why="Town hall.", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        dispute_answer(aside, said=Said.NOT_SOLVED, by=cast.worker, at=NOON)


def test_of_a_refusal_the_worker_may_leave_it_there_and_it_is_filed_as_refused(cast: Cast):
    demand = answer(cast, hear(cast), claim=Claim.REFUSED)

    left = leave_it_there(demand, said=Said.NOT_SOLVED, by=cast.worker, at=NOON)

    assert (left.state, left.close_kind) == (State.CLOSED, CloseKind.REFUSED)


def test_an_unsolved_claim_of_solved_is_not_left_there(cast: Cast):
    demand = answer(cast, hear(cast))

    for said in (Said.NOT_SOLVED, Said.SOLVED):
        with pytest.raises(NotAnEnd):
            leave_it_there(demand, said=said, by=cast.worker, at=NOON)


def test_the_last_claim_counts_and_the_first_stays(cast: Cast):
    first = answer(cast, hear(cast), claim=Claim.REFUSED)
    again = dispute_answer(first, said=Said.NOT_SOLVED, by=cast.worker, at=later(1))
    second = answer_demand(again, reply=Reply("y", Claim.SOLVED), by=cast.liaison, at=later(2))

    with pytest.raises(NotAnEnd):
        leave_it_there(second, said=Said.NOT_SOLVED, by=cast.worker, at=later(3))
    assert [one.claim for one in second.answers.all()] == [Claim.REFUSED, Claim.SOLVED]


def test_the_three_voices_stand_side_by_side(cast: Cast):
    demand = answer(cast, hear(cast), claim=Claim.SOLVED)
    left = leave_it_there(
        demand, said=Said.PARTLY, spoken=Spoken("Two months of three."), by=cast.worker, at=NOON
    )
    paper = take_in_file("bank.pdf", b"%PDF-1.7")
    verify_answer(
        left, found=Found.NOT_SOLVED, text="Bank", papers=[paper], by=cast.officer, at=NOON
    )

    told = story(left, seen_by=cast.officer)
    assert [one.claim for one in told.answers] == [Claim.SOLVED]
    assert [(one.said, one.text) for one in told.worker_words] == [
        (Said.PARTLY, "Two months of three.")
    ]
    assert [one.found for one in told.verifications] == [Found.NOT_SOLVED]
    assert [(one.brought_by, one.verification_id) for one in told.attachments] == [
        ("union", told.verifications[0].pk)
    ]
    # How it ended follows from the body's and the worker's; what the union found changes no ending.
    assert Demand.objects.get(pk=left.pk).close_kind == CloseKind.PARTLY


def test_who_put_down_what_the_body_or_the_worker_said_does_not_verify_it(cast: Cast):
    written = answer_demand(
        route(cast, hear(cast)), reply=Reply("x", channel="letter"), by=cast.officer, at=NOON
    )
    with pytest.raises(SpokeForThem):
        verify_answer(written, found=Found.SOLVED, text="x", by=cast.officer, at=NOON)
    confirm_solved(written, spoken=Spoken("", "phone"), by=cast.second, at=NOON)

    with pytest.raises(SpokeForThem):
        verify_answer(written, found=Found.SOLVED, text="x", by=cast.second, at=NOON)
    verify_answer(written, found=Found.SOLVED, text="x", by=cast.province, at=NOON)
    # Of a later answer each can look again.
    dispute_answer(written, said=Said.PARTLY, by=cast.worker, at=later(1))
    answer_demand(written, reply=Reply("y"), by=cast.liaison, at=later(2))
    verify_answer(written, found=Found.SOLVED, text="y", by=cast.officer, at=later(2))


def test_two_clicks_on_what_the_union_found_are_one_finding(cast: Cast):
    demand = answer(cast, hear(cast))
    for at in (NOON, NOON, later(1)):
        verify_answer(demand, found=Found.SOLVED, text="The bank.", by=cast.officer, at=at)

    assert [one.at for one in demand.verifications.all()] == [NOON, later(1)]
    paper = take_in_file("bank.pdf", b"%PDF-1.7")
    for _click in "12":
        verify_answer(
            demand,
            found=Found.SOLVED,
            text="The bank.",
            papers=[paper],
            by=cast.officer,
            at=later(1),
        )
    assert [one.attachments.count() for one in demand.verifications.all()] == [0, 0, 1]


def test_what_was_never_answered_is_not_verified(cast: Cast):
    aside = set_demand_aside(hear(cast), why="x", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        verify_answer(aside, found=Found.SOLVED, text="x", by=cast.officer, at=NOON)


def test_who_put_the_workers_word_down_is_kept(cast: Cast):
    spoken = Spoken("Paid.", "phone")
    closed = confirm_solved(answer(cast, hear(cast)), spoken=spoken, by=cast.officer, at=NOON)

    word = closed.worker_words.get()
    assert (word.put_down_by, word.channel, word.text) == ("Officer", "phone", "Paid.")


def test_silence_is_an_end_of_its_own_and_no_consent(cast: Cast):
    demand = silent(cast)

    assert (demand.state, demand.close_kind) == (State.SILENT, "")
    assert demand.worker_words.count() == 0


def test_silence_is_never_listed_among_the_closed(cast: Cast):
    demand = silent(cast)

    def listed(state):
        return list(wanted_demands(Wanted(state=state), seen_by=cast.officer, today=DAY))

    assert (listed("silent"), listed("closed")) == ([demand], [])


def test_nobody_falls_silent_before_the_worker_had_all_the_days(cast: Cast):
    demand = answer(cast, hear(cast))

    assert note_silence(at=later(30)) == 0
    with pytest.raises(WrongState):
        fall_silent(demand, by=SYSTEM, at=later(30))
    assert note_silence(at=later(31)) == 1
    assert note_silence(at=later(32)) == 0


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        (lambda d, c: confirm_solved(d, by=c.worker, at=later(50)), CloseKind.RESOLVED),
        (
            lambda d, c: leave_it_there(d, said=Said.PARTLY, by=c.worker, at=later(50)),
            CloseKind.PARTLY,
        ),
    ],
)
def test_a_word_after_silence_counts(cast: Cast, deed, kind):
    ended = deed(silent(cast), cast)

    assert (ended.state, ended.close_kind) == (State.CLOSED, kind)


def test_what_fell_silent_may_still_be_taken_back(cast: Cast):
    gone = withdraw_demand(silent(cast), by=cast.worker, at=later(50))

    assert gone.state == State.WITHDRAWN


def test_a_recalled_demand_awaits_no_answer(cast: Cast):
    demand = recall_demand(route(cast, hear(cast)), why="x", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        answer_demand(demand, reply=Reply("x"), by=cast.officer, at=NOON)
    assert Answer.objects.count() == 0
