"""Grants at the desk: what waits for a second person, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import WhyForm
from redress.doors.desk.household_deeds import done
from redress.doors.desk.pages import RELIEF_READERS, desk_page, page_of
from redress.doors.look.words import WORDS, choices
from redress.registers.accounts.roles import OFFICERS, Actor
from redress.relief.grant import refuse_grant
from redress.relief.pay import approve_and_pay_grant
from redress.relief.progress import grant_seen_by, grants

if TYPE_CHECKING:
    from redress.relief.models import Grant


@desk_page(RELIEF_READERS)
def show_grants(request: ActingRequest) -> HttpResponse:
    """List grants, by where they stand."""
    state = request.GET.get("state", "")
    state = state if state in WORDS["grant_state"] else ""
    of_others = "of_others" in request.GET
    context = {
        "page": page_of(grants(seen_by=request.actor, state=state, of_others=of_others), request),
        "of_others": of_others,
        "state": state,
        "states": choices("grant_state", first=_("All")),
    }
    return render(request, "desk/grants.html", context)


@require_POST
@desk_page(OFFICERS)
def decide(request: ActingRequest, number: int, action: str) -> HttpResponse:
    """Approve a grant and pay it, or refuse it with a reason.

    Raises:
        Http404: no such grant, or neither of the two.
    """
    grant = grant_seen_by(request.actor, number=number)
    if grant is None or action not in {"approve", "refuse"}:
        raise Http404
    form = WhyForm(request.POST, prefix=f"refuse{grant.pk}") if action == "refuse" else None
    return done(request, grant.file.household_id, form, _decision(grant, form, request.actor))


def _decision(grant: Grant, form: WhyForm | None, actor: Actor) -> Callable[[], str]:
    def do() -> str:
        if form is None:
            approve_and_pay_grant(grant, by=actor, at=timezone.now())
            return _("Approved and paid.")
        refuse_grant(grant, why=form.cleaned_data["why"], by=actor, at=timezone.now())
        return _("Refused.")

    return do
