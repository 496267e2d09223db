"""What the ladder holds is shown in advance, and what was shown is what happens."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redress.demands.clarify import ask_worker
from redress.demands.escalate import climb_ladder
from redress.demands.ladder import ahead, rung_named, rungs
from redress.demands.models import Demand
from tests.conftest import DAY, NOON, Cast, answer, hear, route
from tests.flows.ladder_house import ONE_DAY, above, at_day, passes

pytestmark = pytest.mark.usefixtures("whole")
UP = ["body.county", "body.province"]
__all__ = ["above"]  # a fixture


def test_where_nobody_stands_above_nothing_goes_up_and_nothing_is_shown_ahead(cast: Cast):
    demand = route(cast, hear(cast))

    assert [one.rung.code for one in ahead(demand, today=DAY)] == [
        "body.before",
        "body.on",
        "body.after",
    ]
    sent = passes(demand.due_on, demand.due_on + 40 * ONE_DAY)
    assert not set(UP) & {rung for rung, _ in sent}


def test_what_was_already_sent_lies_ahead_no_more(cast: Cast):
    demand = route(cast, hear(cast))
    day = demand.due_on - 3 * ONE_DAY

    before = ahead(demand, today=day)
    climb_ladder(at=at_day(day))

    assert [one.on for one in before][:1] == [day]
    assert [one.rung.code for one in ahead(demand, today=day)][:1] == ["body.on"]


def test_every_rung_of_the_file_is_for_a_holder_and_has_a_name_and_a_basis():
    assert len({rung.code for rung in rungs()}) == len(rungs()) == 10
    assert all(str(rung.name) and str(rung.basis) for rung in rungs())
    assert rung_named("of no file") is None


WALKS = {
    "heard": hear,
    "sent": lambda c: route(c, hear(c)),
    "answered": lambda c: answer(c, hear(c)),
    "asked": lambda c: ask_worker(hear(c), text="x", by=c.officer, at=NOON),
}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    walk=st.sampled_from(sorted(WALKS)),
    looked=st.integers(0, 45),
    days=st.integers(0, 15),
    before=st.booleans(),
)
def test_what_is_shown_in_advance_is_what_then_happens(
    cast: Cast, above, walk, looked, days, before
):
    with transaction.atomic():
        demand = WALKS[walk](cast)
        since = DAY + looked * ONE_DAY
        if before:  # the passes of the days before were done too
            passes(max(DAY, since - 5 * ONE_DAY), since)
        shown = [
            (one.rung.code, one.on)
            for one in ahead(Demand.objects.get(pk=demand.pk), today=since)
            if one.on <= since + days * ONE_DAY
        ]

        sent = passes(since, since + days * ONE_DAY)
        transaction.set_rollback(True)

    assert sorted(sent) == sorted(shown)
