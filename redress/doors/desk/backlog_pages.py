"""What lies with me: an officer's own demands, or those of somebody's body."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from redress.demands.number_rows import rows
from redress.demands.number_standing import facts
from redress.demands.numbers import figures
from redress.demands.own_work import lying_with, mine, open_promises
from redress.doors.acting import ActingRequest
from redress.doors.desk.number_lines import OF_HOLDINGS, panels
from redress.doors.desk.number_span import SPANS, wanted_numbers
from redress.doors.desk.pages import desk_page, page_of
from redress.registers.accounts.roles import OF_A_BODY, OFFICERS
from redress.registers.offices.places import body_with_id

READERS: Final = OFFICERS | OF_A_BODY


@desk_page(READERS)
def show_what_lies_with_me(request: ActingRequest) -> HttpResponse:
    """Show what waits for this person, and how they or their body have done."""
    if request.actor.role in OF_A_BODY:
        return _of_body(request)
    found = mine(seen_by=request.actor, at=timezone.now(), today=timezone.localdate())
    return render(request, "desk/mine.html", {"mine": found})


def _of_body(request: ActingRequest) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    wanted = wanted_numbers(request.GET, today=today)
    known = facts(rows(seen_by=actor), until=wanted.span.until)
    whole = figures(known, wanted.span, of_demands=False)
    page = page_of(lying_with(seen_by=actor), request)
    promised = open_promises(page.object_list, seen_by=actor)
    context = {
        "where": body_with_id(actor.body_id or 0),
        "wanted": wanted,
        "spans": SPANS,
        "page": page,
        "rows": [(one, promised.get(one.pk, [])) for one in page.object_list],
        "panels": panels(whole, wanted, OF_HOLDINGS),
    }
    return render(request, "desk/manager.html", context)
