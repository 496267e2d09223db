"""Demands at the desk: the list with its filters, and the calendar of what falls due."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.backlog import Special, TooShort, Wanted, wanted_demands
from redress.demands.search import FOUND_MAX, found_by
from redress.doors.acting import ActingRequest
from redress.doors.desk.demand_forms import topic_choices
from redress.doors.desk.pages import desk_page, page_of, say_refused
from redress.doors.desk.several import offered_to
from redress.doors.look.dates import written_number
from redress.doors.look.words import choices
from redress.registers.accounts.roles import OF_A_BODY, OFFICERS, Actor, Role
from redress.registers.offices.places import bodies_in, listed_topics

READERS: Final = OFFICERS | OF_A_BODY | {Role.AUDITOR}
_FOR_BODIES: Final = {Special.REOPENED, Special.JOINT, Special.SHARED}


class ListForm(forms.Form):
    """The filters of the list; they live in the address, so a view can be shared and reloaded."""

    words = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False)
    holder = forms.CharField(required=False, max_length=10)
    due = forms.ChoiceField(required=False)
    due_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    topic = forms.CharField(required=False, max_length=40)
    sort = forms.ChoiceField(required=False, choices=[("newest", "newest")])
    body = forms.IntegerField(required=False, min_value=1)
    language = forms.ChoiceField(required=False)
    special = forms.ChoiceField(required=False)
    county = forms.CharField(required=False, max_length=80)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self.options = {
            "state": choices("state", first=_("All open")),
            "due": choices("due", first=_("Any day")),
            "language": choices("language", first=_("Any language")),
            "special": choices("special", first=_("All kinds")),
        }
        if actor.role in OF_A_BODY:
            self.options["special"] = [
                one for one in self.options["special"] if one[0] in {"", *_FOR_BODIES}
            ]
        else:
            self.options["special"] = [
                one for one in self.options["special"] if one[0] != Special.SHARED
            ]
        for name, options in self.options.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options
        self.topics = [(one.code, one) for one in listed_topics()]
        self.bodies = [(one.pk, one) for one in bodies_in(actor.path)] if actor.path else []

    def wanted(self) -> Wanted:
        """Give what is asked for; a filter that cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            state=given.get("state", ""),
            holder=given.get("holder", ""),
            topic=given.get("topic", ""),
            body=given.get("body"),
            due=given.get("due", ""),
            due_on=given.get("due_on"),
            language=given.get("language", ""),
            words=given.get("words", ""),
            special=given.get("special", ""),
            county=given.get("county", ""),
            by_newest=given.get("sort") == "newest",
        )


@desk_page(READERS)
def show_demands(request: ActingRequest) -> HttpResponse:
    """List the demands that fit the filters."""
    form = ListForm(request.GET, actor=request.actor)
    wanted = form.wanted()
    today = timezone.localdate()
    found = None
    try:
        found = found_by(wanted.words) if wanted.words else None
        rows = wanted_demands(wanted, seen_by=request.actor, today=today, found=found)
    except TooShort:
        say_refused(request, _("One Chinese character finds too much; write two or more."))
        rows = wanted_demands(Wanted(), seen_by=request.actor, today=today).none()
    page = page_of(rows, request)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "holders": [(code, what) for code, what in choices("holder") if code != "nobody"],
        "found_too_many": found is not None and found.is_cut,
        "found_max": written_number(FOUND_MAX),
        "of_a_body": request.actor.role in OF_A_BODY,
        "offered": offered_to(request.actor),
        "topics": topic_choices(),
    }
    return render(request, "desk/demands.html", context)
