"""Pursue a demand: the body takes it on, or returns it with a reason."""

from __future__ import annotations

import datetime as dt

from redress.demands.hear import first_action_due
from redress.demands.models import Demand, Referral
from redress.demands.sort import ReasonMissing
from redress.demands.states import (
    ACCEPT,
    RETURN,
    State,
    state_after,
)
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step


@step(ACCEPT)
def accept_demand(demand: Demand, *, by: Actor, at: dt.datetime) -> Demand:
    """Take a demand on for the body it was sent to. The day it is due stays as it was.

    Raises:
        WrongState: it was not sent, or has been taken on already.
    """
    demand.state = state_after(ACCEPT, State(demand.state))
    demand.save(update_fields=["state"])
    record(ACCEPT, demand, by=by, at=at, detail={"body": demand.body_id})
    return demand


@step(RETURN)
def return_demand(demand: Demand, *, why: str, by: Actor, at: dt.datetime) -> Demand:
    """Give a demand back as not this body's matter; the union must send it on.

    Raises:
        ReasonMissing: ``why`` is empty.
        WrongState: it does not lie with the body.
    """
    if not why.strip():
        raise ReasonMissing
    demand.state = state_after(RETURN, State(demand.state))
    demand.due_on = first_action_due(demand, since=at)
    demand.returned_count += 1
    demand.save(update_fields=["state", "due_on", "returned_count"])
    last = Referral.objects.filter(demand=demand).last()
    if last is not None:
        last.returned_at, last.return_reason = at, why
        last.save(update_fields=["returned_at", "return_reason"])
    record(RETURN, demand, by=by, at=at, why=why, detail={"body": demand.body_id})
    return demand
