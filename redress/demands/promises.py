"""The register of promises: who promised what by when, and whether it was kept.

Whether a promise is overdue is read off its day, never stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from redress.demands.kinds import Kept
from redress.demands.models import Promise
from redress.demands.sort import need_reason
from redress.registers.accounts.roles import OFFICERS, Actor, Deed, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.steps import record, step

JUDGE: Final = Deed("promise.judged", OFFICERS - {Role.GRASSROOTS_OFFICER})
_WEEK: Final = dt.timedelta(days=7)


class JudgedMeanwhile(Exception):
    """Somebody has judged the promise since it was read."""


class Standing(StrEnum):
    """How a promise stands today."""

    OPEN = "open"  # not judged, overdue or not
    WEEK = "week"  # open, and due within seven days
    OVERDUE = "overdue"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class WantedPromises:
    """Which promises are wanted; an empty field does not narrow it."""

    standing: str = ""
    body: int | None = None
    hearing: int | None = None


def promises(wanted: WantedPromises, *, seen_by: Actor, today: dt.date) -> QuerySet[Promise]:
    """List the promises that fit, those due first: of a person's places, or of their body."""
    found = _seen(seen_by).filter(_stands(wanted.standing, today=today))
    if wanted.body is not None:
        found = found.filter(body_id=wanted.body)
    if wanted.hearing is not None:
        found = found.filter(hearing_id=wanted.hearing)
    return found.select_related("body", "body__kind", "hearing", "demand").order_by("by_on", "id")


def _seen(by: Actor) -> QuerySet[Promise]:
    # A worker's receipt opens a demand, and no register.
    return Promise.objects.seen_in(replace(by.scope, receipt=""))


def _stands(standing: str, *, today: dt.date) -> Q:
    is_open = Q(kept=Kept.OPEN)
    return {
        Standing.OPEN.value: is_open,
        Standing.WEEK.value: is_open & Q(by_on__gte=today, by_on__lte=today + _WEEK),
        Standing.OVERDUE.value: is_open & Q(by_on__lt=today),
        Standing.KEPT.value: Q(kept=Kept.KEPT),
        Standing.PARTLY.value: Q(kept=Kept.PARTLY),
        Standing.BROKEN.value: Q(kept=Kept.BROKEN),
    }.get(standing, Q())


def promise_seen_by(actor: Actor, *, number: int) -> Promise | None:
    """Give one promise if it exists and is this person's to see."""
    found = _seen(actor).filter(pk=number)
    return found.select_related("body", "body__kind", "hearing", "demand").first()


def days_late(promise: Promise, *, today: dt.date) -> int:
    """Give the days since a promise should have been kept; 0 for one that is not late or is judged."""
    return max((today - promise.by_on).days, 0) if promise.kept == Kept.OPEN else 0


@dataclass(frozen=True, slots=True)
class PromiseTally:
    """How many promises stand how, for one person's first page; ``open`` holds the overdue too."""

    open: int
    week: int
    overdue: int
    kept: int
    partly: int
    broken: int


def promise_tally(*, seen_by: Actor, today: dt.date) -> PromiseTally:
    """Count the promises of a person's places, or of their body; one query."""
    # "kept" is a column too, so the counts have names of their own.
    counted: dict[str, Any] = _seen(seen_by).aggregate(**{
        f"count_{one.value}": Count("pk", filter=_stands(one.value, today=today))
        for one in Standing
    })
    return PromiseTally(**{one.value: counted[f"count_{one.value}"] for one in Standing})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says of a promise.

    Attributes:
        why: how that is known.
        stamp: ``stamp_of`` the promise when it was read, so that nobody's judgement is passed over;
            None where that does not matter.
    """

    kept: Kept
    why: str
    stamp: str | None = None


def stamp_of(promise: Promise) -> str:
    """Give what changes with each judgement of a promise."""
    return promise.judged_at.isoformat() if promise.judged_at else ""


@step(JUDGE)
def judge_promise(promise: Promise, *, judgement: Judgement, by: Actor, at: dt.datetime) -> Promise:
    """Put down whether a promise was kept, and how that is known; the journal keeps each judgement.

    ``Kept.OPEN`` takes a judgement back.

    Raises:
        JudgedMeanwhile: it was judged, or judged anew, since it was read.
        ReasonMissing: it is not said how that is known.
    """
    need_reason(judgement.why)
    if judgement.stamp not in {None, stamp_of(promise)}:
        raise JudgedMeanwhile
    before, promise.kept = promise.kept, judgement.kept
    promise.judged_at, promise.judged_by, promise.judged_why = at, by.name, judgement.why
    promise.save(update_fields=["kept", "judged_at", "judged_by", "judged_why"])
    detail = {"kept": judgement.kept.value, "before": before, "body": promise.body_id}
    record(JUDGE, promise, by=by, at=at, case=promise.demand, why=judgement.why, detail=detail)
    return promise


def earlier_judgements(listed: Iterable[Promise]) -> dict[int, list[Entry]]:
    """Give the judgements of some promises that later ones have replaced, the first first.

    The caller has seen the promises already.
    """
    of = {promise.pk: promise for promise in listed if promise.judged_at}
    about_it = Q(subject_kind="promise", subject_id__in=list(of))
    about_its_demand = Q(
        subject_kind="demand",
        subject_id__in=[one.demand_id for one in of.values() if one.demand_id],
    )
    found: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(about_it | about_its_demand, deed=JUDGE.name):
        if entry.row_id in of and entry.at != of[entry.row_id].judged_at:
            found.setdefault(entry.row_id, []).append(entry)
    return found
