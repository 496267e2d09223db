"""Drawn samples: who is asked again, by whom, and what their word does."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from redress.demands.kinds import Outcome
from redress.demands.models import Demand, Sample, SampleCall, WorkerWord
from redress.demands.pursue import return_demand
from redress.demands.resolve import (
    NotAnEnd,
    Reply,
    answer_demand,
    confirm_solved,
    dispute_answer,
    fall_silent,
    withdraw_demand,
)
from redress.demands.route import route_demand
from redress.demands.sample import (
    CallDone,
    Called,
    Lot,
    NothingToDraw,
    OwnCase,
    WordMissing,
    draw_ended,
    drawn,
    ended_in,
    note_call,
    numbers_digest,
)
from redress.demands.sampled import (
    calls,
    calls_to_make,
    numbers_of,
    result,
    results_of,
    sample_seen_by,
    samples,
)
from redress.demands.sort import set_demand_aside, sort_demand
from redress.demands.states import Claim, Said, Urgency
from redress.engines.figures.intervals import wilson
from redress.registers.accounts.models import Post, User
from redress.registers.accounts.roles import SYSTEM, Deed, NotAllowed
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, answer, route, topic
from tests.flows.groups import SOLVED, told

pytestmark = pytest.mark.usefixtures("whole")

DAY = dt.timedelta(days=1)
NOT_SOLVED = Called(Outcome.REACHED, Said.NOT_SOLVED, text="Nothing came.")


def ended(cast: Cast, *, at: dt.datetime = NOON, **about) -> Demand:
    return confirm_solved(answer(cast, told(cast, **about)), by=cast.second, at=at)


def draw(cast: Cast, *, by=None, wanted: int = 10, path: str = NILKUH, **days) -> Sample:
    return draw_ended(Lot(path=path, wanted=wanted, **days), by=by or cast.province, at=NOON)


def only_call(sample: Sample) -> SampleCall:
    return sample.calls.get()


def ask(cast: Cast, sample: Sample, called: Called, *, by=None) -> SampleCall:
    """Call as the provincial officer, who has handled nothing."""
    return note_call(only_call(sample), called=called, by=by or cast.province, at=NOON)


# -- the lot


def test_whoever_knows_seed_and_numbers_draws_the_same(cast: Cast):
    for _one in range(8):
        ended(cast)
    sample = draw(cast, wanted=3)
    numbers, digest = numbers_of(sample)

    by_hand = sorted(
        numbers, key=lambda n: hashlib.sha256(f"{sample.seed}/{n}".encode()).hexdigest()
    )

    assert {call.demand_id for call in sample.calls.all()} == set(by_hand[:3])
    assert (sample.population, len(numbers), digest) == (8, 8, numbers_digest(numbers))


def test_a_draw_depends_on_its_seed_and_on_no_order():
    numbers = list(range(1000))

    one = drawn(numbers, seed="a", wanted=50)

    assert one == drawn(reversed(numbers), seed="a", wanted=50)
    assert one != drawn(numbers, seed="b", wanted=50)


def test_every_demand_has_the_same_chance():
    # 4 of 10 drawn 2000 times: each is expected 800 times; 5 standard deviations are 110.
    times = dict.fromkeys(range(10), 0)
    for seed in range(2000):
        for number in drawn(range(10), seed=str(seed), wanted=4):
            times[number] += 1

    assert all(abs(count - 800) < 110 for count in times.values()), times


def test_more_wanted_than_there_are_draws_all(cast: Cast):
    ended(cast)

    assert draw(cast, wanted=10).calls.count() == 1


@pytest.mark.parametrize("wanted", [0, -1, 1001])
def test_none_or_too_many_are_not_drawn(cast: Cast, wanted):
    ended(cast)

    with pytest.raises(NothingToDraw):
        draw(cast, wanted=wanted)


def test_from_nothing_nothing_is_drawn(cast: Cast):
    with pytest.raises(NothingToDraw):
        draw(cast)


def test_of_very_many_only_the_fingerprint_is_kept(cast: Cast, monkeypatch):
    monkeypatch.setattr("redress.demands.sample.NUMBERS_KEPT_MAX", 1)
    both = [ended(cast).pk, ended(cast).pk]

    assert numbers_of(draw(cast)) == ([], numbers_digest(both))


# -- what is drawn from


def test_only_what_was_answered_and_ended_is_drawn_from(cast: Cast):
    solved = ended(cast)
    silent = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    answer(cast, told(cast))  # waits for a word
    withdraw_demand(told(cast), by=cast.officer, at=NOON)
    set_demand_aside(told(cast), why="Town hall.", by=cast.officer, at=NOON)

    assert ended_in(Lot(NILKUH, 10), seen_by=cast.officer) == sorted([solved.pk, silent.pk])


def test_what_the_union_set_aside_after_an_answer_is_not_drawn_from(cast: Cast):
    disputed = dispute_answer(
        answer(cast, told(cast)), said=Said.NOT_SOLVED, by=cast.officer, at=NOON
    )
    returned = return_demand(disputed, why="Not ours.", by=cast.liaison, at=NOON)
    set_demand_aside(returned, why="Town hall.", by=cast.officer, at=NOON)

    assert ended_in(Lot(NILKUH, 10), seen_by=cast.officer) == []


def test_a_demand_answered_twice_is_drawn_from_once(cast: Cast):
    disputed = dispute_answer(
        answer(cast, told(cast)), said=Said.NOT_SOLVED, by=cast.officer, at=NOON
    )
    again = answer_demand(disputed, reply=Reply("Paid now."), by=cast.liaison, at=NOON)
    confirm_solved(again, by=cast.officer, at=NOON)

    assert len(ended_in(Lot(NILKUH, 10), seen_by=cast.officer)) == 1


@pytest.mark.parametrize(
    ("closed_from", "closed_until", "fits"),
    [
        ("2026-06-16", "2026-06-16", True),
        ("2026-06-15", "2026-06-15", False),
        ("2026-06-17", None, False),
        (None, "2026-06-16", True),
        (None, None, True),
        ("2026-06-17", "2026-06-16", False),
    ],
)
def test_days_are_those_of_the_place_and_both_count(cast: Cast, closed_from, closed_until, fits):
    # 20:45 UTC on 15 June is a quarter past midnight on 16 June in Tehran.
    ended(cast, at=dt.datetime(2026, 6, 15, 20, 45, tzinfo=dt.UTC))

    def day(text: str | None) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    lot = Lot(NILKUH, 10, closed_from=day(closed_from), closed_until=day(closed_until))

    assert bool(ended_in(lot, seen_by=cast.officer)) == fits


def ended_next_door(cast: Cast) -> Demand:
    there = {"by": cast.neighbour, "at": NOON}
    demand = sort_demand(told(cast, path=GOLANDASHT), topic=topic(), urgency=Urgency.LOW, **there)
    routed = route_demand(demand, to=cast.neighbours_body, **there)
    answered = answer_demand(routed, reply=Reply("Paid.", channel="letter"), **there)
    return confirm_solved(answered, **there)


def test_a_county_is_drawn_from_without_its_neighbour(cast: Cast):
    theirs, ours = ended_next_door(cast), ended(cast)

    assert ended_in(Lot(NILKUH, 10), seen_by=cast.province) == [ours.pk]
    assert ended_in(Lot("ir.sp.", 10), seen_by=cast.province) == [theirs.pk, ours.pk]
    # Without the second lock, the first still keeps what is not the reader's out of the lot.
    assert ended_in(Lot("ir.sp.", 10), seen_by=cast.officer) == [ours.pk]


def test_nobody_draws_for_a_place_above_their_own(cast: Cast):
    ended(cast)

    with pytest.raises(NotAllowed):
        draw(cast, by=cast.officer, path="ir.sp.")


@pytest.mark.parametrize(
    "who", ["grassroots", "neighbour", "liaison", "manager", "auditor", "admin", "worker"]
)
def test_only_officers_of_the_middle_and_of_the_place_draw_and_call(cast: Cast, who):
    ended(cast)
    by = getattr(cast, who)

    with pytest.raises(NotAllowed):
        draw(cast, by=by)
    with pytest.raises(NotAllowed):
        ask(cast, draw(cast), SOLVED, by=by)


def test_samples_are_seen_in_their_place_and_above_and_by_no_body(cast: Cast):
    ended(cast)
    sample = draw(cast)
    seeing = {
        name
        for name, one in vars(cast).items()
        if hasattr(one, "scope") and sample_seen_by(one, number=sample.pk)
    }

    assert seeing == {"officer", "second", "province", "auditor"}
    assert list(samples(seen_by=cast.liaison)) == []
    assert list(samples(seen_by=cast.officer)) == [sample]


# -- who calls


def test_who_handled_the_demand_does_not_call(cast: Cast):
    ended(cast)  # sorted and routed by the officer
    sample = draw(cast)

    with pytest.raises(OwnCase):
        ask(cast, sample, SOLVED, by=cast.officer)

    assert only_call(sample).outcome == Outcome.WAITING


@pytest.mark.parametrize("deed", ["identity.read", "receipt.replaced"])
def test_who_was_shown_the_name_or_gave_a_new_code_calls_nobody(cast: Cast, deed):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    record(Deed(deed, frozenset()), demand, by=cast.second, at=NOON)

    with pytest.raises(OwnCase):
        ask(cast, draw(cast), SOLVED, by=cast.second)


def test_who_put_down_the_workers_word_had_a_hand_too(cast: Cast):
    ended(cast)  # confirmed by telephone, put down by the second officer

    with pytest.raises(OwnCase):
        ask(cast, draw(cast), SOLVED, by=cast.second)


@pytest.mark.parametrize(
    "deed",
    [
        *("heard", "released", "marked", "sorted", "set_aside", "routed", "recalled", "asked"),
        *("clarified", "answered", "extended", "excused", "confirmed", "left", "disputed"),
        *("contested", "withdrawn", "verified", "merged", "unmerged", "checked_in"),
    ],
)
def test_each_of_these_is_a_hand_in_the_demand(cast: Cast, deed):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    record(Deed(f"demand.{deed}", frozenset()), demand, by=cast.second, at=NOON)

    with pytest.raises(OwnCase):
        ask(cast, draw(cast), SOLVED, by=cast.second)


@pytest.mark.parametrize(
    "deed",
    ["demand.read", "demand.file_read", "demand.imported", "identity.asked"],
)
def test_reading_it_and_taking_over_its_list_are_none(cast: Cast, deed):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    record(Deed(deed, frozenset()), demand, by=cast.second, at=NOON)

    assert ask(cast, draw(cast), SOLVED, by=cast.second).said == "solved"


def test_the_page_can_say_who_may_call(cast: Cast):
    ended(cast, contact="0900")
    sample = draw(cast)

    (own,) = calls_to_make(
        calls(sample, seen_by=cast.officer), sample, seen_by=cast.officer, at=NOON
    )
    (theirs,) = calls_to_make(
        calls(sample, seen_by=cast.province), sample, seen_by=cast.province, at=NOON
    )

    # The officer sorted and routed it, the second put down a word; the province did nothing.
    assert (own.may_call, own.is_own, own.others) == (False, True, ["Province"])
    assert (theirs.may_call, theirs.is_own, theirs.has_contact) == (True, False, True)


@pytest.mark.parametrize("ending", ["post", "account"])
def test_who_left_is_not_named_as_a_caller(cast: Cast, ending):
    ended(cast)
    if ending == "post":
        Post.objects.filter(user_id=cast.province.user_id).update(until_on=NOON.date() - DAY)
    else:
        User.objects.filter(pk=cast.province.user_id).update(is_active=False)
    sample = draw(cast)

    (call,) = calls_to_make(
        calls(sample, seen_by=cast.officer), sample, seen_by=cast.officer, at=NOON
    )

    assert call.others == []


def test_an_auditor_reads_and_calls_nobody(cast: Cast):
    ended(cast)
    sample = draw(cast)

    (call,) = calls_to_make(
        calls(sample, seen_by=cast.auditor), sample, seen_by=cast.auditor, at=NOON
    )

    assert not call.may_call


def test_who_may_call_is_found_in_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries):
    for _one in range(6):
        ended(cast)
    sample = draw(cast)

    with django_assert_num_queries(3):  # the calls, who had a hand, who is in office
        calls_to_make(calls(sample, seen_by=cast.officer), sample, seen_by=cast.officer, at=NOON)


# -- the call


def test_a_workers_not_solved_reaches_the_body_again(cast: Cast):
    demand = ended(cast)

    ask(cast, draw(cast), NOT_SOLVED)

    demand.refresh_from_db()
    assert (demand.state, demand.body_id, demand.close_kind) == (
        "routed",
        cast.labour_office.pk,
        "",
    )
    assert demand.reopened_count == 1
    word = WorkerWord.objects.filter(demand=demand).last()
    assert (word.said, word.goes_on, word.channel, word.text) == (
        "not_solved",
        True,
        "sample",
        "Nothing came.",
    )
    assert word.put_down_by == "Province"


def test_a_silent_workers_solved_closes_the_demand_by_their_word(cast: Cast):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)

    note_call(only_call(draw(cast)), called=SOLVED, by=cast.province, at=NOON + 91 * DAY)

    demand.refresh_from_db()
    assert (demand.state, demand.close_kind) == ("closed", "resolved")


def test_a_worker_may_leave_it_at_a_part(cast: Cast):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    called = Called(Outcome.REACHED, Said.PARTLY, goes_on=False)

    note_call(only_call(draw(cast)), called=called, by=cast.province, at=NOON + 91 * DAY)

    demand.refresh_from_db()
    assert (demand.state, demand.close_kind) == ("closed", "partly")


def test_nothing_solved_is_not_left_at_that_unless_it_was_refused(cast: Cast):
    demand = fall_silent(answer(cast, told(cast)), by=SYSTEM, at=NOON + 90 * DAY)
    sample = draw(cast)
    called = Called(Outcome.REACHED, Said.NOT_SOLVED, goes_on=False)

    with pytest.raises(NotAnEnd):
        note_call(only_call(sample), called=called, by=cast.province, at=NOON + 91 * DAY)

    demand.refresh_from_db()
    assert (demand.state, only_call(sample).outcome) == ("silent", "waiting")


def test_a_refusal_can_be_left_at_that(cast: Cast):
    reply = Reply("There is no money.", claim=Claim.REFUSED)
    refused = answer_demand(route(cast, told(cast)), reply=reply, by=cast.liaison, at=NOON)
    fall_silent(refused, by=SYSTEM, at=NOON + 90 * DAY)
    called = Called(Outcome.REACHED, Said.NOT_SOLVED, goes_on=False)

    note_call(only_call(draw(cast)), called=called, by=cast.province, at=NOON + 91 * DAY)

    refused.refresh_from_db()
    assert (refused.state, refused.close_kind) == ("closed", "refused")


def test_words_for_which_the_demand_has_no_place_stand_in_the_journal(cast: Cast):
    demand = ended(cast)
    called = Called(Outcome.REACHED, Said.SOLVED, text="All is well.")

    ask(cast, draw(cast), called)

    assert WorkerWord.objects.filter(demand=demand).count() == 1  # of before the call
    entry = story_of(demand).get(deed="sample.called")
    assert (entry.why, entry.detail["outcome"], entry.detail["said"]) == (
        "All is well.",
        "reached",
        "solved",
    )


@pytest.mark.parametrize(
    "called",
    [
        Called(Outcome.REACHED),
        Called(Outcome.WAITING),
        Called(Outcome.NOT_REACHED, Said.SOLVED),
        Called(Outcome.DECLINED, Said.NOT_SOLVED),
        Called(Outcome.NO_CONTACT, Said.PARTLY),
    ],
)
def test_only_who_was_reached_has_said_something(cast: Cast, called):
    ended(cast)
    sample = draw(cast)

    with pytest.raises(WordMissing):
        ask(cast, sample, called)


@pytest.mark.parametrize("first", [Outcome.REACHED, Outcome.DECLINED, Outcome.NO_CONTACT])
def test_a_call_is_not_made_twice(cast: Cast, first):
    ended(cast)
    sample = draw(cast)
    ask(cast, sample, Called(first, Said.SOLVED if first is Outcome.REACHED else None))

    with pytest.raises(CallDone):
        ask(cast, sample, NOT_SOLVED)


def test_who_was_not_reached_is_tried_again_and_each_try_is_kept(cast: Cast):
    demand = ended(cast)
    sample = draw(cast)

    ask(cast, sample, Called(Outcome.NOT_REACHED))
    ask(cast, sample, SOLVED)

    assert only_call(sample).outcome == "reached"
    assert Entry.objects.filter(deed="sample.called", subject_id=demand.pk).count() == 2


def test_a_call_after_the_worker_reopened_it_takes_no_second_word(cast: Cast):
    demand = ended(cast)
    sample = draw(cast)
    dispute_answer(demand, said=Said.PARTLY, by=cast.second, at=NOON)

    ask(cast, sample, NOT_SOLVED)

    demand.refresh_from_db()
    assert (demand.reopened_count, demand.state) == (1, "routed")


# -- the result


def test_nobody_counts_as_satisfied_who_did_not_say_so(cast: Cast):
    for _one in range(5):
        ended(cast)
    sample = draw(cast)
    outcomes = [
        SOLVED,
        Called(Outcome.NOT_REACHED),
        Called(Outcome.DECLINED),
        Called(Outcome.NO_CONTACT),
    ]
    for call, called in zip(sample.calls.all(), outcomes, strict=False):
        note_call(call, called=called, by=cast.province, at=NOON)

    found = result(sample)

    assert (found.population, found.drawn, found.waiting) == (5, 5, 1)
    assert (found.reached, found.solved, found.partly, found.not_solved) == (1, 1, 0, 0)
    assert (found.not_reached, found.declined, found.no_contact) == (1, 1, 1)
    # One of five is known to be satisfied, so no less than 20 in a hundred.
    assert found.low_percent >= 20
    assert found.high_percent == 100


def test_a_sample_of_all_is_no_guess(cast: Cast):
    for _one in range(4):
        ended(cast)
    sample = draw(cast)
    for called, call in zip([SOLVED, SOLVED, SOLVED, NOT_SOLVED], sample.calls.all(), strict=True):
        note_call(call, called=called, by=cast.province, at=NOON)

    found = result(sample)

    assert (found.low_percent, found.high_percent) == (75, 75)  # 3 of 4, all were asked


def test_a_share_of_a_small_whole_is_surer_than_of_an_endless_one(cast: Cast):
    for _one in range(20):
        ended(cast)
    sample = draw(cast, wanted=10)
    for number, call in enumerate(sample.calls.all()):
        called = SOLVED if number < 8 else NOT_SOLVED
        note_call(call, called=called, by=cast.province, at=NOON)

    found, endless = result(sample), wilson(8, 10)

    assert endless.low * 100 < found.low_percent <= 80 <= found.high_percent < endless.high * 100


def test_before_anybody_is_reached_nothing_is_known(cast: Cast):
    ended(cast)

    found = result(draw(cast))

    assert (found.low_percent, found.high_percent) == (None, None)


def test_many_samples_are_counted_in_one_query(cast: Cast, django_assert_num_queries):
    ended(cast)
    drawn_twice = [draw(cast), draw(cast)]

    with django_assert_num_queries(1):
        found = results_of(drawn_twice)

    assert [found[one.pk].drawn for one in drawn_twice] == [1, 1]
