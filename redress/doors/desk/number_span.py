"""Which days figures are wanted of, and by what they are broken down; it all stands in the address."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from redress.demands.number_choices import Span
from redress.demands.number_groups import By
from redress.doors.look.dates import page_calendar, page_digits
from redress.doors.look.words import Words
from redress.values.calendars import Calendar, NotADay, read_day, write_day
from redress.values.text import to_latin_digits

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SOLAR_YEAR_MAX: Final = 1600
_CHARS_MAX: Final = 20
_FIRST: Final = dt.date(1900, 1, 1)
LAST_YEAR: Final = "365"
ALL: Final = "all"
SPANS: Final[list[tuple[str, Words]]] = [
    ("30", _("Last 30 days")),
    ("90", _("Last 90 days")),
    (LAST_YEAR, _("Last 365 days")),
    (ALL, _("Everything")),
]
BREAKDOWNS: Final[list[tuple[By, Words]]] = [
    (By.BODY, _("By body")),
    (By.MANAGER, _("By manager")),
    (By.COUNTY, _("By county")),
    (By.TOPIC, _("By topic")),
    (By.YEAR, _("By year raised")),
]


@dataclass(frozen=True, slots=True)
class WantedNumbers:
    """Which figures are wanted.

    Attributes:
        days: which of ``SPANS``; empty for days of one's own.
        since: as typed, with ``until``.
        wrong: that what was typed is no span of days, so that the last year is shown instead.
    """

    span: Span
    by: By
    days: str
    since: str = ""
    until: str = ""
    wrong: bool = False

    def query(self, **more: str) -> str:
        """Write the address's query for the same days, with something added."""
        if self.days:
            return urlencode({"days": self.days, **more})
        ends = {"since": self.span.since.isoformat(), "until": self.span.until.isoformat()}
        return urlencode({**ends, **more})


def wanted_numbers(given: QueryDict, *, today: dt.date) -> WantedNumbers:
    """Read what is wanted; what cannot be read is the last year, by body."""
    by = given.get("by", "")
    breakdown = By(by) if by in set(By) else By.BODY
    days = given.get("days", "")
    since, until = (given.get(name, "")[:_CHARS_MAX].strip() for name in ("since", "until"))
    if since or until:
        span = _own_span(since, until, today=today)
        if span is not None:
            return WantedNumbers(span, breakdown, "", since, until)
        return WantedNumbers(
            _last(LAST_YEAR, today), breakdown, LAST_YEAR, since, until, wrong=True
        )
    known = days if days in dict(SPANS) else LAST_YEAR
    return WantedNumbers(_last(known, today), breakdown, known)


def _last(days: str, today: dt.date) -> Span:
    if days == ALL:
        return Span(_FIRST, today)
    return Span(today - dt.timedelta(days=int(days) - 1), today)


def _own_span(since: str, until: str, *, today: dt.date) -> Span | None:
    first = read_written(since) if since else _FIRST
    last = read_written(until) if until else today
    if first is None or last is None or not first <= last <= today:
        return None
    return Span(first, last)


def read_written(written: str) -> dt.date | None:
    """Read a day in either calendar and any digits: 2026-11-22, ۱۴۰۵/۹/۱; None for no day."""
    found = _DAY.fullmatch(to_latin_digits(written))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    calendar = Calendar.SOLAR_HIJRI if year < _SOLAR_YEAR_MAX else Calendar.GREGORIAN
    try:
        return read_day(year, month, day, calendar=calendar)
    except NotADay:
        return None


def short_day(day: dt.date) -> str:
    """Write a day in figures, in the reader's calendar: 2026-11-22, ۱۴۰۵/۰۹/۰۱."""
    written = write_day(day, calendar=page_calendar())
    apart = "/" if page_calendar() is Calendar.SOLAR_HIJRI else "-"
    return page_digits(
        apart.join([f"{written.year:04}", f"{written.month:02}", f"{written.day:02}"])
    )
