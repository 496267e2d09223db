"""What a worker does with the receipt in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from redress.demands.add import TooMuchAdded, add_words
from redress.demands.clarify import clarify_demand
from redress.demands.hear import HeardWords, NothingSaid
from redress.demands.mark import NoMarking, agree_with_marking, contest_marking
from redress.demands.resolve import (
    NotAnEnd,
    Spoken,
    confirm_solved,
    dispute_answer,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.retaliate import report_retaliation
from redress.demands.sort import contest_setting_aside, unmerge_demand
from redress.demands.states import Said, WrongState
from redress.doors.limits import is_too_often_for
from redress.doors.receipts import code_of, file_once
from redress.doors.worker.forms import (
    AddForm,
    AloneForm,
    ContestForm,
    PunishedForm,
    TextForm,
    WordForm,
)
from redress.registers.accounts.roles import Actor, worker_with

if TYPE_CHECKING:
    from redress.demands.models import Demand

NOT_IN_ORDER: Final = 422
_ID_DIGITS_MAX: Final = 18
PUNISHED_A_DAY_MAX: Final = 5


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


@dataclass(frozen=True, slots=True)
class Sent:
    """What a worker sent: a form in order, and which marking was read, 0 for none."""

    form: forms.Form
    marking: int

    @property
    def given(self) -> dict[str, Any]:
        """The form's values."""
        return self.form.cleaned_data


# The forms of the page, each with ids of its own, by the name of what it does.
FORMS: Final[dict[str, type[forms.Form]]] = {
    "word": WordForm,
    "clarify": TextForm,
    "contest-aside": TextForm,
    "contest": ContestForm,
    "punished": PunishedForm,
    "follow-alone": AloneForm,
    "add": AddForm,
}


def form_of(action: str, request: HttpRequest | None = None) -> forms.Form:
    """Make the form of something that a worker does here; with what was sent, if a request is given."""
    if request is None:
        return FORMS[action](auto_id=f"{action}_%s")
    return FORMS[action](request.POST, request.FILES, auto_id=f"{action}_%s")


def do(request: HttpRequest, demand: Demand, by: Actor) -> Done:
    """Do what was sent, if anything was."""
    action = request.POST.get("action", "")
    if action not in _DEEDS:
        return Done(demand)
    # What needs no words has a form without fields.
    form = form_of(action, request) if action in FORMS else forms.Form(request.POST)
    if not form.is_valid():
        return Done(demand, form=form)
    marking = request.POST.get("marking", "")[:_ID_DIGITS_MAX]
    number = int(marking) if marking.isascii() and marking.isdecimal() else 0
    try:
        return _DEEDS[action](demand, Sent(form, number), by)
    except NoMarking:
        return Done(demand, _("It was marked anew meanwhile; read it again."))
    except WrongState:
        return Done(demand, _("Somebody has acted meanwhile; read what stands here now."))


def _say(demand: Demand, sent: Sent, by: Actor) -> Done:
    given, at = sent.given, timezone.now()
    said, spoken = Said(given["said"]), Spoken(given["text"])
    if said is Said.SOLVED:
        solved = confirm_solved(demand, spoken=spoken, by=by, at=at)
        return Done(solved, _("Thank you. The demand is closed."))
    if given["goes_on"] != "no":
        reopened = dispute_answer(demand, said=said, spoken=spoken, by=by, at=at)
        return Done(reopened, _("It is open again and lies with the body."))
    try:
        left = leave_it_there(demand, said=said, spoken=spoken, by=by, at=at)
    except NotAnEnd:
        sent.form.add_error(
            "goes_on",
            _(
                "The body says that it is solved, and you say that nothing is. Let it go on, or take"
                " the demand back."
            ),
        )
        return Done(demand, form=sent.form)
    return Done(left, _("It is closed as you said. You can open it again at any time."))


def _withdraw(demand: Demand, _sent: Sent, by: Actor) -> Done:
    withdrawn = withdraw_demand(demand, by=by, at=timezone.now())
    return Done(withdrawn, _("You have taken your demand back."))


def _clarify(demand: Demand, sent: Sent, by: Actor) -> Done:
    now = clarify_demand(demand, text=sent.given["text"], by=by, at=timezone.now())
    return Done(now, _("Thank you. Whoever asked has your answer."))


def _contest_aside(demand: Demand, sent: Sent, by: Actor) -> Done:
    now = contest_setting_aside(demand, text=sent.given["text"], by=by, at=timezone.now())
    return Done(now, _("It is open again; the union reads it anew."))


def _agree(demand: Demand, sent: Sent, by: Actor) -> Done:
    agreed = agree_with_marking(demand, marking=sent.marking, by=by, at=timezone.now())
    return Done(agreed, _("Thank you. The union knows that it has understood you."))


def _contest(demand: Demand, sent: Sent, by: Actor) -> Done:
    marking, text = sent.marking, sent.given["text"]
    contested = contest_marking(demand, marking=marking, text=text, by=by, at=timezone.now())
    return Done(contested, _("The union reads it again."))


def _add(demand: Demand, sent: Sent, by: Actor) -> Done:
    form, papers = sent.form, sent.given["files"]
    try:
        now = add_words(demand, text=sent.given["text"], papers=papers, by=by, at=timezone.now())
    except NothingSaid:
        form.add_error("text", _("Write something, or choose a file."))
        return Done(demand, form=form)
    except TooMuchAdded:
        form.add_error("text", _("As much was added as a demand can hold; tell the union."))
        return Done(demand, form=form)
    return Done(now, _("Added. Your first words stay as they were."))


def _follow_alone(demand: Demand, sent: Sent, by: Actor) -> Done:
    now = unmerge_demand(demand, why=sent.given["text"], by=by, at=timezone.now())
    return Done(now, _("It is followed alone again; the union has it."))


def _punished(demand: Demand, sent: Sent, by: Actor) -> Done:
    text = sent.given["text"]
    if is_too_often_for(f"punished/{demand.pk}", times_max=PUNISHED_A_DAY_MAX):
        sent.form.add_error(
            "text", _("Too many cases were opened today. Call the union, or wait a day.")
        )
        return Done(demand, form=sent.form)
    # The same words about the same demand are one case, however often they are sent.
    code, fingerprint = code_of(f"punished/{by.receipt}", text)
    words = HeardWords(
        text=text,
        path=demand.path,
        receipt_fingerprint=fingerprint,
        employer=demand.employer,
        workplace=demand.workplace,
        keep_name_from_employer=True,
    )
    who, at = worker_with(fingerprint), timezone.now()
    file_once(
        fingerprint,
        lambda: report_retaliation(demand, words=words, reported_by=who, by=by, at=at),
    )
    return Done(demand, new_code=code)


_DEEDS: Final[dict[str, Callable[[Demand, Sent, Actor], Done]]] = {
    "word": _say,
    "withdraw": _withdraw,
    "clarify": _clarify,
    "contest-aside": _contest_aside,
    "agree": _agree,
    "contest": _contest,
    "add": _add,
    "follow-alone": _follow_alone,
    "punished": _punished,
}
