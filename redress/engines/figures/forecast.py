"""How many cases will be pending in the coming weeks, with a band whose coverage was tried out.

Three ways of looking ahead are tried from every past week (a rolling origin), with what was known
then, and held against what came. The one that has erred least so far is used. The band is made of
its past errors, by weeks ahead, at the ranks of a conformal interval; it claims no distribution.
The coverage and the errors reported come from the same replay, where each past week used only what
was known then, so neither the choice of a way nor the width of the band has seen what it is held
against.

What is measured is the past: a new office, a holiday season or a flood of cases is in no error until
it has happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

NOMINAL: Final = 0.8
LEAST_WEEKS: Final = 26
_WARM_UP: Final = 13  # weeks of flows before the first look ahead
_FLOW_WEEKS: Final = 26  # weeks that the coming flows are taken from
_ERRORS_MIN: Final = 9  # fewer have no rank for 90 %: ceil((9 + 1) * 0.9) = 9
_ERRORS_MAX: Final = 104  # two years: older errors are of an office that worked otherwise
_TAIL: Final = (1 + NOMINAL) / 2
_EXACT: Final = 1e-9  # of a rank: 10 * 0.9 must be 9, not a little more


class Way(StrEnum):
    """What is taken to go on.

    ``LAST_WEEK``: as many pending. ``FLOW``: as many received and disposed of a week as lately.
    ``SHARE``: as many received, and the same share of those on hand disposed of.
    """

    LAST_WEEK = "last_week"
    FLOW = "flow"
    SHARE = "share"


WAYS: Final = tuple(Way)


@dataclass(frozen=True, slots=True)
class Point:
    """Pending cases at the end of a coming week; ``week`` 1 is the first."""

    week: int
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to come, and what such forecasts were worth so far.

    Attributes:
        points: one for each week ahead.
        way: the one that has erred least.
        nominal: the share of weeks the band is made to hold.
        measured: the share that it held in the replay, over all weeks ahead.
        origins: past weeks the replay looked ahead from. They overlap: neighbours share most weeks.
        error: mean absolute error of the replay, cases.
        error_of_last_week: that of saying "as last week", from the same weeks. A forecast whose error
            is not clearly less is worth no more than the last count.
    """

    points: tuple[Point, ...]
    way: Way
    nominal: float
    measured: float
    origins: int
    error: float
    error_of_last_week: float


@dataclass(frozen=True, slots=True)
class TooShort:
    """The history is too short for a band that was tried out: weeks there are, weeks needed."""

    weeks: int
    needed: int


def weeks_needed(ahead: int) -> int:
    """Say how long a history must be to look some weeks ahead and try that at least once."""
    return max(LEAST_WEEKS, _WARM_UP - 1 + _ERRORS_MIN + 2 * ahead)


def forecast(
    pending: Sequence[int], received: Sequence[int], disposed: Sequence[int], *, ahead: int
) -> Forecast | TooShort:
    """Look some weeks ahead.

    Args:
        pending: cases pending at the end of each whole week, oldest first.
        received: cases received in the same weeks.
        disposed: cases disposed of in the same weeks.
        ahead: weeks, 1 or more.

    Raises:
        ValueError: sequences of different lengths, a count below 0, or no week ahead.
    """
    weeks = np.array([pending, received, disposed], np.float64)
    if ahead < 1 or (weeks < 0).any():
        raise ValueError("a count below 0, or no week ahead")
    count = weeks.shape[1]
    if count < weeks_needed(ahead):
        return TooShort(count, weeks_needed(ahead))
    return _Replay(weeks, ahead).forecast()


class _Replay:
    """Every look ahead from a past week: arrays by way, origin and weeks ahead."""

    def __init__(self, weeks: Array, ahead: int) -> None:
        self.ahead = ahead
        self.expected = _expected(*weeks, ahead=ahead)
        came = np.full(self.expected.shape[1:], np.nan)
        for at in range(ahead):
            came[: len(came) - at - 1, at] = weeks[0, _WARM_UP + at :]
        self.came = came
        self.errors = came - self.expected
        self.totals = np.nancumsum(np.abs(self.errors), axis=1)

    def forecast(self) -> Forecast:
        first, last = self.ahead + _ERRORS_MIN - 1, len(self.came) - 1
        held, error, error_of_last_week = [], [], []
        for origin in range(first, last):
            known = slice(min(self.ahead, last - origin))
            way = self._best(origin)
            low, high = self._band(way, origin)
            came = self.came[origin, known]
            held += ((low[known] <= came) & (came <= high[known])).tolist()
            error += np.abs(self.errors[way, origin, known]).tolist()
            error_of_last_week += np.abs(self.errors[0, origin, known]).tolist()
        return Forecast(
            points=tuple(self._points(last)),
            way=WAYS[self._best(last)],
            nominal=NOMINAL,
            measured=float(np.mean(held)),
            origins=last - first,
            error=float(np.mean(error)),
            error_of_last_week=float(np.mean(error_of_last_week)),
        )

    def _best(self, origin: int) -> int:
        """Find the way with the least mean error, each number of weeks ahead counting alike."""
        known = origin - np.arange(self.ahead)  # errors seen by then, by weeks ahead
        means = self.totals[:, known - 1, np.arange(self.ahead)] / known
        return int(np.argmin(means.mean(axis=1)))

    def _band(self, way: int, origin: int) -> tuple[Array, Array]:
        """Give both ends; they hold what is expected, and part with more weeks ahead."""
        low, high = np.empty(self.ahead), np.empty(self.ahead)
        for at in range(self.ahead):
            errors = self.errors[way, max(0, origin - at - _ERRORS_MAX) : origin - at, at]
            rank = min(len(errors), int(np.ceil((len(errors) + 1) * _TAIL - _EXACT)))
            parts = np.partition(errors, [len(errors) - rank, rank - 1])
            low[at], high[at] = parts[len(errors) - rank], parts[rank - 1]
        middle = self.expected[way, origin]
        low = np.minimum.accumulate(np.minimum(low, 0))
        high = np.maximum.accumulate(np.maximum(high, 0))
        return np.maximum(middle + low, 0), np.maximum(middle + high, 0)

    def _points(self, origin: int) -> Iterator[Point]:
        way = self._best(origin)
        columns = self.expected[way, origin], *self._band(way, origin)
        for at, (expected, low, high) in enumerate(zip(*columns, strict=True), start=1):
            yield Point(at, float(expected), float(low), float(high))


def _expected(pending: Array, received: Array, disposed: Array, *, ahead: int) -> Array:
    """Look ahead from every week after the warm-up, each of the ways."""
    stop = np.arange(_WARM_UP, len(pending) + 1)
    start = np.maximum(stop - _FLOW_WEEKS, 0)
    coming, going, on_hand = (
        (total[stop] - total[start]) / (stop - start)
        for total in map(_running, (received, disposed, pending + disposed))
    )
    now = pending[stop - 1]
    share = np.minimum(going / np.maximum(on_hand, 1), 1)
    found = np.empty((len(WAYS), len(now), ahead))
    left = now
    for at in range(ahead):
        left = (left + coming) * (1 - share)
        found[:, :, at] = now, np.maximum(now + (coming - going) * (at + 1), 0), left
    return found


def _running(counts: Array) -> Array:
    return np.concatenate([[0], np.cumsum(counts)])
