"""Schemes over all households at the desk: assess all, and what if a number were another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.pages import (
    NOT_IN_ORDER,
    RELIEF_READERS,
    ROWS_A_PAGE,
    desk_page,
    page_of,
    say_done,
)
from redress.doors.look.dates import page_language
from redress.doors.look.refusals import not_allowed
from redress.registers.accounts.roles import OFFICERS, NotAllowed, Policy
from redress.registers.offices.places import offices_at
from redress.relief.assess_all import LISTS, ask_for_run_of, run_rows, run_seen_by, runs
from redress.relief.numbers import NotAValue, changeable_numbers
from redress.relief.progress import households_with_numbers
from redress.relief.schemes import Scheme, fact_words, scheme_named, schemes_at, title_of
from redress.relief.states import RUN
from redress.relief.what_if import NoHouseholds, NoOutcome, NotPrepared, TooSlow, try_values
from redress.values.days import local_day
from redress.values.money import Total

if TYPE_CHECKING:
    from redress.relief.models import Run

VALUE_CHARS_MAX: Final = 40


@desk_page(RELIEF_READERS)
def show_runs(request: ActingRequest) -> HttpResponse:
    """List the runs over all households, and the schemes that can be run."""
    actor, language = request.actor, page_language()
    offered = [(one.id, one.title(language)) for one in schemes_at(actor.path or "")]
    page = page_of(runs(seen_by=actor), request)
    titles = {one.pk: title_of(one.scheme, language) for one in page.object_list}
    context = {
        "page": page,
        "runs": [(one, titles[one.pk]) for one in page.object_list],
        "schemes": offered,
        "may_ask": Policy(actor).may_be(RUN.roles),
    }
    return render(request, "desk/runs.html", context)


@require_POST
@desk_page(OFFICERS)
def ask_run(request: ActingRequest) -> HttpResponse:
    """Ask for a run over all of this person's places."""
    scheme = _scheme(request, request.POST.get("pack", ""))
    try:
        run = ask_for_run_of(request.actor, scheme=scheme, at=timezone.now())
    except NotAllowed:
        return not_allowed(request)
    say_done(request, _("Asked for. It takes some seconds."))
    return redirect("run", number=run.pk)


def _scheme(request: ActingRequest, pack: str) -> Scheme:
    """Give a scheme of the reader's country.

    Raises:
        Http404: there is none of that name.
    """
    scheme = scheme_named(pack)
    if scheme is None or scheme not in schemes_at(request.actor.path or ""):
        raise Http404
    return scheme


@dataclass(frozen=True, slots=True)
class CountyShown:
    """A county's counts with its name."""

    name: str
    counts: dict[str, Any]
    money: Total
    money_before: Total


@desk_page(RELIEF_READERS)
def show_run(request: ActingRequest, number: int) -> HttpResponse:
    """Show a run: counts, counties, and the households that changed in one way.

    Raises:
        Http404: there is none that is this person's to see.
    """
    run = run_seen_by(request.actor, number=number)
    if run is None:
        raise Http404
    wanted = request.GET.get("list", "newly")
    wanted = wanted if wanted in LISTS else LISTS[0]
    rows = (run_rows(run, wanted) or []) if run.counts else []
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page", "1")[:9])
    homes = households_with_numbers([row.household_id for row in page], seen_by=request.actor)
    language = page_language()
    context = {
        "run": run,
        "title": title_of(run.scheme, language),
        "wanted": wanted,
        "lists": [(name, run.counts.get(name, 0)) for name in LISTS],
        "page": page,
        "rows": [
            (row, homes.get(row.household_id), [fact_words(n, language) or n for n in row.needs])
            for row in page
        ],
        "counties": _counties(run),
        "refused": run.counts.get("refused", []),
    }
    return render(request, "desk/run.html", context)


def _counties(run: Run) -> list[CountyShown]:
    rows = run.counts.get("counties", [])
    names = offices_at(row["path"] for row in rows)
    currency = run.counts.get("currency", "")
    return [
        CountyShown(
            str(names.get(row["path"], row["path"])),
            row,
            Total(currency, row["minor"]),
            Total(currency, row["minor_before"]),
        )
        for row in rows
    ]


@desk_page(RELIEF_READERS)
def show_what_if(request: ActingRequest, pack: str) -> HttpResponse:
    """Show households and money by county, as things are and with other values."""
    scheme, language = _scheme(request, pack), page_language()
    today = local_day(timezone.now(), country=scheme.pack.country)
    known = {one.name for one in scheme.pack.parameters}
    tried = {
        name: value[:VALUE_CHARS_MAX]
        for name, value in request.GET.items()
        if name in known and isinstance(value, str) and value.strip()
    }
    context: dict[str, Any] = {
        "pack": pack,
        "title": scheme.title(language),
        "numbers": changeable_numbers(scheme, tried, on=today, language=language),
        "tried": tried,
    }
    status = 200
    try:
        found = try_values(scheme, tried, seen_by=request.actor, on=today, language=language)
        names = offices_at(row.path for row in found.counties)
        context["found"] = found
        context["rows"] = [(str(names.get(row.path, row.path)), row) for row in found.counties]
    except NoHouseholds:
        context["is_empty"] = True
    except NotPrepared:
        context["is_waiting"] = True
    except (NoOutcome, TooSlow) as told:
        context["has_no_outcome"], context["is_too_slow"] = True, isinstance(told, TooSlow)
        status = NOT_IN_ORDER
    except NotAValue as wrong:
        context |= {"wrong": wrong.name, "why": wrong.why}
        status = NOT_IN_ORDER
    return render(request, "desk/what_if.html", context, status=status)
