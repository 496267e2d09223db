"""Read what figures are made of: columns of demands and of their holds, in one statement.

Each column of a million rows comes as one string of bytes, packed by the database, so that no row
becomes a Python object. One statement sees one state of the register: no demand is in one column and
missing in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg import Cursor

from redress.demands.states import CloseKind, Found, Said, State
from redress.registers.accounts.roles import OF_A_BODY, Actor
from redress.registers.offices.models import Body, Office, Topic
from redress.registers.offices.scope import Scope, within
from redress.values.days import country_of, time_zone_of
from redress.values.places import NOWHERE, path_below, paths_above

Array = npt.NDArray[Any]
Columns = Mapping[str, Array]

# A day is the number of days since 1970-01-01; one that has not come lies beyond all others.
NEVER: Final = 2**31 - 1
NONE: Final = 0  # a code, or the number of a row, where there is none
# A code is the place of its name here, from 1 on.
STATES: Final = tuple(State)
CLOSE_KINDS: Final = tuple(CloseKind)
SAID: Final = tuple(Said)
FOUND: Final = tuple(Found)


class Hand(IntEnum):
    """In whose hands a hold puts a demand; of the worker's it tells what for."""

    UNION = 1
    BODY = 2
    QUESTION = 3  # the worker is asked something; whoever asked has it again afterwards
    ANSWER = 4  # the worker is asked for a word on an answer
    NOBODY = 5


_DAY: Final = "{} - DATE '1970-01-01'"
# Name of a column: what it is, and the bytes it is packed in. ``demand`` is the demand's number.
_DEMAND: Final = {
    "number": ("d.id", "int8"),
    "heard": (_DAY.format("d.heard_on"), "int4"),
    "put_down": (_DAY.format("(d.heard_at AT TIME ZONE %(zone)s)::date"), "int4"),
    "office": ("coalesce(o.id, 0)", "int4"),
    "topic": ("coalesce(t.topic, 0)", "int2"),
    "state": ("array_position(%(states)s::text[], d.state::text)", "int2"),
    "close_kind": ("coalesce(array_position(%(kinds)s::text[], d.close_kind::text), 0)", "int2"),
    "is_held_back": ("(d.held_back <> '')::int", "int2"),
    "merged_into": ("coalesce(d.merged_into_id, 0)", "int8"),
    "workers": ("d.workers_count", "int4"),
    "body": ("coalesce(d.body_id, 0)", "int4"),
}
_HOLD: Final = {
    "demand": ("h.demand_id", "int8"),
    "order": ("h.id", "int8"),
    "since": (_DAY.format("h.since_on"), "int4"),
    "body": ("coalesce(h.body_id, 0)", "int4"),
    "due": (f"coalesce({_DAY.format('l.last_on')}, {NEVER})", "int4"),
    "hand": (
        "CASE h.holder WHEN 'union' THEN 1 WHEN 'body' THEN 2 WHEN 'nobody' THEN 5"
        " ELSE CASE WHEN l.code = 'worker.clarify' THEN 3 ELSE 4 END END",
        "int2",
    ),
}
_SENT: Final = {
    "demand": ("r.demand_id", "int8"),
    "order": ("r.id", "int8"),
    "body": ("r.body_id", "int4"),
    "on": (_DAY.format("(r.sent_at AT TIME ZONE %(zone)s)::date"), "int4"),
    "is_returned": ("(r.returned_at IS NOT NULL)::int", "int2"),
    "is_excused": ("(r.excused_at IS NOT NULL)::int", "int2"),
}
_WORD: Final = {
    "demand": ("w.demand_id", "int8"),
    "order": ("w.id", "int8"),
    "said": ("array_position(%(said)s::text[], w.said::text)", "int2"),
}
_FINDING: Final = {
    "demand": ("v.demand_id", "int8"),
    "order": ("v.id", "int8"),
    "found": ("array_position(%(found)s::text[], v.found::text)", "int2"),
    "on": (_DAY.format("(v.at AT TIME ZONE %(zone)s)::date"), "int4"),
}


def _packed(columns: Mapping[str, tuple[str, str]]) -> str:
    return ", ".join(
        f"string_agg({kind}send(({what})::{kind}), ''::bytea)" for what, kind in columns.values()
    )


_READ: Final = f"""
    SELECT * FROM (
        SELECT {_packed(_DEMAND)} FROM demands_demand d
        LEFT JOIN offices_office o ON o.path = d.path
        LEFT JOIN unnest(%(topics)s::text[]) WITH ORDINALITY AS t(code, topic)
            ON t.code = d.topic_id
        WHERE {{seen}}
    ) a, (
        SELECT {_packed(_HOLD)} FROM demands_hold h
        LEFT JOIN limits_deadline l ON l.id = h.deadline_id WHERE h.demand_id {{chosen}}
    ) b, (
        SELECT {_packed(_SENT)} FROM demands_referral r
        WHERE NOT r.is_joint AND r.demand_id {{chosen}}
    ) c, (
        SELECT {_packed(_WORD)} FROM demands_workerword w
        WHERE {{told}} AND w.demand_id {{chosen}}
    ) d, (
        SELECT {_packed(_FINDING)} FROM demands_verification v
        WHERE v.demand_id {{chosen}}
    ) e
"""  # noqa: S608 - our own words
_IN_PLACES: Final = "d.path >= %(lo)s AND d.path < %(hi)s"
_SENT_TO: Final = "d.id IN (SELECT s.demand_id FROM demands_referral s WHERE s.body_id = %(body)s)"
_OF_THEM: Final = "IN (SELECT d.id FROM demands_demand d WHERE {seen})"
# Of a wide place nearly all rows are wanted: the database's own lock is the choice, and what else it
# shows is left aside below. To join them once more would double the time.
_ANY: Final = "IS NOT NULL"
_WIDE_PARTS_MAX: Final = 2  # nation, province
# What lies in a person's places is looked up in tables held in memory; 4 MB would not hold them.
_MEMORY: Final = "SELECT current_setting('work_mem'), set_config('work_mem', %s, true)"
_MEMORY_WANTED: Final = "256MB"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What figures are made of, as columns.

    Attributes:
        demands: one place a demand, by number.
        holds: one place a hold; ``n`` is the place of its demand. By demand, and of one demand in the
            order in which it changed hands.
        sent: one place a demand that was sent to a body to answer, ordered likewise.
        words: likewise, what workers said of answers; empty unless asked for.
        findings: likewise, what the union found.
        counties: paths of counties; the column ``county`` is their place here, from 1 on.
        topics: codes of topics; the column ``topic`` is their place here, from 1 on.
        of_body: the body whose own holdings alone may be counted; None for people of a place.
    """

    demands: Columns
    holds: Columns
    sent: Columns
    words: Columns
    findings: Columns
    counties: tuple[str, ...]
    topics: tuple[str, ...]
    of_body: int | None = None


def rows(*, seen_by: Actor, with_words: bool = False) -> Rows:
    """Read the demands of a person's places.

    For people of a body it reads what was ever sent to that body, also what has gone on to another
    since and is not theirs to open any more: of these, nothing but the body's own days is counted.

    Args:
        seen_by: whose places.
        with_words: what workers said too; no figure is made of it.
    """
    if seen_by.role not in OF_A_BODY:
        return _read(seen_by.scope.places.lo, with_words=with_words)
    body = Body.objects.get(pk=seen_by.body_id or 0)
    with within(Scope(path_below(body.path))):
        return _read(body.path, body=body.pk)


def rows_of_country(country: str) -> Rows:
    """Read all demands of a country, as the system does for what is published."""
    with within(Scope(path_below(f"{country}."))):
        return _read(f"{country}.")


def _read(path: str, *, body: int | None = None, with_words: bool = False) -> Rows:
    places = path_below(path) if path else NOWHERE
    codes = tuple(Topic.objects.order_by("code").values_list("code", flat=True))
    given = {
        "lo": places.lo,
        "hi": places.hi,
        "body": body,
        "zone": time_zone_of(country_of(path)),
        "topics": list(codes),
        "states": [one.value for one in STATES],
        "kinds": [one.value for one in CLOSE_KINDS],
        "said": [one.value for one in SAID],
        "found": [one.value for one in FOUND],
    }
    is_wide = body is None and len(paths_above(path)) <= _WIDE_PARTS_MAX
    seen = _IN_PLACES if body is None else f"{_IN_PLACES} AND {_SENT_TO}"
    chosen = _ANY if is_wide else _OF_THEM.format(seen=seen)
    statement = _READ.format(seen=seen, chosen=chosen, told="true" if with_words else "false")
    packed = _asked(statement, given)
    demands = _unpacked(packed, _DEMAND)
    place = np.argsort(demands["number"])
    demands = {name: column[place] for name, column in demands.items()}
    holds, sent, words, findings = (
        _of_demands(_unpacked(packed, columns), demands["number"])
        for columns in (_HOLD, _SENT, _WORD, _FINDING)
    )
    counties, demands["county"] = _counties(demands.pop("office"))
    return Rows(demands, holds, sent, words, findings, counties, codes, body)


def _asked(statement: str, given: dict[str, Any]) -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(_MEMORY, [_MEMORY_WANTED])
        before = cursor.fetchone()[0]
    # The driver's own cursor: it hands bytes over as bytes, in half the memory.
    with Cursor(connection.connection) as cursor:
        packed = list(cursor.execute(statement, given, binary=True).fetchone() or ())
    with connection.cursor() as cursor:
        cursor.execute(_MEMORY, [before])
    return packed


def _unpacked(
    packed: list[bytes | None], columns: Mapping[str, tuple[str, str]]
) -> dict[str, Array]:
    """Take the next columns off the front; the bytes of each are let go of as they are read."""
    found = {}
    for name, (_what, kind) in columns.items():
        sent, own = f">i{kind[-1]}", f"i{kind[-1]}"
        found[name] = np.frombuffer(packed.pop(0) or b"", sent).astype(own)
    return found


def _of_demands(columns: dict[str, Array], numbers: Array) -> dict[str, Array]:
    """Keep the rows of some demands, by the demands' places and as they were written.

    Args:
        columns: with ``demand``, a number, and ``order``; emptied.
        numbers: of the demands, in order.

    Returns:
        The columns, with the demand's place ``n`` for its number.
    """
    of, written = columns.pop("demand"), columns.pop("order")
    n = np.searchsorted(numbers, of).astype(np.int32)
    known = np.flatnonzero(
        numbers[np.minimum(n, len(numbers) - 1)] == of if len(numbers) else of < 0
    )
    wanted = known[np.lexsort((written[known], n[known]))]
    del of, written, known
    return {"n": n[wanted]} | {name: columns.pop(name)[wanted] for name in list(columns)}


def _counties(offices: Array) -> tuple[tuple[str, ...], Array]:
    """Give the paths of the counties, and for each demand, by its office, its county's place."""
    listed = list(Office.objects.values_list("pk", "path", "kind"))
    paths = tuple(sorted(path for _pk, path, kind in listed if kind == Office.Kind.COUNTY))
    place = {path: at for at, path in enumerate(paths, start=1)}
    county_of = np.zeros(max([0, *(pk for pk, _path, _kind in listed)]) + 1, np.int32)
    for pk, path, _kind in listed:
        county_of[pk] = max(place.get(above, NONE) for above in paths_above(path))
    return paths, county_of[offices]
