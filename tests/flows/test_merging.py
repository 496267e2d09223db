"""Merging two filings of one thing: each keeps what is its own, and both share one clock."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.clarify import ask_worker
from redress.demands.collect import NewCollective, make_collective
from redress.demands.models import Demand, Membership
from redress.demands.pursue import accept_demand
from redress.demands.resolve import Reply, answer_demand, dispute_answer, withdraw_demand
from redress.demands.sort import (
    NotTheSame,
    ReasonMissing,
    merge_demand,
    set_demand_aside,
    unmerge_demand,
)
from redress.demands.states import Said, State, WrongState
from redress.demands.story import clock_of, followed_with
from redress.formats.attachments import read_attachment as take_in_file
from redress.registers.accounts.roles import worker_with
from redress.registers.offices.scope import WHOLE, within
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, hear, later, route

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)
OTHER = "2" * 64


CONTACT = "0912 123 45 67"


def two(cast: Cast) -> tuple[Demand, Demand]:
    """The same person files twice."""
    return hear(cast, contact=CONTACT), hear(cast, receipt=OTHER, contact=CONTACT)


def merge(cast: Cast, demand: Demand, into: Demand, at=NOON) -> Demand:
    return merge_demand(demand, into=into, by=cast.officer, at=at)


def holders(demand: Demand) -> list[tuple[str, dt.date]]:
    with within(WHOLE):
        return [(hold.holder, hold.since_on) for hold in demand.holds.all()]


def test_the_same_person_is_known_by_the_contact_however_it_was_written(cast: Cast):
    first = hear(cast, "Pay us.", contact="0912 123 45 67")
    second = hear(cast, "Where is my wage?", contact="۰۹۱۲۱۲۳۴۵۶۷", receipt=OTHER)

    assert merge(cast, second, first).state == State.MERGED


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({}, {}),  # many write the same words, and each has a word of their own
        ({"contact": "0912"}, {}),
        ({"contact": "0912"}, {"contact": "0913"}),
        ({"contact": "0912"}, {"contact": "0912", "path": GOLANDASHT}),
    ],
)
def test_the_same_words_of_another_person_or_place_are_not_merged(cast: Cast, one, two):
    first, second = hear(cast, **one), hear(cast, receipt=OTHER, **two)

    with pytest.raises(NotTheSame):
        merge(cast, first, second)
    assert Demand.objects.get(pk=first.pk).state == State.HEARD


def test_of_another_county_one_is_told_no_more_than_of_what_does_not_exist(cast: Cast):
    here = hear(cast, contact=CONTACT)
    there = hear(cast, path=GOLANDASHT, receipt=OTHER, contact=CONTACT)
    seen_by_nobody = Demand(pk=there.pk + 1000)

    with within(cast.officer.scope):
        for other in (there, seen_by_nobody):
            with pytest.raises(NotTheSame) as told:
                merge(cast, here, other)
            assert str(told.value) == ""


def test_nothing_is_merged_into_itself_into_a_merged_one_or_into_an_ended_one(cast: Cast):
    first, second = two(cast)
    third = hear(cast, receipt="3" * 64, contact=CONTACT)
    with pytest.raises(NotTheSame):
        merge(cast, first, first)
    merge(cast, second, first)
    with pytest.raises(NotTheSame):
        merge(cast, third, second)
    with pytest.raises(NotTheSame):  # nor is what others were merged into
        merge(cast, first, third)
    set_demand_aside(first, why="x", by=cast.officer, at=NOON)
    with pytest.raises(NotTheSame):
        merge(cast, third, first)


def test_what_lies_with_a_body_is_merged_into_nothing(cast: Cast):
    first, second = two(cast)

    with pytest.raises(WrongState):
        merge(cast, route(cast, first), second)


def test_a_merged_demand_keeps_its_words_its_papers_its_receipt_and_its_groups(cast: Cast):
    paper = take_in_file("slip.pdf", b"%PDF-1.7")
    first = hear(cast, contact=CONTACT)
    second = hear(cast, receipt=OTHER, attachments=[paper], contact=CONTACT)
    new = NewCollective(path=NILKUH, title="Wages")
    collective = make_collective(new, by=cast.officer, at=NOON)
    Membership.objects.create(
        collective=collective, demand=second, added_at=NOON, added_by="Officer"
    )

    merge(cast, second, first)

    now = Demand.objects.get(pk=second.pk)
    assert (now.text, now.receipt_fingerprint) == (second.text, OTHER)
    assert [one.name for one in now.attachments.all()] == ["slip.pdf"]
    assert now.sealed_identity.contact_fingerprint != ""
    assert [one.removed_at for one in now.memberships.all()] == [None]
    assert first.attachments.count() == first.memberships.count() == 0


def test_a_merged_demands_clock_runs_on_with_the_other_whoever_acts_there(cast: Cast):
    first, second = two(cast)
    route(cast, first, at=later(1))
    merge(cast, second, first, at=later(3))

    # Each as at their own desk: neither the body nor the first worker may see the second demand.
    with within(cast.liaison.scope):
        accept_demand(first, by=cast.liaison, at=later(4))
        answer_demand(first, reply=Reply("x"), by=cast.liaison, at=later(6))
    with within(cast.worker.scope):
        dispute_answer(first, said=Said.NOT_SOLVED, by=cast.worker, at=later(9))

    assert holders(second) == [
        ("union", NOON.date()),
        ("body", later(3).date()),
        ("worker", later(6).date()),
        ("body", later(9).date()),
    ]
    clock = clock_of(Demand.objects.get(pk=second.pk), today=later(10).date())
    # 3 days with the union, 3 and 1 with the body, 3 with the worker.
    assert [(share.holder, share.days) for share in clock.shares] == [
        ("union", 3),
        ("body", 4),
        ("worker", 3),
    ]
    assert clock.days == 10


def test_a_letter_of_before_the_merging_takes_no_day_away_from_what_was_merged(cast: Cast):
    first, second = two(cast)
    route(cast, first, at=later(1))
    merge(cast, second, first, at=later(5))

    letter = Reply("x", on=later(2).date(), channel="letter")
    answer_demand(first, reply=letter, by=cast.officer, at=later(7))

    assert holders(first)[-1] == ("worker", later(2).date())
    assert holders(second)[-2:] == [("body", later(5).date()), ("worker", later(5).date())]


def test_who_reads_one_demand_still_reads_nothing_of_what_was_merged_into_it(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)
    route(cast, first)

    for by in (cast.worker, cast.liaison):
        with within(by.scope):
            assert list(Demand.objects.values_list("pk", flat=True)) == [first.pk]


def test_taking_a_merged_demand_out_again_needs_a_reason_and_resets_no_clock(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first, at=later(2))
    with pytest.raises(ReasonMissing):
        unmerge_demand(second, why=" ", by=cast.officer, at=later(7))

    out = unmerge_demand(second, why="Not the same man.", by=cast.officer, at=later(7))

    assert (out.state, out.merged_into) == (State.HEARD, None)
    assert clock_of(out, today=later(8).date()).days == 8
    assert out.due_on == later(7).date() + 10 * ONE_DAY


def test_what_was_taken_out_again_follows_the_other_no_more(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)
    unmerge_demand(second, why="x", by=cast.officer, at=NOON)

    ask_worker(first, text="Where?", by=cast.officer, at=later(1))

    assert holders(second)[-1][0] == "union"


def test_what_was_merged_into_an_ended_demand_has_its_end_and_can_be_taken_out(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)
    with within(cast.worker.scope):
        withdraw_demand(first, by=cast.worker, at=later(4))

    merged = Demand.objects.get(pk=second.pk)
    assert holders(second)[-1] == ("nobody", later(4).date())
    assert clock_of(merged, today=later(9).date()).days == 4
    out = unmerge_demand(merged, why="x", by=cast.officer, at=later(9))
    assert clock_of(out, today=later(9).date()).days == 9


def test_a_merged_demands_worker_finds_the_way_to_the_union_still_open(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)

    with within(worker_with(OTHER).scope):
        opened = Demand.objects.get()
        assert (opened.pk, opened.state) == (second.pk, State.MERGED)


def test_a_merged_demands_own_worker_takes_it_out_or_takes_it_back(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)

    with within(worker_with(OTHER).scope):
        own = unmerge_demand(second, why="Another matter.", by=worker_with(OTHER), at=NOON)
        assert (own.state, own.merged_into) == (State.HEARD, None)
    merge(cast, second, first)
    with within(worker_with(OTHER).scope):
        gone = withdraw_demand(second, by=worker_with(OTHER), at=later(3))
    assert (gone.state, gone.merged_into) == (State.WITHDRAWN, None)
    assert holders(gone)[-1] == ("nobody", later(3).date())


def test_a_merged_demands_worker_reads_how_the_other_stands_and_what_was_answered(cast: Cast):
    first, second = two(cast)
    merge(cast, second, first)
    answer_demand(route(cast, first), reply=Reply("Paid."), by=cast.liaison, at=later(2))

    with within(worker_with(OTHER).scope):
        other = followed_with(Demand.objects.get())

    assert (other.state, other.close_kind, other.answer.text) == (State.ANSWERED, "", "Paid.")


def test_what_is_followed_alone_is_followed_with_nothing(cast: Cast):
    assert followed_with(hear(cast)) is None


def test_a_question_to_the_worker_stays_a_question_in_what_was_merged_meanwhile(cast: Cast):
    first, second = two(cast)
    ask_worker(first, text="Where?", by=cast.officer, at=NOON)

    merge(cast, second, first)

    assert second.holds.last().deadline.code == "worker.clarify"
