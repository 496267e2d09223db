"""The backlog week by week: what came, what ended, what was left; what coming weeks may bring."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.demands.number_facts import Facts, day_of, number_of
from redress.demands.number_rows import NEVER
from redress.engines.figures.forecast import Forecast, TooShort, forecast

Array = npt.NDArray[Any]
WEEKS_AHEAD: Final = 8
_WEEKS_MAX: Final = 156  # three years: what was long before tells little of an office of today
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Week:
    """One whole week, by its last day; ``received`` holds what was opened again too."""

    ends_on: dt.date
    received: int
    ended: int
    pending: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Whole weeks, the first first, and the forecast made of them.

    Attributes:
        weeks: up to the last that has ended.
        ahead: what may be pending at the end of the coming weeks; None where the history is too
            short to try such a forecast out.
        needed: how many weeks that takes.
    """

    weeks: tuple[Week, ...]
    ahead: Forecast | None
    needed: int

    @property
    def first_ahead(self) -> dt.date | None:
        """Give the last day of the first coming week."""
        return self.weeks[-1].ends_on + dt.timedelta(days=_WEEK) if self.weeks else None


def backlog(facts: Facts, *, first_weekday: int) -> Backlog:
    """Count week by week.

    Args:
        facts: what stood on the last day, which may lie within a week.
        first_weekday: on which a week begins; Monday is 0.
    """
    started = facts.demands.heard
    ended, opened = facts.ends.on, facts.ends.opened[facts.ends.opened != NEVER]
    # The last day on which a whole week had ended.
    last = facts.until - (_weekday(facts.until) - first_weekday + 1) % _WEEK
    count = min(_WEEKS_MAX, -(-(last - int(started.min(initial=last))) // _WEEK))
    ends = last - _WEEK * np.arange(count - 1, -1, -1)
    came, went = (_by_week(days, ends) for days in (np.concatenate([started, opened]), ended))
    before = ends[0] - _WEEK if count else 0
    stood = int((started <= before).sum() + (opened <= before).sum() - (ended <= before).sum())
    left = stood + np.cumsum(came - went)
    columns = (ends.tolist(), came.tolist(), went.tolist(), left.tolist())
    weeks = tuple(
        Week(day_of(on) or dt.date.max, one, two, three)
        for on, one, two, three in zip(*columns, strict=True)
    )
    found = forecast(left.tolist(), came.tolist(), went.tolist(), ahead=WEEKS_AHEAD)
    if isinstance(found, TooShort):
        return Backlog(weeks, None, found.needed)
    return Backlog(weeks, found, count)


def _weekday(number: int) -> int:
    return (number - number_of(dt.date(1970, 1, 5))) % _WEEK  # a Monday


def _by_week(days: Array, ends: Array) -> Array:
    """Count the days that lie in each week; those before and after are left out."""
    if not len(ends):
        return np.zeros(0, np.int64)
    within = days[(days > ends[0] - _WEEK) & (days <= ends[-1])]
    ago = (int(ends[-1]) - within) // _WEEK
    return np.bincount(len(ends) - 1 - ago, minlength=len(ends))
