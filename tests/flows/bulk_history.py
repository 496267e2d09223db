"""Many made demands at once, written as rows: for tables that need hundreds."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from redress.demands.models import Demand, Hold, Referral
from redress.demands.states import CloseKind, Holder, State
from redress.registers.limits.deadlines import deadline
from redress.registers.offices.models import Body
from redress.values.text import text_sha256
from tests.conftest import GOLANDASHT, NILKUH, Cast

TOPICS = ("pay.arrears", "pay.minimum", "job.dismissal", "ins.retirement", "safety.hazard")
ENDS = (
    (State.CLOSED, CloseKind.RESOLVED),
    (State.CLOSED, CloseKind.RESOLVED),
    (State.CLOSED, CloseKind.PARTLY),
    (State.CLOSED, CloseKind.REFUSED),
    (State.SILENT, ""),
    (State.WITHDRAWN, ""),
)


def make_many(
    cast: Cast, many: int, *, seed: int, first: dt.date, last: dt.date, paths: Sequence[str] = ()
) -> None:
    """Make demands raised between two days; most are sent, answered and ended, some days later each."""
    dice = random.Random(seed)
    bodies = {NILKUH: cast.labour_office, GOLANDASHT: cast.neighbours_body}
    places = paths or (NILKUH, NILKUH, NILKUH, GOLANDASHT)
    days = (last - first).days
    demands, walks = [], []
    for number in range(many):
        path = dice.choice(places)
        on = first + dt.timedelta(days=dice.randint(0, days))
        walk = [on]
        for days_max in dice.choice(((), (9,), (9, 40), (9, 40, 25), (9, 40, 25))):
            walk.append(walk[-1] + dt.timedelta(days=dice.randint(1, days_max)))
        state, kind = State.SORTED, ""
        if len(walk) > 1:
            state = {2: State.ROUTED, 3: State.ANSWERED}.get(len(walk), State.CLOSED)
        if len(walk) == 4:
            state, kind = dice.choice(ENDS)
        demands.append(_row(f"{seed}.{number}", path, walk, state, kind, bodies[path], dice))
        walks.append(walk)
    Demand.objects.bulk_create(demands)
    known: dict = {}
    Hold.objects.bulk_create([
        hold for one, walk in zip(demands, walks, strict=True) for hold in _holds(one, walk, known)
    ])
    Referral.objects.bulk_create([
        Referral(demand=one, body=one.body, sent_at=_noon(walk[1]))
        for one, walk in zip(demands, walks, strict=True)
        if len(walk) > 1
    ])


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8, 30), dt.UTC)


def _row(
    name: str,
    path: str,
    walk: Sequence[dt.date],
    state: State,
    kind: str,
    body: Body,
    dice: random.Random,
) -> Demand:
    return Demand(
        path=path,
        text=f"Demand {name} of Maryam Ahmadi",
        text_sha256=text_sha256(name),
        text_normal=name,
        language="en",
        channel="web",
        heard_at=_noon(walk[0]),
        heard_on=walk[0] - dt.timedelta(days=dice.choice((0, 0, 0, 0, 500))),
        workplace="Hall seven",
        employer="Spindle and Sons",
        workers_count=dice.randint(1, 30),
        source="many",
        source_id=name,
        state=state,
        topic_id=dice.choice(TOPICS),
        body=body if len(walk) > 1 else None,
        close_kind=kind,
        closed_at=_noon(walk[3]) if len(walk) > 3 else None,
    )


def _holds(demand: Demand, walk: Sequence[dt.date], known: dict) -> list[Hold]:
    def until(code: str, since: dt.date):
        if (code, since) not in known:
            known[code, since] = deadline(code, country="ir", since_on=since)
        return known[code, since]

    hands = [
        (Holder.UNION, "union.normal", demand.heard_on),
        (Holder.BODY, "body.answer", *walk[1:2]),
        (Holder.WORKER, "worker.word", *walk[2:3]),
        (Holder.NOBODY, "", *walk[3:4]),
    ]
    return [
        Hold(
            demand=demand,
            since_on=day[0],
            at=_noon(day[0]),
            holder=holder,
            body=demand.body if holder is Holder.BODY else None,
            deadline=until(code, day[0]) if code else None,
        )
        for holder, code, *day in hands
        if day
    ]
