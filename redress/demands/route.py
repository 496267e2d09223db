"""Route a demand: send it to the body that can answer, with the day by which it must."""

from __future__ import annotations

import datetime as dt

from redress.demands.models import Demand, Referral
from redress.demands.states import ROUTE, State, state_after
from redress.registers.accounts.roles import Actor
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import Body
from redress.values.days import Unit, add_limit, country_of, local_day
from redress.values.places import path_below


class WrongArea(ValueError):
    """The body does not serve the place the demand comes from."""


@step(ROUTE)
def route_demand(demand: Demand, *, to: Body, note: str = "", by: Actor, at: dt.datetime) -> Demand:
    """Send a demand to a body.

    Raises:
        WrongArea: the body's area does not hold the demand's place.
        WrongState: it has no topic yet, or lies with a body already.
    """
    if demand.path not in path_below(to.path):
        raise WrongArea
    demand.state = state_after(ROUTE, State(demand.state))
    send(demand, to=to, note=note, at=at)
    record(ROUTE, demand, by=by, at=at, why=note, detail={"body": to.pk})
    return demand


def send(demand: Demand, *, to: Body, note: str, at: dt.datetime) -> None:
    """Put a demand into a body's hands and give it the body's time, from today; saves it."""
    country = country_of(demand.path)
    due_on = add_limit(
        local_day(at, country=country),
        limit=to.answer_limit,
        unit=Unit(to.answer_unit),
        country=country,
    )
    demand.body = to
    demand.due_on = due_on
    demand.save()
    Referral.objects.create(demand=demand, body=to, sent_at=at, due_on=due_on, note=note)
