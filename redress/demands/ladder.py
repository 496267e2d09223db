"""The escalation ladder as data, and what it holds for one demand: shown in advance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import get_language

from redress.demands.models import Demand
from redress.demands.states import HOLDERS, Holder, State
from redress.registers.limits.models import Deadline
from redress.registers.offices.models import Body
from redress.values.places import paths_above

_FILE: Final = Path(__file__).parent / "data" / "ladder.yaml"
LIAISON, MANAGER, WORKER = "liaison", "manager", "worker"
OFFICE, UNION_ABOVE = "office", "union_above"
_TO_THE_BODY: Final = frozenset({LIAISON, MANAGER})
_TO_THE_UNION: Final = frozenset({OFFICE, UNION_ABOVE, WORKER})


@dataclass(frozen=True, slots=True)
class Words:
    """A name or a reason in the three languages."""

    en: str
    fa: str
    zh: str

    def __str__(self) -> str:
        return str(getattr(self, (get_language() or "en").split("-", 1)[0], self.en))


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder.

    Attributes:
        days: from the day it is due, or from the start of the limit; below 0 is before it.
        from_start: whether it counts from the start.
        lapses: how many days later it is still sent; None for always.
        to: who is told; a kind of body that stands above gets to read the demand too.
    """

    code: str
    holder: Holder
    states: frozenset[State]
    days: int
    from_start: bool
    lapses: int | None
    to: str
    name: Words
    basis: Words

    @property
    def goes_up(self) -> bool:
        """Say whether it brings the demand before a body that did not read it so far."""
        return self.to not in _TO_THE_BODY | _TO_THE_UNION

    def day(self, until: Deadline) -> dt.date:
        """Give the day on which it is reached."""
        start = until.since_on if self.from_start else until.last_on
        return start + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Level:
    """A share of a workforce from which a collective demand is of a higher level."""

    code: str
    percent: int
    name: Words
    basis: Words


@lru_cache(maxsize=1)
def _data() -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _words(entry: dict[str, Any]) -> Words:
    return Words(en=entry["en"], fa=entry["fa"], zh=entry["zh"])


def _states(holder: Holder, named: str | None) -> frozenset[State]:
    """Say in which states a rung is climbed: all of its holder's, or the one that is named."""
    if named is not None:
        return frozenset({State(named)})
    return frozenset(state for state, of in HOLDERS.items() if of is holder)


@lru_cache(maxsize=1)
def rungs() -> tuple[Rung, ...]:
    """Give the ladder, in the order of its file."""
    return tuple(
        Rung(
            code=entry["code"],
            holder=Holder(entry["holder"]),
            states=_states(Holder(entry["holder"]), entry.get("state")),
            days=entry["days"],
            from_start=entry["from"] == "start",
            lapses=entry.get("lapses"),
            to=entry["to"],
            name=_words(entry),
            basis=_words(entry["basis"]),
        )
        for entry in _data()["rungs"]
    )


@lru_cache(maxsize=1)
def levels() -> tuple[Level, ...]:
    """Give the levels of collective demands, the lowest first."""
    return tuple(
        Level(entry["code"], entry["percent"], _words(entry), _words(entry["basis"]))
        for entry in _data()["levels"]
    )


def rung_named(code: str) -> Rung | None:
    """Give a rung by its code; None for one that the file no longer has."""
    return next((rung for rung in rungs() if rung.code == code), None)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What will happen on a day if nobody acts."""

    on: dt.date
    rung: Rung
    body: Body | None  # whom it goes to, where that is a body


def ahead(demand: Demand, *, today: dt.date) -> list[Ahead]:
    """List the rungs that lie ahead of a demand, the next first; none for one that has ended.

    A rung that is past and was not sent comes with the next pass, today, unless it lapsed.
    """
    until = demand.deadline
    state = State(demand.state)
    if until is None or demand.held_back:
        return []
    sent = set(demand.notices.filter(deadline=until).values_list("rung", flat=True))
    found = []
    for rung in rungs():
        on = rung.day(until)
        lapsed = rung.lapses is not None and on + dt.timedelta(days=rung.lapses) < today
        too_late = state is State.ANSWERED and max(on, today) > until.last_on  # silence is noted
        if state not in rung.states or rung.code in sent or lapsed or too_late:
            continue
        body = demand.body if rung.to in _TO_THE_BODY else None
        if rung.goes_up:
            body = body_above(demand.path, kind=rung.to)
        if body is not None or not rung.goes_up:
            found.append(Ahead(max(on, today), rung, body))
    return sorted(found, key=lambda one: one.on)


def bodies_above(*, kind: str, country: str) -> list[Body]:
    """List a country's bodies of a kind, those of the smallest areas first."""
    found = Body.objects.filter(kind_id=kind, path__startswith=f"{country}.")
    return sorted(found, key=_nearest_first)


def body_above(path: str, *, kind: str) -> Body | None:
    """Give the nearest body of a kind whose area holds a place."""
    serving = Body.objects.filter(kind_id=kind, path__in=paths_above(path))
    return min(serving, key=_nearest_first, default=None)


def _nearest_first(body: Body) -> tuple[int, int]:
    return -len(body.path), body.pk
