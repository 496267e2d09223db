import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu4py.messageformat import MessageFormat

from redress.values.calendars import Calendar, NotADay, WrittenDay, read_day, write_day
from redress.values.days import Unit, add_limit, is_workday, local_day
from redress.values.text import to_latin_digits

SOLAR = Calendar.SOLAR_HIJRI
DAYS = st.dates(dt.date(1940, 1, 1), dt.date(2120, 12, 31))
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


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 60),
    st.sampled_from(["ir", "cn"]),
)
def test_a_limit_in_working_days_is_the_nth_workday_after_the_start(start, limit, country):
    assert add_limit(start, limit=limit, unit=Unit.WORKDAY, country=country) == slow_add_workdays(
        start, limit, country
    )


def test_an_absurd_limit_is_refused():
    with pytest.raises(ValueError, match="limit"):
        add_limit(dt.date(2026, 1, 1), limit=10**6, unit=Unit.DAY, country="ir")


def test_late_in_the_evening_in_london_it_is_tomorrow_in_tehran():
    at = dt.datetime(2026, 6, 15, 21, 0, tzinfo=dt.UTC)  # 00:30 in Tehran

    assert local_day(at, country="ir") == dt.date(2026, 6, 16)
