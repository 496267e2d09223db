import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icu4py.messageformat import MessageFormat

from redress.values.calendars import Calendar, NotADay, WrittenDay, read_day, write_day
from redress.values.days import (
    LIMIT_MAX,
    Unit,
    add_limit,
    is_workday,
    local_day,
)
from redress.values.text import to_latin_digits

SOLAR = Calendar.SOLAR_HIJRI
DAYS = st.dates(dt.date(1940, 1, 1), dt.date(2120, 12, 31))
WHOLE_YEARS = settings(deadline=None)  # the first day of a year asked about prepares them all
ICU = MessageFormat("{day, date, ::yMd}", "fa_IR@calendar=persian")


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        (dt.date(2026, 11, 22), WrittenDay(1405, 9, 1)),
        (dt.date(2025, 3, 20), WrittenDay(1403, 12, 30)),  # 1403 is a leap year
        (dt.date(2025, 3, 21), WrittenDay(1404, 1, 1)),
    ],
)
def test_a_day_is_written_in_the_solar_hijri_calendar(day, solar):
    assert write_day(day, calendar=SOLAR) == solar


@given(DAYS)
def test_the_solar_day_is_the_one_that_icu_gives(day):
    said = to_latin_digits(ICU.format({"day": dt.datetime.combine(day, dt.time(12))}))
    numbers = [int("".join(filter(str.isdigit, part))) for part in said.split("/")]

    assert write_day(day, calendar=SOLAR) == WrittenDay(*numbers)


@given(DAYS, st.sampled_from(list(Calendar)))
def test_a_written_day_reads_back_as_itself(day, calendar):
    written = write_day(day, calendar=calendar)

    assert read_day(written.year, written.month, written.day, calendar=calendar) == day


@pytest.mark.parametrize(
    ("year", "month", "day", "calendar"),
    [
        (2025, 2, 29, Calendar.GREGORIAN),
        (1404, 12, 30, SOLAR),  # 1404 is no leap year
        (1404, 13, 1, SOLAR),
        (0, 1, 1, SOLAR),
        (99999, 1, 1, Calendar.GREGORIAN),
    ],
)
def test_a_day_no_calendar_has_is_refused(year, month, day, calendar):
    with pytest.raises(NotADay):
        read_day(year, month, day, calendar=calendar)


def test_friday_is_free_in_iran_and_a_workday_in_china():
    friday = dt.date(2026, 6, 19)  # in China the Dragon Boat Festival: take the next
    next_friday = friday + dt.timedelta(days=7)

    assert not is_workday(next_friday, country="ir")
    assert is_workday(next_friday, country="cn")


def test_a_sunday_made_up_for_a_holiday_is_a_workday_in_china():
    assert is_workday(dt.date(2025, 1, 26), country="cn")  # before the Spring Festival of 2025


def test_nowruz_is_no_workday_in_iran():
    assert not is_workday(dt.date(2025, 3, 21), country="ir")


def test_working_days_leave_out_the_weekend():
    monday = dt.date(2026, 6, 15)
    # Iran: Tue 16, Wed 17, Thu 18 are workdays, Fri 19 is not, Sat 20 is the fourth.
    assert add_limit(monday, limit=4, unit=Unit.WORKDAY, country="ir") == dt.date(2026, 6, 20)


def test_calendar_days_count_every_day():
    assert add_limit(dt.date(2026, 2, 27), limit=3, unit=Unit.DAY, country="ir") == dt.date(
        2026, 3, 2
    )


def slow_add_workdays(start, limit, country):
    """The plain version: list days until enough of them are workdays."""
    listed = (start + dt.timedelta(days=step) for step in range(1, 4 * limit + 60))
    return start if limit == 0 else [d for d in listed if is_workday(d, country=country)][limit - 1]


@WHOLE_YEARS
@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 60),
    st.sampled_from(["ir", "cn"]),
)
def test_a_limit_in_working_days_is_the_nth_workday_after_the_start(start, limit, country):
    assert add_limit(start, limit=limit, unit=Unit.WORKDAY, country=country) == slow_add_workdays(
        start, limit, country
    )


@pytest.mark.parametrize("unit", Unit)
def test_a_limit_below_nothing_or_over_about_ten_years_is_refused(unit):
    for limit in (-1, LIMIT_MAX[unit] + 1):
        with pytest.raises(ValueError, match=f"a limit of {limit} {unit}s"):
            add_limit(dt.date(2026, 1, 1), limit=limit, unit=unit, country="ir")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("start", [dt.date.min, dt.date(1900, 12, 31), dt.date(2190, 1, 1)])
def test_a_start_in_no_century_of_ours_is_refused(start, unit):
    with pytest.raises(ValueError, match="1901"):
        add_limit(start, limit=1, unit=unit, country="ir")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("start", [dt.date(1901, 1, 1), dt.date(2189, 12, 31)])
def test_the_longest_limit_is_counted_from_the_first_and_the_last_start(start, unit):
    assert add_limit(start, limit=LIMIT_MAX[unit], unit=unit, country="ir") > start


def test_a_month_of_thirty_days_is_thirty_days():
    # 30 left of January, 28 of February, 31 of March and 1 of April: 3 x 30 = 90.
    assert add_limit(dt.date(2026, 1, 1), limit=3, unit=Unit.MONTH30, country="ir") == dt.date(
        2026, 4, 1
    )


@pytest.mark.parametrize(
    ("start", "limit", "unit", "last"),
    [
        (dt.date(2026, 3, 15), 2, Unit.MONTH, dt.date(2026, 5, 15)),
        (dt.date(2025, 12, 31), 2, Unit.MONTH, dt.date(2026, 2, 28)),  # no 31 February
        (dt.date(2023, 12, 31), 2, Unit.MONTH, dt.date(2024, 2, 29)),  # 2024 is a leap year
        (dt.date(2024, 2, 29), 1, Unit.YEAR, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 4, Unit.YEAR, dt.date(2028, 2, 29)),
    ],
)
def test_months_and_years_are_gregorian_in_china(start, limit, unit, last):
    assert add_limit(start, limit=limit, unit=unit, country="cn") == last


@pytest.mark.parametrize(
    ("start", "limit", "unit", "last"),
    [
        ((1404, 1, 15), 2, Unit.MONTH, (1404, 3, 15)),
        ((1404, 6, 31), 1, Unit.MONTH, (1404, 7, 30)),  # Mehr has 30 days
        ((1404, 7, 30), 5, Unit.MONTH, (1404, 12, 29)),  # 1404 is no leap year
        ((1403, 7, 30), 5, Unit.MONTH, (1403, 12, 30)),  # 1403 is one
        ((1403, 12, 30), 1, Unit.YEAR, (1404, 12, 29)),
        ((1404, 10, 20), 3, Unit.MONTH, (1405, 1, 20)),
    ],
)
def test_months_and_years_are_solar_hijri_in_iran(start, limit, unit, last):
    found = add_limit(read_day(*start, calendar=SOLAR), limit=limit, unit=unit, country="ir")

    assert write_day(found, calendar=SOLAR) == WrittenDay(*last)


LIMITED = st.sampled_from(list(Unit)).flatmap(
    lambda unit: st.tuples(st.just(unit), st.integers(0, min(LIMIT_MAX[unit], 70)))
)
COUNTRY = st.sampled_from(["ir", "cn", "gb", "zz"])


@WHOLE_YEARS
@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), LIMITED, COUNTRY)
def test_a_later_start_never_ends_earlier(start, limited, country):
    unit, limit = limited
    ends = [
        add_limit(start + dt.timedelta(days=more), limit=limit, unit=unit, country=country)
        for more in range(40)
    ]

    assert ends == sorted(ends)


def test_a_country_unknown_to_the_holidays_works_monday_to_friday():
    new_year = dt.date(2026, 1, 1)  # a Thursday
    week = [is_workday(new_year + dt.timedelta(days=more), country="zz") for more in range(7)]

    assert week == [True, True, False, False, True, True, True]


def test_offices_in_britain_keep_the_bank_holidays_of_england():
    assert not is_workday(dt.date(2026, 4, 6), country="gb")  # Easter Monday, none in Scotland
    assert not is_workday(dt.date(2026, 8, 31), country="GB")


def test_late_in_the_evening_in_london_it_is_tomorrow_in_tehran():
    at = dt.datetime(2026, 6, 15, 21, 0, tzinfo=dt.UTC)  # 00:30 in Tehran

    assert local_day(at, country="ir") == dt.date(2026, 6, 16)
