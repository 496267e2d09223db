"""Time limits: which hold here, from which source, since when; administrators change them."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import line_field, words_field
from redress.doors.desk.pages import NOT_IN_ORDER, desk_page, say_done, say_refused
from redress.doors.look.day_field import DayField
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import choices
from redress.registers.accounts.roles import POSTS, NotAllowed, Policy
from redress.registers.journal.steps import WHY_CHARS_MAX
from redress.registers.limits.change import (
    CHANGE,
    LimitUnfit,
    NewLength,
    change_limit,
    limits,
)
from redress.registers.limits.models import WORDS_CHARS_MAX
from redress.values.days import LIMIT_DAYS_MAX, Unit


class LimitForm(forms.Form):
    """A new length, from a day on or for the present version."""

    count = forms.IntegerField(
        label=gettext_lazy("How long"),
        min_value=1,
        max_value=LIMIT_DAYS_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=choices("unit"))
    source = line_field(gettext_lazy("Source"), chars_max=WORDS_CHARS_MAX)
    valid_from = DayField(
        label=gettext_lazy("Holds from"),
        required=False,
        help_text=gettext_lazy("Leave it empty to put the present version itself right."),
    )
    why = words_field(gettext_lazy("Reason"), rows=2, chars_max=WHY_CHARS_MAX)


@desk_page(POSTS)
def show_limits(request: ActingRequest) -> HttpResponse:
    """List the limits of this person's country with their source and validity."""
    context = {"rows": limits(seen_by=request.actor)}
    return render(request, "desk/limits.html", context)


@desk_page(POSTS)
def show_limit(request: ActingRequest, number: int) -> HttpResponse:
    """Show one version; who may, changes it.

    Raises:
        Http404: there is no such limit in this person's country.
    """
    limit = limits(seen_by=request.actor).filter(pk=number).first()
    if limit is None:
        raise Http404
    may = Policy(request.actor).may_do(CHANGE, limit)
    initial = {"count": limit.count, "unit": limit.unit, "source": limit.source}
    form = LimitForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = NOT_IN_ORDER
        if form.is_valid():
            given = form.cleaned_data
            to = NewLength(
                given["count"], Unit(given["unit"]), given["source"], given["valid_from"]
            )
            try:
                change_limit(limit, to=to, why=given["why"], by=request.actor, at=timezone.now())
            except NotAllowed:
                return not_allowed(request)
            except LimitUnfit:
                say_refused(
                    request,
                    _("Nothing was changed: too long, or from a day before the present version."),
                )
            else:
                say_done(request, _("Changed. Every day that depends on it is right from now."))
                return redirect("limits")
    context = {"limit": limit, "form": form, "may": may}
    return render(request, "desk/limit.html", context, status=status)
