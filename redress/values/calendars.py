"""The calendars people read days in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import jdatetime

YEAR_MIN: Final = 1900
YEAR_MAX: Final = 2200


class NotADay(ValueError):
    """Year, month and day that no calendar has, or outside 1900-2200."""


class Calendar(StrEnum):
    """The calendar a person reads dates in."""

    GREGORIAN = "gregorian"
    SOLAR_HIJRI = "solar_hijri"


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day as year, month and day of one calendar."""

    year: int
    month: int
    day: int


def write_day(day: dt.date, *, calendar: Calendar) -> WrittenDay:
    """Turn a day into year, month and day of a calendar."""
    if calendar is Calendar.GREGORIAN:
        return WrittenDay(day.year, day.month, day.day)
    solar = jdatetime.date.fromgregorian(date=day)
    return WrittenDay(solar.year, solar.month, solar.day)


def read_day(year: int, month: int, day: int, *, calendar: Calendar) -> dt.date:
    """Turn year, month and day of a calendar into a day.

    Raises:
        NotADay: the calendar has no such day (29 February 2025, 30 Esfand 1404), or out of range.
    """
    try:
        if calendar is Calendar.GREGORIAN:
            found = dt.date(year, month, day)
        else:
            found = jdatetime.date(year, month, day).togregorian()
    except (ValueError, OverflowError):
        raise NotADay(f"{year}-{month}-{day}") from None
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise NotADay(f"{year}-{month}-{day}")
    return found
