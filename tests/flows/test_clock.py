"""The worker's clock: never reset, never back, and its days add up over everybody who had it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.demands.clarify import ask_worker, clarify_demand
from redress.demands.clock import clock_days, lies_since, shares, today_at
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, extend_limit, return_demand
from redress.demands.resolve import Reply, answer_demand, confirm_solved, dispute_answer
from redress.demands.route import recall_demand, route_demand
from redress.demands.sort import sort_demand
from redress.demands.states import Channel, Holder, Said, State, Urgency
from redress.demands.story import clock_of
from redress.registers.accounts.roles import Role
from redress.registers.limits.change import NewLength, change_limit
from redress.registers.limits.models import Limit
from redress.registers.offices.models import Body
from redress.values.days import Unit, is_workday
from tests.conftest import DAY, NILKUH, NOON, Cast, hear, later, make_account, route, sort, topic

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def told(demand: Demand, *, day: int) -> tuple[int, list[tuple[str, int]]]:
    clock = clock_of(Demand.objects.get(pk=demand.pk), today=later(day).date())
    return clock.days, [(share.holder.value, share.days) for share in clock.shares]


def test_the_days_of_a_walk_add_up_over_all_who_had_it(cast: Cast):
    demand = hear(cast)
    route(cast, demand, at=later(2))
    return_demand(demand, why="x", by=cast.liaison, at=later(5))
    route_demand(demand, to=cast.social_security, by=cast.officer, at=later(6))
    answer_demand(demand, reply=Reply("x"), by=cast.other_liaison, at=later(10))
    dispute_answer(demand, said=Said.PARTLY, by=cast.worker, at=later(17))
    answer_demand(demand, reply=Reply("y"), by=cast.other_liaison, at=later(20))
    confirm_solved(demand, by=cast.worker, at=later(21))

    days, held = told(demand, day=50)

    # Union 2 + 1; labour office 3; social security 4 + 3; worker 7 + 1; nobody from day 21 on.
    assert held == [("union", 3), ("body", 3), ("body", 7), ("worker", 8), ("nobody", 29)]
    assert days == 3 + 3 + 7 + 8 == 21


def test_what_is_opened_again_has_waited_all_the_while(cast: Cast):
    demand = route(cast, hear(cast))
    answer_demand(demand, reply=Reply("x"), by=cast.liaison, at=later(1))
    confirm_solved(demand, by=cast.worker, at=later(2))
    assert told(demand, day=30)[0] == 2

    dispute_answer(demand, said=Said.NOT_SOLVED, by=cast.worker, at=later(30))

    days, held = told(demand, day=31)
    assert days == 31
    assert held == [("union", 0), ("body", 2), ("worker", 1), ("nobody", 28)]


def test_neither_sorting_nor_recalling_nor_extending_resets_the_clock(cast: Cast):
    demand = hear(cast)
    sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=cast.officer, at=later(1))
    route_demand(demand, to=cast.labour_office, by=cast.officer, at=later(3))
    recall_demand(demand, why="x", by=cast.officer, at=later(4))
    sort_demand(demand, topic=topic(), urgency=Urgency.HIGH, by=cast.second, at=later(6))

    assert told(demand, day=8) == (8, [("union", 7), ("body", 1)])


def test_a_letter_moves_days_from_the_body_to_the_worker_and_none_to_nobody(cast: Cast):
    demand = route(cast, hear(cast), at=later(1))
    letter = Reply("x", on=later(4).date(), channel="letter")

    answer_demand(demand, reply=letter, by=cast.officer, at=later(9))

    assert told(demand, day=9) == (9, [("union", 1), ("body", 3), ("worker", 5)])


def test_a_letter_of_before_the_extension_of_a_limit_counts_from_its_own_day(cast: Cast):
    limit = Limit.objects.get(code=f"body.{cast.labour_office.pk}")
    Limit.objects.filter(pk=limit.pk).update(extension=10)
    demand = route(cast, hear(cast), at=later(1))
    extend_limit(demand, why="x", by=cast.officer, at=later(8))

    letter = Reply("x", on=later(4).date(), channel="letter")
    answer_demand(demand, reply=letter, by=cast.officer, at=later(9))

    assert told(demand, day=9) == (9, [("union", 1), ("body", 3), ("worker", 5)])


def test_here_since_counts_one_stay_and_not_the_changes_of_its_limit(cast: Cast):
    demand = hear(cast)
    sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=cast.officer, at=later(3))

    clock = clock_of(Demand.objects.get(pk=demand.pk), today=later(5).date())

    assert (clock.here_days, clock.here_since.since_on) == (5, DAY)
    assert clock.running == (5, 30)  # day 5 of the 30 that a wish has


def test_a_machine_whose_clock_is_behind_takes_no_day_back(cast: Cast):
    demand = hear(cast, at=later(3))

    sort_demand(demand, topic=topic(), urgency=Urgency.LOW, by=cast.officer, at=later(1))

    assert [hold.since_on for hold in demand.holds.all()] == 2 * [later(3).date()]


def test_a_day_begins_where_the_demand_comes_from(cast: Cast):
    # 20:40 UTC is 00:10 of the next day in Tehran, half an hour east of three.
    evening = dt.datetime(2026, 6, 15, 20, 40, tzinfo=dt.UTC)
    demand = hear(cast, at=evening)

    assert today_at(demand, evening) == demand.heard_on == DAY + ONE_DAY
    assert demand.due_on == DAY + 11 * ONE_DAY


def hold(holder: str, day: int):
    return SimpleNamespace(holder=holder, body_id=None, body=None, since_on=DAY + day * ONE_DAY)


@given(
    st.lists(st.tuples(st.sampled_from(list(Holder)), st.integers(0, 40)), min_size=1, max_size=9),
    st.integers(0, 10),
)
def test_whoever_held_it_and_however_long_the_days_add_up(changes, rest):
    days = sorted(day for _, day in changes)
    holds = [hold(holder, day) for (holder, _), day in zip(changes, days, strict=True)]
    today = holds[-1].since_on + rest * ONE_DAY

    parts = shares(holds, until=today)

    assert sum(part.days for part in parts) == (today - holds[0].since_on).days
    assert all(part.days >= 0 for part in parts)
    ended = holds[-1].holder is Holder.NOBODY
    end = lies_since(holds).since_on if ended else today
    assert clock_days(holds, today=today) == (end - holds[0].since_on).days


def test_a_demand_without_a_hold_has_no_clock():
    assert clock_days([], today=DAY) == 0
    assert lies_since([]) is None


def asked_and_clarified(cast: Cast, demand: Demand, *, asked: int, clarified: int) -> Demand:
    ask_worker(demand, text="Which months?", by=cast.liaison, at=later(asked))
    return clarify_demand(demand, text="All three.", by=cast.worker, at=later(clarified))


def test_a_question_puts_the_days_on_the_workers_account_and_the_answer_ends_that(cast: Cast):
    demand = accept_demand(route(cast, hear(cast)), by=cast.liaison, at=later(1))

    again = asked_and_clarified(cast, demand, asked=3, clarified=8)

    assert again.state == State.ACCEPTED  # where the question left it
    assert told(demand, day=9) == (9, [("union", 0), ("body", 4), ("worker", 5)])
    question = again.questions.get()
    assert (question.body, question.answer) == (cast.labour_office, "All three.")
    assert (question.answered_at, question.channel) == (later(8), Channel.WEB)


def workdays(after: dt.date, until: dt.date) -> int:
    days = ((after + number * ONE_DAY) for number in range(1, (until - after).days + 1))
    return sum(is_workday(day, country="ir") for day in days)


@pytest.mark.parametrize("asked", [0, 1, 4, 10, 20])
@pytest.mark.parametrize("took", [0, 1, 2, 3, 9, 14, 40])
@pytest.mark.parametrize("start", [0, 256])  # 256 days on is 26 February, three weeks before Nowruz
def test_a_late_clarification_takes_no_working_day_from_the_body(cast: Cast, start, asked, took):
    sent = route(cast, hear(cast, at=later(start)), at=later(start))
    left = workdays(later(start + asked).date(), sent.due_on)

    again = asked_and_clarified(cast, sent, asked=start + asked, clarified=start + asked + took)

    today = later(start + asked + took).date()
    assert again.due_on >= today
    assert workdays(today, again.due_on) >= left
    assert again.deadline.since_on <= today


def test_a_limit_shortened_while_the_worker_was_asked_leaves_the_body_what_it_had(cast: Cast):
    sent = sort(cast, hear(cast))
    bank = Body.objects.create(kind_id="bank", path=NILKUH, name_en="B", name_fa="B", name_zh="B")
    banker = make_account("banker", Role.BODY_LIAISON, body=bank)
    route_demand(sent, to=bank, by=cast.officer, at=NOON)
    ask_worker(sent, text="x", by=banker, at=later(2))
    limit = Limit.objects.get(code="body.answer", country="ir")
    to = NewLength(3, Unit.WORKDAY, "x", valid_from=later(1).date())
    nation = make_account("nation", Role.ADMINISTRATOR, path="ir.")
    change_limit(limit, to=to, why="x", by=nation, at=later(3))

    again = clarify_demand(sent, text="x", by=cast.worker, at=later(5))

    assert again.due_on >= later(5).date()
    assert workdays(later(5).date(), again.due_on) >= 3


def test_asking_makes_nobody_punctual_who_was_late(cast: Cast):
    sent = route(cast, hear(cast))
    asked = (sent.due_on - DAY).days + 5

    again = asked_and_clarified(cast, sent, asked=asked, clarified=asked + 2)

    assert again.due_on < later(asked + 2).date()


def test_an_extended_limit_is_still_extended_after_a_question(cast: Cast):
    Limit.objects.filter(code=f"body.{cast.labour_office.pk}").update(extension=10)
    sent = extend_limit(route(cast, hear(cast)), why="x", by=cast.officer, at=later(1))

    again = asked_and_clarified(cast, sent, asked=2, clarified=3)

    assert again.deadline.extended
    assert again.due_on >= sent.due_on


def test_the_union_that_asked_before_sorting_has_it_again_as_it_was(cast: Cast):
    demand = ask_worker(hear(cast), text="Where?", by=cast.officer, at=later(4))

    again = clarify_demand(
        demand, text="In Nilkuh.", channel=Channel.PHONE, by=cast.officer, at=later(6)
    )

    assert (again.state, again.asked_from) == (State.HEARD, "")
    assert again.due_on == DAY + (10 + 2) * ONE_DAY
