"""Days: the working days that limits are counted in, and where a country keeps its clock."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

LIMIT_DAYS_MAX: Final = 3660


class Unit(StrEnum):
    """What a limit counts."""

    DAY = "day"
    WORKDAY = "workday"


@lru_cache(maxsize=16)
def _country_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country.upper())


def is_workday(day: dt.date, *, country: str) -> bool:
    """Say whether offices of a country work that day: its weekend, holidays and make-up days.

    Args:
        day: the day asked about.
        country: ISO 3166 code, any case. Source of the days: the ``holidays`` package.
    """
    return bool(_country_holidays(country).is_working_day(day))


def add_limit(start: dt.date, *, limit: int, unit: Unit, country: str) -> dt.date:
    """Give the last day of a limit; the starting day itself is not counted.

    Args:
        start: the day something happened.
        limit: how many days, 0 to ``LIMIT_DAYS_MAX``.
        unit: calendar days or working days.
        country: whose working days.

    Raises:
        ValueError: a limit below 0 or above the maximum.
    """
    if not 0 <= limit <= LIMIT_DAYS_MAX:
        raise ValueError(f"a limit of {limit} days")
    if unit is Unit.DAY:
        return start + dt.timedelta(days=limit)
    day = start
    while limit > 0:
        day += dt.timedelta(days=1)
        limit -= is_workday(day, country=country)
    return day


# Country -> (time zone, currency) of its offices.
_COUNTRIES: Final = {
    "ir": ("Asia/Tehran", "IRR"),
    "cn": ("Asia/Shanghai", "CNY"),
    "gb": ("Europe/London", "GBP"),
}


def country_of(path: str) -> str:
    """Give the country code that a jurisdiction path begins with."""
    return path[:2]


def time_zone_of(country: str) -> str:
    """Name the time zone that a country's offices keep."""
    return _COUNTRIES.get(country, ("UTC", ""))[0]


def currency_of(country: str) -> str:
    """Name the currency that a country's offices pay in."""
    return _COUNTRIES.get(country, ("", "EUR"))[1]


def local_day(at: dt.datetime, *, country: str) -> dt.date:
    """Say which day it was in a country at a moment."""
    return at.astimezone(ZoneInfo(time_zone_of(country))).date()


def local_days(at: dt.datetime) -> list[dt.date]:
    """Say which day it is at a moment in each country that offices are known of."""
    return [local_day(at, country=country) for country in sorted(_COUNTRIES)]
