"""Cases that came back twice: bodies answer them together, and one leads."""

from __future__ import annotations

import datetime as dt

import pytest

from redress.demands.backlog import Special, Wanted, demand_seen_by, tally, wanted_demands
from redress.demands.clarify import ask_worker
from redress.demands.models import Demand
from redress.demands.pursue import (
    JointCase,
    accept_demand,
    promise_day,
    return_demand,
)
from redress.demands.resolve import Reply, answer_demand, dispute_answer
from redress.demands.route import JointBodyMissing, WrongArea, recall_demand, route_demand
from redress.demands.states import Said
from redress.registers.accounts.roles import NotAllowed
from tests.conftest import (
    DAY,
    NOON,
    Cast,
    hear,
    later,
    route,
    sort,
)

pytestmark = pytest.mark.usefixtures("whole")
ONE_DAY = dt.timedelta(days=1)


def back(cast: Cast, demand: Demand, *, by=None, at=NOON) -> Demand:
    return return_demand(demand, why="Not ours.", by=by or cast.liaison, at=at)


def twice_returned(cast: Cast) -> Demand:
    once = back(cast, route(cast, hear(cast)))
    sent = route_demand(once, to=cast.social_security, by=cast.officer, at=NOON)
    return back(cast, sent, by=cast.other_liaison)


def joint(cast: Cast) -> Demand:
    """Give a case led by the labour office, which social security answers with it."""
    return route_demand(
        twice_returned(cast),
        to=cast.labour_office,
        joint=[cast.social_security],
        by=cast.officer,
        at=NOON,
    )


def test_after_the_second_return_a_case_goes_to_several_bodies_or_nowhere(cast: Cast):
    demand = twice_returned(cast)

    assert (demand.returned_count, demand.is_joint) == (2, True)
    for nobody in ([], [cast.labour_office]):
        with pytest.raises(JointBodyMissing):
            route_demand(demand, to=cast.labour_office, joint=nobody, by=cast.officer, at=NOON)


def test_one_return_makes_no_joint_case(cast: Cast):
    assert not back(cast, route(cast, hear(cast))).is_joint


def test_a_joint_body_serves_the_place_too(cast: Cast):
    with pytest.raises(WrongArea):
        route_demand(
            twice_returned(cast),
            to=cast.labour_office,
            joint=[cast.neighbours_body],
            by=cast.officer,
            at=NOON,
        )


def test_a_body_named_twice_sits_at_the_table_once(cast: Cast):
    demand = route_demand(
        sort(cast, hear(cast)),
        to=cast.labour_office,
        joint=[cast.social_security, cast.social_security, cast.labour_office],
        by=cast.officer,
        at=NOON,
    )

    assert [party.body for party in demand.parties.all()] == [cast.social_security]


def test_the_lead_of_a_joint_case_cannot_return_it(cast: Cast):
    demand = joint(cast)

    with pytest.raises(JointCase):
        back(cast, demand)
    assert Demand.objects.get(pk=demand.pk).returned_count == 2


def test_a_joint_body_reads_the_case_and_does_nothing_to_it(cast: Cast):
    demand = joint(cast)

    assert demand_seen_by(cast.other_liaison, number=demand.pk) == demand
    for deed, given in [
        (accept_demand, {}),
        (return_demand, {"why": "x"}),
        (answer_demand, {"reply": Reply("x")}),
        (ask_worker, {"text": "x"}),
        (promise_day, {"text": "x", "by_on": DAY}),
    ]:
        with pytest.raises(NotAllowed):
            deed(demand, by=cast.other_liaison, at=NOON, **given)


def test_what_a_body_only_reads_is_in_its_list_of_shared_ones_and_in_no_count(cast: Cast):
    demand = joint(cast)

    def listed(by, **wanted):
        found = wanted_demands(Wanted(**wanted), seen_by=by, today=DAY)
        return [one.pk for one in found]

    assert listed(cast.other_liaison, special=Special.SHARED) == [demand.pk]
    assert listed(cast.other_liaison) == listed(cast.liaison, special=Special.SHARED) == []
    assert listed(cast.liaison) == listed(cast.liaison, special=Special.JOINT) == [demand.pk]
    assert tally(seen_by=cast.other_liaison, today=DAY).open == 0


def test_the_bodies_of_a_joint_case_stay_at_the_table_when_the_worker_disputes_it(cast: Cast):
    answered = answer_demand(joint(cast), reply=Reply("x"), by=cast.liaison, at=NOON)

    again = dispute_answer(answered, said=Said.NOT_SOLVED, by=cast.worker, at=later(1))

    assert again.body == cast.labour_office
    assert demand_seen_by(cast.other_liaison, number=again.pk) == again


def test_a_case_that_is_sent_elsewhere_leaves_the_table_of_the_bodies_before(cast: Cast):
    recalled = recall_demand(joint(cast), why="x", by=cast.officer, at=NOON)

    assert demand_seen_by(cast.other_liaison, number=recalled.pk) is None
    assert [party.until_at for party in recalled.parties.all()] == [NOON]
