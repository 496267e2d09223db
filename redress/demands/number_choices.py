"""What each figure counts: a choice of demands, or of holdings of bodies, in a span of days.

The same choice gives the count and the rows behind it, so that a number on a page opens what was
counted and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_facts import Ending, Facts, Going, number_of
from redress.demands.number_rows import FOUND, NEVER
from redress.demands.states import Found

Array = npt.NDArray[Any]
WATCHED_DAYS: Final = 90
_AFTER_AN_ANSWER: Final = (
    *(Ending.RESOLVED, Ending.PARTLY, Ending.REFUSED, Ending.MOVED),
    *(Ending.BY_SAMPLE, Ending.SILENT),
)
_FOUND_SOLVED: Final = FOUND.index(Found.SOLVED) + 1


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, both ends counted; what stands is what stood at the end of the last."""

    since: dt.date
    until: dt.date

    def holds(self, days: Array) -> Array:
        """Say which days lie in it."""
        found: Array = (days >= number_of(self.since)) & (days <= number_of(self.until))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What a figure counts.

    Attributes:
        places: among the demands, or among the holdings; a demand that ended twice stands twice.
        days: the day on which each counts.
    """

    places: Array
    days: Array


Choice = Callable[[Facts, Span], Chosen]


def _on(days: Array, span: Span, also: Array | bool = True) -> Chosen:  # noqa: FBT001, FBT002 - a mask, or none
    places = np.flatnonzero(span.holds(days) & also)
    return Chosen(places, days[places])


def _at_the_end(there: Array, span: Span) -> Chosen:
    places = np.flatnonzero(there)
    return Chosen(places, np.full(len(places), number_of(span.until)))


def _of_ends(facts: Facts, days: Array, span: Span, also: Array | bool = True) -> Chosen:  # noqa: FBT001, FBT002 - as _on
    chosen = _on(days, span, also)
    return Chosen(facts.ends.demand[chosen.places], chosen.days)


def _ended_as(*endings: Ending) -> Choice:
    def choose(facts: Facts, span: Span) -> Chosen:
        return _of_ends(facts, facts.ends.on, span, np.isin(facts.ends.ending, endings))

    return choose


def _verified(facts: Facts) -> Array:
    """Say which ends are solved by the worker's own word, or by what the union found last."""
    ends = facts.ends
    found = facts.demands.found[ends.demand] == _FOUND_SOLVED
    verified: Array = (ends.ending == Ending.RESOLVED) | (
        found & np.isin(ends.ending, _AFTER_AN_ANSWER)
    )
    return verified


def _watched(facts: Facts, ended: Array, how: Array) -> Array:
    found: Array = (how != Ending.WITHDRAWN) & (ended + WATCHED_DAYS <= facts.until)
    return found


def _ends_watched(facts: Facts, span: Span) -> Chosen:
    ends = facts.ends
    return _of_ends(facts, ends.on, span, _watched(facts, ends.on, ends.ending))


def _ends_opened(facts: Facts, span: Span) -> Chosen:
    ends = facts.ends
    soon = _watched(facts, ends.on, ends.ending) & (ends.opened <= ends.on + WATCHED_DAYS)
    return _of_ends(facts, ends.on, span, soon)


def _answers_watched(facts: Facts, span: Span) -> Chosen:
    held = facts.holdings
    return _on(held.ended, span, _watched(facts, held.ended, held.fate))


def _answers_opened(facts: Facts, span: Span) -> Chosen:
    held = facts.holdings
    soon = _watched(facts, held.ended, held.fate) & (held.opened <= held.ended + WATCHED_DAYS)
    return _on(held.ended, span, soon)


def _answered(*fates: Ending) -> Choice:
    def choose(facts: Facts, span: Span) -> Chosen:
        held = facts.holdings
        came = np.isin(held.fate, fates) if fates else held.fate != Ending.WAITS
        return _on(held.until, span, (held.going == Going.ANSWERED) & came)

    return choose


def _on_time(facts: Facts, span: Span) -> Chosen:
    held = facts.holdings
    kept = (held.going == Going.ANSWERED) & (held.late_on == NEVER) & (held.due != NEVER)
    return _on(held.until, span, kept)


# What is counted of demands, and of the times that one lay with a body. Their words are at the doors.
OF_DEMANDS: Final[Mapping[str, Choice]] = {
    "received": lambda facts, span: _on(facts.demands.heard, span),
    "opened_again": lambda facts, span: _of_ends(facts, facts.ends.opened, span),
    "ended": lambda facts, span: _of_ends(facts, facts.ends.on, span),
    "pending": lambda facts, span: _at_the_end(facts.demands.is_open, span),
    "ended_answered": _ended_as(*_AFTER_AN_ANSWER),
    "verified": lambda facts, span: _of_ends(facts, facts.ends.on, span, _verified(facts)),
    "watched": _ends_watched,
    "opened_in_90": _ends_opened,
}
OF_HOLDINGS: Final[Mapping[str, Choice]] = {
    "sent": lambda facts, span: _on(facts.holdings.since, span),
    "returned": lambda facts, span: _on(
        facts.holdings.since, span, facts.holdings.going == Going.RETURNED
    ),
    "handled": lambda facts, span: _on(facts.holdings.until, span),
    "lying": lambda facts, span: _at_the_end(facts.holdings.going == Going.RUNNING, span),
    "lying_late": lambda facts, span: _at_the_end(
        (facts.holdings.going == Going.RUNNING) & (facts.holdings.late_on != NEVER), span
    ),
    "on_time": _on_time,
    "late": lambda facts, span: _on(facts.holdings.late_on, span, ~facts.holdings.is_excused),
    "excused": lambda facts, span: _on(facts.holdings.late_on, span, facts.holdings.is_excused),
    "answers": _answered(*Ending),
    "judged": _answered(),
    "satisfied": _answered(Ending.RESOLVED),
    "left": _answered(Ending.PARTLY, Ending.REFUSED, Ending.MOVED),
    "disputed": _answered(Ending.DISPUTED),
    "silent": _answered(Ending.SILENT),
    "otherwise": _answered(Ending.BY_SAMPLE, Ending.WITHDRAWN, Ending.OPENED_AGAIN),
    "answers_watched": _answers_watched,
    "answers_opened": _answers_opened,
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share: the counts above the line, and those below it."""

    of: tuple[str, ...]
    among: tuple[str, ...]


SHARES: Final[Mapping[str, Share]] = {
    "clearance": Share(("ended",), ("received", "opened_again")),
    "on_time_share": Share(("on_time",), ("on_time", "late", "excused")),
    "verified_share": Share(("verified",), ("ended_answered",)),
    "satisfied_share": Share(("satisfied",), ("judged",)),
    "disputed_share": Share(("disputed",), ("judged",)),
    "silent_share": Share(("silent",), ("judged",)),
    "opened_again_share": Share(("opened_in_90",), ("watched",)),
    "returned_share": Share(("returned",), ("sent",)),
    "handled_share": Share(("handled",), ("sent",)),
    "answers_opened_share": Share(("answers_opened",), ("answers_watched",)),
}


def choose(facts: Facts, span: Span, name: str) -> Chosen:
    """Choose what a figure counts."""
    return (OF_DEMANDS.get(name) or OF_HOLDINGS[name])(facts, span)
