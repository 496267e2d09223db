"""Meetings at the desk: the list, one with its minutes, and the writing of new minutes."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redress.demands.hear import NothingSaid
from redress.demands.kinds import HearingKind
from redress.demands.meet import (
    ItemsUnfit,
    MinutesUnfit,
    WrittenOtherwise,
    write_minutes_once,
)
from redress.demands.minutes import (
    WantedHearings,
    first_and_last_day,
    hearing_seen_by,
    hearings,
    read_minutes,
)
from redress.demands.promises import days_late
from redress.demands.states import RaisedBy
from redress.doors.acting import ActingRequest
from redress.doors.desk.hearing_forms import (
    FAULTS,
    MinutesForm,
    PromiseForm,
)
from redress.doors.desk.hearing_sheet import Sheet, read_sheet
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    desk_page,
    page_of,
    say_done,
    say_refused,
)
from redress.doors.look.dates import page_calendar, page_digits
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import choices
from redress.registers.accounts.roles import OFFICERS, Actor, NotAllowed, Role
from redress.registers.offices.places import bodies_serving, offices_at
from redress.values.calendars import NotADay, read_day, write_day
from redress.values.days import country_of, local_day

READERS: Final = OFFICERS | {Role.AUDITOR}
_WRITE: Final = "write"
_YEARS_SHOWN_MAX: Final = 30
_YEAR_DIGITS_MAX: Final = 4
_CHANGED: Final = gettext_lazy(
    "The minutes were changed, so they were cut anew. Look the marks over, then write."
)


@desk_page(READERS)
def show_hearings(request: ActingRequest) -> HttpResponse:
    """List the meetings that fit the filters, the latest first."""
    given = request.GET
    kind = given.get("kind", "") if given.get("kind", "") in set(HearingKind) else ""
    year, since, until = _year(given.get("year", ""))
    page = page_of(hearings(WantedHearings(kind, since, until), seen_by=request.actor), request)
    offices = offices_at(one.path for one in page.object_list)
    context = {
        "page": page,
        "rows": [(one, offices.get(one.path)) for one in page.object_list],
        "kind": kind,
        "kinds": choices("hearing_kind", first=_("All kinds")),
        "year": year,
        "years": _years(request.actor),
        "may_write": request.actor.role in OFFICERS,
    }
    return render(request, "desk/hearings.html", context)


def _year(written: str) -> tuple[int | None, dt.date | None, dt.date | None]:
    """Read a year of the page's calendar, with its first and last day; nothing for none."""
    calendar = page_calendar()
    try:
        year = int(written[:_YEAR_DIGITS_MAX])
        since = read_day(year, 1, 1, calendar=calendar)
        after = read_day(year + 1, 1, 1, calendar=calendar)
    except (ValueError, NotADay):
        return None, None, None
    return year, since, after - dt.timedelta(days=1)


def _years(actor: Actor) -> list[tuple[int, str]]:
    """Give the years in which there were meetings, in the page's calendar, the last first."""
    days = first_and_last_day(seen_by=actor)
    if days is None:
        return []
    first, last = (write_day(day, calendar=page_calendar()).year for day in days)
    years = range(last, max(first, last - _YEARS_SHOWN_MAX) - 1, -1)
    return [(year, page_digits(str(year))) for year in years]


@desk_page(READERS)
def show_hearing(request: ActingRequest, number: int) -> HttpResponse:
    """Show one meeting: its minutes with the parts that were marked, and what came of them.

    Raises:
        Http404: there is none that is this person's to see.
    """
    hearing = hearing_seen_by(request.actor, number=number)
    if hearing is None:
        raise Http404
    read, today = read_minutes(hearing), timezone.localdate()
    context = {
        "hearing": hearing,
        "office": offices_at([hearing.path]).get(hearing.path),
        "read": read,
        "promised": [(one, days_late(one, today=today) > 0) for one in read.promises],
    }
    return render(request, "desk/hearing.html", context)


@desk_page(OFFICERS)
def new_hearing(request: ActingRequest) -> HttpResponse:
    """Take minutes: first the words, then what each sentence is; one press writes it all."""
    actor = request.actor
    if request.method != "POST":
        today = local_day(timezone.now(), country=country_of(actor.path or ""))
        initial = {"form_id": secrets.token_urlsafe(24), "held_on": today, "county": actor.path}
        return _show(request, MinutesForm(initial=initial, actor=actor))
    form, is_writing = MinutesForm(request.POST, actor=actor), request.POST.get("do") == _WRITE
    is_fit = form.is_valid()
    bodies = bodies_serving(form.cleaned_data.get("county") or actor.path or "")
    by_number = {one.pk: one for one in bodies}
    sheet = read_sheet(request.POST, bodies=by_number, is_writing=is_writing)
    if not is_writing:
        return _show(request, form, sheet, status=200 if is_fit else NOT_IN_ORDER)
    if sheet.is_changed and request.POST.get("cut"):
        say_refused(request, _CHANGED)
    if sheet.is_changed or sheet.faulty or not is_fit:
        return _show(request, form, sheet, status=NOT_IN_ORDER)
    return _write(request, form, sheet)


def _write(request: ActingRequest, form: MinutesForm, sheet: Sheet) -> HttpResponse:
    raised_by = RaisedBy(form.cleaned_data["raised_by"] or RaisedBy.WORKER)
    items = [part.item(raised_by=raised_by) for part in sheet.parts]
    status = NOT_IN_ORDER
    try:
        hearing, is_new = write_minutes_once(
            form.read(), items=items, by=request.actor, at=timezone.now()
        )
    except NotAllowed:
        return not_allowed(request)
    except ItemsUnfit as unfit:
        for index, fault in unfit.faults.items():
            sheet.parts[index].first.faults.append(FAULTS[fault])
    except MinutesUnfit:
        form.add_error(
            "held_on", _("The day lies ahead, or more than ten years back; check the year.")
        )
    except NothingSaid:
        form.add_error("minutes", _("Write what was said."))
    except WrittenOtherwise as written:
        status = ACTED_MEANWHILE
        say_refused(
            request,
            _(
                "This form wrote its minutes already, as meeting %(number)s; what you changed since"
                " was not written. For another meeting open the page anew."
            )
            % {"number": page_digits(str(written.hearing.pk))},
        )
    else:
        done = _("The minutes are written, with the demands and promises that were marked in them.")
        again = _("These minutes were written already; nothing was written twice.")
        say_done(request, done if is_new else again)
        return redirect("hearing", number=hearing.pk)
    return _show(request, form, sheet, status=status)


def _show(
    request: ActingRequest, form: MinutesForm, sheet: Sheet | None = None, *, status: int = 200
) -> HttpResponse:
    bodies = sheet.lines[0].details.bodies if sheet and sheet.lines else None
    context = {
        "form": form,
        "sheet": sheet,
        "blank": None if bodies is None else PromiseForm.blank(bodies),
    }
    return render(request, "desk/new_hearing.html", context, status=status)
