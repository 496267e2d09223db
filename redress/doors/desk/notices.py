"""Reminders and what went up, for the people of an office or a body."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from redress.demands.escalate import notices
from redress.demands.ladder import rung_named
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_list import READERS
from redress.doors.desk.pages import desk_page, page_of


@desk_page(READERS)
def show_notices(request: ActingRequest) -> HttpResponse:
    """List the notices to this person's body or office, the latest first."""
    page = page_of(notices(seen_by=request.actor), request)
    rows = [(notice, rung_named(notice.rung)) for notice in page.object_list]
    return render(request, "desk/notices.html", {"page": page, "rows": rows})
