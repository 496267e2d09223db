"""The journal at the desk: who did what, on which case, when, why."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from redress.doors.acting import ActingRequest
from redress.doors.desk.pages import desk_page, page_of
from redress.doors.look.words import WORDS, choices
from redress.registers.accounts.roles import Role
from redress.registers.journal.reads import entries

READERS: Final = frozenset({Role.AUDITOR, Role.PROVINCIAL_OFFICER, Role.COUNTY_OFFICER})
_WHO_CHARS_MAX: Final = 100


@desk_page(READERS)
def show_journal(request: ActingRequest) -> HttpResponse:
    """List the entries of this person's places, the latest first."""
    deed = request.GET.get("deed", "")
    deed = deed if deed in WORDS["deed"] else ""
    who = request.GET.get("who", "")[:_WHO_CHARS_MAX].replace("\x00", "")
    context = {
        "page": page_of(entries(seen_by=request.actor, deed=deed, who=who), request),
        "deed": deed,
        "who": who,
        "deeds": choices("deed"),
    }
    return render(request, "desk/journal.html", context)
