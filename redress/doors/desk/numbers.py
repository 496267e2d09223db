"""The figures of a place: what they count, the rows behind them, their charts and their sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override

from redress.demands.number_groups import By, grouping
from redress.demands.number_rows import rows
from redress.demands.number_sheet import lines
from redress.demands.number_standing import facts
from redress.demands.number_weeks import backlog
from redress.demands.numbers import figures, figures_by, is_figure, rows_behind
from redress.demands.own_work import demands_in_order
from redress.demands.sampled import results_of, samples
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_list import READERS
from redress.doors.desk.number_charts import age_chart, backlog_chart
from redress.doors.desk.number_lines import (
    AFTERWARDS,
    OF_DEMANDS,
    OF_HOLDINGS,
    columns,
    group_rows,
    panels,
)
from redress.doors.desk.number_sheet import HEADS, cells
from redress.doors.desk.number_span import BREAKDOWNS, SPANS, wanted_numbers
from redress.doors.desk.pages import ROWS_A_PAGE, desk_page
from redress.doors.look.dates import first_weekday, page_calendar
from redress.doors.look.figures import FIGURES
from redress.doors.look.sheets import BOM
from redress.doors.look.words import Words
from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Role
from redress.values.calendars import Calendar

if TYPE_CHECKING:
    from redress.demands.number_sheet import Line

NUMBER_READERS: Final = OFFICERS | {Role.AUDITOR}
_KEY_CHARS_MAX: Final = 80
_SAMPLES_MAX: Final = 20
_LINES_AT_ONCE: Final = 500
_SOLAR_YEAR_MAX: Final = 1600
_YEAR_DIGITS: Final = 4
# What stands where a group has no name.
_NOBODY: Final[dict[By, Words]] = {
    By.BODY: gettext_lazy("No body"),
    By.MANAGER: gettext_lazy("Nobody is known to have been in office"),
    By.COUNTY: gettext_lazy("No county"),
    By.TOPIC: gettext_lazy("No topic yet"),
    By.YEAR: "",
}


@desk_page(NUMBER_READERS)
def show_numbers(request: ActingRequest) -> HttpResponse:
    """Show the figures of this person's places, of some days and by some groups."""
    today = timezone.localdate()
    wanted = wanted_numbers(request.GET, today=today)
    known = facts(rows(seen_by=request.actor), until=wanted.span.until)
    whole = figures(known, wanted.span)
    groups = grouping(known, wanted.by, calendar=page_calendar())
    listed = figures_by(known, wanted.span, groups)
    years = grouping(known, By.YEAR, calendar=page_calendar())
    context = {
        "wanted": wanted,
        "spans": SPANS,
        "breakdowns": BREAKDOWNS,
        "breakdown": dict(BREAKDOWNS)[wanted.by],
        "panels": panels(whole, wanted, [*OF_DEMANDS, *OF_HOLDINGS, *AFTERWARDS]),
        "heads": [FIGURES[name] for name in columns(groups)],
        "groups": group_rows(listed, groups, wanted, nobody=_NOBODY[wanted.by]),
        "backlog": backlog_chart(backlog(known, first_weekday=first_weekday())),
        "ages": age_chart(figures_by(known, wanted.span, years), years, wanted),
        "samples": _samples(request),
        "count": len(known.demands.number),
    }
    return render(request, "desk/numbers.html", context)


def _samples(request: ActingRequest) -> list[tuple[Any, Any]]:
    drawn = list(samples(seen_by=request.actor)[:_SAMPLES_MAX])
    results = results_of(drawn)
    return [(one, results[one.pk]) for one in drawn]


@desk_page(READERS)
def show_number_rows(request: ActingRequest) -> HttpResponse:
    """List the demands behind one figure, or behind its part in one group.

    Raises:
        Http404: there is no such figure, or none that is this person's to see.
    """
    of_a_body = request.actor.role in OF_A_BODY
    name = request.GET.get("figure", "")
    if not is_figure(name, of_demands=not of_a_body):
        raise Http404
    wanted = wanted_numbers(request.GET, today=timezone.localdate())
    known = facts(rows(seen_by=request.actor), until=wanted.span.until)
    key = request.GET.get("of")
    groups, label = None, ""
    if key is not None and not of_a_body:
        groups = grouping(known, wanted.by, calendar=_calendar_of(key))
        place = groups.place_of(key[:_KEY_CHARS_MAX])
        if place < 0:
            raise Http404
        label = groups.labels[place] or str(_NOBODY[wanted.by])
    numbers = rows_behind(known, wanted.span, name, grouping=groups, key=key or "")
    page = Paginator(numbers, ROWS_A_PAGE).get_page(request.GET.get("page", "1")[:9])
    listed = demands_in_order(list(page.object_list), seen_by=request.actor)
    context = {
        "words": FIGURES[name],
        "group": label,
        "wanted": wanted,
        "page": page,
        "rows": listed,
        "gone": len(page.object_list) - len(listed),
        "of_a_body": of_a_body,
    }
    return render(request, "desk/number_rows.html", context)


def _calendar_of(key: str) -> Calendar:
    """Tell from a year whose it is, so that an address holds in every language."""
    is_solar = key.isdecimal() and int(key[:_YEAR_DIGITS]) < _SOLAR_YEAR_MAX
    return Calendar.SOLAR_HIJRI if is_solar else Calendar.GREGORIAN


@desk_page(NUMBER_READERS)
def show_sheet(request: ActingRequest) -> HttpResponse:
    """Give one row a demand, without names and words, for a spreadsheet or a programme."""
    wanted = wanted_numbers(request.GET, today=timezone.localdate())
    known = facts(rows(seen_by=request.actor, with_words=True), until=wanted.span.until)
    sheet = _written(lines(known), get_language() or "en")
    response = StreamingHttpResponse(sheet, content_type="text/csv; charset=utf-8")
    name = f"numbers-{wanted.span.until.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # no base that both share is named in the stubs


def _written(listed: Iterator[Line], language: str) -> Iterator[str]:
    """Write the sheet some lines at a time, in the language of whoever asked."""
    with override(language):
        heads = _rows([[str(head) for head in HEADS]])
    yield BOM + heads
    while batch := list(islice(listed, _LINES_AT_ONCE)):
        with override(language):
            written = _rows([cells(line) for line in batch])
        yield written


def _rows(listed: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(listed)
    return written.getvalue()
