"""Whole years and months between two days, compiled; the same counts as ``calendar.py``."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def civil(day: int) -> tuple[int, int, int]:
    """Give year, month and day of a proleptic ordinal.

    Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    """
    days = day + 305  # from 1 March of year 0
    era = days // 146097
    of_era = days - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    month_number = month + 3 if month < 10 else month - 9  # noqa: PLR2004 - from March on
    full_year = year + era * 400 + (1 if month_number <= 2 else 0)  # noqa: PLR2004 - January, February
    return full_year, month_number, of_year - (153 * month + 2) // 5 + 1


@njit(cache=True, nogil=True, error_model="numpy")
def months_between(first: int, last: int) -> int:
    """Count the whole months from one day to another."""
    year, month, day = civil(first)
    year2, month2, day2 = civil(last)
    return 12 * (year2 - year) + month2 - month - (1 if day2 < day else 0)


@njit(cache=True, nogil=True, error_model="numpy")
def age_on(birth_date: int, day: int) -> int:
    """Count the whole years from birth to a day."""
    return months_between(birth_date, day) // 12
