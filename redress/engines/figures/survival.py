"""How long cases take, counting those still open: the Kaplan-Meier estimate.

An average over ended cases alone would leave out the slow ones, which are still open. Here an open
case counts for as long as it has been watched. What makes a case leave unended (withdrawn, moved to
another office) must not depend on how long it would have taken; else count that as ended too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from redress.engines.figures.intervals import Z95

Array = npt.NDArray[Any]
DAYS_MAX: Final = 100_000
_ROUNDING: Final = 1e-11  # of a product of up to DAYS_MAX shares; no count tells shares this close


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a case has been with an office.

    Attributes:
        days: from the first day to the day it ended, or to the last day it was seen open.
        ended: False for one that is still open.
        weight: how many cases this stands for.
    """

    days: int
    ended: bool
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which cases ended.

    Attributes:
        day: days since the first day.
        at_risk: cases that were open as the day began and were watched on it.
        ended: cases that ended on it.
        share_open: of all cases, still open after it.
        low: of the 95 % band; Greenwood's variance on the scale of log(-log), so within 0 to 1. None
            where no case is left open, because the variance is then unknown.
        high: as ``low``.
    """

    day: int
    at_risk: int
    ended: int
    share_open: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of cases still open, by days.

    Attributes:
        steps: days on which some ended, in order; between them the share stays.
        cases: how many this rests on.
        watched: days of the longest stay, open or ended; None without a case.
    """

    steps: tuple[Step, ...]
    cases: int
    watched: int | None

    def share_open_after(self, days: int) -> float | None:
        """Give the share open at the end of a day.

        None where it is not known: no case at all, or none was watched so long and some never ended.
        """
        at = bisect_right(self.steps, days, key=lambda step: step.day)
        share = self.steps[at - 1].share_open if at else 1.0
        if self.watched is None or (days > self.watched and share > 0):
            return None
        return share

    def days_until(self, share: float) -> int | None:
        """Give the first day by which a share of cases has ended; 0.5 is the median.

        None while too many are still open to say.

        Raises:
            ValueError: a share that is not above 0 and at most 1.
        """
        if not 0 < share <= 1:
            raise ValueError(share)
        left = 1 - share + _ROUNDING
        return next((step.day for step in self.steps if step.share_open <= left), None)


def survival(stays: Iterable[Stay]) -> Curve:
    """Estimate the curve of some stays.

    Raises:
        ValueError: days or a weight below 0, or days above ``DAYS_MAX``.
    """
    rows = [(stay.days, stay.ended, stay.weight) for stay in stays]
    days, ended, weights = np.array(rows, np.int64).reshape(-1, 3).T
    return survival_of(days, ended.astype(np.bool_), weights)


def survival_of(days: Array, ended: Array, weights: Array | None = None) -> Curve:
    """Estimate the curve of many stays, one a place.

    Args:
        days: whole numbers, as ``Stay.days``.
        ended: true or false, as ``Stay.ended``.
        weights: whole numbers, as ``Stay.weight``; one each where not given.

    Raises:
        ValueError: as ``survival``, or arrays of different lengths.
    """
    if len(days) != len(ended) or (weights is not None and len(days) != len(weights)):
        raise ValueError("one place each for days, ended and weights")
    if weights is None:
        weights = np.ones(len(days), np.int64)
    if len(days) and not (0 <= days.min() <= days.max() <= DAYS_MAX and weights.min() >= 0):
        raise ValueError(f"days outside 0 to {DAYS_MAX}, or a weight below 0")
    held = weights > 0
    days, ended, weights = days[held], ended[held].astype(np.bool_), weights[held]
    if not len(days):
        return Curve((), 0, None)
    leaving = _sums(days, weights)
    over = _sums(days[ended], weights[ended])
    risk = np.cumsum(leaving[::-1])[::-1]
    on = np.flatnonzero(over)
    return Curve(_steps(on, risk[on], over[on]), int(risk[0]), len(leaving) - 1)


def _sums(days: Array, weights: Array) -> Array:
    """Add up by day; exact, because a float holds whole numbers up to 2^53."""
    return np.bincount(days, weights).astype(np.int64)


def _steps(on: Array, risk: Array, over: Array) -> tuple[Step, ...]:
    left = risk - over
    share = np.cumprod(left / risk)
    with np.errstate(divide="ignore", invalid="ignore"):  # where none is left; put right below
        spread = np.sqrt(np.cumsum(over / (risk * left.astype(np.float64)))) / np.log(share)
        low, high = share ** np.exp(-Z95 * spread), share ** np.exp(Z95 * spread)
    bands = [
        (one, another) if some else (None, None)
        for some, one, another in zip((left > 0).tolist(), low.tolist(), high.tolist(), strict=True)
    ]
    columns = on.tolist(), risk.tolist(), over.tolist(), share.tolist()
    rows = zip(*columns, bands, strict=True)
    return tuple(Step(day, at, off, part, *band) for day, at, off, part, band in rows)
