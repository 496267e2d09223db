"""Whole years and months between two days, as a calendar counts them."""

from __future__ import annotations

import datetime as dt


def months_between(first: int, last: int) -> int:
    """Count the whole months from one day to another; days are proleptic ordinals.

    A month is whole on the day of the same number, or, where the month has no such day, on the
    first day of the next: 29 February turns a year older on 1 March.
    """
    one, other = dt.date.fromordinal(first), dt.date.fromordinal(last)
    months = 12 * (other.year - one.year) + other.month - one.month
    return months - (other.day < one.day)


def age_on(birth_date: int, day: int) -> int:
    """Count the whole years from birth to a day; days are proleptic ordinals."""
    return months_between(birth_date, day) // 12


def latest_birth(years: int, day: dt.date) -> int:
    """Give the last birth day of whoever is so many years old on a day; as an ordinal."""
    if day.year - years < 1:
        return -1
    if day.year - years > dt.MAXYEAR:
        return 10**7
    try:
        return day.replace(year=day.year - years).toordinal()
    except ValueError:  # 29 February, in a year that has none
        return dt.date(day.year - years, 2, 28).toordinal()
