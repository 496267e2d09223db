"""Join many demands of one cause into a collective one: an overlay that can be undone without loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from redress.demands.models import Collective, Demand, Membership, WorkerWord
from redress.demands.sort import need_reason
from redress.demands.states import CloseKind, State
from redress.formats.demands import WORKERS_MAX
from redress.registers.accounts.roles import OFFICERS, Actor, Deed, Role
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record, step
from redress.registers.offices.models import Topic
from redress.values.places import path_below

_MIDDLE: Final = OFFICERS - {Role.GRASSROOTS_OFFICER}
MAKE: Final = Deed("collective.made", _MIDDLE)
CHANGE: Final = Deed("collective.changed", _MIDDLE)
ADD: Final = Deed("collective.added", _MIDDLE)
REMOVE: Final = Deed("collective.removed", _MIDDLE)
DISSOLVE: Final = Deed("collective.dissolved", _MIDDLE)
RESTORE: Final = Deed("collective.restored", _MIDDLE)
HISTORY_MAX: Final = 200
# Who took it back asks nothing any more; a merged one is counted with the other.
_NOT_JOINED: Final = (State.WITHDRAWN, State.MERGED)


class NoMembers(ValueError):
    """None of these demands can be added, or none of them is in the collective one."""


class Dissolved(Exception):
    """The collective demand is dissolved: nothing is done with it until it is restored."""


class NotDissolved(Exception):
    """There is nothing to restore."""


class WorkforceUnfit(ValueError):
    """A workforce is of 1 to ``WORKERS_MAX`` workers."""


@dataclass(frozen=True, slots=True)
class NewCollective:
    """What many demands have in common.

    Attributes:
        workforce: how many work there; None where nobody knows.
        workforce_source: how that is known.
    """

    path: str
    title: str
    topic: Topic | None = None
    employer: str = ""
    workforce: int | None = None
    workforce_source: str = ""


@step(MAKE)
def make_collective(new: NewCollective, *, by: Actor, at: dt.datetime) -> Collective:
    """Open a collective demand, without members yet.

    Raises:
        ReasonMissing: it has no title, or a workforce of which nobody says how it is known.
        WorkforceUnfit: no workforce has that many.
    """
    need_reason(new.title)
    _check_workforce(new.workforce, new.workforce_source)
    made = Collective.objects.create(
        path=new.path,
        title=new.title,
        topic=new.topic,
        employer=new.employer,
        workforce=new.workforce,
        workforce_source=new.workforce_source if new.workforce else "",
        made_at=at,
        made_by=by.name,
    )
    detail = {"topic": new.topic.code if new.topic else "", "workforce": new.workforce}
    record(MAKE, made, by=by, at=at, why=made.workforce_source, detail=detail)
    return made


def _check_workforce(workforce: int | None, source: str) -> None:
    if workforce is not None:
        need_reason(source)
        if not 1 <= workforce <= WORKERS_MAX:
            raise WorkforceUnfit


@step(CHANGE)
def change_workforce(
    collective: Collective, *, workforce: int, source: str, by: Actor, at: dt.datetime
) -> Collective:
    """Put down how many work there, and how that is known; the level follows from it.

    Raises:
        Dissolved: it is dissolved.
        ReasonMissing: no source is named.
        WorkforceUnfit: no workforce has that many.
    """
    _refuse_dissolved(collective)
    _check_workforce(workforce, source)
    before = collective.workforce
    collective.workforce, collective.workforce_source = workforce, source
    collective.save(update_fields=["workforce", "workforce_source"])
    detail = {"workforce": workforce, "before": before}
    record(CHANGE, collective, by=by, at=at, why=source, detail=detail)
    return collective


def _refuse_dissolved(collective: Collective) -> None:
    if collective.dissolved_at is not None:
        raise Dissolved


def joinable(collective: Collective, *, seen_by: Actor) -> QuerySet[Demand]:
    """List the demands that a collective one can be laid over: of its place, let in and asked still.

    One of another place would be counted by those who cannot see it.
    """
    places = path_below(collective.path)
    found = Demand.objects.seen_in(seen_by.scope).filter(
        path__gte=places.lo, path__lt=places.hi, held_back=""
    )
    return found.exclude(state__in=_NOT_JOINED).exclude(close_kind=CloseKind.NOT_A_WORKERS_MATTER)


def members(collective: Collective, *, seen_by: Actor) -> QuerySet[Demand]:
    """List the demands that are in a collective one now, the newest first."""
    now = Membership.objects.filter(collective=collective, removed_at=None)
    found = Demand.objects.seen_in(seen_by.scope)
    return found.filter(pk__in=now.values("demand_id")).order_by("-pk")


def members_with_words(collective: Collective, *, seen_by: Actor) -> QuerySet[Demand]:
    """List the members, each with the worker's last word as ``last_said`` and ``last_text``."""
    last = WorkerWord.objects.filter(demand=OuterRef("pk")).order_by("-at", "-id")
    found = members(collective, seen_by=seen_by).select_related("topic", "body", "body__kind")
    return found.defer("text_normal", "read_by_body").annotate(
        last_said=Subquery(last.values("said")[:1]), last_text=Subquery(last.values("text")[:1])
    )


@step(ADD)
def add_members(
    collective: Collective, *, numbers: Iterable[int], by: Actor, at: dt.datetime
) -> list[int]:
    """Lay the collective demand over some demands; nothing of them changes.

    Those that are in it, that are not seen here or cannot be joined are passed over.

    Returns:
        The numbers of those that were added.

    Raises:
        Dissolved: it is dissolved.
        NoMembers: all were passed over.
    """
    _refuse_dissolved(collective)
    # The collective demand is locked by the step, so of two clicks the second finds them in it.
    there = Membership.objects.filter(collective=collective, removed_at=None)
    fit = joinable(collective, seen_by=by).filter(pk__in=set(numbers))
    added = sorted(fit.exclude(pk__in=there.values("demand_id")).values_list("pk", flat=True))
    if not added:
        raise NoMembers
    Membership.objects.bulk_create([
        Membership(collective=collective, demand_id=number, added_at=at, added_by=by.name)
        for number in added
    ])
    record(ADD, collective, by=by, at=at, detail={"demands": added})
    return added


@step(REMOVE)
def remove_members(
    collective: Collective, *, numbers: Iterable[int], why: str = "", by: Actor, at: dt.datetime
) -> list[int]:
    """Take demands out again; nothing of them has changed meanwhile.

    Returns:
        The numbers of those that were taken out.

    Raises:
        Dissolved: it is dissolved.
        NoMembers: none of them is in it.
    """
    _refuse_dissolved(collective)
    there = Membership.objects.filter(
        collective=collective, demand_id__in=set(numbers), removed_at=None
    )
    removed = sorted(there.values_list("demand_id", flat=True))
    if not removed:
        raise NoMembers
    there.update(removed_at=at, removed_by=by.name)
    record(REMOVE, collective, by=by, at=at, why=why, detail={"demands": removed})
    return removed


@step(DISSOLVE)
def dissolve(collective: Collective, *, why: str, by: Actor, at: dt.datetime) -> Collective:
    """Undo the whole; its members are single demands again, as they were all along.

    Raises:
        Dissolved: it is dissolved already.
        ReasonMissing: ``why`` is empty.
    """
    need_reason(why)
    _refuse_dissolved(collective)
    collective.dissolved_at = at
    collective.save(update_fields=["dissolved_at"])
    record(DISSOLVE, collective, by=by, at=at, why=why)
    return collective


@step(RESTORE)
def restore(collective: Collective, *, why: str, by: Actor, at: dt.datetime) -> Collective:
    """Bring a dissolved collective demand back with the members it had.

    Raises:
        NotDissolved: it is not dissolved.
        ReasonMissing: ``why`` is empty.
    """
    need_reason(why)
    if collective.dissolved_at is None:
        raise NotDissolved
    collective.dissolved_at = None
    collective.save(update_fields=["dissolved_at"])
    record(RESTORE, collective, by=by, at=at, why=why)
    return collective


def collectives(
    *, seen_by: Actor, are_dissolved: bool = False, words: str = ""
) -> QuerySet[Collective]:
    """List the collective demands of a person's places, the newest first."""
    found = Collective.objects.seen_in(seen_by.scope).select_related("topic")
    if words.strip():
        found = found.filter(title__icontains=words.strip())
    return found.filter(dissolved_at__isnull=not are_dissolved)


def collective_seen_by(actor: Actor, *, number: int) -> Collective | None:
    """Give one collective demand if it exists and is this person's to see."""
    found = Collective.objects.seen_in(actor.scope).select_related("topic")
    return found.filter(pk=number).first()


def collectives_over(demand: Demand, *, seen_by: Actor) -> QuerySet[Collective]:
    """List the collective demands that a demand is in now."""
    now = Membership.objects.filter(collective=OuterRef("pk"), demand=demand, removed_at=None)
    return collectives(seen_by=seen_by).filter(Exists(now))


@dataclass(frozen=True, slots=True)
class Told:
    """What was done with a collective demand, and how many of the demands it added are in it still."""

    entry: Entry
    still_in: int


def history(collective: Collective, *, seen_by: Actor) -> list[Told]:
    """Tell the last ``HISTORY_MAX`` things done with a collective demand, the latest first."""
    now = set(members(collective, seen_by=seen_by).values_list("pk", flat=True))
    entries = story_of(collective).order_by("-at", "-id")[:HISTORY_MAX]
    return [Told(entry, len(now & set(added_in(entry)))) for entry in entries]


def added_in(entry: Entry) -> list[int]:
    """Give the numbers of the demands that an entry tells the adding of; none for another deed."""
    return list(entry.detail.get("demands", [])) if entry.deed == ADD.name else []


def adding(collective: Collective, *, entry: int) -> Entry | None:
    """Give the entry of an adding to this collective demand."""
    return story_of(collective).filter(pk=entry, deed=ADD.name).first()
