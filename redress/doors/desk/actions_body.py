"""What a body's people do with a demand, and what concerns who filed it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redress.demands.clarify import is_own_question
from redress.demands.hear import HeardWords
from redress.demands.identify import (
    ASK_IDENTITY,
    DECIDE_IDENTITY,
    REPLACE_RECEIPT,
    Identity,
    ask_identity,
    decide_identity,
    knows_the_name,
    replace_receipt,
)
from redress.demands.kinds import Wellbeing
from redress.demands.pursue import accept_demand, promise_day, return_demand
from redress.demands.resolve import answer_demand
from redress.demands.retaliate import (
    CHECK,
    REPORT,
    check_in,
    due_check_ins,
    report_retaliation,
)
from redress.demands.states import ACCEPT, ANSWER, PROMISE, RETURN, Channel
from redress.doors.desk.actions import Action, Issued, plain
from redress.doors.desk.actions_voices import offer_procedures, reply_of
from redress.doors.desk.demand_forms import (
    AnswerForm,
    CheckInForm,
    DecideForm,
    LostCodeForm,
    PromiseForm,
    RetaliationForm,
    ReturnForm,
)
from redress.doors.desk.forms import WhyForm
from redress.doors.receipts import code_of, file_once, issue_code
from redress.registers.accounts.roles import OF_A_BODY, Actor
from redress.registers.offices.places import bodies_serving, body_with_id

if TYPE_CHECKING:
    from redress.demands.models import Demand


def _answer_form(demand: Demand, _actor: Actor, **given: Any) -> AnswerForm:  # Any: Django's own
    form = AnswerForm(**given)
    offer_procedures(form, demand)
    return form


def _return_form(demand: Demand, _actor: Actor, **given: Any) -> ReturnForm:  # Any: Django's own
    form = ReturnForm(**given)
    field = form.fields["better"]
    if isinstance(field, forms.ChoiceField):
        others = bodies_serving(demand.path).exclude(pk=demand.body_id or 0)
        field.choices = [("", _("I do not know")), *((body.pk, str(body)) for body in others)]
    return form


def _return(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    better = body_with_id(given["better"]) if given["better"] else None
    return return_demand(demand, why=given["why"], better=better, by=by, at=timezone.now())


def _decide_form(demand: Demand, actor: Actor, **given: Any) -> DecideForm:  # Any: Django's own
    waiting = demand.identity_requests.filter(decision=None)
    first = waiting.exclude(by_user_id=actor.user_id or 0).first()
    return DecideForm(initial={"request": first.pk if first else None}, **given)


def _check_in_form(demand: Demand, _actor: Actor, **given: Any) -> CheckInForm:
    first = due_check_ins(demand, today=timezone.localdate()).first()
    return CheckInForm(initial={"which": first.pk if first else None}, **given)


def _has_identity(demand: Demand, _actor: Actor) -> bool:
    return hasattr(demand, "sealed_identity")


def _waits_for_me(demand: Demand, actor: Actor) -> bool:
    waiting = demand.identity_requests.filter(decision=None)
    return waiting.exclude(by_user_id=actor.user_id or 0).exists()


def _retaliation(demand: Demand, given: dict[str, Any], by: Actor) -> Issued:
    text, at = given["text"], timezone.now()
    # One form is one case. Nobody else's form, nor the worker's own words, lead to its code.
    form_id = given["form_id"] or secrets.token_urlsafe(24)
    code, fingerprint = code_of(f"desk/{by.user_id}/{demand.pk}/{form_id}", text)
    words = HeardWords(
        text=text,
        path=demand.path,
        channel=Channel.VISIT,
        receipt_fingerprint=fingerprint,
        employer=demand.employer,
        workplace=demand.workplace,
    )
    case = file_once(
        fingerprint,
        lambda: report_retaliation(demand, words=words, reported_by=by, by=by, at=at),
    )
    return Issued(case, code)


BODY: Final = [
    Action(
        "accept",
        ACCEPT,
        _("Is this yours to answer?"),
        _("Take it on"),
        _("Taken on."),
        lambda demand, _given, by: accept_demand(demand, by=by, at=timezone.now()),
    ),
    Action(
        "answer",
        ANSWER,
        _("Answer"),
        _("Answer"),
        _("Answered; now the worker has the word."),
        lambda demand, given, by: answer_demand(
            demand, reply=reply_of(given), by=by, at=timezone.now()
        ),
        form=_answer_form,
        note=_("The worker reads it as you write it, and then says whether it is solved."),
        offered=lambda demand, actor: (
            actor.role in OF_A_BODY and (not demand.asked_from or is_own_question(demand))
        ),
    ),
    Action(
        "promise",
        PROMISE,
        _("Promise a day"),
        _("Promise"),
        _("Promised; the worker reads it. The limit runs on as it was."),
        lambda demand, given, by: promise_day(
            demand, text=given["text"], by_on=given["by_on"], by=by, at=timezone.now()
        ),
        form=plain(PromiseForm),
    ),
    Action(
        "return",
        RETURN,
        _("Return it: not ours"),
        _("Return"),
        _("Returned to the union."),
        _return,
        form=_return_form,
        offered=lambda demand, _actor: not demand.is_joint,
    ),
]

IDENTITY: Final = [
    Action(
        "check-in",
        CHECK,
        _("Ask the worker how they are"),
        _("Put it down"),
        _("Put down."),
        lambda demand, given, by: check_in(
            demand,
            which=given["which"],
            how=Wellbeing(given["how"]),
            text=given["text"],
            by=by,
            at=timezone.now(),
        ),
        form=_check_in_form,
        offered=lambda demand, _actor: due_check_ins(demand, today=timezone.localdate()).exists(),
    ),
    Action(
        "decide-identity",
        DECIDE_IDENTITY,
        _("Somebody asks who filed this"),
        _("Decide"),
        _("Decided."),
        lambda demand, given, by: decide_identity(
            demand,
            request=given["request"],
            granted=given["granted"] == "yes",
            why=given["why"],
            by=by,
            at=timezone.now(),
        ),
        form=_decide_form,
        offered=_waits_for_me,
    ),
    Action(
        "ask-identity",
        ASK_IDENTITY,
        _("Ask to see who filed it"),
        _("Ask"),
        _("Asked; a second person must grant it."),
        lambda demand, given, by: ask_identity(demand, why=given["why"], by=by, at=timezone.now()),
        form=plain(WhyForm),
        note=_("A second person grants it; the worker is told that it was read."),
        offered=_has_identity,
    ),
    Action(
        "lost-code",
        REPLACE_RECEIPT,
        _("The worker lost the code"),
        _("Give a new code"),
        _("The old code ends. Read the new one out, or let it be written down:"),
        lambda demand, given, by: _new_code(demand, given, by),
        form=plain(LostCodeForm),
        note=_("Write what the worker says they left. It is compared; nothing is shown."),
        offered=lambda demand, actor: (
            _has_identity(demand, actor) and not knows_the_name(demand, by=actor)
        ),
    ),
    Action(
        "retaliation",
        REPORT,
        _("The worker was punished for this demand"),
        _("Open a case"),
        _("A case of its own is open, with a short clock."),
        _retaliation,
        form=plain(RetaliationForm),
        offered=lambda demand, _actor: demand.linked_to_id is None,
    ),
]


def _new_code(demand: Demand, given: dict[str, Any], by: Actor) -> Issued:
    code, fingerprint = issue_code()
    said = Identity(given["name"], given["contact"])
    replace_receipt(demand, said=said, receipt_fingerprint=fingerprint, by=by, at=timezone.now())
    return Issued(demand, code, replaced=True)
