"""Sort a demand: say what it is about and how urgent it is, or set it aside as no worker's matter."""

from __future__ import annotations

import datetime as dt
from typing import Final

from redress.demands.hear import first_action_due
from redress.demands.models import Demand
from redress.demands.states import (
    SET_ASIDE,
    SORT,
    CloseKind,
    State,
    Urgency,
    state_after,
)
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import Topic

NOT_A_WORKERS_MATTER: Final = "other.nonworker"


class ReasonMissing(ValueError):
    """This deed needs a reason in words."""


@step(SORT)
def sort_demand(
    demand: Demand, *, topic: Topic, urgency: Urgency, by: Actor, at: dt.datetime
) -> Demand:
    """Give a demand its topic and urgency.

    Raises:
        WrongState: it has left the union's hands.
    """
    demand.state = state_after(SORT, State(demand.state))
    demand.topic = topic
    demand.urgency = urgency
    demand.due_on = first_action_due(demand, since=_came_to_the_union(demand))
    demand.save(update_fields=["state", "topic", "urgency", "due_on"])
    detail = {"topic": topic.code, "urgency": urgency.value}
    record(SORT, demand, by=by, at=at, detail=detail)
    return demand


def _came_to_the_union(demand: Demand) -> dt.datetime:
    """Say when the union got it: sorting it again and again must not put the day off."""
    returned = demand.referrals.filter(returned_at__isnull=False).last()
    return demand.heard_at if returned is None else returned.returned_at or demand.heard_at


@step(SET_ASIDE)
def set_demand_aside(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Close a demand that is no worker's matter, saying where to go instead.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it has left the union's hands.
    """
    if not why.strip():
        raise ReasonMissing
    demand.state = state_after(SET_ASIDE, State(demand.state))
    demand.topic_id = NOT_A_WORKERS_MATTER
    demand.close_kind = CloseKind.NOT_A_WORKERS_MATTER
    demand.closed_at = at
    demand.due_on = None
    demand.save(update_fields=["state", "topic", "close_kind", "closed_at", "due_on"])
    record(SET_ASIDE, demand, by=by, at=at, why=why)
    return demand
