"""The two counts of a collective demand, and the level that follows from them."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.collect import (
    change_workforce,
    members,
)
from redress.demands.count_many import Counts, counts_of, counts_with
from redress.demands.ladder import levels
from redress.demands.models import Demand
from redress.demands.resolve import confirm_solved, dispute_answer, fall_silent, withdraw_demand
from redress.demands.sort import merge_demand, set_demand_aside
from redress.demands.states import Said
from redress.registers.accounts.roles import SYSTEM, worker_with
from redress.registers.journal.reads import story_of
from tests.conftest import (
    NOON,
    Cast,
    answer,
    hear,
)
from tests.flows.groups import ENGLISH, count, together, told

pytestmark = pytest.mark.usefixtures("whole")


def test_who_left_the_same_contact_counts_once_with_the_largest_number(cast: Cast):
    collective = together(
        cast,
        told(cast, contact="0912 000 0001", workers=3),
        told(cast, contact="۰۹۱۲۰۰۰۰۰۰۱", workers=5),  # the same, in Persian digits
        told(cast, contact="0912 000 0002"),
        told(cast),
        told(cast),
    )

    found = count(cast, collective)

    # 5 of the first contact, 1 of the second, 1 and 1 without; one demand alone speaks for 5
    assert (found.demands, found.workers, found.workers_least) == (5, 8, 5)


def test_at_least_as_many_workers_as_contacts_that_differ(cast: Cast):
    demands = [told(cast, contact=f"091200000{n:02}") for n in range(4)]

    found = count(cast, together(cast, *demands, told(cast)))

    assert (found.workers, found.workers_least) == (5, 4)


def test_a_demand_merged_later_counts_with_the_other(cast: Cast):
    one, other = told(cast, contact="0900"), told(cast, contact="0900")
    collective = together(cast, one, other)
    merge_demand(other, into=one, by=cast.officer, at=NOON)

    found = count(cast, collective)

    assert (found.demands, found.workers, found.voices.members) == (1, 1, 2)
    assert found.voices.apart == 1


def test_a_demand_merged_into_one_outside_counts_still(cast: Cast):
    inside, outside = told(cast, contact="0900"), told(cast, contact="0900")
    collective = together(cast, inside)
    merge_demand(inside, into=outside, by=cast.officer, at=NOON)

    assert count(cast, collective).demands == 1


def test_who_takes_it_back_or_was_told_it_is_none_counts_no_more(cast: Cast):
    gone, aside = told(cast, workers=7), told(cast, workers=7)
    collective = together(cast, gone, aside, told(cast))
    withdraw_demand(gone, by=cast.officer, at=NOON)
    set_demand_aside(aside, why="Town hall.", by=cast.officer, at=NOON)

    found = count(cast, collective)

    assert (found.demands, found.workers, found.voices.apart) == (1, 1, 2)


def test_members_are_told_apart_by_their_workers_word(cast: Cast):
    def another() -> Demand:
        return answer(cast, told(cast))

    solved = confirm_solved(another(), by=cast.officer, at=NOON)
    disputed = dispute_answer(another(), said=Said.NOT_SOLVED, by=cast.officer, at=NOON)
    silent = fall_silent(another(), by=SYSTEM, at=NOON + dt.timedelta(days=90))
    waiting, unanswered = another(), told(cast)

    voices = count(cast, together(cast, solved, disputed, silent, waiting, unanswered)).voices

    assert (voices.solved, voices.disputed, voices.silent, voices.waiting) == (1, 1, 1, 1)
    assert (voices.without_answer, voices.by_sample, voices.apart) == (1, 0, 0)


def test_one_who_disagrees_goes_on_alone(cast: Cast):
    content = answer(cast, hear(cast))
    discontent = answer(cast, hear(cast, ENGLISH, receipt="1" * 64))
    collective = together(cast, content, discontent)

    confirm_solved(content, by=cast.worker, at=NOON)
    dispute_answer(discontent, said=Said.NOT_SOLVED, by=worker_with("1" * 64), at=NOON)

    states = {one.pk: one.state for one in members(collective, seen_by=cast.officer)}
    assert states == {content.pk: "closed", discontent.pk: "routed"}


def test_an_empty_collective_demand_counts_nothing(cast: Cast):
    assert count(cast, together(cast)) == Counts()


@pytest.mark.parametrize(
    ("workers", "level", "missing"),
    [
        (9, None, 1),  # 9 of 100; the first level is from 10 %
        (10, "workplace", 20),  # 30 % is 30 of 100
        (29, "workplace", 1),
        (30, "county", 20),
        (49, "county", 1),
        (50, "province", 0),
        (100, "province", 0),
    ],
)
def test_a_share_of_the_workforce_raises_the_level(cast: Cast, workers, level, missing):
    demand = told(cast, workers=workers)
    found = count(cast, together(cast, demand, workforce=100, workforce_source="Payroll."))

    assert found.share_percent == workers
    assert (found.level.code if found.level else None, found.missing) == (level, missing)


def test_a_level_is_reached_from_its_whole_share_on(cast: Cast):
    # 10 % of 7 is 0.7, so one worker reaches it; 30 % is 2.1, so the next level needs three.
    found = count(cast, together(cast, told(cast), workforce=7, workforce_source="Counted."))

    assert (found.share_percent, found.level.code, found.missing) == (14, "workplace", 2)


def test_without_a_workforce_there_is_no_level(cast: Cast):
    found = count(cast, together(cast, told(cast, workers=5000)))

    assert (found.share_percent, found.level, found.next_level) == (None, None, None)


def test_the_level_follows_from_the_workforce_as_it_is_now(cast: Cast):
    collective = together(cast, told(cast, workers=10), workforce=100, workforce_source="A guess.")

    change_workforce(collective, workforce=20, source="Payroll.", by=cast.officer, at=NOON)

    assert count(cast, collective).level == levels()[2]  # 50 %
    entry = story_of(collective).get(deed="collective.changed")
    assert (entry.detail, entry.why) == ({"workforce": 20, "before": 100}, "Payroll.")


def test_more_workers_than_work_there_are_told(cast: Cast):
    collective = together(cast, told(cast, workers=200), workforce=100, workforce_source="Payroll.")

    assert count(cast, collective).is_beyond_workforce


def test_it_is_known_beforehand_what_adding_would_make_of_it(cast: Cast):
    inside, more = told(cast, workers=10), told(cast, workers=25)
    collective = together(cast, inside, workforce=100, workforce_source="Payroll.")

    would = counts_with(collective, more=[inside.pk, more.pk], seen_by=cast.officer)

    assert (would.demands, would.workers, would.level.code) == (2, 35, "county")
    assert count(cast, collective).demands == 1


def test_many_are_counted_in_one_query(cast: Cast, django_assert_num_queries):
    made = [together(cast, told(cast), told(cast)) for _one in range(5)]

    with django_assert_num_queries(1):
        found = counts_of(made, seen_by=cast.officer)

    assert [found[one.pk].demands for one in made] == [2, 2, 2, 2, 2]


def test_it_is_told_which_level_is_reached_for_sure(cast: Cast):
    # 40 counted of 100, but the two may speak of the same people: at least 25.
    demands = told(cast, workers=25), told(cast, workers=15)

    found = count(cast, together(cast, *demands, workforce=100, workforce_source="Payroll."))

    assert (found.workers, found.workers_least) == (40, 25)
    assert (found.level.code, found.sure_level.code) == ("county", "workplace")
