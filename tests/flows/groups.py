"""Demands of one cause, and collective demands over them, for the tests of both."""

from __future__ import annotations

import datetime as dt
from unittest import mock

from redress.demands import close_many
from redress.demands.close_many import Rule, close_by_sample, draw_members
from redress.demands.collect import (
    NewCollective,
    add_members,
    change_workforce,
    dissolve,
    make_collective,
    members,
    remove_members,
    restore,
)
from redress.demands.count_many import Counts, counts
from redress.demands.hear import HeardWords, hear_demand
from redress.demands.kinds import Outcome
from redress.demands.models import Collective, Demand, Sample
from redress.demands.resolve import confirm_solved
from redress.demands.sample import Called, Lot, draw_ended, note_call
from redress.demands.states import Said
from tests.conftest import GOLANDASHT, NILKUH, NOON, Cast, answer

PERSIAN = "سه ماه است که نساجی نیلکوه حقوق ما را نداده است."
CHINESE = "尼尔库纺织厂三个月没有发工资了。"
ENGLISH = "The textile works has not paid us for three months."
SOLVED = Called(Outcome.REACHED, Said.SOLVED)
LATER = NOON + dt.timedelta(days=1)


def told(
    cast: Cast,
    text: str = ENGLISH,
    *,
    contact: str = "",
    workers: int = 1,
    path: str = NILKUH,
    employer: str = "",
    **more,
) -> Demand:
    words = HeardWords(
        text=text,
        path=path,
        contact=contact,
        workers_count=workers,
        employer=employer,
        receipt_fingerprint=None,
        **more,
    )
    return hear_demand(words, by=cast.officer if path != GOLANDASHT else cast.neighbour, at=NOON)


def together(cast: Cast, *demands: Demand, by=None, **about) -> Collective:
    new = NewCollective(**{"path": NILKUH, "title": "Wages of three months", **about})
    made = make_collective(new, by=by or cast.officer, at=NOON)
    if demands:
        add_members(made, numbers=[one.pk for one in demands], by=by or cast.officer, at=NOON)
    return made


def count(cast: Cast, collective: Collective) -> Counts:
    return counts(Collective.objects.get(pk=collective.pk), seen_by=cast.officer)


def numbers(cast: Cast, collective: Collective) -> set[int]:
    return set(members(collective, seen_by=cast.officer).values_list("pk", flat=True))


def _group(cast: Cast) -> tuple[Collective, Demand]:
    demand = told(cast)
    return together(cast, demand), demand


def _drawn(cast: Cast, *, members: int = 0) -> Sample:
    """Draw one: of the members of a collective demand, or of the demands that ended."""
    if members:
        collective = together(cast, *(answer(cast, told(cast)) for _one in range(members)))
        return draw_members(collective, wanted=1, by=cast.officer, at=NOON)
    confirm_solved(answer(cast, told(cast)), by=cast.officer, at=NOON)
    return draw_ended(Lot(NILKUH, 1), by=cast.officer, at=NOON)


def _closing(cast: Cast):
    sample = _drawn(cast, members=2)
    note_call(sample.calls.get(), called=SOLVED, by=cast.province, at=NOON)

    def close() -> None:
        with mock.patch.object(close_many, "RULE", Rule(reached=1)):
            close_by_sample(sample, by=cast.officer, at=NOON)

    return close


# For each deed of groups and samples: make what it is done to, then do it.
WALKS = {
    "collective.made": lambda c: lambda: together(c),
    "collective.changed": lambda c: (
        lambda g: lambda: change_workforce(g, workforce=9, source="x", by=c.officer, at=NOON)
    )(together(c)),
    "collective.added": lambda c: (
        lambda g, d: lambda: add_members(g, numbers=[d.pk], by=c.officer, at=NOON)
    )(together(c), told(c)),
    "collective.removed": lambda c: (
        lambda g, d: lambda: remove_members(g, numbers=[d.pk], by=c.officer, at=NOON)
    )(*_group(c)),
    "collective.dissolved": lambda c: (
        lambda g: lambda: dissolve(g, why="x", by=c.officer, at=NOON)
    )(together(c)),
    "collective.restored": lambda c: (lambda g: lambda: restore(g, why="x", by=c.officer, at=NOON))(
        dissolve(together(c), why="x", by=c.officer, at=NOON)
    ),
    "sample.drawn": lambda c: lambda: _drawn(c),
    "sample.called": lambda c: (
        lambda s: lambda: note_call(s.calls.get(), called=SOLVED, by=c.province, at=NOON)
    )(_drawn(c)),
    "demand.closed_by_sample": _closing,
}
