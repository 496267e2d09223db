"""Routing: to whom a demand goes, and what a body does with it short of an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.backlog import demand_seen_by, tally
from redress.demands.clarify import ask_worker
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.models import Demand, Promise
from redress.demands.pursue import (
    DayNotAhead,
    NoExtension,
    accept_demand,
    accept_excuse,
    extend_limit,
    promise_day,
    return_demand,
)
from redress.demands.route import WrongArea, recall_demand, route_demand
from redress.demands.sort import ReasonMissing, set_demand_aside, sort_demand
from redress.demands.states import State, Urgency, WrongState
from redress.registers.accounts.roles import Actor, Role
from redress.registers.limits.install import give_body_a_limit, install_limits
from redress.registers.offices.models import Body
from redress.values.days import Unit, local_day
from tests.conftest import (
    DAY,
    NILKUH,
    NOON,
    Cast,
    hear,
    later,
    make_account,
    make_office,
    route,
    sort,
    topic,
)

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def back(cast: Cast, demand: Demand, *, by=None, at=NOON) -> Demand:
    return return_demand(demand, why="Not ours.", by=by or cast.liaison, at=at)


def test_a_demand_goes_only_to_a_body_that_serves_its_place(cast: Cast):
    with pytest.raises(WrongArea):
        route_demand(sort(cast, hear(cast)), to=cast.neighbours_body, by=cast.officer, at=NOON)


def test_a_demand_without_topic_is_not_sent(cast: Cast):
    with pytest.raises(WrongState):
        route_demand(hear(cast), to=cast.labour_office, by=cast.officer, at=NOON)


def test_of_two_who_accept_at_once_the_second_is_told(cast: Cast):
    demand = route(cast, hear(cast))
    stale = Demand.objects.get(pk=demand.pk)
    accept_demand(demand, by=cast.liaison, at=NOON)

    with pytest.raises(WrongState):
        accept_demand(stale, by=cast.manager, at=NOON)


def test_accepting_puts_the_day_not_off_where_the_law_gives_no_time_for_it(cast: Cast):
    sent = route(cast, hear(cast))

    taken = accept_demand(sent, by=cast.liaison, at=later(9))

    assert taken.due_on == sent.due_on


def test_a_limit_that_a_body_got_meanwhile_does_not_put_its_day_off_by_accepting(cast: Cast):
    board = Body.objects.create(kind_id="bank", path=NILKUH, name_en="B", name_fa="B", name_zh="B")
    banker = make_account("banker", Role.BODY_LIAISON, body=board)
    sent = route_demand(sort(cast, hear(cast)), to=board, by=cast.officer, at=NOON)
    give_body_a_limit(board, count=300, unit=Unit.DAY)

    taken = accept_demand(sent, by=banker, at=later(9))

    assert taken.due_on == sent.due_on


def test_a_chinese_inspection_has_five_days_to_accept_and_sixty_from_then(cast: Cast):
    make_office("cn.", "nation", "China")
    make_office("cn.gd.", "county", "Guangdong")
    office = Body.objects.create(
        kind_id="labour_inspection", path="cn.gd.", name_en="I", name_fa="I", name_zh="I"
    )
    inspector = make_account("inspector", Role.BODY_LIAISON, body=office)
    officer = make_account("chinese", Role.COUNTY_OFFICER, path="cn.gd.")
    words = HeardWords(text="x", path="cn.gd.", receipt_fingerprint="c" * 64)
    heard = hear_demand(words, by=officer, at=NOON)
    sorted_one = sort_demand(heard, topic=topic(), urgency=Urgency.LOW, by=officer, at=NOON)

    sent = route_demand(sorted_one, to=office, by=officer, at=NOON)
    taken = accept_demand(sent, by=inspector, at=later(3))

    # Of 15 June 2026, Monday: Tuesday to Thursday, Friday is the Dragon Boat day off, Monday, Tuesday.
    assert (sent.deadline.code, sent.due_on) == ("cn.insp.accept", dt.date(2026, 6, 23))
    assert (taken.deadline.code, taken.deadline.since_on) == ("cn.insp.finish", later(3).date())
    assert [hold.since_on for hold in taken.holds.filter(holder="body")] == [DAY, later(3).date()]


def test_a_returned_demand_waits_for_the_union_and_the_return_is_counted(cast: Cast):
    demand = back(cast, route(cast, hear(cast)))

    assert (demand.state, demand.returned_count) == (State.RETURNED, 1)
    assert demand.referrals.get().return_reason == "Not ours."
    again = route_demand(demand, to=cast.social_security, by=cast.officer, at=NOON)
    assert again.body == cast.social_security
    assert demand_seen_by(cast.liaison, number=demand.pk) is None


def test_a_return_names_the_better_body_if_the_body_knows_it(cast: Cast):
    demand = return_demand(
        route(cast, hear(cast)), why="x", better=cast.social_security, by=cast.liaison, at=NOON
    )

    assert demand.referrals.get().better_body == cast.social_security


def test_giving_back_and_taking_back_need_a_reason(cast: Cast):
    demand = route(cast, hear(cast))

    with pytest.raises(ReasonMissing):
        return_demand(demand, why=" ", by=cast.liaison, at=NOON)
    with pytest.raises(ReasonMissing):
        recall_demand(demand, why=" ", by=cast.officer, at=NOON)


def test_after_a_return_the_unions_day_is_counted_from_the_return(cast: Cast):
    demand = back(cast, route(cast, hear(cast)), at=later(5))

    again = sort_demand(
        demand, topic=topic(), urgency=Urgency.NORMAL, by=cast.officer, at=later(14)
    )

    assert again.due_on == later(5).date() + 10 * ONE_DAY


def test_a_body_is_not_late_with_what_it_returned(cast: Cast):
    back(cast, route(cast, hear(cast)))

    late = DAY + 99 * ONE_DAY
    assert tally(seen_by=cast.liaison, today=late).overdue_here == 0
    assert tally(seen_by=cast.officer, today=late).overdue == 1


def test_a_body_asks_the_worker_nothing_about_what_it_gave_back(cast: Cast):
    demand = back(cast, route(cast, hear(cast)))

    with pytest.raises(WrongState):
        ask_worker(demand, text="Where do you work?", by=cast.liaison, at=NOON)
    assert ask_worker(demand, text="Where?", by=cast.officer, at=NOON).state == State.TO_CLARIFY


def test_what_was_recalled_is_seen_by_its_body_no_more(cast: Cast):
    demand = recall_demand(route(cast, hear(cast)), why="Wrong one.", by=cast.officer, at=later(1))

    assert (demand.state, demand.body) == (State.SORTED, None)
    assert demand.due_on == later(1).date() + 3 * ONE_DAY
    assert demand_seen_by(cast.liaison, number=demand.pk) is None


def test_a_promise_puts_no_day_off(cast: Cast):
    demand = route(cast, hear(cast))

    promise = promise_day(
        demand, text="On payday.", by_on=DAY + 90 * ONE_DAY, by=cast.manager, at=NOON
    )

    assert Demand.objects.get(pk=demand.pk).due_on == demand.due_on
    assert (promise.body, promise.person_name) == (cast.labour_office, "Manager")


@pytest.mark.parametrize("days", [-1, 3661])
def test_a_promised_day_lies_ahead_and_not_beyond_every_limit(cast: Cast, days):
    demand = route(cast, hear(cast))

    with pytest.raises(DayNotAhead):
        promise_day(demand, text="x", by_on=DAY + days * ONE_DAY, by=cast.liaison, at=NOON)
    assert Promise.objects.count() == 0


def test_a_limit_without_extension_is_not_extended(cast: Cast):
    with pytest.raises(NoExtension):
        extend_limit(route(cast, hear(cast)), why="x", by=cast.officer, at=NOON)


def test_that_a_body_was_late_with_reason_stands_at_its_referral(cast: Cast):
    demand = accept_excuse(route(cast, hear(cast)), why="Flood.", by=cast.officer, at=later(40))

    referral = demand.referrals.get()
    assert (referral.excuse, referral.excused_at) == ("Flood.", later(40))


def test_what_was_with_no_body_has_nothing_to_excuse(cast: Cast):
    aside = set_demand_aside(hear(cast), why="x", by=cast.officer, at=NOON)

    with pytest.raises(WrongState):
        accept_excuse(aside, why="Flood.", by=cast.officer, at=NOON)


@pytest.mark.parametrize("country", ["de", "zz"])
def test_in_a_country_without_limits_of_its_own_those_of_the_house_run(cast: Cast, country):
    make_office(f"{country}.", "nation", country)
    make_office(f"{country}.a.", "county", country)
    install_limits()
    body = Body.objects.create(
        kind_id="labour_office", path=f"{country}.a.", name_en="x", name_fa="x", name_zh="x"
    )

    demand = hear(cast, path=f"{country}.a.")
    assert demand.due_on == local_day(NOON, country=country) + 10 * ONE_DAY
    sorted_one = sort_demand(
        demand, topic=topic(), urgency=Urgency.HIGH, by=province_of(country), at=NOON
    )
    sent = route_demand(sorted_one, to=body, by=province_of(country), at=NOON)
    assert sent.deadline.code == "body.answer"


def province_of(country: str) -> Actor:
    return Actor("Officer", Role.PROVINCIAL_OFFICER, 1, path=f"{country}.")
