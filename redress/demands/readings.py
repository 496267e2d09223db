"""Who has read a demand: put down once a day, and told to the worker by role and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from redress.demands.models import Demand
from redress.registers.accounts.roles import OFFICERS, Actor, Deed
from redress.registers.journal.models import Entry
from redress.registers.journal.reads import story_of
from redress.registers.journal.steps import record
from redress.values.days import country_of, local_day, time_zone_of

READ: Final = Deed("demand.read", frozenset())
READ_LETTER: Final = Deed("demand.letter_made", frozenset())
READ_FILE: Final = Deed("demand.file_read", frozenset())
READINGS: Final = (READ.name, READ_FILE.name, "identity.read")


def note_reading(demand: Demand, *, by: Actor, at: dt.datetime) -> None:
    """Put down that somebody opened a demand, once a day: the worker can ask who did.

    What the worker added is no longer new once somebody of the union has.
    """
    if not _today(demand, READ, by=by, at=at).exists():
        record(READ, demand, by=by, at=at)
    if by.role in OFFICERS:
        demand.additions.filter(read_at=None).update(read_at=at)


def _today(demand: Demand, deed: Deed, *, by: Actor, at: dt.datetime) -> QuerySet[Entry]:
    """Give what somebody has put down of a deed on this day, where the demand comes from."""
    zone = ZoneInfo(time_zone_of(country_of(demand.path)))
    began = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return story_of(demand).filter(deed=deed.name, by_user_id=by.user_id, at__gte=began)


@dataclass(frozen=True, slots=True)
class Seen:
    """People of one role read a demand on one day."""

    on: dt.date
    role: str
    what: str  # the deed: the case, a file, who filed it
    times: int


def who_has_seen(demand: Demand) -> list[Seen]:
    """Say who has read a demand, by role and day, the latest first; no names."""
    country = country_of(demand.path)
    counted: dict[tuple[dt.date, str, str], int] = {}
    for entry in story_of(demand).filter(deed__in=READINGS):
        key = (local_day(entry.at, country=country), entry.by_role, entry.deed)
        counted[key] = counted.get(key, 0) + 1
    listed = sorted(counted.items(), key=lambda one: one[0], reverse=True)
    return [Seen(on, role, what, times) for (on, role, what), times in listed]


def note_letter(demand: Demand, *, by: Actor, at: dt.datetime) -> None:
    """Put down that somebody made the letter that goes with a demand, once a day and body."""
    detail = {"body": demand.body_id}
    if not _today(demand, READ_LETTER, by=by, at=at).filter(detail=detail).exists():
        record(READ_LETTER, demand, by=by, at=at, detail=detail)
