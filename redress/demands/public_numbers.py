"""Publish the figures of each closed month of a country, once; what is published stays."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from redress.demands.models import PublicNumbers
from redress.demands.number_choices import Span
from redress.demands.number_rows import Rows, rows_of_country
from redress.demands.public_tables import Document, document
from redress.registers.offices.models import Office
from redress.values.calendars import Calendar, read_day, write_day
from redress.values.days import calendar_of, country_of, local_day

TASK: Final = "publish_numbers"
MONTHS_BACK: Final = 12


def publish_numbers(*, at: dt.datetime) -> list[Publication]:
    """Publish the closed months of each country that are not published yet; give them.

    What is published stays: a month is never worked out anew, whatever is corrected later.
    """
    made = []
    for country in _countries():
        months = [one for one in _closed_months(country, at=at) if not _is_published(country, one)]
        if months:
            rows = rows_of_country(country)
            made += [_publish(rows, country, month, at=at) for month in months]
    return made


@dataclass(frozen=True, slots=True)
class Publication:
    """A published month, as it is read; it is for everybody."""

    country: str
    since: dt.date
    until: dt.date
    made_at: dt.datetime
    document: Document

    @property
    def is_withheld(self) -> bool:
        """Say whether nothing is told of the month, because too few demands came or ended."""
        return bool(self.document["is_withheld"])

    @property
    def pending(self) -> dict[str, int]:
        """Give what was pending at the month's end, to the nearest ten; empty where it is not told."""
        return dict(self.document["pending"] or {})

    @property
    def times(self) -> dict[str, dict[str, int | None]]:
        """Give the medians by name, each with its band, in days; None for not reached."""
        return dict(self.document["times"])

    def cells(self, family: str, *by: str) -> dict[tuple[str, ...], int | None]:
        """Give a table's counts by group; None for one that is not shown."""
        for table in self.document["tables"]:
            if table["family"] == family and table["by"] == list(by):
                return {tuple(cell["of"]): cell["count"] for cell in table["cells"]}
        return {}


def published(country: str) -> list[Publication]:
    """List what is published of a country, the latest month first; for everybody."""
    found = PublicNumbers.objects.filter(country=country).order_by("-until_on")
    return [_read(row) for row in found]


def months_published(country: str) -> list[Span]:
    """List a country's published months, the latest first."""
    found = PublicNumbers.objects.filter(country=country).order_by("-until_on")
    return [Span(since, until) for since, until in found.values_list("since_on", "until_on")]


def publication(country: str, until: dt.date | None = None) -> Publication:
    """Read the published month that ends on a day, or the last one of which something is told.

    Raises:
        PublicNumbers.DoesNotExist: nothing is published of the country, or no such month.
    """
    months = PublicNumbers.objects.filter(country=country).order_by("-until_on")
    if until is not None:
        return _read(months.get(until_on=until))
    return _read(months.filter(document__is_withheld=False).first() or months[:1].get())


def _read(row: PublicNumbers) -> Publication:
    return Publication(row.country, row.since_on, row.until_on, row.made_at, row.document)


def countries_published() -> list[str]:
    """List the countries that something is published of."""
    found = PublicNumbers.objects.order_by("country").values_list("country", flat=True)
    return list(found.distinct())


def see_to_publishing(*, at: dt.datetime) -> bool:
    """Ask the task worker for what is not published yet; say whether something is missing."""
    missing = any(
        not _is_published(country, month)
        for country in _countries()
        for month in _closed_months(country, at=at)[-1:]
    )
    if missing:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(TASK, queueing_lock=TASK).defer()
    return missing


def _countries() -> list[str]:
    paths = Office.objects.filter(kind=Office.Kind.COUNTY).values_list("path", flat=True)
    return sorted({country_of(path) for path in paths})


def _is_published(country: str, month: Span) -> bool:
    return PublicNumbers.objects.filter(country=country, until_on=month.until).exists()


def _closed_months(country: str, *, at: dt.datetime) -> list[Span]:
    """Give the last closed months of the country's calendar, the first first."""
    calendar = calendar_of(country)
    after = _first_of_month(local_day(at, country=country), calendar)
    found = []
    for _ in range(MONTHS_BACK):
        until = after - dt.timedelta(days=1)
        after = _first_of_month(until, calendar)
        found.append(Span(after, until))
    return found[::-1]


def _first_of_month(day: dt.date, calendar: Calendar) -> dt.date:
    written = write_day(day, calendar=calendar)
    return read_day(written.year, written.month, 1, calendar=calendar)


def _publish(rows: Rows, country: str, month: Span, *, at: dt.datetime) -> Publication:
    key = {"country": country, "until_on": month.until}
    made = PublicNumbers(
        **key, since_on=month.since, made_at=at, document=document(rows, country, month)
    )
    # Of two who publish a month at once, the first counts.
    PublicNumbers.objects.bulk_create([made], ignore_conflicts=True)
    return _read(PublicNumbers.objects.get(**key))
