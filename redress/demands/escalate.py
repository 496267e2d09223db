"""Climb the ladder: send each reminder once, and bring what lies too long before whoever stands above.

What is due is worked out from the dates at this moment. Nothing is sent about a demand that has ended or
was merged, which has no deadline, nor about one that is held back; one that somebody acts on at this
moment is left to the next pass.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Case, F, Max, QuerySet, Value, When

from redress.demands.ladder import (
    LIAISON,
    MANAGER,
    OFFICE,
    UNION_ABOVE,
    WORKER,
    Rung,
    bodies_above,
    rungs,
)
from redress.demands.models import Demand, Notice
from redress.demands.resolve import fall_silent
from redress.demands.search import show_words
from redress.demands.states import ESCALATE, State, WrongState
from redress.registers.accounts.roles import OF_A_BODY, SYSTEM, Actor
from redress.registers.offices.models import Body
from redress.registers.offices.scope import WHOLE, within
from redress.values.days import country_of, local_day
from redress.values.places import path_below

BATCH_ROWS: Final = 10_000
SILENT_A_PASS: Final = 2_000
_EVER: Final = 100 * 365
_FRESH: Final = dt.timedelta(days=14)

# A demand, the deadline that runs, and the rung that is reached; what was sent already is left out.
_IS_DUE: Final = """
    FROM demands_demand d JOIN limits_deadline dl ON dl.id = d.deadline_id
    WHERE dl.{start} BETWEEN %(oldest)s AND %(reached)s
      AND d.state = ANY(%(states)s) AND d.held_back = ''
      AND (d.state <> 'answered' OR dl.last_on >= %(today)s)
      AND d.path >= %(lo)s AND d.path < %(hi)s
      AND NOT EXISTS (SELECT 1 FROM demands_notice n WHERE n.demand_id = d.id
                      AND n.deadline_id = d.deadline_id AND n.rung = %(rung)s)
"""
# All numbers are read at once: to look for the next batch among what was sent meanwhile would take
# longer with each one.
_NUMBERS: Final = f"SELECT coalesce(array_agg(d.id ORDER BY d.id), '{{{{}}}}') {_IS_DUE}"
_DUE: Final = f"""
    SELECT d.id, d.deadline_id, dl.last_on, d.body_id, d.path
    {_IS_DUE} AND d.id = ANY(%(numbers)s) FOR UPDATE OF d SKIP LOCKED
"""
_SEND: Final = f"""
    WITH due AS ({_DUE}), sent AS (
        INSERT INTO demands_notice (demand_id, deadline_id, rung, at, due_on, "to", body_id, path)
        SELECT id, deadline_id, %(rung)s, %(at)s, last_on, %(to)s,
               coalesce(%(body)s::bigint, CASE WHEN %(own)s THEN body_id END), {{path}}
        FROM due ON CONFLICT DO NOTHING RETURNING demand_id, body_id
    )
"""  # noqa: S608 - our own words
_ONLY: Final = f"{_SEND} SELECT demand_id FROM sent"  # noqa: S608 - our own words
_AND_SHOW: Final = f"""{_SEND}, shown AS (
        INSERT INTO demands_party (demand_id, body_id, path, part, since_at)
        SELECT s.demand_id, s.body_id, d.path, 'above', %(at)s
        FROM sent s JOIN demands_demand d ON d.id = s.demand_id
        WHERE d.body_id IS DISTINCT FROM s.body_id
        ON CONFLICT DO NOTHING
    ), told AS (
        INSERT INTO journal_entry (at, deed, by_name, by_role, path, subject_kind, subject_id,
                                   row_kind, row_id, why, detail)
        SELECT %(at)s, %(deed)s, 'system', 'system', d.path, 'demand', d.id, 'demand', d.id, '',
               jsonb_build_object('body', s.body_id, 'rung', %(rung)s)
        FROM sent s JOIN demands_demand d ON d.id = s.demand_id
    ) SELECT demand_id FROM sent"""  # noqa: S608 - our own words


def climb_ladder(*, at: dt.datetime) -> dict[str, int]:
    """Do what the ladder calls for at a moment, in batches, each its own transaction if none is open.

    Returns:
        How many notices each rung sent, by its code. The same pass again sends none.
    """
    countries = _countries()
    return {
        rung.code: sum(_climb(rung, country, at=at) for country in countries) for rung in rungs()
    }


def _countries() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT country FROM limits_deadline")
        return [country for (country,) in cursor.fetchall()]


def _climb(rung: Rung, country: str, *, at: dt.datetime) -> int:
    return sum(_send(rung, (lo, hi), body=body, at=at) for lo, hi, body in _areas(rung, country))


def _areas(rung: Rung, country: str) -> Iterator[tuple[str, str, Body | None]]:
    """Give the places a rung works in, each with the body above it where it goes to one."""
    if not rung.goes_up:
        places = path_below(f"{country}.")
        yield places.lo, places.hi, None
        return
    # The nearest first: what it was told of, one further off is not told of.
    for body in bodies_above(kind=rung.to, country=country):
        places = path_below(body.path)
        yield places.lo, places.hi, body


def _send(rung: Rung, places: tuple[str, str], *, body: Body | None, at: dt.datetime) -> int:
    given = _given(rung, places, body=body, at=at)
    start = "since_on" if rung.from_start else "last_on"
    # A union office's path without its last part is the office above it.
    path = "regexp_replace(path, '[^.]+\\.$', '')" if rung.to == UNION_ABOVE else "path"
    with within(WHOLE), connection.cursor() as cursor:
        cursor.execute(_NUMBERS.format(start=start), given)
        numbers = cursor.fetchone()[0]
    statement = (_AND_SHOW if rung.goes_up else _ONLY).format(start=start, path=path)
    many = 0
    for start_at in range(0, len(numbers), BATCH_ROWS):
        batch = numbers[start_at : start_at + BATCH_ROWS]
        # Each by itself: who acts on one of these demands meanwhile waits for no more than this.
        with within(WHOLE), connection.cursor() as cursor:
            cursor.execute(statement, given | {"numbers": batch})
            sent = [number for (number,) in cursor.fetchall()]
            if body is not None:
                show_words(sent, body=body.pk)
        many += len(sent)
    return many


def _given(
    rung: Rung, places: tuple[str, str], *, body: Body | None, at: dt.datetime
) -> dict[str, Any]:
    today = local_day(at, country=country_of(places[0]))
    reached = today - dt.timedelta(days=rung.days)
    return {
        "reached": reached,
        "oldest": reached - dt.timedelta(days=_EVER if rung.lapses is None else rung.lapses),
        "states": sorted(rung.states),
        "today": today,  # after the worker's last day silence is noted, and nobody is reminded
        "lo": places[0],
        "hi": places[1],
        "rung": rung.code,
        "at": at,
        "to": rung.to,
        "body": body.pk if body else None,
        "own": rung.to in {LIAISON, MANAGER},
        "deed": ESCALATE.name,
    }


def note_silence(*, at: dt.datetime) -> int:
    """Let answers fall silent whose worker's time has passed, some at a time; give how many."""
    with within(WHOLE):
        waiting = list(
            Demand.objects.filter(state=State.ANSWERED, deadline__last_on__lt=at.date()).order_by(
                "deadline__last_on"
            )[:SILENT_A_PASS]
        )
    silent = 0
    for demand in waiting:
        with contextlib.suppress(WrongState), within(WHOLE):  # the worker was a moment faster
            fall_silent(demand, by=SYSTEM, at=at)
            silent += 1
    return silent


def notices(*, seen_by: Actor) -> QuerySet[Notice]:
    """List the notices to a person's body, or to the union in their places, the latest first."""
    found = Notice.objects.select_related("demand", "body", "deadline")
    if seen_by.role in OF_A_BODY:
        return found.filter(body_id=seen_by.body_id)
    return found.seen_in(seen_by.scope).filter(to__in=[OFFICE, UNION_ABOVE])


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notices that wait to leave the house for a body, or for the union's office of a place.

    Attributes:
        body_id: of the body; None for an office.
        path: of the office; empty for a body.
        last: the number of the last of them.
    """

    body_id: int | None
    path: str
    last: int


def waiting(*, at: dt.datetime) -> list[Waiting]:
    """List for whom notices wait that still hold and are not old.

    One no longer holds once the deadline it was about no longer runs. The older ones stay on the desk's
    page; whom no channel reached for so long is not flooded on the day that it does.
    """
    place = Case(When(body=None, then=F("path")), default=Value(""))
    found = _to_send(at=at).order_by().annotate(place=place).values("body_id", "place")
    counted = found.annotate(last=Max("pk")).order_by("body_id", "place")
    return [Waiting(one["body_id"], one["place"], one["last"]) for one in counted]


def notices_of(one: Waiting, *, at: dt.datetime) -> QuerySet[Notice]:
    """List what waits for one body or office, the earliest first."""
    found = _to_send(at=at).filter(pk__lte=one.last).order_by("id")
    if one.body_id is None:
        return found.filter(body=None, path=one.path)
    return found.filter(body_id=one.body_id)


def _to_send(*, at: dt.datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(
        mailed_at=None, at__gte=at - _FRESH, deadline_id=F("demand__deadline_id")
    ).exclude(to=WORKER)


def mark_sent(those: Waiting, *, at: dt.datetime) -> int:
    """Note that what waited for a body or office has left the house; give how many."""
    return notices_of(those, at=at).order_by().update(mailed_at=at)
