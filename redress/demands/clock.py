"""The worker's clock, and whose account its days go on.

It runs from the day a demand was heard until it ends; nothing resets or pauses it. Each time a demand
changes hands a ``Hold`` is added, and the days between holds are the shares of the holders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from redress.demands.models import Demand, Hold
from redress.demands.states import Holder, Urgency
from redress.registers.limits.deadlines import deadline
from redress.registers.limits.models import Deadline
from redress.registers.offices.models import Body
from redress.registers.offices.scope import Scope, within
from redress.values.days import country_of, local_day
from redress.values.places import path_below

# The same said again within so much time is a second click, not a second word.
TWO_CLICKS: Final = dt.timedelta(minutes=10)


class DayUnfit(ValueError):
    """A day that lies in the future, or before the demand came into these hands."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many days of a demand's clock lay with one holder, all its times together."""

    holder: Holder
    body: Body | None
    days: int


def today_at(demand: Demand, at: dt.datetime) -> dt.date:
    """Say which day a moment is where a demand comes from."""
    return local_day(at, country=country_of(demand.path))


def limit_from(demand: Demand, code: str, *, since_on: dt.date, extended: bool = False) -> Deadline:
    """Give the deadline of a limit of the demand's country."""
    return deadline(code, country=country_of(demand.path), since_on=since_on, extended=extended)


def union_limit(demand: Demand) -> str:
    """Name the limit under which the union must act on a demand."""
    if demand.linked_to_id is not None:
        return "union.retaliation"
    return f"union.{Urgency(demand.urgency).value}"


def stated_day(demand: Demand, said: dt.date | None, *, at: dt.datetime) -> dt.date:
    """Give the day something happened, as somebody put it down; today where nobody said.

    Raises:
        DayUnfit: the day is ahead, or before whoever has the demand now came to have it.
    """
    today = today_at(demand, at)
    began = lies_since(demand.holds.all())
    if said is not None and (said > today or (began is not None and said < began.since_on)):
        raise DayUnfit
    return said or today


def hand_to(
    demand: Demand, holder: Holder, *, on: dt.date, at: dt.datetime, until: Deadline | None
) -> None:
    """Note that a demand lies with somebody from a day on, and what limit runs there.

    Sets ``deadline`` and leaves saving to the caller. With a body, it is the demand's own body.
    """
    began = lies_since(demand.holds.all())
    if began is not None:  # clocks of two machines may differ; the worker's never goes back
        on = max(on, began.since_on)
    demand.deadline = until
    body = demand.body if holder is Holder.BODY else None
    told = {"at": at, "holder": holder, "body": body, "deadline": until}
    Hold.objects.create(demand=demand, since_on=on, **told)
    if began is None:
        return
    # A merged demand lies where the one lies that it was merged into, from no earlier than it was.
    # Neither the worker nor the body that acts here may see it; its place does.
    with within(Scope(path_below(demand.path))):
        for one in demand.merged.all():
            since = lies_since(one.holds.all())
            earliest = on if since is None else max(on, since.since_on)
            Hold.objects.create(demand=one, since_on=earliest, **told)


def shares(holds: Sequence[Hold], *, until: dt.date) -> list[Share]:
    """Share out the days from the first hold to a day; those after the end go to nobody.

    Args:
        holds: of one demand, in order.
        until: the day up to which is counted; today.

    Returns:
        One share a holder, the first first; their days add up to ``until`` less the first day.
    """
    days: dict[tuple[Holder, int | None], int] = {}
    bodies: dict[int | None, Body | None] = {None: None}
    ends = [hold.since_on for hold in holds[1:]] + [until]
    for hold, end in zip(holds, ends, strict=True):
        key = (Holder(hold.holder), hold.body_id)
        bodies[hold.body_id] = hold.body
        days[key] = days.get(key, 0) + (end - hold.since_on).days
    return [Share(holder, bodies[body_id], count) for (holder, body_id), count in days.items()]


def clock_days(holds: Sequence[Hold], *, today: dt.date) -> int:
    """Give the days of the worker's clock: from the first day until it ended, or today.

    The days between an end and an opening again count: the worker waited through them.
    """
    now = lies_since(holds)
    if now is None:
        return 0
    end = now.since_on if now.holder == Holder.NOBODY else today
    return (end - holds[0].since_on).days


def lies_since(holds: Iterable[Hold]) -> Hold | None:
    """Give the hold with which the present stay with one holder began."""
    listed = list(holds)
    began = listed[0] if listed else None
    for before, after in pairwise(listed):
        if (before.holder, before.body_id) != (after.holder, after.body_id):
            began = after
    return began
