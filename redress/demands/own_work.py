"""What lies with one person: an officer's demands, and what lies with somebody's body."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery

from redress.demands.backlog import Due, Special, Wanted, wanted_demands
from redress.demands.kinds import Kept
from redress.demands.models import Demand, Promise, Referral
from redress.demands.states import WITH_THE_BODY, Holder, State
from redress.registers.accounts.roles import Actor
from redress.registers.journal.models import Entry

# Enough to look through for what somebody did of late, and few enough to look through at once.
_ENTRIES_MAX: Final = 1_000
_DAYS_BACK: Final = 90
LISTED_MAX: Final = 25
# Who only read a demand has not handled it.
_READINGS: Final = ("demand.read", "demand.file_read", "demand.letter_made")


@dataclass(frozen=True, slots=True)
class Mine:
    """The demands that an officer handled in the last ``days``, each list cut at ``LISTED_MAX``.

    Attributes:
        handled: how many there were.
        due: overdue, or due within a week, in the union's hands; those due first.
        contested: whose marking the worker contests.
        returned: that a body gave back.
        came_back: that the worker disputed, and that lie with a body again.
        last: all, the last handled first.
    """

    days: int
    handled: int
    due: list[Demand]
    contested: list[Demand]
    returned: list[Demand]
    came_back: list[Demand]
    last: list[Demand]


def mine(*, seen_by: Actor, at: dt.datetime, today: dt.date) -> Mine:
    """List what an officer handled of late, by the journal, and what of it waits for them."""
    numbers = _handled(seen_by, since=at - dt.timedelta(days=_DAYS_BACK))

    def those(wanted: Wanted) -> list[Demand]:
        found = wanted_demands(wanted, seen_by=seen_by, today=today)
        return list(found.filter(pk__in=numbers)[:LISTED_MAX])

    known = Demand.objects.held_by(seen_by.scope).filter(pk__in=numbers[:LISTED_MAX])
    rows = known.select_related("topic", "body", "body__kind", "deadline")
    return Mine(
        days=_DAYS_BACK,
        handled=len(numbers),
        due=those(Wanted(holder=Holder.UNION, due=Due.WEEK)),
        contested=those(Wanted(special=Special.CONTESTED)),
        returned=those(Wanted(state=State.RETURNED)),
        came_back=those(Wanted(holder=Holder.BODY, special=Special.REOPENED)),
        last=sorted(rows, key=lambda one: numbers.index(one.pk)),
    )


def _handled(by: Actor, *, since: dt.datetime) -> list[int]:
    """Give the numbers of the demands that somebody handled, the last first, each once."""
    if by.user_id is None:
        return []
    entries = (
        Entry.objects
        .seen_in(by.scope)
        .filter(by_user_id=by.user_id, subject_kind="demand", at__gte=since)
        .exclude(deed__in=_READINGS)
        .order_by("-at", "-id")
        .values_list("subject_id", flat=True)[:_ENTRIES_MAX]
    )
    return list(dict.fromkeys(entries))


def lying_with(*, seen_by: Actor) -> QuerySet[Any]:
    """List what lies with somebody's body, the longest first; ``sent_at`` is since when."""
    sent = Referral.objects.filter(
        demand=OuterRef("pk"), body_id=seen_by.body_id or 0, is_joint=False
    ).order_by("-id")
    found: QuerySet[Any] = Demand.objects.held_by(seen_by.scope).filter(
        state__in=WITH_THE_BODY, body_id=seen_by.body_id or 0
    )
    found = found.annotate(sent_at=Subquery(sent.values("sent_at")[:1]))
    found = found.select_related("topic", "body", "body__kind", "deadline")
    return found.order_by("sent_at", "id")


def open_promises(listed: Iterable[Demand], *, seen_by: Actor) -> dict[int, list[Promise]]:
    """Give what somebody's body promised about some demands and has not been judged, by number."""
    found = Promise.objects.seen_in(seen_by.scope).filter(
        demand_id__in=[one.pk for one in listed], body_id=seen_by.body_id or 0, kept=Kept.OPEN
    )
    promised: dict[int, list[Promise]] = defaultdict(list)
    for promise in found.order_by("by_on", "id"):
        if promise.demand_id is not None:
            promised[promise.demand_id].append(promise)
    return promised


def demands_in_order(numbers: list[int], *, seen_by: Actor) -> list[Demand]:
    """Give some demands that are somebody's to see, in the order of their numbers as given."""
    found = Demand.objects.seen_in(seen_by.scope).filter(pk__in=numbers)
    rows = found.select_related("topic", "body", "body__kind", "deadline")
    return sorted(rows, key=lambda one: numbers.index(one.pk))
