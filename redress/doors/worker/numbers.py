"""The public figures: of closed months, by country and county, for everybody and without an account."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from redress.demands.public_numbers import (
    countries_published,
    months_published,
    publication,
    published,
    see_to_publishing,
)
from redress.doors.look.dates import written_span
from redress.doors.look.public_figures import PUBLIC
from redress.doors.worker.number_export import as_csv, as_document
from redress.doors.worker.number_tables import (
    IN_COLUMNS,
    OF_A_COUNTRY,
    OF_A_COUNTY,
    came_and_ended,
    county_names,
    county_rows,
    ending_rows,
    lines,
    topic_names,
)
from redress.registers.offices.places import offices_at

if TYPE_CHECKING:
    from redress.demands.number_choices import Span
    from redress.demands.public_numbers import Publication

_CODE_CHARS: Final = 2
_PATH_CHARS_MAX: Final = 80


@require_safe
def show_numbers(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month."""
    see_to_publishing(at=timezone.now())
    countries = countries_published()
    if not countries:
        return render(request, "worker/numbers.html", {"months": []})
    country = _country(request, countries)
    months = months_published(country)
    shown = publication(country, _wanted(request, months))
    county = request.GET.get("county", "")[:_PATH_CHARS_MAX]
    names = county_names(shown)
    if county not in names:
        county = ""
    context = {
        "countries": [(code, offices_at([f"{code}."]).get(f"{code}.", code)) for code in countries],
        "country": country,
        "months": [(one.until.isoformat(), written_span(one.since, one.until)) for one in months],
        "shown": shown,
        "county": county,
        "county_name": names.get(county, "") if county else "",
        "counties": [(path, name) for path, name in names.items() if path],
        **(_tables(shown, county) if not shown.is_withheld else {}),
    }
    return render(request, "worker/numbers.html", context)


def _tables(shown: Publication, county: str) -> dict[str, object]:
    if county:
        return {
            "lines": lines(shown, OF_A_COUNTY, county),
            "by_topic": came_and_ended(shown, "topic", topic_names(), county=county),
        }
    return {
        "lines": lines(shown, OF_A_COUNTRY, None),
        "heads": [PUBLIC[name] for name in IN_COLUMNS],
        "by_county": county_rows(shown),
        "by_topic": came_and_ended(shown, "topic", topic_names()),
        "by_year": came_and_ended(shown, "year", {}),
        "endings": ending_rows(shown),
    }


def _country(request: HttpRequest, countries: list[str]) -> str:
    wanted = request.GET.get("country", "")[:_CODE_CHARS]
    return wanted if wanted in countries else countries[0]


def _wanted(request: HttpRequest, months: list[Span]) -> dt.date | None:
    wanted = request.GET.get("month", "")
    return next((one.until for one in months if one.until.isoformat() == wanted), None)


@require_safe
def show_csv(request: HttpRequest) -> HttpResponse:
    """Give all published figures of a country, with the definition of each, for a spreadsheet.

    Raises:
        Http404: nothing is published.
    """
    country = _published_country(request)
    response = HttpResponse(as_csv(published(country)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="numbers-{country}.csv"'
    return response


@require_safe
def show_json(request: HttpRequest) -> HttpResponse:
    """Give all published figures of a country, with the definition of each in three languages.

    Raises:
        Http404: nothing is published.
    """
    document = as_document(published(_published_country(request)))
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _published_country(request: HttpRequest) -> str:
    countries = countries_published()
    if not countries:
        raise Http404
    return _country(request, countries)
