"""A worker who was punished for complaining: a case of its own, followed, and hidden from the body."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.hear import HeardWords, NothingSaid
from redress.demands.kinds import Wellbeing
from redress.demands.models import CheckIn, Demand
from redress.demands.retaliate import CheckInDone, check_in, report_retaliation
from redress.demands.sort import sort_demand
from redress.demands.states import Urgency
from redress.demands.story import story
from redress.registers.accounts.roles import NotAllowed, worker_with
from redress.registers.journal.reads import story_of
from redress.registers.offices.models import Body
from redress.registers.offices.scope import within
from tests.conftest import DAY, NILKUH, NOON, RECEIPT, Cast, hear, later, route, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)
NEW = worker_with("d" * 64)


def report(cast: Cast, demand: Demand, *, by=None, text="They moved me to nights.", at=NOON):
    words = HeardWords(text=text, path="ir.", receipt_fingerprint=NEW.receipt)
    who = by or cast.worker
    with within(who.scope):
        return report_retaliation(demand, words=words, reported_by=NEW, by=who, at=at)


def test_it_is_a_case_of_its_own_in_the_same_place_with_a_clock_of_two_days(cast: Cast):
    demand = hear(cast)

    case = report(cast, demand, at=later(3))

    assert (case.linked_to_id, case.path, case.topic_id) == (demand.pk, NILKUH, "voice.retaliation")
    assert case.urgency == Urgency.CRITICAL
    assert case.due_on == later(5).date()
    assert Demand.objects.get(pk=demand.pk).state == "heard"


def test_sorting_it_as_less_urgent_gives_it_no_longer_clock(cast: Cast):
    case = report(cast, hear(cast))

    sorted_one = sort_demand(case, topic=topic(), urgency=Urgency.LOW, by=cast.officer, at=later(1))

    assert sorted_one.due_on == DAY + 2 * ONE_DAY


def test_its_own_receipt_opens_it_and_the_first_one_does_not(cast: Cast):
    case = report(cast, hear(cast))

    with within(NEW.scope):
        assert Demand.objects.get() == case
    with within(cast.worker.scope):
        assert Demand.objects.get().receipt_fingerprint == RECEIPT


def test_an_officer_reports_what_a_worker_tells(cast: Cast):
    case = report(cast, hear(cast), by=cast.officer)

    assert case.check_ins.count() == 3
    assert story_of(case).get().deed == "demand.heard"


@pytest.mark.parametrize("who", ["liaison", "neighbour", "auditor", "stranger"])
def test_nobody_else_reports_it_and_then_no_case_is_left_behind(cast: Cast, who):
    demand = route(cast, hear(cast))

    with pytest.raises(NotAllowed):
        report(cast, demand, by=getattr(cast, who))
    assert Demand.objects.count() == 1


def test_without_words_there_is_no_case(cast: Cast):
    with pytest.raises(NothingSaid):
        report(cast, hear(cast), text=" ")
    assert CheckIn.objects.count() == 0


def test_the_worker_is_asked_after_two_six_and_twelve_weeks(cast: Cast):
    case = report(cast, hear(cast))

    assert [one.due_on for one in case.check_ins.all()] == [
        DAY + weeks * 7 * ONE_DAY for weeks in (2, 6, 12)
    ]


def test_how_the_worker_is_is_put_down_once(cast: Cast):
    case = report(cast, hear(cast))
    first = case.check_ins.first()

    done = check_in(
        case, which=first.pk, how=Wellbeing.WORSE, text="Nights.", by=cast.officer, at=later(14)
    )

    assert (done.how, done.done_by, done.done_at) == (Wellbeing.WORSE, "Officer", later(14))
    with pytest.raises(CheckInDone):
        check_in(case, which=first.pk, how=Wellbeing.SAFE, by=cast.second, at=later(15))


def test_a_check_in_of_another_case_is_not_done_here(cast: Cast):
    demand = hear(cast)
    case = report(cast, demand)

    with pytest.raises(CheckInDone):
        check_in(
            demand, which=case.check_ins.first().pk, how=Wellbeing.SAFE, by=cast.officer, at=NOON
        )


def test_the_body_that_has_the_first_demand_does_not_learn_that_the_worker_told_of_it(cast: Cast):
    Body.objects.filter(pk=cast.labour_office.pk).update(kind="employer")
    demand = route(cast, hear(cast))
    case = report(cast, demand)
    check_in(
        case, which=case.check_ins.first().pk, how=Wellbeing.SAFE, by=cast.officer, at=later(14)
    )

    with within(cast.liaison.scope):
        told = story(demand, seen_by=cast.liaison)
        seen = list(Demand.objects.values_list("pk", flat=True))
        assert CheckIn.objects.count() == 0
        assert list(demand.retaliations.all()) == []

    assert not [one.deed for one in told.entries if "retaliation" in one.deed]
    assert case.pk not in [one.detail.get("case") for one in told.entries]
    assert (seen, told.check_ins) == ([demand.pk], [])
    with within(cast.officer.scope):
        officers = story(demand, seen_by=cast.officer)
    assert "demand.retaliation_reported" in [one.deed for one in officers.entries]


def test_a_body_that_has_the_case_itself_is_not_told_how_the_worker_is(cast: Cast):
    case = route(cast, report(cast, hear(cast)))
    which = case.check_ins.first().pk
    check_in(case, which=which, how=Wellbeing.WORSE, text="Nights.", by=cast.officer, at=later(14))

    told = story(case, seen_by=cast.liaison)  # the whole scope is set: the first lock holds alone

    assert told.check_ins == []
    assert "demand.checked_in" not in [one.deed for one in told.entries]
