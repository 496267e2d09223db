"""What is done to a household's file: opening it, proposing a grant, closing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from redress.doors.acting import ActingRequest
from redress.doors.desk.forms import ExitForm, FileForm
from redress.doors.desk.households import grant_form, household_of, household_page
from redress.doors.desk.pages import (
    ACTED_MEANWHILE,
    NOT_IN_ORDER,
    Sent,
    desk_page,
    say_acted_meanwhile,
    say_done,
    say_refused,
)
from redress.doors.look.refusals import not_allowed
from redress.doors.look.words import WORDS, Words
from redress.registers.accounts.roles import OFFICERS, NotAllowed
from redress.registers.ledger.accounts import funds
from redress.registers.ledger.posting import FundTooSmall
from redress.relief.find import Difficulty, NotClear, open_file
from redress.relief.grant import (
    AlreadyProposed,
    NoReason,
    NotASum,
    NotDecided,
    Proposal,
    SamePerson,
    propose_grant,
)
from redress.relief.progress import household_story
from redress.relief.states import Cause, ExitKind, Need, WrongState
from redress.relief.verify import GrantPending, exit_file

if TYPE_CHECKING:
    from redress.registers.registry.models import Household
    from redress.relief.models import File

_REFUSALS: Final[dict[type[Exception], Words]] = {
    SamePerson: gettext_lazy("You proposed this grant; a second person must decide it."),
    FundTooSmall: gettext_lazy("Nothing was paid: the fund does not hold that much."),
    NotASum: gettext_lazy("Nothing was proposed: the sum must be above zero."),
    AlreadyProposed: gettext_lazy("This grant waits for a decision already; nothing was added."),
    GrantPending: gettext_lazy("The file stays open: a grant still waits for a decision."),
    NotDecided: gettext_lazy(
        "Nothing was proposed: no decision of that scheme that still stands grants so much."
        " Decide by the rules again, or propose it without them."
    ),
    NoReason: gettext_lazy("Nothing was changed: write down the reason."),
    NotClear: gettext_lazy("Three things must be clear: the situation, the cause, the need."),
}


def done(
    request: ActingRequest, number: int, form: forms.Form | None, do: Callable[[], str]
) -> HttpResponse:
    """Do one thing to a household's file if the form is in order, and show the household again."""
    status = NOT_IN_ORDER
    if form is None or form.is_valid():
        try:
            with transaction.atomic():
                said = do()
        except NotAllowed:
            return not_allowed(request)
        except WrongState as wrong:
            status = ACTED_MEANWHILE
            known = {**WORDS["file_state"], **WORDS["grant_state"]}
            say_acted_meanwhile(request, known.get(wrong.state, wrong.state))
        except tuple(_REFUSALS) as refusal:
            say_refused(request, _REFUSALS[type(refusal)])
        else:
            say_done(request, said)
            return redirect("household", number=number)
    return household_page(request, number, sent=Sent(form), status=status)


@require_POST
@desk_page(OFFICERS)
def open_household_file(request: ActingRequest, number: int) -> HttpResponse:
    """Open the file, with situation, cause and need."""
    household, form = household_of(request, number), FileForm(request.POST)

    def do() -> str:
        given = form.cleaned_data
        difficulty = Difficulty(
            situation=given["situation"],
            main_cause=Cause(given["main_cause"]),
            needs=tuple(Need(need) for need in given["needs"]),
            further_causes=tuple(Cause(cause) for cause in given["further_causes"]),
        )
        open_file(household, difficulty=difficulty, by=request.actor, at=timezone.now())
        return _("The file is open.")

    return done(request, number, form, do)


def _open_file(household: Household) -> File:
    file = household_story(household).open_file
    if file is None:
        raise Http404
    return file


@require_POST
@desk_page(OFFICERS)
def propose(request: ActingRequest, number: int) -> HttpResponse:
    """Propose a grant."""
    file = _open_file(household_of(request, number))
    form = grant_form(file, request.actor, request.POST)

    def do() -> str:
        given = form.cleaned_data
        fund = funds(seen_by=request.actor).get(pk=given["fund"])
        proposal = Proposal(
            need=Need(given["need"]),
            money=given["amount"],
            fund=fund,
            reason=given["reason"],
            pack=given["pack"],
            item=given["item"],
        )
        propose_grant(file, proposal=proposal, by=request.actor, at=timezone.now())
        return _("Proposed. A second person decides.")

    return done(request, number, form, do)


@require_POST
@desk_page(OFFICERS)
def leave(request: ActingRequest, number: int) -> HttpResponse:
    """Close the file."""
    file, form = _open_file(household_of(request, number)), ExitForm(request.POST)

    def do() -> str:
        kind, why = ExitKind(form.cleaned_data["kind"]), form.cleaned_data["why"]
        exit_file(file, kind=kind, why=why, by=request.actor, at=timezone.now())
        return _("The household has left its file.")

    return done(request, number, form, do)
