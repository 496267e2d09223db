"""Every installed limit, and every unit, counted a second way from each day of ten years.

Working days are counted over tables of our own, once by a plain walk and once by numpy: China's from
the State Council's yearly notices, England's from the published bank holidays, Iran's from all that
the package lists for these years at once. Months and years are found among the days as ICU writes
them. Nothing here asks redress.values but for the answer.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import holidays
import numpy as np
import pytest
from icu4py.messageformat import MessageFormat

from redress.formats.limits import EVERY
from redress.values.days import Unit, add_limit, is_workday
from tests.formats.test_limits_file import installed

ONE = dt.timedelta(days=1)
FRIDAY, SATURDAY = 4, 5

# Days off and, after the stroke, weekend days worked for them. Source: the State Council's notices
# on the arrangement of holidays, of which those for 2019 and 2020 were changed once.
CHINA = {
    2018: "0101 0215-0221 0405-0407 0429-0501 0618 0924 1001-1007 1230-1231"
    " / 0211 0224 0408 0428 0929 0930 1229",
    2019: "0101 0204-0210 0405 0501-0504 0607 0913 1001-1007 / 0202 0203 0428 0505 0929 1012",
    2020: "0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008 / 0119 0426 0509 0628 0927 1010",
    2021: "0101 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007"
    " / 0207 0220 0425 0508 0918 0926 1009",
    2022: "0101-0103 0131-0206 0403-0405 0430-0504 0603 0910-0912 1001-1007 1231"
    " / 0129 0130 0402 0424 0507 1008 1009",
    2023: "0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006"
    " / 0128 0129 0423 0506 0625 1007 1008",
    2024: "0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007"
    " / 0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008 / 0126 0208 0427 0928 1011",
    2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007"
    " / 0104 0214 0228 0509 0920 1010",
}
# Source: the bank holidays of England and Wales as published by the government.
ENGLAND = {
    2018: "0101 0330 0402 0507 0528 0827 1225 1226",
    2019: "0101 0419 0422 0506 0527 0826 1225 1226",
    2020: "0101 0410 0413 0508 0525 0831 1225 1228",
    2021: "0101 0402 0405 0503 0531 0830 1227 1228",
    2022: "0103 0415 0418 0502 0602 0603 0829 0919 1226 1227",
    2023: "0102 0407 0410 0501 0508 0529 0828 1225 1226",
    2024: "0101 0329 0401 0506 0527 0826 1225 1226",
    2025: "0101 0418 0421 0505 0526 0825 1225 1226",
    2026: "0101 0403 0406 0504 0525 0831 1225 1228",
    2027: "0101 0326 0329 0503 0531 0830 1227 1228",
    2028: "0103 0414 0417 0501 0529 0828 1225 1226",
}
# Days of the Solar and of the lunar year on which Iran rests by law.
SOLAR = {(1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (3, 14), (3, 15), (11, 22), (12, 29)}
SOLAR |= {(12, 30)}
LUNAR = {(1, 9), (1, 10), (2, 20), (2, 28), (2, 29), (2, 30), (3, 8), (3, 17), (6, 3), (7, 13)}
LUNAR |= {(7, 27), (8, 15), (9, 21), (10, 1), (10, 2), (10, 25), (12, 10), (12, 18)}


def days_between(first, last):
    return [first + ONE * more for more in range((last - first).days + 1)]


def listed(year, written):
    """Read days like ``0101 0215-0221``."""
    found = []
    for part in written.split():
        ends = [dt.date(year, int(end[:2]), int(end[2:])) for end in part.split("-")]
        found += days_between(ends[0], ends[-1])
    return set(found)


STARTS = days_between(dt.date(2018, 1, 1), dt.date(2027, 12, 31))
AROUND = days_between(dt.date(2017, 1, 1), dt.date(2032, 12, 31))


@cache
def free_days(country):
    """List the days that offices of a country do not work, from 2018 on."""
    years = range(2018, 2030)
    if country == "ir":
        return set(holidays.IR(years=years)) | {day for day in AROUND if day.weekday() == FRIDAY}
    weekends = {day for day in AROUND if day.weekday() >= SATURDAY}
    if country == "gb":
        later = set(holidays.UK(subdiv="ENG", years=2029))
        return weekends.union(later, *(listed(year, days) for year, days in ENGLAND.items()))
    later = {day for day in holidays.CN(years=years) if day.year not in CHINA}
    off, worked = set(), set()
    for year, written in CHINA.items():
        rest, made_up = written.split(" / ")
        off, worked = off | listed(year, rest), worked | listed(year, made_up)
    return (weekends | off | later) - worked


@cache
def as_icu_writes(calendar):
    """Give year, month and day of each day around in a calendar."""
    writer = MessageFormat("{day, date, ::yMd}", f"en@calendar={calendar}")
    found = {}
    for day in AROUND:
        said = writer.format({"day": dt.datetime.combine(day, dt.time(12))})
        month, of_month, year = (int(number) for number in re.findall(r"\d+", said))
        found[day] = (year, month, of_month)
    return found


@cache
def days_icu_writes(calendar):
    return {written: day for day, written in as_icu_writes(calendar).items()}


def by_walking(start, limit, free):
    while limit > 0:
        start += ONE
        limit -= start not in free
    return start


def workdays_by_numpy(limit, free):
    days = np.busdaycalendar(weekmask="1111111", holidays=sorted(free))
    return np.busday_offset(STARTS, limit, roll="preceding", busdaycal=days).tolist()


def by_written_days(start, months, calendar):
    """Find the day of the same number some months on; where it is missing, the one before."""
    year, month, of_month = as_icu_writes(calendar)[start]
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    written = days_icu_writes(calendar)
    while (year, month, of_month) not in written:
        of_month -= 1
    return written[year, month, of_month]


def second_way(limit, unit, country):
    if unit is Unit.WORKDAY:
        return [by_walking(start, limit, free_days(country)) for start in STARTS]
    if unit in {Unit.DAY, Unit.MONTH30}:
        days = limit if unit is Unit.DAY else 30 * limit
        return (np.array(STARTS, "datetime64[D]") + days).tolist()
    months = limit if unit is Unit.MONTH else 12 * limit
    calendar = "persian" if country == "ir" else "gregorian"
    return [by_written_days(start, months, calendar) for start in STARTS]


def first_way(limit, unit, country):
    return [add_limit(start, limit=limit, unit=unit, country=country) for start in STARTS]


@pytest.mark.parametrize("line", installed(), ids=lambda line: f"{line.code}-{line.country}")
def test_an_installed_limit_ends_on_the_day_that_a_second_way_finds(line):
    for country in [line.country] if line.country != EVERY else ("ir", "cn", "gb"):
        for limit in {line.limit, line.limit + line.extension, line.extendable_to or line.limit}:
            found = first_way(limit, line.unit, country)
            assert found == second_way(limit, line.unit, country)


@pytest.mark.parametrize("country", ["ir", "cn", "gb"])
@pytest.mark.parametrize(
    ("limit", "unit"),
    [(20, Unit.WORKDAY), (3, Unit.MONTH30), (1, Unit.MONTH), (11, Unit.MONTH), (3, Unit.YEAR)],
)
def test_a_unit_ends_on_the_day_that_a_second_way_finds(limit, unit, country):
    assert first_way(limit, unit, country) == second_way(limit, unit, country)


@pytest.mark.parametrize("country", ["ir", "cn", "gb"])
@pytest.mark.parametrize("limit", [1, 5, 20, 60, 90])
def test_working_days_end_on_the_day_that_numpy_finds(limit, country):
    # numpy steps from the start's own working day or the one before: the limit-th after the start.
    assert first_way(limit, Unit.WORKDAY, country) == workdays_by_numpy(limit, free_days(country))


@pytest.mark.parametrize("year", sorted(CHINA))
def test_offices_in_china_work_as_the_notice_of_the_year_says(year):
    for day in days_between(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        assert is_workday(day, country="cn") == (day not in free_days("cn")), day


def test_a_day_off_in_iran_is_a_day_of_its_law_or_one_that_was_closed_by_decree():
    decreed = listed(2023, "0801-0802") | listed(2026, "0301-0307")
    solar, lunar = as_icu_writes("persian"), as_icu_writes("islamic-umalqura")
    for day in STARTS:
        # The moon is seen in Iran up to two days after the calendar of Mecca has it.
        moons = {lunar[day - ONE * later][1:] for later in range(3)}
        by_law = day.weekday() == FRIDAY or solar[day][1:] in SOLAR or moons & LUNAR
        assert is_workday(day, country="ir") or by_law or day in decreed, day


def test_offices_in_iran_rest_on_every_fixed_day_of_their_law():
    solar = as_icu_writes("persian")

    assert not [day for day in STARTS if solar[day][1:] in SOLAR and is_workday(day, country="ir")]


@pytest.mark.parametrize("date", sorted(LUNAR - {(2, 29), (2, 30)}))
def test_offices_in_iran_rest_within_two_days_of_each_lunar_day_of_their_law(date):
    for day, written in as_icu_writes("islamic-umalqura").items():
        if written[1:] == date and day in STARTS:
            near = [day + ONE * later for later in range(3)]
            assert not all(is_workday(one, country="ir") for one in near), day
