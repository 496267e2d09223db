"""The tables of one closed month that may be published: no group of fewer than ten can be worked out.

Every receipt, end, sending and decided holding is counted in the month it falls in and in no other. So
no two months can be subtracted from one another to find a small group, which figures of all that ever
happened would allow from one month to the next. The one figure of a stock, what is pending, is told of
the whole country only, to the nearest ten; from month to month it moves by what came less what ended,
which are told too. So what was opened again is not told apart from what came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_choices import Span, choose
from redress.demands.number_facts import Ending, Facts, Going, number_of
from redress.demands.number_groups import topic_group
from redress.demands.number_rows import Rows
from redress.demands.number_standing import facts
from redress.demands.numbers import figures
from redress.engines.figures.disclosure import LEAST, Table, disclose
from redress.engines.figures.linked import Group
from redress.values.calendars import read_day, write_day
from redress.values.days import calendar_of

Array = npt.NDArray[Any]
Document = dict[str, Any]
YEARS_APART: Final = 5  # those before them are told together
EARLIER: Final = "earlier"
NO_PLACE: Final = ""  # heard at no county's office; likewise no topic
_YEAR: Final = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Family:
    """Events that are counted together, each once, and the tables made of them.

    Attributes:
        name: of the family.
        by: names of the attributes.
        tables: the attributes that each table keeps, the most wanted first; the first is the total.
    """

    name: str
    by: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]


_PLACED: Final = ((), ("county",), ("topic",), ("year",), ("county", "topic"))
_BY_COUNTY: Final = ((), ("county",))
FAMILIES: Final = (
    Family("came", ("county", "topic", "year"), _PLACED),
    Family("ended", ("how", "county", "topic", "year"), ((), ("how",), *_PLACED[1:])),
    # What was sent again, because the worker disputed the answer, is a part of what was sent: told by
    # itself beside it, the rest could be worked out.
    Family("sent", ("again", "county"), ((), ("again",), ("county",), ("again", "county"))),
    Family("returned", ("county",), _BY_COUNTY),
    # An accepted reason is told of all counties together: it parts what came too late.
    Family(
        "due",
        ("judged", "excuse", "county"),
        ((), ("judged",), ("excuse",), ("county",), ("judged", "county")),
    ),
)
ON_TIME, LATE = "on_time", "late"
FIRST, AGAIN = "first", "again"


@dataclass(frozen=True, slots=True, eq=False)
class _Attribute:
    """Something that tells events apart: the values in use, and the place of each event's among them."""

    values: Sequence[str]
    places: Array

    def of(self, chosen: Array) -> _Attribute:
        """Give it for some of what it was given for."""
        return _Attribute(self.values, self.places[chosen])


def document(rows: Rows, country: str, month: Span) -> Document:
    """Make the publication of a month, as it is stored."""
    known = facts(rows, until=month.until, as_known=True)
    events = dict(_events(known, country, month))
    told = {
        "country": country,
        "since": month.since.isoformat(),
        "until": month.until.isoformat(),
        "least": LEAST,
    }
    if min(len(events[name]["county"].places) for name in ("came", "ended")) < LEAST:
        return told | {"is_withheld": True, "tables": [], "pending": None, "times": {}}
    return told | {
        "is_withheld": False,
        "tables": [table for family in FAMILIES for table in _tables(family, events[family.name])],
        "pending": _pending(known),
        "times": _times(known, month),
    }


def _events(known: Facts, country: str, month: Span) -> Iterator[tuple[str, dict[str, _Attribute]]]:
    """Give each family's events with their attributes."""
    of, held, ends = known.demands, known.holdings, known.ends
    where = _attributes(known, country, month)

    def placed(demands: Array) -> dict[str, _Attribute]:
        return {name: one.of(demands) for name, one in where.items()}

    ended = month.holds(ends.on)
    how = _used([one.name.lower() for one in Ending], ends.ending)
    received = np.flatnonzero(month.holds(of.put_down))
    yield "came", placed(np.append(received, ends.demand[month.holds(ends.opened)]))
    yield "ended", placed(ends.demand[ended]) | {"how": how.of(ended)}
    sent = np.flatnonzero(month.holds(held.since))
    again = _Attribute((FIRST, AGAIN), held.is_again[sent].astype(np.int64))
    yield "sent", placed(held.demand[sent]) | {"again": again}
    returned = month.holds(held.until) & (held.going == Going.RETURNED)
    yield "returned", placed(held.demand[returned])
    parts = [held.demand[choose(known, month, name).places] for name in (ON_TIME, LATE, "excused")]
    which = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    yield (
        "due",
        placed(np.concatenate(parts))
        | {
            "judged": _Attribute((ON_TIME, LATE), np.minimum(which, 1)),
            "excuse": _Attribute((ON_TIME, "late_without", "late_excused"), which),
        },
    )


def _attributes(known: Facts, country: str, month: Span) -> dict[str, _Attribute]:
    groups = [NO_PLACE, *sorted({topic_group(code) for code in known.topics})]
    of_topic = np.array([groups.index(one) for one in (NO_PLACE, *map(topic_group, known.topics))])
    calendar = calendar_of(country)
    last = write_day(month.until, calendar=calendar).year
    years = range(last - YEARS_APART + 1, last + 1)
    starts = [number_of(read_day(year, 1, 1, calendar=calendar)) for year in years]
    of = known.demands
    return {
        "county": _used((NO_PLACE, *known.counties), of.county),
        "topic": _used(groups, of_topic[of.topic]),
        "year": _used((EARLIER, *map(str, years)), np.searchsorted(starts, of.heard, side="right")),
    }


def _used(values: Sequence[str], places: Array) -> _Attribute:
    """Leave out what no demand of the country has ever had."""
    there, at = np.unique(places, return_inverse=True)
    return _Attribute([values[place] for place in there], at)


def _tables(family: Family, attributes: dict[str, _Attribute]) -> list[Document]:
    """Count the events, groups without any too, and hide what is small."""
    used = [attributes[name] for name in family.by]
    shape = tuple(len(one.values) for one in used)
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, tuple(one.places for one in used), 1)
    groups = product(*(one.values for one in used))
    cells: dict[Group, int] = dict(zip(groups, counts.ravel().tolist(), strict=True))
    if "excuse" in family.by:  # what was on time needs no reason
        cells = {of: many for of, many in cells.items() if str(of[1]).startswith(str(of[0]))}
    return [_table(family, names, table) for names, table in _disclosed(family, cells)]


def _disclosed(family: Family, cells: dict[Group, int]) -> list[tuple[tuple[str, ...], Table]]:
    """Show so many of the wanted tables that the total need not be hidden to cover a small group."""
    total = sum(cells.values())
    for many in range(len(family.tables), 1, -1):
        wanted = family.tables[:many]
        positions = [tuple(family.by.index(name) for name in table) for table in wanted]
        found = disclose(cells, positions)
        if total >= LEAST and found[0].counts[()] is not None:
            return list(zip(wanted, found, strict=True))
    return [((), disclose(cells, [()])[0])]


def _table(family: Family, names: tuple[str, ...], table: Table) -> Document:
    cells = [{"of": list(group), "count": count} for group, count in table.counts.items()]
    return {"family": family.name, "by": list(names), "cells": cells}


def _pending(known: Facts) -> Document | None:
    """Tell the stock to the nearest ten; one of fewer than ten is not told."""
    there = known.demands.is_open
    told = {"demands": int(there.sum()), "workers": int(known.demands.workers[there].sum())}
    if told["demands"] < LEAST:
        return None
    return {name: round(count / LEAST) * LEAST for name, count in told.items()}


def _times(known: Facts, month: Span) -> Document:
    """Tell medians alone: how many they rest on would tell how many came and went."""
    found = figures(known, Span(month.until - _YEAR, month.until)).times
    return {
        name: {"median": one.median, "low": one.low, "high": one.high}
        for name, one in found.items()
        if one.cases >= LEAST
    }
