"""Days: the limits that offices are held to, and where a country keeps its clock.

Which days are worked is what the ``holidays`` package says, asked for one year at a time:

- Iran: the weekend is Friday alone, so Thursday counts. Lunar holidays are as announced up to 2026
  and computed after it (a day off now and then); days closed by decree are mostly unknown to it.
- China: Saturday and Sunday, and the days off and made-up working days of the State Council's
  notices up to 2026. A later year has its legal holidays only, until a package with its notice.
- Britain: England's bank holidays. Scotland and Northern Ireland have others.
- A country unknown to the package works Monday to Friday, all year.

Before 1980 (Iran) or 1950 (China), and after 2100, the package knows no holidays, only weekends.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from redress.values.calendars import YEAR_MAX, YEAR_MIN, Calendar, read_day, write_day


@dataclass(frozen=True, slots=True)
class _Country:
    """What offices of a country go by; ``part`` is whose holidays they keep where parts differ."""

    time_zone: str
    currency: str
    calendar: Calendar = Calendar.GREGORIAN
    part: str | None = None


_COUNTRIES: Final = {
    "ir": _Country("Asia/Tehran", "IRR", calendar=Calendar.SOLAR_HIJRI),
    "cn": _Country("Asia/Shanghai", "CNY"),
    "gb": _Country("Europe/London", "GBP", part="ENG"),
}
_ELSEWHERE: Final = _Country("UTC", "EUR")
COUNTRIES: Final = tuple(_COUNTRIES)


class Unit(StrEnum):
    """What a limit counts.

    A ``MONTH30`` is thirty days. A ``MONTH`` and a ``YEAR`` are of the calendar that the country's law
    counts in, and end on the day of the same number; where the month has no such day, on its last.
    """

    DAY = "day"
    WORKDAY = "workday"
    MONTH30 = "month30"
    MONTH = "month"
    YEAR = "year"


LIMIT_DAYS_MAX: Final = 3660
LIMIT_MAX: Final = {
    Unit.DAY: LIMIT_DAYS_MAX,
    Unit.WORKDAY: LIMIT_DAYS_MAX,
    Unit.MONTH30: 120,
    Unit.MONTH: 120,
    Unit.YEAR: 10,
}
_DAYS_IN: Final = {Unit.DAY: 1, Unit.MONTH30: 30}
_MONTHS_IN: Final = {Unit.MONTH: 1, Unit.YEAR: 12}
# Ten years from the last of these days, and a year back from the first, every calendar has days.
_DAY_MIN: Final = dt.date(YEAR_MIN + 1, 1, 1)
_DAY_MAX: Final = dt.date(YEAR_MAX - 11, 12, 31)


def is_workday(day: dt.date, *, country: str) -> bool:
    """Say whether offices of a country work that day: its weekend, holidays and make-up days.

    Args:
        day: the day asked about.
        country: ISO 3166 code, any case.
    """
    days = _workdays(country, day.year)
    at = bisect_left(days, day.toordinal())
    return days[at : at + 1] == (day.toordinal(),)


def add_limit(start: dt.date, *, limit: int, unit: Unit, country: str) -> dt.date:
    """Give the last day of a limit; the starting day itself is not counted.

    Args:
        start: the day something happened, in the years 1901 to 2189.
        limit: how many of the unit, 0 to its ``LIMIT_MAX``.
        unit: what is counted.
        country: whose working days and whose months.

    Raises:
        ValueError: a limit below 0 or above the maximum, or a start outside those years.
    """
    _check(start, limit, unit)
    if unit == Unit.WORKDAY:
        return _workday_after(start, limit, country)
    if unit in _MONTHS_IN:
        return _months_after(start, limit * _MONTHS_IN[unit], calendar_of(country))
    return start + dt.timedelta(days=limit * _DAYS_IN[unit])


def _check(day: dt.date, limit: int, unit: Unit) -> None:
    if not 0 <= limit <= LIMIT_MAX[unit]:
        raise ValueError(f"a limit of {limit} {unit}s is not 0 to {LIMIT_MAX[unit]}")
    if not _DAY_MIN <= day <= _DAY_MAX:
        raise ValueError(f"no limit is counted from {day}, only from {_DAY_MIN} to {_DAY_MAX}")


@lru_cache(maxsize=512)
def _workdays(country: str, year: int) -> tuple[int, ...]:
    """List the working days of a year as ordinals."""
    part = _of(country).part
    try:
        known = holidays.country_holidays(country.upper(), subdiv=part, years=year)
    except NotImplementedError:
        known = holidays.HolidayBase()
    first, after = dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()
    return tuple(
        day for day in range(first, after) if known.is_working_day(dt.date.fromordinal(day))
    )


def _workday_after(start: dt.date, limit: int, country: str) -> dt.date:
    if limit == 0:
        return start
    year, days = start.year, _workdays(country, start.year)
    at = bisect_right(days, start.toordinal()) + limit - 1
    while at >= len(days):
        at -= len(days)
        year += 1
        days = _workdays(country, year)
    return dt.date.fromordinal(days[at])


def _months_after(start: dt.date, months: int, calendar: Calendar) -> dt.date:
    written = write_day(start, calendar=calendar)
    return _day_in_month(written.year * 12 + written.month - 1 + months, written.day, calendar)


def _day_in_month(month: int, day: int, calendar: Calendar) -> dt.date:
    """Give a day of a month, the months being numbered through the years; its last if it lacks it."""
    first, after = (
        read_day(number // 12, number % 12 + 1, 1, calendar=calendar)
        for number in (month, month + 1)
    )
    return min(first + dt.timedelta(days=day), after) - dt.timedelta(days=1)


def country_of(path: str) -> str:
    """Give the country code that a jurisdiction path begins with."""
    return path[:2]


def calendar_of(country: str) -> Calendar:
    """Name the calendar that a country's law counts months and years in."""
    return _of(country).calendar


def time_zone_of(country: str) -> str:
    """Name the time zone that a country's offices keep."""
    return _of(country).time_zone


def currency_of(country: str) -> str:
    """Name the currency that a country's offices pay in."""
    return _of(country).currency


def _of(country: str) -> _Country:
    return _COUNTRIES.get(country.lower(), _ELSEWHERE)


def local_day(at: dt.datetime, *, country: str) -> dt.date:
    """Say which day it was in a country at a moment."""
    return at.astimezone(ZoneInfo(time_zone_of(country))).date()


def local_days(at: dt.datetime) -> list[dt.date]:
    """Say which day it is at a moment in each country that offices are known of."""
    return [local_day(at, country=country) for country in sorted(_COUNTRIES)]
