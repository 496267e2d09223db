"""What a worker does with the receipt in hand."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.clarify import clarify_demand
from redress.demands.hear import HeardWords
from redress.demands.mark import NoMarking, agree_with_marking, contest_marking
from redress.demands.resolve import (
    Spoken,
    confirm_solved,
    dispute_answer,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.retaliate import report_retaliation
from redress.demands.sort import ReasonMissing, contest_setting_aside
from redress.demands.states import Said, WrongState
from redress.doors.worker.forms import TextForm, WordForm
from redress.registers.accounts.roles import Actor, worker_with
from redress.values.codes import code_fingerprint, new_code

if TYPE_CHECKING:
    from redress.demands.models import Demand

NOT_IN_ORDER: Final = 422
_ID_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the demand as it stands now, what to say, and a form that was not in order.

    Attributes:
        new_code: receipt code of a case that was opened.
    """

    demand: Demand
    notice: str = ""
    form: forms.Form | None = None
    new_code: str = ""

    @property
    def status(self) -> int:
        """The status of the page."""
        return 200 if self.form is None else NOT_IN_ORDER


def _say(request: HttpRequest, demand: Demand, by: Actor) -> Done:
    form = WordForm(request.POST)
    if not form.is_valid():
        return Done(demand, form=form)
    said, at = form.verdict(), timezone.now()
    spoken = Spoken(form.cleaned_data["text"])
    try:
        if said is Said.SOLVED:
            solved = confirm_solved(demand, spoken=spoken, by=by, at=at)
            return Done(solved, _("Thank you. The demand is closed."))
        if form.ends():
            left = leave_it_there(demand, said=said, spoken=spoken, by=by, at=at)
            return Done(left, _("It is closed as you said. You can open it again at any time."))
        reopened = dispute_answer(demand, said=said, spoken=spoken, by=by, at=at)
    except WrongState:
        return Done(demand, _("This has been said already, or nothing waits for your word."))
    return Done(reopened, _("It is open again and lies with the body."))


def _withdraw(_request: HttpRequest, demand: Demand, by: Actor) -> Done:
    try:
        withdrawn = withdraw_demand(demand, by=by, at=timezone.now())
    except WrongState:
        return Done(demand, _("This demand has ended already."))
    return Done(withdrawn, _("You have taken your demand back."))


def _in_words(
    do: Callable[[Demand, str, Actor], Demand], done: Callable[[], str]
) -> Callable[[HttpRequest, Demand, Actor], Done]:
    """Make a deed of a step that takes the worker's words."""

    def run(request: HttpRequest, demand: Demand, by: Actor) -> Done:
        form = TextForm(request.POST)
        if not form.is_valid():
            return Done(demand, form=form)
        try:
            now = do(demand, form.cleaned_data["text"], by)
        except ReasonMissing:
            form.add_error("text", _("Write it in your words."))
            return Done(demand, form=form)
        except WrongState:
            return Done(demand, _("Somebody has acted meanwhile; read what stands here now."))
        return Done(now, done())

    return run


def _marking_of(request: HttpRequest) -> int:
    said = request.POST.get("marking", "")[:_ID_DIGITS_MAX]
    return int(said) if said.isdecimal() else 0


def _agree(request: HttpRequest, demand: Demand, by: Actor) -> Done:
    try:
        agreed = agree_with_marking(demand, marking=_marking_of(request), by=by, at=timezone.now())
    except (NoMarking, WrongState):
        return Done(demand, _("It was marked anew meanwhile; read it again."))
    return Done(agreed, _("Thank you. The union knows that it has understood you."))


def _contest(request: HttpRequest, demand: Demand, by: Actor) -> Done:
    form = TextForm(request.POST)
    if not form.is_valid():
        return Done(demand, form=form)
    try:
        contested = contest_marking(
            demand,
            marking=_marking_of(request),
            text=form.cleaned_data["text"],
            by=by,
            at=timezone.now(),
        )
    except ReasonMissing:
        form.add_error("text", _("Write it in your words."))
        return Done(demand, form=form)
    except (NoMarking, WrongState):
        return Done(demand, _("It was marked anew meanwhile; read it again."))
    return Done(contested, _("The union reads it again."))


def _punished(request: HttpRequest, demand: Demand, by: Actor) -> Done:
    form = TextForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["text"].strip():
        return Done(demand, form=form)
    code = new_code(secrets.token_bytes(16))
    fingerprint = code_fingerprint(code, key=settings.REDRESS_FINGERPRINT_KEY)
    words = HeardWords(
        text=form.cleaned_data["text"],
        path=demand.path,
        receipt_fingerprint=fingerprint,
        employer=demand.employer,
        workplace=demand.workplace,
        keep_name_from_employer=True,
    )
    report_retaliation(
        demand, words=words, reported_by=worker_with(fingerprint), by=by, at=timezone.now()
    )
    return Done(demand, new_code=code)


DEEDS: Final[dict[str, Callable[[HttpRequest, Demand, Actor], Done]]] = {
    "word": _say,
    "withdraw": _withdraw,
    "clarify": _in_words(
        lambda demand, text, by: clarify_demand(demand, text=text, by=by, at=timezone.now()),
        lambda: _("Thank you. Whoever asked has your answer."),
    ),
    "contest-aside": _in_words(
        lambda demand, text, by: contest_setting_aside(demand, text=text, by=by, at=timezone.now()),
        lambda: _("It is open again; the union reads it anew."),
    ),
    "agree": _agree,
    "contest": _contest,
    "punished": _punished,
}
