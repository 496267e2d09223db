"""A collective demand closes for a member by that member's word, or by drawn samples, stated as such."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands import close_many
from redress.demands.close_many import (
    CallsWaiting,
    Carrying,
    Rule,
    SampleTooThin,
    carrying,
    close_by_sample,
    draw_members,
    spoken_for,
    waiting_members,
)
from redress.demands.collect import Dissolved, add_members, dissolve, remove_members
from redress.demands.kinds import Outcome
from redress.demands.models import (
    Collective,
    Demand,
    Membership,
    Sample,
    SampleCall,
    WorkerWord,
)
from redress.demands.resolve import Reply, answer_demand, confirm_solved, dispute_answer
from redress.demands.sample import Called, Lot, NothingToDraw, draw_ended, note_call
from redress.demands.states import Said
from redress.registers.accounts.roles import NotAllowed, worker_with
from redress.registers.journal.reads import story_of
from redress.registers.offices.scope import enter
from tests.conftest import NOON, Cast, answer, hear
from tests.flows.groups import SOLVED, count, together, told

pytestmark = pytest.mark.usefixtures("whole")

DAY = dt.timedelta(days=1)
NOT_SOLVED = Called(Outcome.REACHED, Said.NOT_SOLVED)
MISSED = Called(Outcome.NOT_REACHED)


@pytest.fixture
def few(monkeypatch):
    """Let samples of three speak, so that a test need not make thirty calls."""
    monkeypatch.setattr(close_many, "RULE", Rule(reached=3))


def answered(cast: Cast, many: int) -> list[Demand]:
    return [answer(cast, told(cast)) for _one in range(many)]


def draw(cast: Cast, collective: Collective, *, wanted: int = 3, by=None) -> Sample:
    return draw_members(collective, wanted=wanted, by=by or cast.officer, at=NOON)


def call(cast: Cast, sample: Sample, *words: Called) -> None:
    """Make the calls of a sample in order, as the province, which handled none of it."""
    for one, called in zip(sample.calls.all(), words, strict=True):
        note_call(one, called=called, by=cast.province, at=NOON)


def close(cast: Cast, sample: Sample, *, by=None) -> int:
    return close_by_sample(sample, by=by or cast.officer, at=NOON)


def states(demands: list[Demand]) -> list[tuple[str, str]]:
    found = {one.pk: (one.state, one.close_kind) for one in Demand.objects.all()}
    return [found[one.pk] for one in demands]


@pytest.mark.parametrize(
    ("weighed", "carries"),
    [
        (Carrying(waiting=0, drawn=30, reached=30, solved=27), True),  # 27 of 30 is 90 %
        (Carrying(waiting=0, drawn=30, reached=30, solved=26), False),
        (Carrying(waiting=0, drawn=29, reached=29, solved=29), False),  # too few were reached
        (Carrying(waiting=0, drawn=45, reached=30, solved=30), True),  # two of three drawn
        (Carrying(waiting=0, drawn=46, reached=30, solved=30), False),  # 65 of a hundred
        (Carrying(waiting=1, drawn=40, reached=39, solved=39), False),
        (Carrying(waiting=0, drawn=0, reached=0, solved=0), False),
    ],
)
def test_the_rule_by_its_numbers(weighed, carries):
    assert weighed.carries == carries


def test_members_that_nobody_asked_close_by_the_sample_and_it_stands_on_each(cast: Cast, few):
    demands = answered(cast, 5)
    sample = draw(cast, together(cast, *demands))
    call(cast, sample, SOLVED, SOLVED, SOLVED)

    closed = close(cast, sample)

    assert closed == 2
    assert sorted(states(demands)) == [("closed", "by_sample")] * 2 + [("closed", "resolved")] * 3
    by_sample = Demand.objects.filter(close_kind="by_sample")
    assert not WorkerWord.objects.filter(demand__in=by_sample).exists()  # no word is made up
    entry = story_of(by_sample[0]).get(deed="demand.closed_by_sample")
    assert entry.detail == {"sample": sample.pk}


def test_who_disagrees_with_the_sample_opens_it_again_alone(cast: Cast, few):
    demands = answered(cast, 5)
    collective = together(cast, *demands)
    sample = draw(cast, collective, wanted=4)
    drawn = {one.demand_id for one in sample.calls.all()}
    mine = next(one for one in demands if one.pk not in drawn)
    others = [one for one in demands if one.pk in drawn]
    call(cast, sample, SOLVED, SOLVED, SOLVED, SOLVED)
    close(cast, sample)

    mine.refresh_from_db()
    assert mine.close_kind == "by_sample"
    dispute_answer(mine, said=Said.NOT_SOLVED, by=cast.officer, at=NOON)

    assert states([mine, *others]) == [("routed", "")] + [("closed", "resolved")] * 4
    assert count(cast, collective).voices.disputed == 1


def test_who_was_drawn_and_said_nothing_is_not_closed_by_the_others(cast: Cast, few):
    demands = answered(cast, 6)
    sample = draw(cast, together(cast, *demands), wanted=4)
    call(cast, sample, SOLVED, SOLVED, SOLVED, MISSED)

    close(cast, sample)

    missed = sample.calls.get(outcome=Outcome.NOT_REACHED).demand
    assert (missed.state, missed.close_kind) == ("answered", "")
    assert sorted(kind for _state, kind in states(demands)) == [
        "",
        "by_sample",
        "by_sample",
        "resolved",
        "resolved",
        "resolved",
    ]


@pytest.mark.parametrize(
    "words",
    [
        (SOLVED, SOLVED),  # one call is still to be made
        (SOLVED, SOLVED, MISSED),  # two were reached
        (SOLVED, SOLVED, NOT_SOLVED),  # 67 of a hundred
    ],
)
def test_a_thin_sample_closes_nothing(cast: Cast, few, words):
    demands = answered(cast, 5)
    sample = draw(cast, together(cast, *demands))
    for one, called in zip(sample.calls.all(), words, strict=False):
        note_call(one, called=called, by=cast.province, at=NOON)

    with pytest.raises(SampleTooThin):
        close(cast, sample)

    assert not Demand.objects.filter(close_kind="by_sample").exists()


def test_a_sample_speaks_for_no_member_that_came_or_was_answered_later(cast: Cast, few):
    here, later_answered = answered(cast, 5), answer(cast, told(cast))
    collective = together(cast, *here, later_answered)
    sample = draw(cast, collective, wanted=5)
    drawn = set(sample.calls.values_list("demand_id", flat=True))
    left = next(one for one in [*here, later_answered] if one.pk not in drawn)
    newcomer = answer(cast, told(cast))
    add_members(collective, numbers=[newcomer.pk], by=cast.officer, at=NOON + DAY)
    disputed = dispute_answer(left, said=Said.NOT_SOLVED, by=cast.officer, at=NOON + DAY)
    answer_demand(disputed, reply=Reply("Now."), by=cast.liaison, at=NOON + 2 * DAY)

    assert set(spoken_for(sample, seen_by=cast.officer)) == set()
    assert set(waiting_members(collective, seen_by=cast.officer)) == {left, newcomer}


def test_the_calls_of_an_old_sample_close_nobody_who_came_after_it(cast: Cast, few):
    collective = together(cast, *answered(cast, 3))
    call(cast, draw(cast, collective), SOLVED, SOLVED, SOLVED)
    newcomers = answered(cast, 4)
    numbers = [one.pk for one in newcomers]
    add_members(collective, numbers=numbers, by=cast.officer, at=NOON + DAY)
    second = draw_members(collective, wanted=1, by=cast.officer, at=NOON + 2 * DAY)
    call(cast, second, MISSED)

    assert carrying(collective).carries  # three of the three reached, though none of these four
    assert not spoken_for(second, seen_by=cast.officer).exists()
    assert close(cast, second) == 0


def test_a_member_taken_out_is_not_spoken_for(cast: Cast, few):
    demands = answered(cast, 4)
    collective = together(cast, *demands)
    sample = draw(cast, collective)
    (left,) = spoken_for(sample, seen_by=cast.officer)

    remove_members(collective, numbers=[left.pk], by=cast.officer, at=NOON)

    assert not spoken_for(sample, seen_by=cast.officer).exists()


def test_all_samples_count_together_so_nobody_draws_until_the_lot_is_kind(cast: Cast, few):
    collective = together(cast, *answered(cast, 9))
    unkind = draw(cast, collective)
    call(cast, unkind, SOLVED, NOT_SOLVED, NOT_SOLVED)
    kind = draw(cast, collective)
    call(cast, kind, SOLVED, SOLVED, SOLVED)

    with pytest.raises(SampleTooThin):  # 4 of 6 in both
        close(cast, kind)

    weighed = carrying(collective)
    assert (weighed.drawn, weighed.reached, weighed.solved) == (6, 6, 4)


def test_of_a_reached_worker_the_last_word_counts(cast: Cast, few):
    collective = together(cast, *answered(cast, 5))
    sample = draw(cast, collective)
    call(cast, sample, SOLVED, SOLVED, NOT_SOLVED)
    discontent = sample.calls.get(said=Said.NOT_SOLVED).demand
    paid = answer_demand(discontent, reply=Reply("Paid."), by=cast.liaison, at=NOON + DAY)
    confirm_solved(paid, by=cast.officer, at=NOON + 2 * DAY)

    assert carrying(collective).solved == 3
    assert close(cast, sample) == 2


def test_a_word_said_after_the_call_counts_against_it_too(cast: Cast, few):
    collective = together(cast, *answered(cast, 5))
    sample = draw(cast, collective)
    call(cast, sample, SOLVED, SOLVED, SOLVED)
    one = sample.calls.first().demand
    dispute_answer(one, said=Said.NOT_SOLVED, by=cast.officer, at=NOON + DAY)

    with pytest.raises(SampleTooThin):
        close(cast, sample)


def test_nobody_is_drawn_twice_and_calls_are_made_before_the_next_draw(cast: Cast):
    collective = together(cast, *answered(cast, 4))
    first = draw(cast, collective)
    with pytest.raises(CallsWaiting):
        draw(cast, collective)
    call(cast, first, MISSED, MISSED, MISSED)

    second = draw(cast, collective)

    assert (second.population, second.calls.count()) == (1, 1)
    asked = [one.demand_id for sample in (first, second) for one in sample.calls.all()]
    assert len(set(asked)) == 4


def test_from_members_without_an_answer_none_is_drawn(cast: Cast):
    with pytest.raises(NothingToDraw):
        draw(cast, together(cast, told(cast)))


def test_a_sample_of_ended_demands_closes_none(cast: Cast):
    confirm_solved(answer(cast, hear(cast)), by=cast.worker, at=NOON)
    sample = draw_ended(Lot("ir.sp.nk.", 5), by=cast.officer, at=NOON)

    with pytest.raises(SampleTooThin):
        close(cast, sample)


def test_a_dissolved_one_is_neither_drawn_from_nor_closed(cast: Cast, few):
    collective = together(cast, *answered(cast, 4))
    sample = draw(cast, collective)
    call(cast, sample, SOLVED, SOLVED, SOLVED)
    dissolve(collective, why="x", by=cast.officer, at=NOON)

    with pytest.raises(Dissolved):
        close(cast, sample)
    with pytest.raises(Dissolved):
        draw(cast, collective)


@pytest.mark.parametrize(
    "who", ["grassroots", "neighbour", "liaison", "manager", "auditor", "admin", "worker"]
)
def test_only_officers_of_the_middle_and_of_the_place_draw_and_close(cast: Cast, few, who):
    collective = together(cast, *answered(cast, 5))
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        draw(cast, collective, by=by)
    sample = draw(cast, collective)
    call(cast, sample, SOLVED, SOLVED, SOLVED)

    with pytest.raises(NotAllowed):
        close(cast, sample, by=by)


def test_many_are_closed_some_at_a_time(cast: Cast, few, monkeypatch):
    monkeypatch.setattr(close_many, "CLOSED_AT_ONCE_MAX", 2)
    sample = draw(cast, together(cast, *answered(cast, 6)))
    call(cast, sample, SOLVED, SOLVED, SOLVED)

    assert [close(cast, sample) for _time in range(3)] == [2, 1, 0]


def test_a_member_that_said_its_word_meanwhile_keeps_it(cast: Cast, few):
    demands = [answer(cast, hear(cast, receipt=str(n) * 64)) for n in range(5)]
    sample = draw(cast, together(cast, *demands))
    call(cast, sample, SOLVED, SOLVED, SOLVED)
    one, other = spoken_for(sample, seen_by=cast.officer)
    worker = worker_with(one.receipt_fingerprint)
    dispute_answer(one, said=Said.PARTLY, by=worker, at=NOON)

    close(cast, sample)

    assert states([one, other]) == [("routed", ""), ("closed", "by_sample")]


@pytest.mark.parametrize("who", ["liaison", "neighbour", "admin", "worker"])
def test_the_database_itself_shows_them_to_no_body_and_no_other_county(cast: Cast, who):
    draw(cast, together(cast, *answered(cast, 2)))
    tables = (Collective, Membership, Sample, SampleCall)
    assert all(table.objects.exists() for table in tables)

    enter(getattr(cast, who).scope)

    assert not any(table.objects.exists() for table in tables)
