"""Figures of a span of days: counts, the shares made of them, and how long things take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_choices import (
    OF_DEMANDS,
    OF_HOLDINGS,
    SHARES,
    Chosen,
    Span,
    choose,
)
from redress.demands.number_facts import Facts, Going
from redress.demands.number_groups import Grouping
from redress.demands.number_rows import NEVER
from redress.engines.figures.survival import Curve, survival_of

Array = npt.NDArray[Any]
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Time:
    """How long something takes, by the survival estimate with what still waits.

    Attributes:
        median: days by which half have come to it; None while too few have.
        low: of the 95 % band of the median, days; None where it is not reached.
        high: likewise; None means that the band has no upper end yet.
        cases: what this rests on.
        waiting: of these, how many have not come to it.
    """

    median: int | None
    low: int | None
    high: int | None
    cases: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Age:
    """How old a stock is, in days: the middle one, and the oldest."""

    median: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some demands, or of some bodies' holdings.

    Attributes:
        counts: by the names in ``OF_DEMANDS`` and ``OF_HOLDINGS``.
        workers: of ``received`` and ``pending``.
        times: ``first_answer`` and ``closing`` of demands, ``answer`` of holdings.
        ages: of what is ``pending``, since it was raised, and of what is ``lying``, since it was sent;
            None for nothing.
    """

    counts: Mapping[str, int]
    workers: Mapping[str, int]
    times: Mapping[str, Time]
    ages: Mapping[str, Age | None]

    def share(self, name: str) -> float | None:
        """Give a share, from 0 on; None of nothing."""
        wanted = SHARES[name]
        among = sum(self.counts[one] for one in wanted.among)
        return sum(self.counts[one] for one in wanted.of) / among if among else None


def rows_behind(
    facts: Facts, span: Span, name: str, *, grouping: Grouping | None = None, key: str = ""
) -> list[int]:
    """List the numbers of the demands behind a figure, or behind its part in one group.

    Args:
        facts: what stood at the end of the span.
        span: the days.
        name: of a count; or of a share, for what it is a share of.
        grouping: how it is broken down, if it is.
        key: which group is meant.
    """
    names = SHARES[name].among if name in SHARES else (name,)
    found = [_behind(facts, span, one, grouping, key) for one in names]
    return [int(number) for number in np.unique(np.concatenate(found))]


def _behind(facts: Facts, span: Span, name: str, grouping: Grouping | None, key: str) -> Array:
    chosen = choose(facts, span, name)
    places = chosen.places
    if grouping is not None:
        places = places[_groups(facts, grouping, name, chosen) == grouping.place_of(key)]
    of = places if name in OF_DEMANDS else facts.holdings.demand[places]
    found: Array = facts.demands.number[of]
    return found


def is_figure(name: str, *, of_demands: bool) -> bool:
    """Say whether there is a count or a share of that name; or one made of holdings alone."""
    names = SHARES[name].among if name in SHARES else (name,)
    known = {*OF_HOLDINGS, *(OF_DEMANDS if of_demands else ())}
    return known.issuperset(names)


def figures(facts: Facts, span: Span, *, of_demands: bool = True) -> Figures:
    """Count everything; or what is of holdings alone, for the people of a body."""
    return figures_by(facts, span, Grouping.of_all(of_demands=of_demands))[0]


def figures_by(facts: Facts, span: Span, grouping: Grouping) -> list[Figures]:
    """Count everything by groups; figures of demands only where the groups are of demands."""
    size = len(grouping.keys)
    names = [*OF_HOLDINGS, *(OF_DEMANDS if grouping.of_demands else ())]
    chosen = {name: choose(facts, span, name) for name in names}
    groups = {name: _groups(facts, grouping, name, chosen[name]) for name in names}
    counts = {name: np.bincount(groups[name], minlength=size) for name in names}
    workers = {
        name: np.bincount(groups[name], facts.demands.workers[chosen[name].places], size)
        for name in ("received", "pending")
        if name in chosen
    }
    waited = {name: _waits(facts, name, chosen) for name in _TIMES if _TIMES[name] in chosen}
    parts = {name: _parted(groups[_TIMES[name]], size) for name in waited}
    ages = {
        name: _ages(facts, name, chosen[name], groups[name], size)
        for name in _STOCKS
        if name in chosen
    }
    return [
        Figures(
            counts={name: int(counts[name][at]) for name in names},
            workers={name: int(many[at]) for name, many in workers.items()},
            times={
                name: _time(days[parts[name][at]], ended[parts[name][at]])
                for name, (days, ended) in waited.items()
            },
            ages={name: listed[at] for name, listed in ages.items()},
        )
        for at in range(size)
    ]


def _groups(facts: Facts, grouping: Grouping, name: str, chosen: Chosen) -> Array:
    if name in OF_DEMANDS:
        return grouping.demands(facts, chosen.places)
    return grouping.holdings(facts, chosen.places, chosen.days)


# Of what the age is told.
_STOCKS: Final = ("pending", "lying")
# What is timed, and of which figure.
_TIMES: Final = {"first_answer": "received", "closing": "received", "answer": "sent"}


def _waits(facts: Facts, name: str, chosen: Mapping[str, Chosen]) -> tuple[Array, Array]:
    """Give how long each has waited, and whether it came to it; the others wait to this day.

    Who took a demand back without an answer has none: it counts as waiting, not as left out.
    """
    places = chosen[_TIMES[name]].places
    if name == "answer":
        held = facts.holdings
        since, came = held.since, np.where(held.going == Going.ANSWERED, held.until, NEVER)
    else:
        since = facts.demands.heard
        came = facts.demands.answered if name == "first_answer" else facts.demands.ended
    days = np.minimum(came, facts.until)[places] - since[places]
    return days, came[places] != NEVER


def _parted(groups: Array, size: int) -> list[Array]:
    """Give the places of each group."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.searchsorted(groups[order], np.arange(1, size)))


def _time(days: Array, ended: Array) -> Time:
    curve = survival_of(days, ended)
    low, high = _band(curve)
    waiting = len(days) - int(ended.sum())
    return Time(curve.days_until(_HALF), low, high, curve.cases, waiting)


def _band(curve: Curve) -> tuple[int | None, int | None]:
    """Give the days on which the ends of the band reach a half."""
    steps = curve.steps
    low = next((one.day for one in steps if one.low is None or one.low <= _HALF), None)
    high = next((one.day for one in steps if one.high is not None and one.high <= _HALF), None)
    return low, high


def _ages(facts: Facts, name: str, chosen: Chosen, groups: Array, size: int) -> list[Age | None]:
    since = facts.demands.heard if name in OF_DEMANDS else facts.holdings.since
    ages = facts.until - since[chosen.places]
    parts = [np.sort(ages[part]) for part in _parted(groups, size)]
    return [Age(int(part[len(part) // 2]), int(part[-1])) if len(part) else None for part in parts]
