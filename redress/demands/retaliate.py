"""Follow a worker who was punished for complaining: a case of its own, with a short clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from redress.demands.clock import today_at
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.kinds import Wellbeing
from redress.demands.models import CheckIn, Demand
from redress.demands.states import Urgency
from redress.registers.accounts.roles import OFFICERS, Actor, Deed, Role
from redress.registers.journal.steps import record, step
from redress.registers.offices.scope import within

TOPIC: Final = "voice.retaliation"
# After 2, 6 and 12 weeks: punishment often comes when nobody looks any more.
CHECK_IN_DAYS: Final = (14, 42, 84)

REPORT: Final = Deed("demand.retaliation_reported", OFFICERS | {Role.WORKER})
CHECK: Final = Deed("demand.checked_in", OFFICERS)


class CheckInDone(Exception):
    """This check-in was done already."""


def report_retaliation(
    demand: Demand, *, words: HeardWords, reported_by: Actor, by: Actor, at: dt.datetime
) -> Demand:
    """Open a case for a worker who was punished because of a demand.

    Args:
        demand: what they were punished for.
        words: what happened, with a receipt of its own.
        reported_by: who may see the new case: for a worker, the holder of its own receipt.
        by: who acts on the demand itself.
        at: when.

    Returns:
        The new case, linked to the demand.

    Raises:
        NothingSaid: no words, or too many.
    """
    told = replace(
        words, path=demand.path, topic_code=TOPIC, urgency=Urgency.CRITICAL, linked_to_id=demand.pk
    )
    with transaction.atomic():
        with within(reported_by.scope):
            case = hear_demand(told, by=reported_by, at=at)
            today = today_at(case, at)
            CheckIn.objects.bulk_create([
                CheckIn(demand=case, due_on=today + dt.timedelta(days=days))
                for days in CHECK_IN_DAYS
            ])
        link_retaliation(demand, case=case.pk, by=by, at=at)
    return case


@step(REPORT)
def link_retaliation(demand: Demand, *, case: int, by: Actor, at: dt.datetime) -> None:
    """Note on a demand that somebody was punished for it."""
    record(REPORT, demand, by=by, at=at, detail={"case": case})


def due_check_ins(demand: Demand, *, today: dt.date) -> QuerySet[CheckIn]:
    """List the days that have come on which nobody has asked yet, the first first."""
    return CheckIn.objects.filter(demand=demand, done_at=None, due_on__lte=today)


@step(CHECK)
def check_in(
    demand: Demand,
    *,
    which: int,
    how: Wellbeing,
    text: str = "",
    by: Actor,
    at: dt.datetime,
) -> CheckIn:
    """Put down how the worker is, on one of the days or later.

    Raises:
        CheckInDone: that day was done, is of another case, or has not come.
    """
    found = due_check_ins(demand, today=today_at(demand, at)).filter(pk=which).first()
    if found is None:
        raise CheckInDone
    found.done_at, found.done_by, found.how, found.text = at, by.name, how, text
    found.save(update_fields=["done_at", "done_by", "how", "text"])
    record(CHECK, demand, by=by, at=at, detail={"check_in": found.pk, "how": how.value})
    return found
