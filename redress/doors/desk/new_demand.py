"""An officer hears a worker on the telephone, on a visit, in a letter or at an open door."""

from __future__ import annotations

import secrets

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.hear import HeardWords, hear_demand
from redress.demands.states import Channel, RaisedBy, Urgency
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_forms import NewDemandForm
from redress.doors.desk.pages import NOT_IN_ORDER, desk_page
from redress.doors.receipts import code_of_form, file_once
from redress.registers.accounts.roles import OFFICERS
from redress.registers.offices.places import offices_in


@desk_page(OFFICERS)
def show_new_demand(request: ActingRequest) -> HttpResponse:
    """Show the form, or take the demand in and show the receipt to be read out."""
    fresh = {"form_id": secrets.token_urlsafe(24), "county": request.actor.path}
    form = NewDemandForm(request.POST or None, request.FILES or None, initial=fresh)
    _offer_offices(form, request)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else NOT_IN_ORDER
        return render(request, "desk/new_demand.html", {"form": form}, status=status)
    given = form.cleaned_data
    # The page loaded anew, or two clicks, are one demand with one receipt.
    code, fingerprint = code_of_form(given, of=f"desk/{request.actor.user_id}")
    words = HeardWords(
        text=given["text"],
        path=given["county"],
        channel=Channel(given["channel"]),
        raised_by=RaisedBy(given["raised_by"]),
        receipt_fingerprint=fingerprint,
        employer=given["employer"],
        workplace=given["workplace"],
        workers_count=given["workers_count"] or 1,
        keep_name_from_employer=given["keep_name_from_employer"],
        name=given["name"],
        contact=given["contact"],
        heard_on=given["heard_on"],
        urgency=Urgency(given["urgency"]),
        attachments=given["files"],
    )
    demand = file_once(fingerprint, lambda: hear_demand(words, by=request.actor, at=timezone.now()))
    return render(request, "desk/heard.html", {"demand": demand, "code": code}, status=201)


def _offer_offices(form: NewDemandForm, request: ActingRequest) -> None:
    field = form.fields["county"]
    if isinstance(field, forms.ChoiceField):
        listed = [(office.path, str(office)) for office in offices_in(request.actor.path or "")]
        field.choices = listed if len(listed) == 1 else [("", _("Choose")), *listed]
