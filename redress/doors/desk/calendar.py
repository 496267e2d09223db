"""The calendar: what falls due on which day, month by month of the page's own calendar."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from redress.demands.backlog import due_by_day
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_list import READERS
from redress.doors.desk.pages import desk_page
from redress.doors.look.dates import (
    first_weekday,
    page_calendar,
    weekday_words,
    written_month,
)
from redress.registers.accounts.roles import OF_A_BODY
from redress.values.calendars import Calendar, NotADay, read_day, write_day
from redress.values.days import is_workday

_MONTHS: Final = 12
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month and what falls due on it; ``day`` None pads the first and last week."""

    day: dt.date | None
    number: int
    due: int
    is_today: bool
    is_workday: bool


@desk_page(READERS)
def show_calendar(request: ActingRequest) -> HttpResponse:
    """Show a month; every number opens its rows."""
    today = timezone.localdate()
    first = _first_day(request.GET.get("year", ""), request.GET.get("month", ""), today=today)
    after = _month_after(first)
    until = after - dt.timedelta(days=1)
    counts = due_by_day(seen_by=request.actor, since=first, until=until)
    country = request.actor.country or "gb"
    cells = [
        _cell(first + dt.timedelta(days=n), counts, today=today, country=country)
        for n in range((after - first).days)
    ]
    blank = Cell(None, 0, 0, is_today=False, is_workday=True)
    padding = (first.weekday() - first_weekday()) % _WEEK
    cells = [blank] * padding + cells
    cells += [blank] * (-len(cells) % _WEEK)
    before = first - dt.timedelta(days=1)
    context = {
        "month": written_month(first),
        "weekdays": weekday_words(),
        "weeks": [cells[at : at + _WEEK] for at in range(0, len(cells), _WEEK)],
        "before": write_day(before, calendar=page_calendar()),
        "after": write_day(after, calendar=page_calendar()),
        "total": sum(counts.values()),
        "of_a_body": request.actor.role in OF_A_BODY,
    }
    return render(request, "desk/calendar.html", context)


def _first_day(year: str, month: str, *, today: dt.date) -> dt.date:
    """Give the first day of the month asked for; of this month where it cannot be read."""
    calendar = page_calendar()
    now = write_day(today, calendar=calendar)
    first = read_day(now.year, now.month, 1, calendar=calendar)
    with contextlib.suppress(ValueError, NotADay):
        asked = read_day(int(year[:4]), int(month[:2]), 1, calendar=calendar)
        _month_after(asked)  # the last month there is has none after it to lead to
        first = asked
    return first


def _month_after(first: dt.date) -> dt.date:
    calendar: Calendar = page_calendar()
    now = write_day(first, calendar=calendar)
    if now.month == _MONTHS:
        return read_day(now.year + 1, 1, 1, calendar=calendar)
    return read_day(now.year, now.month + 1, 1, calendar=calendar)


def _cell(day: dt.date, counts: dict[dt.date, int], *, today: dt.date, country: str) -> Cell:
    return Cell(
        day=day,
        number=write_day(day, calendar=page_calendar()).day,
        due=counts.get(day, 0),
        is_today=day == today,
        is_workday=is_workday(day, country=country),
    )
