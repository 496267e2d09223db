"""The figures' own sheet: one row a demand, without names and words; all is counted anew from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np

from redress.demands.number_facts import Ending, Facts, Going, day_of
from redress.demands.number_groups import topic_group
from redress.demands.number_rows import FOUND, NEVER, NONE, SAID, STATES
from redress.registers.offices.models import Body

_ROWS_AT_ONCE: Final = 10_000
# Holdings of one demand stand in one cell, and so do its ends; days as in 2026-11-22.
APART, WITHIN = ";", "|"

Cell = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A demand in the sheet; ``None`` for a day that has not come.

    Attributes:
        holdings: each time it lay with a body: number of the body, since, until, last day of the
            limit, how it stands, first day past a limit, ``1`` for an accepted reason, ``1`` for one
            sent again after a dispute, what came of the answer, the day on which the demand ended with
            it, the day on which it was opened again.
        ends: each time it ended: the day, how, the day it was opened again.
        clock: days with the union, with bodies, with the worker, with nobody.
    """

    number: int
    heard_on: dt.date | None
    put_down_on: dt.date | None
    county: str
    topic_group: str
    topic: str
    workers: int
    state: str
    body: int | None
    body_name: str
    answered_on: dt.date | None
    ended_on: dt.date | None
    ended_as: str
    said: str
    found: str
    clock: tuple[int, int, int, int]
    holdings: str
    ends: str


def lines(facts: Facts) -> Iterator[Line]:
    """Give the demands, by number; all that is read of the database is read before the first."""
    return _lines(facts, {one.pk: str(one) for one in Body.objects.all()})


def _lines(facts: Facts, names: dict[int, str]) -> Iterator[Line]:
    of = facts.demands
    columns = [getattr(of, name) for name in type(of).__slots__]
    for first in range(0, len(of.number), _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        held = _cells(_holding_rows(facts, first), first, len(of.number[part]))
        ended = _cells(_end_rows(facts, first), first, len(of.number[part]))
        rows = zip(*(column[part].tolist() for column in columns), strict=True)
        for row, holdings, ends in zip(rows, held, ended, strict=True):
            yield _line(
                dict(zip(type(of).__slots__, row, strict=True)), facts, names, holdings, ends
            )


def _line(
    row: dict[str, Any], facts: Facts, names: dict[int, str], holdings: str, ends: str
) -> Line:
    topic = _named(facts.topics, row["topic"])
    return Line(
        number=row["number"],
        heard_on=day_of(row["heard"]),
        put_down_on=day_of(row["put_down"]),
        county=_named(facts.counties, row["county"]),
        topic_group=topic_group(topic),
        topic=topic,
        workers=row["workers"],
        state=_named(STATES, row["state"]),
        body=row["body"] or None,
        body_name=names.get(row["body"], ""),
        answered_on=day_of(row["answered"]),
        ended_on=day_of(row["ended"]),
        ended_as="" if row["ended"] == NEVER else _word(Ending, row["ending"]),
        said=_named(SAID, row["said"]),
        found=_named(FOUND, row["found"]),
        clock=(row["with_union"], row["with_body"], row["with_worker"], row["with_nobody"]),
        holdings=holdings,
        ends=ends,
    )


def _named(names: Sequence[str], code: int) -> str:
    return "" if code == NONE else str(names[code - 1])


def _word(kind: type[IntEnum], code: int) -> str:
    return kind(code).name.lower()


def _day(number: int) -> str:
    day = day_of(number)
    return "" if day is None else day.isoformat()


def _slice(of: np.ndarray[Any, Any], first: int) -> slice:
    """Give the rows that belong to the next demands; they stand in the demands' order."""
    return slice(*np.searchsorted(of, [first, first + _ROWS_AT_ONCE]).tolist())


def _holding_rows(facts: Facts, first: int) -> Iterator[tuple[int, str]]:
    held = facts.holdings
    part = _slice(held.demand, first)
    columns = [getattr(held, name)[part].tolist() for name in type(held).__slots__]
    for demand, body, since, until, due, going, late, excused, again, fate, *days in zip(
        *columns, strict=True
    ):
        told = [str(body), *map(_day, (since, until, due)), _word(Going, going), _day(late)]
        told += ["1" if excused else "", "1" if again else ""]
        told += [_word(Ending, fate) if going == Going.ANSWERED else "", *map(_day, days)]
        yield demand, WITHIN.join(told)


def _end_rows(facts: Facts, first: int) -> Iterator[tuple[int, str]]:
    ends = facts.ends
    part = _slice(ends.demand, first)
    columns = [getattr(ends, name)[part].tolist() for name in type(ends).__slots__]
    for demand, on, opened, ending in zip(*columns, strict=True):
        yield demand, WITHIN.join([_day(on), _word(Ending, ending), _day(opened)])


def _cells(rows: Iterator[tuple[int, str]], first: int, count: int) -> list[str]:
    found: list[list[str]] = [[] for _ in range(count)]
    for demand, told in rows:
        found[demand - first].append(told)
    return [APART.join(parts) for parts in found]
