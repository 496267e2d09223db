"""The machine of states, walked at random by the whole cast."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redress.demands import states
from redress.demands.models import Demand
from redress.demands.pursue import accept_demand, return_demand
from redress.demands.resolve import (
    answer_demand,
    confirm_solved,
    dispute_answer,
    withdraw_demand,
)
from redress.demands.route import route_demand
from redress.demands.sort import set_demand_aside, sort_demand
from redress.demands.states import (
    TRANSITIONS,
    Said,
    State,
    Urgency,
    WrongState,
    is_possible,
    state_after,
)
from redress.registers.accounts.roles import NotAllowed
from redress.registers.journal.reads import story_of
from tests.conftest import NOON, Cast, hear, topic

DEEDS = {
    "sort": lambda d, c, by: sort_demand(d, topic=topic(), urgency=Urgency.LOW, by=by, at=NOON),
    "aside": lambda d, c, by: set_demand_aside(d, why="x", by=by, at=NOON),
    "route": lambda d, c, by: route_demand(d, to=c.labour_office, by=by, at=NOON),
    "accept": lambda d, c, by: accept_demand(d, by=by, at=NOON),
    "return": lambda d, c, by: return_demand(d, why="x", by=by, at=NOON),
    "answer": lambda d, c, by: answer_demand(d, text="x", by=by, at=NOON),
    "confirm": lambda d, c, by: confirm_solved(d, by=by, at=NOON),
    "dispute": lambda d, c, by: dispute_answer(d, said=Said.PARTLY, text="", by=by, at=NOON),
    "withdraw": lambda d, c, by: withdraw_demand(d, by=by, at=NOON),
}
WHO = [
    "officer",
    "neighbour",
    "grassroots",
    "liaison",
    "other_liaison",
    "auditor",
    "worker",
    "stranger",
]


def test_every_transition_leads_somewhere_from_somewhere_else_or_says_so():
    for transition in TRANSITIONS:
        assert transition.before
        assert transition.before <= set(State)


def test_every_state_can_be_reached_from_the_first():
    reached = {State.HEARD}
    for _ in State:
        reached |= {t.after for t in TRANSITIONS if t.before & reached}

    assert reached == set(State)


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: t.deed.name)
@pytest.mark.parametrize("state", State)
def test_a_deed_is_possible_in_its_states_and_in_no_other(transition, state):
    possible = state in transition.before

    assert is_possible(transition.deed, state) is possible
    if not possible:
        with pytest.raises(WrongState):
            state_after(transition.deed, state)


@settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from(WHO)), max_size=20))
def test_whatever_anybody_tries_the_demand_stays_lawful(cast: Cast, whole, tries):
    Demand.objects.filter(receipt_fingerprint__isnull=False).update(receipt_fingerprint=None)
    demand, done = hear(cast), 1
    for deed, who in tries:
        before = Demand.objects.get(pk=demand.pk)
        try:
            DEEDS[deed](before, cast, getattr(cast, who))
            done += 1
        except (WrongState, NotAllowed):
            after = Demand.objects.get(pk=demand.pk)
            assert after.state == before.state
    last = Demand.objects.get(pk=demand.pk)

    assert story_of(last).count() == done
    assert (last.closed_at is not None) == (last.state in states.ENDED)
    assert (last.due_on is None) == (last.state in states.ENDED | states.WITH_THE_WORKER)
    assert last.text == "Pay us the three months you owe us."
