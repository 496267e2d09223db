"""What a demand looks like from outside at a moment, and what its days should add up to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db import connection

from redress.demands.clock import clock_days, shares
from redress.demands.states import ENDED, HOLDERS, Holder, State
from redress.registers.offices.scope import Scope, within

_CHILDREN = (
    *("answer", "workerword", "verification", "question", "marking", "referral", "attachment"),
    *("promise", "notice", "sealedidentity"),
)
_COUNTS = ", ".join(
    f"(SELECT count(*) FROM demands_{name} c WHERE c.demand_id = d.id)" for name in _CHILDREN
)
_LOOK = f"""
    SELECT d.id, d.path, d.text, coalesce(s.contact_fingerprint, ''), d.text_sha256,
           d.heard_on, d.receipt_fingerprint, d.state,
           d.asked_from, d.body_id, d.merged_into_id, d.held_back, d.close_kind, d.closed_at,
           d.returned_count, d.reopened_count, d.urgency, d.topic_id, d.deadline_id, d.read_by_body,
           (SELECT last_on FROM limits_deadline l WHERE l.id = d.deadline_id),
           (SELECT array_agg(h.holder ORDER BY h.id) FROM demands_hold h WHERE h.demand_id = d.id),
           (SELECT array_agg(h.body_id ORDER BY h.id) FROM demands_hold h WHERE h.demand_id = d.id),
           (SELECT array_agg(h.since_on ORDER BY h.id) FROM demands_hold h WHERE h.demand_id = d.id),
           ARRAY(SELECT p.body_id FROM demands_party p
                 WHERE p.demand_id = d.id AND p.until_at IS NULL ORDER BY 1),
           ARRAY[{_COUNTS}, (SELECT count(*) FROM journal_entry e
                             WHERE e.subject_kind = 'demand' AND e.subject_id = d.id)]
    FROM demands_demand d LEFT JOIN demands_sealedidentity s ON s.demand_id = d.id
    WHERE d.id = %s
"""


@dataclass(frozen=True)
class Look:
    """One demand with all that belongs to it, counted."""

    number: int
    path: str
    text: str
    contact: str
    sha256: str
    heard_on: dt.date
    receipt: str | None
    state: State
    asked_from: str
    body: int | None
    into: int | None
    held_back: str
    close_kind: str
    closed_at: dt.datetime | None
    returned: int
    reopened: int
    urgency: str
    topic: str | None
    deadline: int | None
    read_by_body: str
    due_on: dt.date | None
    holders: list[str]
    held_by: list[int | None]
    since: list[dt.date]
    seats: list[int]
    counts: list[int]

    @property
    def holds(self) -> list[Any]:
        """Its holds as the clock reads them."""
        listed = zip(self.holders, self.held_by, self.since, strict=True)
        return [
            SimpleNamespace(holder=holder, body_id=body, body=body, since_on=since)
            for holder, body, since in listed
        ]

    @property
    def reads(self) -> set[int]:
        """The bodies that may read it."""
        return {*self.seats, *([self.body] if self.body else [])}


def look_at(number: int) -> Look:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [number])
        row = list(cursor.fetchone())
    row[7] = State(row[7])
    return Look(*row)


def visible_to(scope: Scope, numbers: list[int]) -> tuple[set[int], set[int]]:
    """Give which of some demands a scope sees, and which it finds by a word that all have."""
    with within(scope), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM demands_demand WHERE id = ANY(%s)", [numbers])
        seen = {number for (number,) in cursor.fetchall()}
        cursor.execute("SELECT demands_found('pay'::tsquery, 100000)")
        found = {number for (number,) in cursor.fetchall()}
    return seen, found & set(numbers)


@dataclass
class Days:
    """Whose account the days of one demand go on, counted one by one as they pass."""

    holder: Holder
    body: int | None
    heard_on: dt.date
    counted: Counter[tuple[Holder, int | None]] = field(default_factory=Counter)
    stay: int = 0  # days since it came to whoever has it
    clock: int = 0

    def pass_one(self, today: dt.date) -> None:
        self.counted[self.holder, self.body] += 1
        self.stay += 1
        if self.holder is not Holder.NOBODY:
            self.clock = (today - self.heard_on).days

    def move(self, holder: Holder, body: int | None, *, today: dt.date, ago: int = 0) -> None:
        """Put it into other hands, as of some days ago at most as long as it lay here."""
        back = min(ago, self.stay)
        if (holder, body) != (self.holder, self.body):
            self.counted[self.holder, self.body] -= back
            self.counted[holder, body] += back
            self.holder, self.body, self.stay = holder, body, back
        if holder is not Holder.NOBODY:
            self.clock = (today - self.heard_on).days


def check_days(seen: Look, days: Days, *, today: dt.date) -> None:
    told = shares(seen.holds, until=today)
    assert {(one.holder, one.body): one.days for one in told if one.days} == {
        key: count for key, count in days.counted.items() if count
    }, seen
    assert sum(one.days for one in told) == (today - seen.heard_on).days
    assert all(one.days >= 0 for one in told)
    assert clock_days(seen.holds, today=today) == days.clock, seen


def check_row(seen: Look, other: Look | None) -> None:
    """Check what holds for every demand at every moment."""
    if seen.state is State.MERGED:
        assert other is not None
        assert other.state is not State.MERGED
        assert (seen.holders[-1], seen.held_by[-1]) == (other.holders[-1], other.held_by[-1])
        assert seen.deadline is None
    else:
        assert seen.holders[-1] == HOLDERS[seen.state]
        if seen.holders[-1] == Holder.BODY:
            assert seen.held_by[-1] == seen.body
    assert (seen.closed_at is not None) == (seen.state in ENDED)
    assert (seen.deadline is None) == (seen.state in ENDED | {State.MERGED})
    assert (seen.asked_from != "") == (seen.state is State.TO_CLARIFY)
    assert seen.close_kind == "" or seen.state is State.CLOSED
