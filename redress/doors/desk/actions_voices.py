"""What officers put down of the three voices: questions, letters, the worker's word, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redress.demands.add import add_words
from redress.demands.clarify import (
    ask_worker,
    clarify_demand,
    has_asked,
    is_own_question,
    take_question_back,
)
from redress.demands.pursue import accept_excuse, extend_limit
from redress.demands.resolve import (
    Reply,
    Spoken,
    answer_demand,
    confirm_solved,
    dispute_answer,
    leave_it_there,
    withdraw_demand,
)
from redress.demands.states import (
    ADD,
    ANSWER,
    ASK,
    CLARIFY,
    DISPUTE,
    EXCUSE,
    EXTEND,
    TAKE_BACK,
    VERIFY,
    WITHDRAW,
    Channel,
    Claim,
    Found,
    Said,
)
from redress.demands.verify import spoke_for_them, verify_answer
from redress.doors.desk.actions import Action, plain
from redress.doors.desk.demand_forms import (
    AdditionForm,
    ClarifyForm,
    LetterAnswerForm,
    QuestionForm,
    VerifyForm,
    WithdrawForm,
    WorkerSaysForm,
)
from redress.doors.desk.forms import WhyForm
from redress.registers.accounts.roles import OF_A_BODY, Actor
from redress.registers.limits.deadlines import limits_of_law, version_on, versions
from redress.values.days import country_of

if TYPE_CHECKING:
    from redress.demands.models import Demand


def _letter_form(demand: Demand, _actor: Actor, **given: Any) -> LetterAnswerForm:
    form = LetterAnswerForm(**given)
    offer_procedures(form, demand)
    return form


def offer_procedures(form: forms.Form, demand: Demand) -> None:
    """List the legal limits of the demand's country that a worker may have next."""
    field = form.fields["procedure"]
    if isinstance(field, forms.ChoiceField):
        listed = [(limit.code, str(limit)) for limit in limits_of_law(country_of(demand.path))]
        field.choices = [("", _("None")), *listed]


def reply_of(given: dict[str, Any]) -> Reply:
    """Read a body's answer out of its form."""
    return Reply(
        text=given["text"],
        claim=Claim(given["claim"]),
        procedure=given["procedure"],
        began_on=given["began_on"],
        papers=given["files"],
        **{name: given[name] for name in ("on", "channel") if given.get(name)},
    )


def _worker_says(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    said, at = Said(given["said"]), timezone.now()
    spoken = Spoken(given["text"], given["channel"])
    if said is Said.SOLVED:
        return confirm_solved(demand, spoken=spoken, by=by, at=at)
    if given["goes_on"]:
        return dispute_answer(demand, said=said, spoken=spoken, by=by, at=at)
    return leave_it_there(demand, said=said, spoken=spoken, by=by, at=at)


def _may_answer(demand: Demand, actor: Actor) -> bool:
    """Also while the worker is asked something, if it was the body that asked."""
    return actor.role not in OF_A_BODY and (not demand.asked_from or is_own_question(demand))


def _add(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    return add_words(
        demand,
        text=given["text"],
        papers=given["files"],
        channel=given["channel"],
        by=by,
        at=timezone.now(),
    )


def _verify(demand: Demand, given: dict[str, Any], by: Actor) -> object:
    found, papers = Found(given["found"]), given["files"]
    return verify_answer(
        demand, found=found, text=given["text"], papers=papers, by=by, at=timezone.now()
    )


def _may_extend(demand: Demand, _actor: Actor) -> bool:
    ran = demand.deadline
    if ran is None or ran.extended:
        return False
    found = versions(ran.code, country=country_of(demand.path))
    return bool(found) and version_on(found, ran.since_on).may_be_extended


def _may_excuse(demand: Demand, _actor: Actor) -> bool:
    last = demand.referrals.filter(body=demand.body_id).last()
    return last is not None and last.excused_at is None


VOICES: Final = [
    Action(
        "clarify",
        CLARIFY,
        _("The worker has answered"),
        _("Put it down"),
        _("Put down; whoever asked has it again."),
        lambda demand, given, by: clarify_demand(
            demand,
            text=given["text"],
            channel=Channel(given["channel"]),
            by=by,
            at=timezone.now(),
        ),
        form=plain(ClarifyForm),
    ),
    Action(
        "worker-says",
        DISPUTE,
        _("What does the worker say of the answer?"),
        _("Put it down"),
        _("Put down as said to you."),
        _worker_says,
        form=plain(WorkerSaysForm),
        note=_("Put down what you were told on the telephone or on a visit; it is marked as such."),
        offered=lambda demand, _actor: demand.body_id is not None,
    ),
    Action(
        "verify",
        VERIFY,
        _("Look for yourself whether it is solved"),
        _("Put it down"),
        _("Put down what the union found."),
        _verify,
        form=plain(VerifyForm),
        offered=lambda demand, actor: not spoke_for_them(demand, by=actor),
    ),
    Action(
        "letter-answer",
        ANSWER,
        _("The body answered by letter or telephone"),
        _("Put the answer down"),
        _("Put down; the body's clock stopped on the day of its answer."),
        lambda demand, given, by: answer_demand(
            demand, reply=reply_of(given), by=by, at=timezone.now()
        ),
        form=_letter_form,
        offered=_may_answer,
    ),
    Action(
        "ask",
        ASK,
        _("Ask the worker"),
        _("Ask"),
        _("Asked; the worker reads it with the receipt."),
        lambda demand, given, by: ask_worker(demand, text=given["text"], by=by, at=timezone.now()),
        form=plain(QuestionForm),
        note=_("Until the worker answers, the days count as theirs, not as the body's."),
    ),
    Action(
        "take-back",
        TAKE_BACK,
        _("Go on without the worker's answer"),
        _("Take the question back"),
        _("Taken back; the limit that ran before goes on."),
        lambda demand, _given, by: take_question_back(demand, by=by, at=timezone.now()),
        offered=has_asked,
    ),
    Action(
        "add",
        ADD,
        _("The worker adds something"),
        _("Put it down"),
        _("Put down beside the worker's first words."),
        _add,
        form=plain(AdditionForm),
    ),
    Action(
        "extend",
        EXTEND,
        _("Give the longer time the law allows"),
        _("Extend"),
        _("Extended."),
        lambda demand, given, by: extend_limit(demand, why=given["why"], by=by, at=timezone.now()),
        form=plain(WhyForm),
        offered=_may_extend,
    ),
    Action(
        "excuse",
        EXCUSE,
        _("Accept why the body was late"),
        _("Accept"),
        _("Put down: late, with an accepted excuse."),
        lambda demand, given, by: accept_excuse(demand, why=given["why"], by=by, at=timezone.now()),
        form=plain(WhyForm),
        offered=_may_excuse,
    ),
    Action(
        "withdraw",
        WITHDRAW,
        _("The worker takes it back"),
        _("Put it down"),
        _("Put down: taken back."),
        lambda demand, given, by: withdraw_demand(
            demand, spoken=Spoken(given["text"], given["channel"]), by=by, at=timezone.now()
        ),
        form=plain(WithdrawForm),
    ),
]
