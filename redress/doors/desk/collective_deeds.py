"""What is done to a collective demand at the desk: add, take out, count anew, dissolve, draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from redress.demands.close_many import CallsWaiting, draw_members
from redress.demands.collect import (
    ADD,
    Dissolved,
    NoMembers,
    NotDissolved,
    WorkforceUnfit,
    add_members,
    added_in,
    adding,
    change_workforce,
    dissolve,
    history,
    remove_members,
    restore,
)
from redress.demands.sample import NothingToDraw
from redress.demands.sort import ReasonMissing
from redress.doors.acting import ActingRequest
from redress.doors.desk.collective_forms import (
    AddForm,
    DissolveForm,
    DrawForm,
    RestoreForm,
    TakeOutForm,
    UndoForm,
    WorkforceForm,
)
from redress.doors.desk.collectives import READERS, collective_page, seen_collective
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    say_done,
    say_refused,
)
from redress.doors.look.dates import written_number
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import Words
from redress.registers.accounts.roles import NotAllowed

if TYPE_CHECKING:
    from redress.demands.models import Collective

_REFUSALS: Final[dict[type[Exception], Words]] = {
    NoMembers: gettext_lazy(
        "Nothing was changed: these demands were added or taken out meanwhile, were merged, taken"
        " back or set aside, or are of another place."
    ),
    Dissolved: gettext_lazy(
        "Nothing was changed: this collective demand is dissolved. Restore it first."
    ),
    NotDissolved: gettext_lazy("Nothing was changed: it is restored already."),
    CallsWaiting: gettext_lazy(
        "Nothing was drawn: make the calls of the last sample first, so that nobody draws until"
        " the lot is kind."
    ),
    NothingToDraw: gettext_lazy("Nothing was drawn: no member that nobody asked waits for a word."),
    ReasonMissing: gettext_lazy("Nothing was changed: write down the reason."),
    WorkforceUnfit: gettext_lazy("Nothing was changed: no workforce has that many workers."),
}
_MEANWHILE: Final = (NoMembers, Dissolved, NotDissolved, CallsWaiting)


@dataclass(frozen=True, slots=True)
class Does:
    """Something that can be done: its form, and what carries it out and says where to go then."""

    form: type[forms.Form]
    do: Callable[[ActingRequest, Collective, dict[str, Any]], str]


def _here(collective: Collective) -> str:
    return reverse("collective", args=[collective.pk])


def _add(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    chosen = given["numbers"]
    added = add_members(collective, numbers=chosen, by=request.actor, at=timezone.now())
    many = len(added)
    said = ngettext("Added %(many)s demand.", "Added %(many)s demands.", many)
    said %= {"many": written_number(many)}
    if many < len(set(chosen)):
        said += " " + _("The others are in it already, cannot join or are of another place.")
    say_done(request, said)
    # The latest adding is this one: the collective demand is locked until the page is done.
    told = history(collective, seen_by=request.actor)
    entry = next(one.entry for one in told if one.entry.deed == ADD.name)
    return f"{_here(collective)}?added={entry.pk}"


def _take_out(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    numbers, why = given["numbers"], given["why"]
    remove_members(collective, numbers=numbers, why=why, by=request.actor, at=timezone.now())
    say_done(request, _("Taken out. It is a single demand as it was all along."))
    return _here(collective)


def _undo(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    entry = adding(collective, entry=given["entry"])
    if entry is None:
        raise NoMembers
    numbers = added_in(entry)
    out = remove_members(collective, numbers=numbers, by=request.actor, at=timezone.now())
    said = ngettext("Took %(many)s demand out again.", "Took %(many)s demands out again.", len(out))
    say_done(request, said % {"many": written_number(len(out))})
    return _here(collective)


def _change_workforce(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    workforce, source = given["workforce"], given["source"]
    change_workforce(
        collective, workforce=workforce, source=source, by=request.actor, at=timezone.now()
    )
    say_done(request, _("Put down. The level follows from it."))
    return _here(collective)


def _dissolve(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    dissolve(collective, why=given["why"], by=request.actor, at=timezone.now())
    say_done(request, _("Dissolved. Its demands are single ones; it can be restored as it was."))
    return _here(collective)


def _restore(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    restore(collective, why=given["why"], by=request.actor, at=timezone.now())
    say_done(request, _("Restored with the members it had."))
    return _here(collective)


def _draw(request: ActingRequest, collective: Collective, given: dict[str, Any]) -> str:
    wanted = given["wanted"]
    sample = draw_members(collective, wanted=wanted, by=request.actor, at=timezone.now())
    say_done(request, _("Drawn. Make the calls."))
    return reverse("sample", args=[sample.pk])


_DOES: Final = {
    "add": Does(AddForm, _add),
    "take-out": Does(TakeOutForm, _take_out),
    "undo": Does(UndoForm, _undo),
    "workforce": Does(WorkforceForm, _change_workforce),
    "dissolve": Does(DissolveForm, _dissolve),
    "restore": Does(RestoreForm, _restore),
    "draw": Does(DrawForm, _draw),
}


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Do one thing to a collective demand, then show it.

    Raises:
        Http404: there is no such thing to do.
    """
    if action not in _DOES:
        raise Http404
    response: HttpResponse = _act(request, number, action)
    return response


@desk_page(READERS)
def _act(request: ActingRequest, number: int, action: str) -> HttpResponse:
    collective, does = seen_collective(request, number), _DOES[action]
    form = does.form(request.POST, auto_id=f"{action}_%s")
    picked, status = frozenset[int](), NOT_IN_ORDER
    if form.is_valid():
        given = form.cleaned_data
        picked = frozenset(given.get("numbers", [])) if action == "add" else picked
        if given.get("preview"):
            return collective_page(request, collective, picked=picked)
        try:
            return redirect(does.do(request, collective, given))
        except NotAllowed:
            return not_allowed(request)
        except tuple(_REFUSALS) as refused:
            say_refused(request, _REFUSALS[type(refused)])
            status = ACTED_MEANWHILE if isinstance(refused, _MEANWHILE) else status
    sent = Sent(form, action)
    return collective_page(
        request, seen_collective(request, number), sent=sent, picked=picked, status=status
    )
